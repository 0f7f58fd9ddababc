# SPDX-License-Identifier: Apache-2.0
"""How requests are answered, counted for everybody to read: by category, without a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current

from .domain.requests import Part, State
from .domain.settings import categories
from .models import FirmRequest, Turn


@dataclass(frozen=True)
class Tally:
    """Requests of one category: raised, open, replies given, those in time, ratings, those satisfied."""

    name: str
    raised: int = 0
    open: int = 0
    replies: int = 0
    in_time: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def in_time_share(self) -> str:
        """按期答复率, in words; a share of nothing is no share."""
        return _share(self.in_time, self.replies)

    @property
    def satisfied_share(self) -> str:
        """满意率, in words."""
        return _share(self.satisfied, self.rated)


def _share(part: int, whole: int) -> str:
    return f"{part * 100 // whole}%" if whole else "—"


def tallies(*, since: dt.date, until: dt.date) -> list[Tally]:
    """The categories with something raised in these days (both included), in their order, then the sum."""
    rows = FirmRequest.objects.filter(raised_at__date__gte=since, raised_at__date__lte=until)
    by_category: dict[str, list[FirmRequest]] = {}
    for row in rows:
        by_category.setdefault(row.category, []).append(row)
    names = {one.id: one.name for one in categories(current().catalogue)}
    ordered = sorted(by_category, key=lambda one: list(names).index(one) if one in names else len(names))
    found = [_tally(names.get(one, one), by_category[one]) for one in ordered]
    return [*found, _tally("合计", [row for rows_ in by_category.values() for row in rows_])]


def _tally(name: str, rows: Sequence[FirmRequest]) -> Tally:
    turns = list(Turn.objects.filter(request__in=rows, part=Part.REPLY.value).exclude(ended_at=None))
    given = [turn for turn in turns if not turn.returned and turn.ended_at]
    rated = [turn for turn in given if turn.satisfied is not None]
    return Tally(
        name,
        raised=len(rows),
        open=sum(row.state in (State.RAISED.value, State.HANDLING.value) for row in rows),
        replies=len(given),
        in_time=sum(timezone.localdate(turn.ended_at) <= turn.due_on for turn in given),
        rated=len(rated),
        satisfied=sum(bool(turn.satisfied) for turn in rated),
    )
