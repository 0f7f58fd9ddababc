# SPDX-License-Identifier: Apache-2.0
"""All built-in functions of a DMN model, with those of dates, times and ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules.functions import _months_between as months_between
from yiwang.engines.rules.values import read_date
from yiwang.engines.rules.wide_builtin import builtin
from yiwang.engines.rules.wide_contexts import CONTEXTS
from yiwang.engines.rules.wide_lists import LISTS, NUMBERS
from yiwang.engines.rules.wide_ranges import RANGES
from yiwang.engines.rules.wide_temporal import read_date_time, read_span, read_time
from yiwang.engines.rules.wide_text import TEXT
from yiwang.engines.rules.wide_values import FunctionValue, same

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def _date(value: Any) -> date | None:
    if isinstance(value, str):
        return read_date(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _date_of(year: Decimal, month: Decimal, day: Decimal) -> date:
    return date(int(year), int(month), int(day))


def _time(value: Any) -> time | None:
    if isinstance(value, str):
        return read_time(value)
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, date):
        return time(tzinfo=UTC)
    return value if isinstance(value, time) else None


def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: Any = None) -> time | None:
    if offset is not None and not isinstance(offset, timedelta):
        return None
    if hour != int(hour) or minute != int(minute):
        return None
    zone = None if offset is None else timezone(offset)
    micro = int((second - int(second)).scaleb(6))
    return time(int(hour), int(minute), int(second), micro, zone)


def _date_time(value: Any) -> datetime | None:
    if isinstance(value, str):
        return read_date_time(value)
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None


def _combined(day: Any, clock: time) -> datetime | None:
    if not isinstance(day, date):
        return None
    return datetime.combine(day.date() if isinstance(day, datetime) else day, clock)


def _period(start: Any, end: Any) -> Any:
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    return months_between(start, end)


def _of_day(read: Callable[[date], Any]) -> FunctionValue:
    def run(day: Any) -> Any:
        return read(day) if isinstance(day, date) else None

    return builtin("date:Any", run)


def _now() -> datetime:
    return datetime.now(UTC)


TEMPORAL: Final[Mapping[str, FunctionValue]] = {
    "date": builtin("from:Any", _date, others=(builtin("year:number, month:number, day:number", _date_of),)),
    "time": builtin(
        "from:Any",
        _time,
        others=(builtin("hour:number, minute:number, second:number, offset?:Any", _time_of),),
    ),
    "date and time": builtin("from:Any", _date_time, others=(builtin("date:Any, time:time", _combined),)),
    "duration": builtin("from:string", read_span),
    "years and months duration": builtin("from:Any, to:Any", _period),
    "day of year": _of_day(lambda day: Decimal(day.timetuple().tm_yday)),
    "day of week": _of_day(lambda day: _DAYS[day.weekday()]),
    "month of year": _of_day(lambda day: _MONTHS[day.month - 1]),
    "week of year": _of_day(lambda day: Decimal(day.isocalendar().week)),
    "now": builtin("", _now),
    "today": builtin("", lambda: _now().date()),
    "is": builtin("value1:Any, value2:Any", same),
}


def _not(value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


BUILTINS: Final[Mapping[str, FunctionValue]] = {
    **TEXT,
    **LISTS,
    **NUMBERS,
    **CONTEXTS,
    **TEMPORAL,
    **RANGES,
    "not": builtin("negand:Any", _not),
}
