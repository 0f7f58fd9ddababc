# SPDX-License-Identifier: Apache-2.0
"""Values of a DMN model: what kind they are, when they are equal, how they are ordered and reckoned.

As `compute`, with times of day, moments and functions beside the values of policy rules. Values are
untyped here (a model may hold anything); where DMN says null these functions return None. None raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any, Final

from yiwang.engines.rules.compute import MAX_TEXT
from yiwang.engines.rules.values import DECIMALS, Months, Range, add_months
from yiwang.engines.rules.wide_temporal import offset_of

UTC: Final = UTC


@dataclass(frozen=True)
class HalfRange(Range):
    """``(> 5)`` as a value: an end that is null is no limit, as it is not for ``(5..null)``."""


@dataclass(frozen=True, eq=False)
class FunctionValue:
    """A function as a value: its parameters (name, type as written) and how to run it.

    With ``spread`` the one list may be given as separate arguments; with ``rest`` the last may come
    again; `others` are further signatures.
    """

    parameters: tuple[tuple[str, str], ...]
    run: Callable[..., Any]
    gives: str = ""
    spread: bool = False
    optional: int = 0
    builtin: bool = False
    rest: bool = False
    others: tuple[FunctionValue, ...] = ()


_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "boolean"),
    (Decimal, "number"),
    (str, "string"),
    (datetime, "date and time"),
    (date, "date"),
    (time, "time"),
    (timedelta, "days and time duration"),
    (Months, "years and months duration"),
    (tuple, "list"),
    (Range, "range"),
    (FunctionValue, "function"),
    (Mapping, "context"),
)
ORDERED: Final = frozenset(kind for _, kind in _KINDS[1:8])


def kind(value: Any) -> str:
    """The FEEL name of a value's type; `null` for None."""
    return next((name for python, name in _KINDS if isinstance(value, python)), "null")


def equal(left: Any, right: Any) -> bool | None:
    """FEEL ``=``: null equals only null, values of different kinds are not comparable (None)."""
    if left is None or right is None:
        return left is right
    if kind(left) != kind(right):
        return None
    if isinstance(left, tuple):
        return len(left) == len(right) and all(equal(a, b) is True for a, b in zip(left, right, strict=True))
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) is True for key in left)
    if isinstance(left, Range):
        ends = _shape(left) == _shape(right)
        return ends and equal(left.low, right.low) is True and equal(left.high, right.high) is True
    if isinstance(left, time):
        return _instant(left) == _instant(right)
    return bool(left == right)


def _shape(limits: Range) -> tuple[bool, bool, bool]:
    return (isinstance(limits, HalfRange), limits.low_included, limits.high_included)


def _instant(value: time) -> tuple[bool, timedelta]:
    offset = offset_of(value)
    clock = timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )
    return (offset is None, clock - (offset or timedelta()))


def same(left: Any, right: Any) -> bool:
    """The function ``is``: the same value of the same kind, zones included."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, time | datetime):
        mine, yours = (each.replace(tzinfo=None) for each in (left, right))
        return bool(mine == yours) and _zone(left) == _zone(right)
    return equal(left, right) is True


def _zone(value: Any) -> Any:
    return getattr(value.tzinfo, "key", None) or offset_of(value)


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None when there is no order between the two."""
    if kind(left) != kind(right) or kind(left) not in ORDERED:
        return None
    if isinstance(left, time):
        left, right = _instant(left), _instant(right)
        if left[0] != right[0]:
            return None
    try:
        return int(left > right) - int(left < right)
    except TypeError:  # one moment with a zone, one without
        return None


def holds(op: str, left: Any, right: Any) -> bool | None:
    """Whether ``left op right`` holds for one of the six comparisons."""
    if op in ("=", "!="):
        found = equal(left, right)
        return found if op == "=" or found is None else not found
    sign = order(left, right)
    if sign is None:
        return None
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[op]


def within(value: Any, limits: Range) -> bool | None:
    """Whether a value lies in a range; an end that is null decides nothing, but is no limit of a half one."""
    low = high = True if isinstance(limits, HalfRange) else None
    if limits.low is not None:
        low = holds(">=" if limits.low_included else ">", value, limits.low)
    if limits.high is not None:
        high = holds("<=" if limits.high_included else "<", value, limits.high)
    if low is False or high is False:
        return False
    return None if low is None or high is None else True


