# SPDX-License-Identifier: Apache-2.0
"""A thousand due days against a walker that asks of every day whether it is a working day.

The walker is what everybody writes first, over the library `chinesecalendar`; it knows the same
holidays but nothing of pauses, half days or what was known when. Both give the same days.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import chinese_calendar

from yiwang.engines import house
from yiwang.engines.process.clock import compute_due
from yiwang.engines.process.events import ClockEvent, EventKind
from yiwang.kernel.workdays import Limit, Unit

from .measure import Line, in_turns

CASES, ROUNDS = 1_000, 5
KNOWN = dt.date(2026, 1, 5)
_DAY = dt.timedelta(days=1)


def run() -> list[Line]:
    """One line for the bare calendar, one for the whole legal clock. Below 1 is faster than walking.

    Raises AssertionError when the two do not agree.
    """
    catalogue = house.load()
    calendar, rules = house.calendar_of(catalogue), house.clocks_of(catalogue).rules("decision", on=KNOWN)
    known = calendar.as_known_on(KNOWN)
    dice = random.Random(20260302)
    cases = [(dt.date(2024, 1, 2) + _DAY * dice.randrange(700), dice.randint(5, 45)) for _ in range(CASES)]

    def ours() -> list[dt.date]:
        return [known.due(day, Limit(Decimal(days), Unit.WORKING)).date for day, days in cases]

    def clock() -> list[dt.date | None]:
        return [
            compute_due(
                calendar,
                Limit(Decimal(days), Unit.WORKING),
                [ClockEvent(EventKind.START, day, day)],
                as_known_on=KNOWN,
                rules=rules,
            ).due_date
            for day, days in cases
        ]

    def theirs() -> list[dt.date]:
        return [_walk(day, days) for day, days in cases]

    assert ours() == theirs() == clock()
    lines = []
    for what, work in (("calendar", ours), ("legal clock, with lights", clock)):
        mine, walker = in_turns(work, theirs, rounds=ROUNDS)
        whole = f"{CASES:,} due days by the {what}"
        lines.append(
            Line(whole, "a walker over chinesecalendar", mine, walker, mine.median / walker.median, None)
        )
    return lines


def _walk(day: dt.date, days: int) -> dt.date:
    while days:
        day += _DAY
        days -= chinese_calendar.is_workday(day)
    return day
