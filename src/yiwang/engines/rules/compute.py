# SPDX-License-Identifier: Apache-2.0
"""Equality, order and arithmetic of values, as DMN 1.5 tables 42, 44, 45 and 51 to 58 have them.

Where DMN says null the functions here return None: a comparison of different kinds, a division
by zero, a number outside decimal128, a day outside the calendar. Nothing here raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal, DecimalException
from typing import Any, Final

from yiwang.engines.rules.types import DATE, DAYS, MONTHS, NUMBER, STRING, Kind, Type, kind_of, kinds
from yiwang.engines.rules.values import (
    DECIMALS,
    MAX_DAYS,
    MAX_MONTHS,
    UNKNOWN,
    Inner,
    Months,
    Range,
    Unknown,
    Value,
    add_months,
    settled,
)

MAX_TEXT: Final = 100_000


def equal(left: Value, right: Value) -> bool | None:
    """FEEL ``=``: null equals only null; values of different kinds are not comparable (None)."""
    if left is None or right is None:
        return left is right
    if kind_of(left) is not kind_of(right):
        return None
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and _every(equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and _every(equal(left[key], right[key]) for key in left)
    if isinstance(left, Range) and isinstance(right, Range):
        ends = (left.low_included, left.high_included) == (right.low_included, right.high_included)
        return ends and _every((equal(left.low, right.low), equal(left.high, right.high)))
    return left == right


def _every(results: Iterable[bool | None]) -> bool:
    return all(result is True for result in results)


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; None when there is no order between the two."""
    kind = kind_of(left)
    if kind is not kind_of(right) or kind not in kinds(Kind.ORDERED):
        return None
    a: Any = left
    b: Any = right
    return int(a > b) - int(a < b)


def holds(op: str, left: Value, right: Value) -> bool | None:
    """Whether ``left op right`` holds for one of the six comparisons."""
    if op in ("=", "!="):
        same = equal(left, right)
        return same if op == "=" or same is None else not same
    sign = order(left, right)
    if sign is None:
        return None
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[op]


def within(value: Value, limits: Range) -> bool | None:
    """Whether a value lies in a range."""
    low = holds(">=" if limits.low_included else ">", value, limits.low)
    high = holds("<=" if limits.high_included else "<", value, limits.high)
    if low is False or high is False:
        return False
    return None if low is None or high is None else True


def compared(op: str, left: Inner, right: Inner) -> bool | Unknown | None:
    """:func:`holds` where either side may be unknown, wholly or in part."""
    return holds(op, left, right) if settled(left) and settled(right) else UNKNOWN


def conjunction(parts: Iterable[Inner]) -> bool | Unknown | None:
    """Kleene ``and``; stops at the first False. What is not a boolean counts as null."""
    result: bool | Unknown | None = True
    for part in parts:
        if part is False:
            return False
        if part is UNKNOWN:
            result = UNKNOWN
        elif part is not True and result is True:
            result = None
    return result


def disjunction(parts: Iterable[Inner]) -> bool | Unknown | None:
    """Kleene ``or``; stops at the first True. What is not a boolean counts as null."""
    return negation(conjunction(negation(part) for part in parts))


def negation(part: Inner) -> bool | Unknown | None:
    """Kleene ``not``."""
    if part is UNKNOWN:
        return UNKNOWN
    return not part if isinstance(part, bool) else None


def contains(items: tuple[Inner, ...], wanted: Inner) -> bool | Unknown | None:
    """Whether a list has an item equal to the wanted one; items may be unknown."""
    return disjunction(compared("=", item, wanted) or False for item in items)


def arithmetic(op: str, left: Value, right: Value) -> Value:
    """``left op right``; None where the kinds do not go together or the result has no place."""
    rule = ARITHMETIC.get((op, kind_of(left), kind_of(right)))
    if rule is None:
        return None
    try:
        result: Value = rule[1](left, right)
    except (DecimalException, OverflowError, ZeroDivisionError):
        return None
    return result if _in_bounds(result) else None