def moment(value: Any) -> Any:
    """A date as midnight in UTC; anything else as it is."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def _between(left: Any, right: Any) -> Any:
    left, right = moment(left), moment(right)
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return left - right


def _clock_between(left: time, right: time) -> timedelta | None:
    one, two = _instant(left), _instant(right)
    return one[1] - two[1] if one[0] == two[0] else None


def _shifted(start: date, by: timedelta) -> date:
    if isinstance(start, datetime):
        return start + by
    return (datetime.combine(start, time()) + by).date()


def _clock_shifted(start: time, by: timedelta) -> time:
    moved = datetime.combine(date(2000, 1, 1), start.replace(tzinfo=None)) + timedelta(
        seconds=by.seconds, microseconds=by.microseconds
    )
    return moved.time().replace(tzinfo=start.tzinfo)


def _months_later(start: date, by: int) -> date | None:
    if isinstance(start, datetime):
        day = add_months(start.date(), by)
        return None if day is None else datetime.combine(day, start.timetz())
    return add_months(start, by)


def seconds_of(span: timedelta) -> Decimal:
    """A duration in seconds, exactly."""
    return Decimal(span.days * 86400 + span.seconds) + Decimal(span.microseconds).scaleb(-6)


def span_of(seconds: Decimal) -> timedelta:
    """So many seconds, cut at the microsecond."""
    return timedelta(microseconds=int(seconds.scaleb(6)))


_N, _S, _D, _DT, _T = "number", "string", "date", "date and time", "time"
_P, _M = "days and time duration", "years and months duration"

ARITHMETIC: Final[Mapping[tuple[str, str, str], Callable[..., Any]]] = {
    ("+", _N, _N): DECIMALS.add,
    ("-", _N, _N): DECIMALS.subtract,
    ("*", _N, _N): DECIMALS.multiply,
    ("/", _N, _N): DECIMALS.divide,
    ("**", _N, _N): DECIMALS.power,
    ("+", _S, _S): lambda a, b: a + b,
    **{("-", a, b): _between for a in (_D, _DT) for b in (_D, _DT)},
    ("-", _T, _T): _clock_between,
    **{("+", a, _P): _shifted for a in (_D, _DT)},
    **{("+", _P, a): lambda by, start: _shifted(start, by) for a in (_D, _DT)},
    **{("-", a, _P): lambda start, by: _shifted(start, -by) for a in (_D, _DT)},
    **{("+", a, _M): lambda start, by: _months_later(start, by.count) for a in (_D, _DT)},
    **{("+", _M, a): lambda by, start: _months_later(start, by.count) for a in (_D, _DT)},
    **{("-", a, _M): lambda start, by: _months_later(start, -by.count) for a in (_D, _DT)},
    ("+", _T, _P): _clock_shifted,
    ("+", _P, _T): lambda by, start: _clock_shifted(start, by),
    ("-", _T, _P): lambda start, by: _clock_shifted(start, -by),
    ("+", _P, _P): lambda a, b: a + b,
    ("-", _P, _P): lambda a, b: a - b,
    ("*", _P, _N): lambda a, b: span_of(DECIMALS.multiply(seconds_of(a), b)),
    ("*", _N, _P): lambda a, b: span_of(DECIMALS.multiply(seconds_of(b), a)),
    ("/", _P, _N): lambda a, b: span_of(DECIMALS.divide(seconds_of(a), b)),
    ("/", _P, _P): lambda a, b: DECIMALS.divide(seconds_of(a), seconds_of(b)),
    ("+", _M, _M): lambda a, b: Months(a.count + b.count),
    ("-", _M, _M): lambda a, b: Months(a.count - b.count),
    ("*", _M, _N): lambda a, b: Months(int(DECIMALS.multiply(a.count, b))),
    ("*", _N, _M): lambda a, b: Months(int(DECIMALS.multiply(a, b.count))),
    ("/", _M, _N): lambda a, b: Months(int(DECIMALS.divide(a.count, b))),
    ("/", _M, _M): lambda a, b: DECIMALS.divide(a.count, b.count),
}


def arithmetic(op: str, left: Any, right: Any) -> Any:
    """``left op right``; None where the kinds do not go together or the result has no place."""
    rule = ARITHMETIC.get((op, kind(left), kind(right)))
    if rule is None:
        return None
    try:
        result = rule(left, right)
    except (DecimalException, OverflowError, ZeroDivisionError, TypeError):
        return None
    if isinstance(result, Decimal) and not result.is_finite():
        return None
    return None if isinstance(result, str) and len(result) > MAX_TEXT else result
