# SPDX-License-Identifier: Apache-2.0
"""The legal working-day calendar (工作日), by what was known on a given day.

Everything is counted in *half units*: an ordinary working day gives 2, a half day 1, so that a
limit of 0.5 working days is an integer. The starting day is not counted (民法典第201条第一款);
limits of 行政许可 are working days without statutory holidays (行政许可法第82条). A limit in
calendar days that ends on a closed day ends on the next working day (民法典第203条).

A year whose notice is not out yet is *provisional*: Monday to Friday count, except the
statutory holidays with a fixed solar date. Nothing fails for want of a notice; it is marked.

Questions cost a bisection in prefix sums, not a walk over the days.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from yiwang.kernel.errors import Invalid
from yiwang.kernel.holidays import (
    Day,
    DayKind,
    Half,
    HalfDay,
    HolidayNotice,
    Layer,
    StatutoryHolidays,
    statutory_name,
)

__all__ = [
    "Day",
    "DayKind",
    "DueDay",
    "Half",
    "HalfDay",
    "HolidayNotice",
    "Layer",
    "Limit",
    "StatutoryHolidays",
    "Unit",
    "WorkCalendar",
]

_FULL = 2  # half units of an ordinary working day
_SATURDAY = 5
_LONGEST = 20_000  # days of one limit; more is a typing error
_LAST_DAY = date(2300, 12, 31).toordinal()  # a due date beyond it is a typing error


class Unit(StrEnum):
    """What a limit counts."""

    WORKING = "working"  # 工作日
    CALENDAR = "calendar"  # 日（自然日）


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: `days` of `unit`. Working days may be halves. Raises Invalid otherwise."""

    days: Decimal
    unit: Unit = Unit.WORKING

    def __post_init__(self) -> None:
        halves = self.days * 2
        if not self.days.is_finite() or halves != halves.to_integral_value() or self.days < 0:
            raise Invalid("期限的天数不对。", mend="请写不小于0的数，最小到半个工作日，例如 20 或 0.5。")
        if self.days > _LONGEST:
            raise Invalid("期限太长。", mend="请核对期限天数。")
        if self.unit is Unit.CALENDAR and self.days != self.days.to_integral_value():
            raise Invalid("自然日的期限不能有半天。", mend="请写整数天，或改用工作日。")

    @property
    def half_units(self) -> int:
        """The limit in halves of a day."""
        return int(self.days * 2)


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day of a limit; `half` is AM when it ends with that morning."""

    date: date
    half: Half | None
    provisional: bool  # some day that was counted or skipped is not announced yet


class _Table:
    """Prefix sums over whole years: half units, and days not announced."""

    __slots__ = ("base", "end", "sums", "units", "unknown")

    def __init__(self, calendar: WorkCalendar, first_year: int, last_year: int) -> None:
        self.base = date(first_year, 1, 1).toordinal()
        self.end = date(last_year, 12, 31).toordinal()  # inclusive
        self.units = bytearray(self.end - self.base + 1)
        self.sums = [0]
        self.unknown = [0]
        for index in range(len(self.units)):
            day = calendar._look(date.fromordinal(self.base + index))
            self.units[index] = day.half_units
            self.sums.append(self.sums[-1] + day.half_units)
            self.unknown.append(self.unknown[-1] + (not day.announced))


class WorkCalendar:
    """Working days by a set of notices. Answers depend on nothing else; it does not change.

    `notices` may come in any order and from several levels; `statutory` holds the versions of
    the statutory list. Raises Invalid when two notices of one level bear the same number.
    """

    def __init__(
        self,
        notices: Iterable[HolidayNotice],
        statutory: Iterable[StatutoryHolidays] = (),
    ) -> None:
        self.notices = tuple(sorted(notices, key=lambda one: (one.layer, one.announced, one.number)))
        self.statutory = tuple(sorted(statutory, key=lambda one: (one.announced, one.number)))
        self._refuse_twins()
        self._named = self._merge()
        self._years = {one.year for one in self.notices if one.layer is Layer.NATIONAL}
        days = [one.announced for one in self.notices] + [one.announced for one in self.statutory]
        self._changes = sorted(set(days))
        self._views: dict[int, WorkCalendar] = {}
        self._table = _Table(self, *self._first_span())
        self.version = self._make_version()

    # -- what was known when

    def as_known_on(self, day: date) -> WorkCalendar:
        """The calendar with only what had been announced by `day` (that day included)."""
        seen = bisect_right(self._changes, day)
        if seen == len(self._changes):
            return self
        if seen not in self._views:
            self._views[seen] = WorkCalendar(
                (one for one in self.notices if one.announced <= day),
                (one for one in self.statutory if one.announced <= day),
            )
        return self._views[seen]

    def is_announced(self, day: date) -> bool:
        """Whether a national notice for that year, or one naming that day, is known."""
        return day.year in self._years or day in self._named

    # -- single days

    def day(self, day: date) -> Day:
        """All that is known of one day."""
        return self._look(day)

    def half_units(self, day: date) -> int:
        """0, 1 or 2 halves of `day` are worked."""
        ordinal = day.toordinal()
        table = self._covering(ordinal, ordinal)
        return table.units[ordinal - table.base]

    def is_workday(self, day: date) -> bool:
        """Whether any half of `day` is worked."""
        return self.half_units(day) > 0

    def next_workday(self, day: date) -> date:
        """`day` itself if it is worked, else the next day that is."""
        return day if self.is_workday(day) else self.reach(day, 1)

    # -- spans

    def half_units_between(self, after: date, until: date) -> int:
        """Half units of the days after `after` up to and with `until`; negative backwards."""
        low, high = after.toordinal(), until.toordinal()
        table = self._covering(min(low, high), max(low, high))
        return table.sums[high - table.base + 1] - table.sums[low - table.base + 1]

    def working_days_between(self, after: date, until: date) -> Decimal:
        """Working days after `after` up to and with `until` (halves as .5); negative backwards."""
        return Decimal(self.half_units_between(after, until)) / 2

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last`, both included, is not announced yet."""
        low, high = first.toordinal(), last.toordinal()
        table = self._covering(low, high)
        return table.unknown[high - table.base + 1] > table.unknown[low - table.base]

    def reach(self, after: date, half_units: int) -> date:
        """The first day by whose end `half_units` (at least 1) have been worked after `after`.

        Raises Invalid when that lies beyond any sensible date.
        """
        start = after.toordinal()
        table = self._covering(start, start)
        target = table.sums[start - table.base + 1] + half_units
        while table.sums[-1] < target:
            missing = (target - table.sums[-1]) // 400 + 1  # a year has about 500 half units
            table = self._grow(table.base, table.end + 366 * missing)
        return date.fromordinal(table.base + bisect_left(table.sums, target) - 1)

    def plus_days(self, start: date, days: int) -> date:
        """`days` calendar days after `start`. Raises Invalid beyond any sensible date."""
        if start.toordinal() + days > _LAST_DAY:
            raise _too_far()
        return start + timedelta(days=days)

    def due(self, start: date, limit: Limit) -> DueDay:
        """The last day of `limit` begun on `start`; a limit of 0 ends on the start day itself,
        or on the next working day. Raises Invalid when it lies beyond any sensible date.
        """
        if limit.unit is Unit.CALENDAR:
            end = self.next_workday(self.plus_days(start, int(limit.days)))
            return DueDay(end, self.closing_half(end, 0), self.is_provisional(start, end))
        if limit.half_units == 0:
            end = self.next_workday(start)
            return DueDay(end, self.closing_half(end, 0), self.is_provisional(start, end))
        end = self.reach(start, limit.half_units)
        spare = self.half_units_between(start, end) - limit.half_units
        return DueDay(end, self.closing_half(end, spare), self.is_provisional(start, end))

    def closing_half(self, end: date, spare: int) -> Half | None:
        """AM when a limit ends with the morning of `end`: `spare` half units are left over, or
        only the morning is worked.
        """
        if spare > 0 or self._look(end).open_half is Half.AM:
            return Half.AM
        return None

    # -- inside

    def _look(self, day: date) -> Day:
        named = self._named.get(day)
        if named is not None:
            return named
        announced = day.year in self._years
        if not announced:
            name = statutory_name(self.statutory, day)
            if name is not None:
                return Day(day, 0, DayKind.HOLIDAY, f"{name}（法定节假日）", announced=False)
        if day.weekday() >= _SATURDAY:
            return Day(day, 0, DayKind.WEEKEND, "周末", announced)
        return Day(day, _FULL, DayKind.WORKDAY, "工作日", announced)

    def _merge(self) -> dict[date, Day]:
        """The last word on each day that a notice names: by level, then by date announced."""
        named: dict[date, Day] = {}
        for notice in self.notices:
            for day, name in notice.closed.items():
                named[day] = Day(day, 0, DayKind.HOLIDAY, name, announced=True)
            for day, why in notice.makeup.items():
                named[day] = Day(day, _FULL, DayKind.MAKEUP, why, announced=True)
            for day, half in notice.half.items():
                named[day] = Day(day, 1, DayKind.HALF_DAY, half.reason, True, half.open)
        return named

    def _refuse_twins(self) -> None:
        seen: set[tuple[int, str]] = set()
        for one in self.notices:
            if (one.layer, one.number) in seen:
                raise Invalid(f"放假通知 {one.number} 登记了两次。", mend="请删去其中一份。")
            seen.add((one.layer, one.number))

    def _first_span(self) -> tuple[int, int]:
        years = {one.year for one in self.notices} or {2018}
        return min(years) - 1, max(years) + 2

    def _covering(self, low: int, high: int) -> _Table:
        table = self._table
        if low < table.base or high > table.end:
            table = self._grow(min(low, table.base), max(high, table.end))
        return table

    def _grow(self, low: int, high: int) -> _Table:
        if high > _LAST_DAY:
            raise _too_far()
        self._table = _Table(self, date.fromordinal(low).year, date.fromordinal(high).year)
        return self._table

    def _make_version(self) -> str:
        """`2025-11/11-1a2b3c4d`: latest announcement, number of notices, hash of all content."""
        facts = [one.facts() for one in self.notices] + [one.facts() for one in self.statutory]
        digest = hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
        latest = max((one.announced for one in self.notices), default=None)
        month = latest.strftime("%Y-%m") if latest else "none"
        return f"{month}/{len(self.notices)}-{digest[:8]}"


def _too_far() -> Invalid:
    return Invalid("日期太远，无法计算。", mend="请核对起始日期和期限天数。")