def _in_bounds(value: Value) -> bool:
    match value:
        case Decimal():
            return value.is_finite()
        case timedelta():
            return abs(value.days) <= MAX_DAYS
        case Months():
            return abs(value.count) <= MAX_MONTHS
        case str():
            return len(value) <= MAX_TEXT
        case _:
            return True


def _days(count: Decimal) -> timedelta:
    return timedelta(days=int(count))


def _later(start: date, by: Months) -> date | None:
    return add_months(start, by.count)


_N, _S, _D, _T, _M = Kind.NUMBER, Kind.STRING, Kind.DATE, Kind.DAYS, Kind.MONTHS

# (operator, left, right) -> (type of the result, how to compute it)
ARITHMETIC: Final[Mapping[tuple[str, Kind, Kind], tuple[Type, Callable[..., Any]]]] = {
    ("+", _N, _N): (NUMBER, DECIMALS.add),
    ("-", _N, _N): (NUMBER, DECIMALS.subtract),
    ("*", _N, _N): (NUMBER, DECIMALS.multiply),
    ("/", _N, _N): (NUMBER, DECIMALS.divide),
    ("**", _N, _N): (NUMBER, DECIMALS.power),
    ("+", _S, _S): (STRING, lambda a, b: a + b),
    ("-", _D, _D): (DAYS, lambda a, b: a - b),
    ("+", _D, _T): (DATE, lambda a, b: a + b),
    ("+", _T, _D): (DATE, lambda a, b: b + a),
    ("-", _D, _T): (DATE, lambda a, b: a - b),
    ("+", _D, _M): (DATE, _later),
    ("+", _M, _D): (DATE, lambda a, b: _later(b, a)),
    ("-", _D, _M): (DATE, lambda a, b: add_months(a, -b.count)),
    ("+", _T, _T): (DAYS, lambda a, b: a + b),
    ("-", _T, _T): (DAYS, lambda a, b: a - b),
    ("*", _T, _N): (DAYS, lambda a, b: _days(DECIMALS.multiply(a.days, b))),
    ("*", _N, _T): (DAYS, lambda a, b: _days(DECIMALS.multiply(a, b.days))),
    ("/", _T, _N): (DAYS, lambda a, b: _days(DECIMALS.divide(a.days, b))),
    ("/", _T, _T): (NUMBER, lambda a, b: DECIMALS.divide(a.days, b.days)),
    ("+", _M, _M): (MONTHS, lambda a, b: Months(a.count + b.count)),
    ("-", _M, _M): (MONTHS, lambda a, b: Months(a.count - b.count)),
    ("*", _M, _N): (MONTHS, lambda a, b: Months(int(DECIMALS.multiply(a.count, b)))),
    ("*", _N, _M): (MONTHS, lambda a, b: Months(int(DECIMALS.multiply(a, b.count)))),
    ("/", _M, _N): (MONTHS, lambda a, b: Months(int(DECIMALS.divide(a.count, b)))),
    ("/", _M, _M): (NUMBER, lambda a, b: DECIMALS.divide(a.count, b.count)),
}


def member(value: Inner, name: str) -> Value:
    """A member of a record, a part of a date or duration; None if it has none of that name."""
    if isinstance(value, Mapping):
        return value.get(name)
    read = PARTS.get((kind_of(value), name))
    return None if read is None else Decimal(read(value))


PARTS: Final[Mapping[tuple[Kind, str], Callable[..., int]]] = {
    (_D, "year"): lambda day: int(day.year),
    (_D, "month"): lambda day: int(day.month),
    (_D, "day"): lambda day: int(day.day),
    (_D, "weekday"): lambda day: int(day.isoweekday()),
    (_T, "days"): lambda span: int(span.days),
    (_T, "hours"): lambda span: 0,
    (_T, "minutes"): lambda span: 0,
    (_T, "seconds"): lambda span: 0,
    (_M, "years"): lambda span: int(span.count / 12),
    (_M, "months"): lambda span: int(span.count - int(span.count / 12) * 12),
}
