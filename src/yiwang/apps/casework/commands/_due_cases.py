# SPDX-License-Identifier: Apache-2.0
"""Which cases and applications the timers have to look at. Each returns public ids; whoever acts on
one looks again under the lock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from yiwang.apps.catalogue.public import current, release
from yiwang.engines.process.kinds import ClockFlag

from ..deadlines import SILENT, correction_until, days_ahead, due_of, intake_until
from ..domain import settings
from ..models import Application, Document, ItemCase, Stage

_AT_ONCE = 1000


def silent(day: dt.date) -> list[str]:
    """Cases whose five days for asking corrections have passed (行政许可法第三十二条第一款第（四）项)."""
    opened = current()
    waiting = ItemCase.objects.filter(open=True, state__in=SILENT).prefetch_related("moves")
    found = ((case, intake_until(case, opened)) for case in waiting)
    return [case.public_id for case, until in found if until is not None and until < day]


def corrections_over(day: dt.date) -> list[str]:
    """Cases whose applicant let the time for putting things right pass."""
    return [case.public_id for case, until in _corrections() if until < day]


def corrections_ending(day: dt.date) -> list[str]:
    """Cases whose applicant is to be reminded of what has to be put right."""
    found = []
    for case, until in _corrections():
        opened = release(case.application.release)
        last = days_ahead(opened, settings.CORRECTION_REMINDER, day)
        if case.correction.reminded_at is None and day <= until <= last:
            found.append(case.public_id)
    return found


def _corrections() -> Iterator[tuple[ItemCase, dt.date]]:
    waiting = ItemCase.objects.filter(open=True, state="correction_asked")
    for case in waiting.select_related("application", "correction"):
        yield case, correction_until(case.correction, release(case.application.release))


def counted_otherwise(day: dt.date) -> list[str]:
    """Cases whose due day was counted by another calendar than today's, and those whose clock stands
    still: their due day moves with every day."""
    version = current().calendar.as_known_on(day).version
    running = ItemCase.objects.filter(open=True, due_on__isnull=False).order_by("id")
    other = list(running.exclude(calendar_version=version).values_list("public_id", flat=True)[:_AT_ONCE])
    paused = [s.id for s in current().machine.states if s.clock is ClockFlag.PAUSED]
    still = running.filter(state__in=paused, calendar_version=version).select_related("application")
    return other + [
        case.public_id
        for case in still
        if due_of(case, release(case.application.release), day).due_date != case.due_on
    ]


def promises_over(day: dt.date) -> list[str]:
    """Applications with a promised document (容缺) that did not come in time."""
    return _applications(Document.objects.filter(deferred=True, due_on__lt=day, lapsed_at=None))


def promises_ending(day: dt.date) -> list[str]:
    """Applications with a promised document of which the applicant is to be reminded."""
    last = days_ahead(current(), settings.PROMISE_REMINDER, day)
    ending = Document.objects.filter(deferred=True, due_on__gte=day, due_on__lte=last, reminded_at=None)
    return _applications(ending)


def _applications(rows: QuerySet[Document]) -> list[str]:
    in_hand = rows.filter(application__stage__in=(Stage.HANDLING, Stage.FINISHED))
    return sorted(set(in_hand.values_list("application__public_id", flat=True)))


def deliveries_pressing(day: dt.date) -> list[str]:
    """Applications with a result whose ten days of delivery (行政许可法第四十四条) nearly are over while
    other items are still being handled."""
    last = days_ahead(current(), settings.DELIVERY_PRESSES, day)
    ready = ItemCase.objects.filter(open=True, state="result_made", deliver_by__lte=last, called_at=None)
    return sorted(set(ready.values_list("application__public_id", flat=True)))


def unarchived() -> list[str]:
    """Closed applications whose archive package is to be written, or perhaps again: after a document
    came late, or a result was sealed."""
    for_now = Application.objects.filter(archive_due=True).order_by("id")
    for_seal = Application.objects.filter(awaits_seal=True, archive_due=False).order_by("id")
    return [
        public_id
        for due in (for_now, for_seal)
        for public_id in due.values_list("public_id", flat=True)[:_AT_ONCE]
    ]
