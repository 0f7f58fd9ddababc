# SPDX-License-Identifier: Apache-2.0
"""Who has applied for which item, begun ones included: for rooms that would otherwise ask somebody to. Only
what was answered to the guiding questions is opened, and only of these applications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current

from .models import Application, Stage

_NOTHING = ("withdrawn", "terminated")  # ended without a decision


@dataclass(frozen=True)
class Applied:
    """An item of an application that is open (a draft is) or was decided. `words`: the texts among the
    answers to its guiding questions; `on`: the day it was handed in or begun."""

    subject: str
    item: str
    words: frozenset[str]
    is_open: bool
    on: dt.date


def applied(subjects: Collection[str], items: Collection[str]) -> list[Applied]:
    """The applications of these subjects for these items; what was withdrawn, or ended without a decision, is
    as if it had not been."""
    rows = Application.objects.filter(subject__in=subjects).exclude(stage=Stage.WITHDRAWN)
    rows = rows.only(
        "public_id", "subject", "life_event", "stage", "choice", "answers", "submitted_at", "created_at"
    )
    found = []
    for row in rows.prefetch_related("items"):
        states = [(item, is_open) for item, is_open in _items(row) if item in items]
        if not states:
            continue
        words = frozenset(one for one in row.answers.values() if isinstance(one, str))
        on = timezone.localdate(row.submitted_at or row.created_at)
        found += [Applied(row.subject, item, words, is_open, on) for item, is_open in states]
    return found


def _items(row: Application) -> Iterator[tuple[str, bool]]:
    """The items of an application, and whether each is open; of a draft those chosen, or all."""
    if row.stage == Stage.DRAFT:
        event = current().catalogue.life_events.get(row.life_event)
        all_ = [one.item for one in event.items] if event else []
        yield from ((item, True) for item in row.choice or all_)
        return
    for case in row.items.all():
        if case.state not in _NOTHING:
            yield case.item, case.open
