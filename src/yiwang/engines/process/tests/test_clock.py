# SPDX-License-Identifier: Apache-2.0
"""The clock against a walker that steps day by day, over random histories."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import chinese_calendar

from yiwang.engines.process.clock import ClockState, Due, compute_due
from yiwang.engines.process.events import ClockEvent, EventKind
from yiwang.engines.process.rules import ClockRules
from yiwang.kernel.workdays import HalfDay, HolidayNotice, Layer, Limit, Unit, WorkCalendar

DAY = timedelta(days=1)
STOPS = ["expert_review", "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal"]


@dataclass
class History:
    """A random case: its limit in halves, its start, its pauses, an extension in halves."""

    unit: Unit
    halves: int
    start: date
    known_on: date
    pauses: list[tuple[date, date | None]]
    extension: int
    events: list[ClockEvent]


def invent(dice: random.Random) -> History:
    unit = Unit.WORKING if dice.random() < 0.8 else Unit.CALENDAR
    halves = dice.randint(0, 90) if unit is Unit.WORKING else 2 * dice.randint(0, 60)
    start = date(2018, 1, 1) + DAY * dice.randrange(2900)
    events = [ClockEvent(EventKind.START, start, start)]
    pauses: list[tuple[date, date | None]] = []
    extension, day = 0, start
    if dice.random() < 0.3:
        extension = dice.randint(1, 20) if unit is Unit.WORKING else 2 * dice.randint(1, 10)
        days = Decimal(extension) / 2
        events.append(ClockEvent(EventKind.EXTEND, day, day, days=days, reason="案情复杂", by="负责人"))
    for _ in range(dice.randint(0, 4)):
        begun = day + DAY * dice.randint(0, 15)
        events.append(ClockEvent(EventKind.PAUSE, begun, begun, pause_kind=dice.choice(STOPS)))
        day = begun + DAY * dice.randint(0, 25)
        if dice.random() < 0.15:
            pauses.append((begun, None))
            break
        events.append(ClockEvent(EventKind.RESUME, day, day))
        pauses.append((begun, day))
    known_on = max(event.on for event in events) + DAY * dice.randint(0, 40)
    return History(unit, halves, start, known_on, pauses, extension, events)


@cache
def by_library(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


class Walker:
    """Knows nothing of prefix sums: it steps through the days and asks of each whether it counts."""

    def __init__(self, case: History, half_days: set[date]) -> None:
        self.case = case
        self.half_days = half_days
        self.paused: set[date] = set()
        for begun, ended in case.pauses:
            day = begun + DAY
            while day <= (ended or case.known_on):
                self.paused.add(day)
                day += DAY

    def worked(self, day: date) -> int:
        if day in self.half_days:
            return 1
        return 2 if by_library(day) else 0

    def units(self, day: date) -> int:
        if day in self.paused:
            return 0
        return 2 if self.case.unit is Unit.CALENDAR else self.worked(day)

    def walk(self, need: int) -> tuple[date, int, list[date]]:
        """The day by which `need` halves have counted, what is left over, the days that counted."""
        day, counted, on_the_way = self.case.start, 0, []
        while counted < need:
            day += DAY
            units = self.units(day)
            counted += units
            if units:
                on_the_way.append(day)
        return day, counted - need, on_the_way

    def due(self) -> tuple[date, bool]:
        """The due day, and whether it ends with the morning."""
        need = self.case.halves + self.case.extension
        day, spare, _ = self.walk(need)
        if need == 0 or self.case.unit is Unit.CALENDAR:
            while not self.worked(day) or (day in self.paused and day != self.case.start):
                day += DAY
            spare = 0
        return day, spare > 0 or day in self.half_days


def half_day_notice(dice: random.Random) -> HolidayNotice:
    """Weekdays of a city that works mornings only, in no holiday."""
    days = {date(2018, 1, 2) + DAY * dice.randrange(2900) for _ in range(150)}
    ordinary = {day for day in days if day.weekday() < 5 and chinese_calendar.is_workday(day)}
    return HolidayNotice(
        year=2018,
        number="市测〔2017〕1号",
        announced=date(2017, 12, 1),
        published_by="市政府办公室",
        half={day: HalfDay("上午办公") for day in ordinary},
        layer=Layer.CITY,
    )


def test_ten_thousand_random_histories(calendar: WorkCalendar, rules: ClockRules) -> None:
    dice = random.Random(20260104)
    notice = half_day_notice(dice)
    # Everything announced before the first case, so that knowledge does not differ from the library's.
    final = calendar.as_known_on(date(2026, 12, 31))
    early = [
        HolidayNotice(
            year=one.year,
            number=one.number,
            announced=date(2017, 11, 1) + DAY * place,
            published_by=one.published_by,
            closed=one.closed,
            makeup=one.makeup,
        )
        for place, one in enumerate(final.notices)
    ]
    city = WorkCalendar([*early, notice], calendar.statutory[:1])
    wrong = []
    for _ in range(10_000):
        case = invent(dice)
        walker = Walker(case, set(notice.half))
        limit = Limit(Decimal(case.halves) / 2, case.unit)
        found = compute_due(city, limit, case.events, as_known_on=case.known_on, rules=rules)
        if not agrees(found, case, walker, rules):
            wrong.append((case, found))
    assert wrong == []


def agrees(found: Due, case: History, walker: Walker, rules: ClockRules) -> bool:
    due, by_noon = walker.due()
    need = case.halves + case.extension
    is_open = bool(case.pauses) and case.pauses[-1][1] is None
    assert rules.yellow is not None
    assert rules.red is not None
    lights = [walker.walk(max(need - int(left * 2), 0))[0] for left in (rules.yellow, rules.red)]
    passed = [case.start + DAY * n for n in range(1, (due - case.start).days + 1)]
    return (
        found.due_date == due
        and (found.due_half is not None) == by_noon
        and found.provisional == is_open
        and found.state == (ClockState.PAUSED if is_open else ClockState.RUNNING)
        and [found.yellow_on, found.red_on] == lights
        and found.overdue == (case.known_on > due)
        and [(one.date, one.half_units) for one in found.counted]
        == [(day, walker.units(day)) for day in passed if walker.units(day)]
        and {one.date for one in found.skipped} - {case.start} == {d for d in passed if not walker.units(d)}
        and found.remaining == remaining(case, walker, due)
    )


def remaining(case: History, walker: Walker, due: date) -> Decimal:
    """Counted halves from the day of knowledge to the due day, by stepping; what the limit leaves
    over of its last day is not among them."""
    step = 1 if case.known_on <= due else -1
    low, high = min(case.known_on, due), max(case.known_on, due)
    between = sum(walker.units(low + DAY * n) for n in range(1, (high - low).days + 1))
    if case.known_on < due and case.unit is Unit.WORKING:
        total = sum(walker.units(case.start + DAY * n) for n in range(1, (due - case.start).days + 1))
        between -= total - (case.halves + case.extension)
    return Decimal(step * between) / 2
