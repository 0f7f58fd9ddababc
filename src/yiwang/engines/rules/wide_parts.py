# SPDX-License-Identifier: Apache-2.0
"""The parts of a value of a DMN model: `date.year`, `duration.hours`, `range.start` (DMN 1.5, table 65)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules.wide_temporal import offset_of
from yiwang.engines.rules.wide_values import kind, seconds_of


def _part(name: str) -> Callable[[Any], Any]:
    return lambda value: Decimal(getattr(value, name))


def _zone_name(value: Any) -> str | None:
    return None if value.tzinfo is None else getattr(value.tzinfo, "key", None)


def _span_parts(value: timedelta) -> tuple[int, int, int, Decimal]:
    total = abs(seconds_of(value))
    sign = -1 if value < timedelta() else 1
    whole = int(total)
    return (
        sign * (whole // 86400), sign * (whole // 3600 % 24), sign * (whole // 60 % 60),
        sign * (whole % 60 + (total - whole)),
    )  # fmt: skip


def _seconds(value: Any) -> Decimal:
    return Decimal(value.second)


def _span_part(place: int) -> Callable[[Any], Any]:
    return lambda value: Decimal(_span_parts(value)[place])


_DAY: Final = {"year": _part("year"), "month": _part("month"), "day": _part("day")}
_CLOCK: Final[dict[str, Callable[[Any], Any]]] = {
    "hour": _part("hour"), "minute": _part("minute"), "second": _seconds,
    "time offset": offset_of, "timezone": _zone_name,
}  # fmt: skip
PARTS: Final[Mapping[str, Mapping[str, Callable[[Any], Any]]]] = {
    "date": {
        **_DAY,
        "weekday": lambda day: Decimal(day.isoweekday()),
        **dict.fromkeys(("hour", "minute", "second"), lambda day: Decimal(0)),
        "time offset": lambda day: timedelta(),
        "timezone": lambda day: None,
    },
    "date and time": {**_DAY, **_CLOCK, "weekday": lambda day: Decimal(day.isoweekday())},
    "time": _CLOCK,
    "days and time duration": {
        name: _span_part(place) for place, name in enumerate(("days", "hours", "minutes", "seconds"))
    },
    "years and months duration": {
        "years": lambda value: Decimal(int(value.count / 12)),
        "months": lambda value: Decimal(value.count - int(value.count / 12) * 12),
    },
    "range": {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_included and value.low is not None,
        "end included": lambda value: value.high_included and value.high is not None,
    },
}


def member(value: Any, name: str) -> Any:
    """A member of a record or a part of a value; of a list, that of each item. None if it has none."""
    if isinstance(value, tuple):
        return tuple(member(item, name) for item in value)
    if isinstance(value, Mapping):
        return value.get(name)
    read = PARTS.get(kind(value), {}).get(name)
    return None if read is None else read(value)
