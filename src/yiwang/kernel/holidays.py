# SPDX-License-Identifier: Apache-2.0
"""What is announced about days: holiday notices, statutory holidays, one day as a result.

A *notice* (放假通知) says which days are closed, which weekend days are worked (调休上班) and
which are worked only half. It counts from the day it was announced, so that any past question
can be answered with what was known then. A later notice changes only the days it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from yiwang.kernel.errors import Invalid

__all__ = [
    "Day",
    "DayKind",
    "Half",
    "HalfDay",
    "HolidayNotice",
    "Layer",
    "StatutoryHolidays",
    "statutory_name",
]


class DayKind(StrEnum):
    """Why a day counts, or does not."""

    WORKDAY = "workday"  # an ordinary Monday to Friday
    MAKEUP = "makeup"  # 调休上班: a weekend day that is worked
    HALF_DAY = "half_day"  # worked for one half only
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # closed by notice, or by the statutory list while no notice is known


class Half(StrEnum):
    """A half of a day."""

    AM = "am"
    PM = "pm"


class Layer(IntEnum):
    """Who says so. A lower level of government refines the one above it, whatever the dates."""

    NATIONAL = 0
    PROVINCE = 1
    CITY = 2


@dataclass(frozen=True, slots=True)
class Day:
    """One day: how many halves of it count, why, and whether that has been announced."""

    date: date
    half_units: int  # 0, 1 or 2
    kind: DayKind
    reason: str
    announced: bool
    open_half: Half | None = None  # of a half day: the half that is worked


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A day worked in one half only."""

    reason: str
    open: Half = Half.AM


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """One announced notice. `closed`, `makeup` and `half` must not name the same day twice.

    Raises Invalid when they do.
    """

    year: int
    number: str  # 文号
    announced: date  # the day it was made public, not the day it was signed
    published_by: str
    closed: Mapping[date, str] = field(default_factory=dict)  # day -> name of the holiday
    makeup: Mapping[date, str] = field(default_factory=dict)  # day -> reason
    half: Mapping[date, HalfDay] = field(default_factory=dict)
    layer: Layer = Layer.NATIONAL

    def __post_init__(self) -> None:
        named = [*self.closed, *self.makeup, *self.half]
        twice = {day for day in named if named.count(day) > 1}
        if twice:
            days = "、".join(sorted(day.isoformat() for day in twice))
            raise Invalid(
                f"放假通知 {self.number} 对同一天有两种说法：{days}。",
                mend="请按通知原文，每一天只写一次。",
            )

    def facts(self) -> tuple[object, ...]:
        """All of it as plain sorted values, for hashing and comparing."""
        return (
            int(self.layer),
            self.announced.isoformat(),
            self.number,
            self.year,
            self.published_by,
            [[day.isoformat(), self.closed[day]] for day in sorted(self.closed)],
            [[day.isoformat(), self.makeup[day]] for day in sorted(self.makeup)],
            [
                [day.isoformat(), self.half[day].reason, self.half[day].open.value]
                for day in sorted(self.half)
            ],
        )


@dataclass(frozen=True, slots=True)
class StatutoryHolidays:
    """The holidays with a fixed solar date by one version of 《全国年节及纪念日放假办法》.

    They stand in for a year whose notice is not out yet.
    """

    number: str
    announced: date
    in_force_from: date
    days: Mapping[tuple[int, int], str]  # (month, day) -> name

    def facts(self) -> tuple[object, ...]:
        """All of it as plain sorted values, for hashing and comparing."""
        return (
            self.announced.isoformat(),
            self.in_force_from.isoformat(),
            self.number,
            [[month, day, self.days[month, day]] for month, day in sorted(self.days)],
        )


def statutory_name(statutory: tuple[StatutoryHolidays, ...], day: date) -> str | None:
    """The name of the fixed statutory holiday on `day` by the version then in force, if any."""
    in_force = [version for version in statutory if version.in_force_from <= day]
    if not in_force:
        return None
    newest = max(in_force, key=lambda version: (version.in_force_from, version.announced))
    return newest.days.get((day.month, day.day))
