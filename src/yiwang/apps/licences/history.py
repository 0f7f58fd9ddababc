# SPDX-License-Identifier: Apache-2.0
"""Read what happened to a licence, and how it stood as known at some time."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from .domain.history import Content, Event, EventKind, Known, as_known
from .models import Licence
from .queries import row_of


def events_of(licence: Licence) -> list[Event]:
    """The recorded events of a licence, oldest first."""
    return [
        Event(
            seq=row.seq,
            kind=EventKind(row.kind),
            effective_on=row.effective_on,
            recorded_at=row.recorded_at,
            actor=row.actor,
            actor_name=row.actor_name,
            reason=row.reason,
            basis=row.basis,
            facts=row.facts,
            corrects=row.corrects,
        )
        for row in licence.events.order_by("seq")
    ]


def content_of(licence: Licence) -> Content:
    """What a licence states now."""
    return Content(licence.valid_from, licence.valid_until, licence.fields)


def history(public_id: str) -> list[Event]:
    """Everything that happened to a licence, oldest first; the end of its term is added when it is over
    (`seq` 0: computed from the date, nothing records it). Raises NotFound."""
    licence = row_of(public_id)
    events = events_of(licence)
    until = licence.valid_until
    if until is not None and until < timezone.localdate():
        first = events[0]
        over = until + dt.timedelta(days=1)
        events.append(Event(0, EventKind.EXPIRED, over, first.recorded_at, "", "", "有效期届满"))
    return events


def as_known_on(public_id: str, true_on: dt.date, known_on: dt.datetime | dt.date) -> Known | None:
    """A licence on the day `true_on` in law, as we knew it at `known_on` (a day: at its end); None when
    it was not on record by then. Raises NotFound."""
    licence = row_of(public_id)
    if not isinstance(known_on, dt.datetime):
        known_on = timezone.make_aware(dt.datetime.combine(known_on, dt.time.max))
    return as_known(events_of(licence), content_of(licence), true_on=true_on, known_at=known_on)
