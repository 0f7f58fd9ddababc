# SPDX-License-Identifier: Apache-2.0
"""Counting from a start day around pauses, in half units, without walking over the days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from yiwang.engines.process.events import Pause
from yiwang.kernel.workdays import Half, Limit, Unit, WorkCalendar

__all__ = ["CountedDay", "SkippedDay", "Span"]

_DAY = timedelta(days=1)
_FULL = 2


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day that counts: 2 half units, or 1."""

    date: date
    half_units: int


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that does not count, and why."""

    date: date
    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """The days after `start` that count. `pauses` are ended, in order, and do not overlap."""

    calendar: WorkCalendar
    start: date
    pauses: Sequence[Pause]
    unit: Unit

    def end_of(self, limit: Limit) -> tuple[date, Half | None]:
        """The last day of `limit`, and AM when it ends with that morning."""
        if limit.half_units == 0:
            end = self._open_workday(self.start)
            return end, self.calendar.closing_half(end, 0)
        end, spare = self._reach(limit.half_units)
        if self.unit is Unit.CALENDAR:
            end = self._open_workday(end)
        return end, self.calendar.closing_half(end, spare)

    def day_with(self, days: Decimal) -> date:
        """The day by whose end `days` have counted; the start day for none. Never rolled on."""
        whole = int(days) if self.unit is Unit.CALENDAR else days
        return self._reach(int(whole * 2))[0] if whole > 0 else self.start

    def amount(self, after: date, until: date) -> Decimal:
        """Days that count after `after` up to and with `until`; negative backwards."""
        low, high = min(after, until), max(after, until)
        units = self._units(low, high)
        for pause in self.pauses:
            first, last = max(pause.from_day, low), min(_ended(pause), high)
            if first < last:
                units -= self._units(first, last)
        return Decimal(units if after <= until else -units) / 2

    def counted(self, end: date) -> list[CountedDay]:
        """Each day that counts, up to `end`."""
        return [
            CountedDay(day, units)
            for day in self._days(end)
            if not self._paused(day) and (units := self._day_units(day))
        ]

    def skipped(self, end: date) -> list[SkippedDay]:
        """Each day that does not count, up to `end`, with the reason; the start day first."""
        said = [SkippedDay(self.start, "起算当日不计入")] if end > self.start else []
        for day in self._days(end):
            pause = self._paused(day)
            if pause is not None:
                said.append(SkippedDay(day, f"{pause.term}，不计入期限"))
            elif not self._day_units(day):
                said.append(SkippedDay(day, self.calendar.day(day).reason))
        return said

    # -- inside

    def _reach(self, need: int) -> tuple[date, int]:
        """The day by whose end `need` half units have counted, and the half units to spare."""
        position, left = self.start, need
        for pause in self.pauses:
            before = self._units(position, pause.from_day)
            if before >= left:
                break
            left -= before
            position = _ended(pause)
        end = self._step(position, left)
        return end, self._units(position, end) - left

    def _step(self, after: date, half_units: int) -> date:
        if self.unit is Unit.CALENDAR:
            return self.calendar.plus_days(after, half_units // _FULL)
        return self.calendar.reach(after, half_units)

    def _units(self, after: date, until: date) -> int:
        if self.unit is Unit.CALENDAR:
            return (until - after).days * _FULL
        return self.calendar.half_units_between(after, until)

    def _day_units(self, day: date) -> int:
        return _FULL if self.unit is Unit.CALENDAR else self.calendar.half_units(day)

    def _open_workday(self, day: date) -> date:
        """`day` or the first later day that is worked and not within a pause."""
        found = self.calendar.next_workday(day)
        while (pause := self._paused(found)) is not None:
            found = self.calendar.next_workday(_ended(pause) + _DAY)
        return found

    def _paused(self, day: date) -> Pause | None:
        for pause in self.pauses:
            if pause.from_day < day <= _ended(pause):
                return pause
        return None

    def _days(self, end: date) -> Iterator[date]:
        day = self.start + _DAY
        while day <= end:
            yield day
            day += _DAY


def _ended(pause: Pause) -> date:
    assert pause.to_day is not None, "a span takes ended pauses only"
    return pause.to_day
