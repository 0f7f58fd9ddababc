# SPDX-License-Identifier: Apache-2.0
"""Dates: each item begins when its inputs exist and ends by its promised limit.

Time is counted in half working days after the starting day, so halves stay exact; a limit in
calendar days is laid on the calendar from the day on which it begins. The plan's length is that
of its longest chain (关键路径); `serial` is the length if the items were done one after another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from yiwang.engines.definitions.kinds import Duration, Item
from yiwang.kernel.workdays import Limit, Unit, WorkCalendar

from .model import DueBy, Edge, Timetable, Window
from .order import Order


@dataclass(frozen=True)
class Span:
    """From the end of which half working day after the start, to the end of which."""

    begins: int
    ends: int


@dataclass(frozen=True)
class Clock:
    """A starting day on a calendar: turns half working days into dates and limits into lengths."""

    calendar: WorkCalendar
    start: dt.date

    def day(self, halves: int) -> dt.date:
        """The day on which so many half working days after the start are over."""
        if halves == 0:
            return self.calendar.next_workday(self.start)
        return self.calendar.reach(self.start, halves)

    def run(self, begins: int, duration: Duration) -> int:
        """When a limit that begins at `begins` is over. Never earlier for a later beginning."""
        limit = _limit(duration.days, duration.unit.value)
        if limit.unit is Unit.WORKING:
            return begins + limit.half_units
        first = self.calendar.reach(self.start, begins) if begins else self.start
        end = self.calendar.due(first, limit).date
        return max(begins, self.calendar.half_units_between(self.start, end))


def spans(
    clock: Clock, order: Order, waits: Mapping[str, list[str]], limit: Callable[[str], Duration]
) -> dict[str, Span]:
    """When each item runs if it begins as soon as everything it waits for is there."""
    found: dict[str, Span] = {}
    for item in order.items:
        begins = max((found[other].ends for other in waits[item]), default=0)
        found[item] = Span(begins, clock.run(begins, limit(item)))
    return found


def longest_chain(order: Order, waits: Mapping[str, list[str]], when: Mapping[str, Span]) -> tuple[str, ...]:
    """The chain of items that makes the plan as long as it is, first to last."""
    if not order.items:
        return ()
    item = min(order.items, key=lambda one: (-when[one].ends, order.rank[one]))
    chain = [item]
    while waits[item]:
        item = min(waits[item], key=lambda one: (-when[one].ends, order.rank[one]))
        chain.append(item)
    return tuple(reversed(chain))


def direct_waits(items: Iterable[str], edges: Iterable[Edge]) -> dict[str, list[str]]:
    """Item → the items it waits for directly, each once."""
    found: dict[str, dict[str, None]] = {item: {} for item in items}
    for edge in edges:
        found[edge.after][edge.before] = None
    return {item: list(others) for item, others in found.items()}


def one_after_another(clock: Clock, order: Order, limit: Callable[[str], Duration]) -> int:
    """Half working days if every item began only when the one before it was done."""
    at = 0
    for item in order.items:
        at = clock.run(at, limit(item))
    return at


def timetable(
    clock: Clock,
    order: Order,
    edges: Iterable[Edge],
    items: Mapping[str, Item],
    whole: Duration | None,
) -> tuple[Timetable, dict[str, Span]]:
    """The dates of a plan. `whole` is the life event's own promise, if it has one."""
    waits = direct_waits(order.items, edges)
    promised = spans(clock, order, waits, lambda item: items[item].promised_limit)
    legal = spans(clock, order, waits, lambda item: items[item].legal_limit)
    planned = max((span.ends for span in promised.values()), default=0)
    legal_halves = max((span.ends for span in legal.values()), default=0)
    computed = clock.day(planned)
    whole_due = _whole_due(clock, whole)
    by_event = whole_due is not None and whole_due < computed
    windows = tuple(
        _window(clock, item, promised[item], legal[item])
        for item in sorted(order.items, key=order.rank.__getitem__)
    )
    last = max(day for day in (computed, clock.day(legal_halves), whole_due, clock.start) if day)
    return Timetable(
        windows=windows,
        serial=_days(one_after_another(clock, order, lambda item: items[item].promised_limit)),
        planned=_days(planned),
        critical_path=longest_chain(order, waits, promised),
        due_date=whole_due if by_event and whole_due else computed,
        due_by=DueBy.LIFE_EVENT if by_event else DueBy.ITEMS,
        computed_due_date=computed,
        promised_due_date=whole_due,
        legal_due_date=clock.day(legal_halves),
        provisional=clock.calendar.is_provisional(clock.start, last),
        calendar_version=clock.calendar.version,
    ), promised


def _whole_due(clock: Clock, whole: Duration | None) -> dt.date | None:
    if whole is None:
        return None
    return clock.calendar.due(clock.start, _limit(whole.days, whole.unit.value)).date


@lru_cache(maxsize=1024)
def _limit(days: Decimal, unit: str) -> Limit:
    return Limit(days, Unit(unit))


def _window(clock: Clock, item: str, span: Span, legal: Span) -> Window:
    return Window(
        item=item,
        starts=clock.day(span.begins),
        ends=clock.day(span.ends),
        legal_end=clock.day(legal.ends),
        days=_days(span.ends - span.begins),
    )


def _days(halves: int) -> Decimal:
    return Decimal(halves) / 2
