# SPDX-License-Identifier: Apache-2.0
"""A promise must be possible: no life event promises less time than its own items need.

First, all its items must have an order, whatever the answers. The time is then counted on the
items that always apply (no condition, not optional, and what the law binds to
them), along their longest chain. Where limits mix working days and calendar days the answer
depends on the starting day; then every day of the latest announced year is tried.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yiwang.engines.definitions import Checked, Problem
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import duration_words
from yiwang.engines.definitions.kinds import Duration, LifeEvent
from yiwang.engines.definitions.kinds.base import Unit
from yiwang.engines.rules.errors import RuleError
from yiwang.kernel.dates import format_date
from yiwang.kernel.workdays import Limit, WorkCalendar
from yiwang.kernel.workdays import Unit as LimitUnit

from .conditions import Judge
from .edges import certain_edges, edge_words, possible_order
from .errors import CycleFound
from .order import arrange
from .schedule import Clock, Span, direct_waits, longest_chain, spans
from .selection import bound_groups

_ANY_YEAR = 2024  # working days alone do not depend on the year


@dataclass(frozen=True)
class BrokenPromise:
    """A life event whose promise is shorter than the longest chain of what it always contains."""

    life_event: str
    what: str
    mend: str
    chain: tuple[str, ...]


def promise_problems(catalogue: Catalogue, calendar: WorkCalendar) -> tuple[BrokenPromise, ...]:
    """Every life event that promises the impossible, and every one whose items wait in a circle."""
    return tuple(
        problem
        for event in catalogue.life_events.values()
        for problem in _problems_of(catalogue, event, calendar)
    )


def check_promises(calendar: WorkCalendar, checked: Checked) -> Iterator[Problem]:
    """The same as problems with their place, for `definitions check`."""
    for problem in promise_problems(checked.catalogue, calendar):
        path = ("promised_limit",)
        yield checked.problem("life_events", problem.life_event, path, problem.what, problem.mend)


def _problems_of(catalogue: Catalogue, event: LifeEvent, calendar: WorkCalendar) -> Iterator[BrokenPromise]:
    everything = [member.item for member in event.items if member.item in catalogue.items]
    try:
        possible_order(catalogue, everything, Judge(catalogue, {}), ())
    except CycleFound as error:
        members = tuple(code for group in error.members for code in group)
        yield BrokenPromise(event.id, error.message.rstrip("。"), error.mend.rstrip("。"), members)
        return
    except RuleError:
        return  # told by the check of rules, with its place
    always = _always_applying(catalogue, event)
    edges = certain_edges({code: catalogue.items[code] for code in always})
    order = arrange(always, edges, edge_words(catalogue))
    promise = event.promised_limit
    if promise is None or not always:
        return
    limits = [catalogue.items[code].promised_limit for code in always]
    for start in _starts(calendar, [promise, *limits]):
        clock = Clock(calendar, start)
        waits = direct_waits(always, edges)
        when = spans(clock, order, waits, lambda code: catalogue.items[code].promised_limit)
        done = clock.day(max(span.ends for span in when.values()))
        due = calendar.due(start, Limit(promise.days, LimitUnit(promise.unit.value))).date
        if _later(clock, when, promise, done, due):
            yield _broken(catalogue, event, longest_chain(order, waits, when), start, done)
            return


def _always_applying(catalogue: Catalogue, event: LifeEvent) -> list[str]:
    free = {member.item for member in event.items if member.when is None}
    groups = bound_groups(event.items)
    always = {
        other
        for member in event.items
        if member.item in free and not member.optional
        for other in groups[member.item] & free
    }
    return [member.item for member in event.items if member.item in always and member.item in catalogue.items]


def _starts(calendar: WorkCalendar, limits: Iterable[Duration]) -> list[dt.date]:
    """One ordinary day if only working days are counted, else every day of the latest known year."""
    year = max((notice.year for notice in calendar.notices), default=_ANY_YEAR)
    first = dt.date(year, 1, 1)
    if all(limit.unit is Unit.WORKING for limit in limits):
        return [first]
    return [first + dt.timedelta(days=number) for number in range(365)]


def _later(clock: Clock, when: dict[str, Span], promise: Duration, done: dt.date, due: dt.date) -> bool:
    if promise.unit is Unit.WORKING:
        return max(span.ends for span in when.values()) > clock.run(0, promise)
    return done > due


def _broken(
    catalogue: Catalogue, event: LifeEvent, chain: tuple[str, ...], start: dt.date, done: dt.date
) -> BrokenPromise:
    assert event.promised_limit is not None
    path = "→".join(
        f"{catalogue.items[code].name}（{duration_words(catalogue.items[code].promised_limit)}）"
        for code in chain
    )
    return BrokenPromise(
        event.id,
        f"“{event.name}”承诺{duration_words(event.promised_limit)}，但总要办的事项依次办要更久：{path}；"
        f"如{format_date(start)}开始，{format_date(done)}才能办完",
        "放宽整件事的承诺时限，或缩短这些事项的承诺时限",
        chain,
    )
