# SPDX-License-Identifier: Apache-2.0
"""The built-in functions: arguments, result, how to say them in Chinese, how to run them.

One table serves the parser (names, also of several words), the checker (types), the evaluator
and the Chinese printer. A function gets values of its declared types without unknowns (the
evaluator sees to both), and returns None where DMN 1.5, 10.3.4 says null. It never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any, Final

from yiwang.engines.rules.compute import MAX_TEXT, arithmetic, conjunction, contains, disjunction, order
from yiwang.engines.rules.types import (
    AMOUNT,
    ANY,
    BOOLEAN,
    DATE,
    DURATION,
    MONTHS,
    NUMBER,
    ORDERED,
    STRING,
    Kind,
    Type,
    list_of,
)
from yiwang.engines.rules.values import (
    DECIMALS,
    MAX_DIGITS,
    Inner,
    Months,
    Value,
    number_text,
    read_date,
    read_duration,
)


@dataclass(frozen=True)
class Function:
    """One built-in. ``says`` is a Chinese phrase with {0}, {1}, … for the arguments.

    ``optional`` counts the last arguments that may be left out. With ``spread`` the one list may
    also be given as separate arguments: ``sum(1, 2)``. With ``gives_item`` the result is of the
    type of the list's items. An ``open`` function also takes unknown arguments and list items.
    """

    takes: tuple[Type, ...]
    gives: Type
    says: str
    run: Callable[..., Any]
    optional: int = 0
    spread: bool = False
    gives_item: bool = False
    open: bool = False

    def accepts(self, count: int) -> bool:
        """Whether the function may be called with so many arguments."""
        if self.spread:
            return count >= 1
        return len(self.takes) - self.optional <= count <= len(self.takes)

    @property
    def arity(self) -> str:
        """How many arguments it takes, in words for a message."""
        least, most = len(self.takes) - self.optional, len(self.takes)
        return f"{least}" + ("以上" if self.spread else f"至{most}" if most > least else "")

    def result(self, given: tuple[Type, ...]) -> Type:
        """The type of the result for arguments of these types."""
        if not self.gives_item:
            return self.gives
        first = given[0]
        item = (first.item or ANY) if first.kind is Kind.LIST else first
        return self.gives if item.kind is Kind.NULL else item


def _number(text: str) -> Decimal | None:
    body = text.removeprefix("-")
    if not body.isascii() or not body.replace(".", "", 1).isdigit() or len(body) > MAX_DIGITS:
        return None
    return Decimal(text)


def _string(value: Value) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return number_text(value)
        case date():
            return value.isoformat()
        case str():
            return value
        case _:
            return None


def _date(first: Value, month: Value = None, day: Value = None) -> date | None:
    if isinstance(first, date):
        return first
    if isinstance(first, str):
        return read_date(first)
    parts = [part for part in (first, month, day) if isinstance(part, Decimal)]
    if len(parts) != 3 or any(part != int(part) or abs(part) > 9999 for part in parts):
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def _months_between(start: date, end: date) -> Months:
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return Months(months)


def _round(rounding: str) -> Callable[..., Decimal | None]:
    def run(value: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
        if not -MAX_SCALE_DOWN <= scale <= MAX_SCALE:
            return None
        if value.adjusted() + int(scale) >= MAX_DIGITS - 1:
            return value  # no digit so far behind the point is kept anyway
        step = Decimal(1).scaleb(-int(scale))
        return DECIMALS.plus(value.quantize(step, rounding=rounding, context=DECIMALS))

    return run


def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    if any(part is not None and abs(part) > MAX_TEXT for part in (start, length)):
        return None
    first = int(start)
    if first == 0 or abs(first) > len(text) or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin:] if length is None else text[begin : begin + int(length)]


def _count(items: tuple[Inner, ...]) -> Decimal:
    return Decimal(len(items))


def _sum(items: tuple[Value, ...]) -> Value:
    if not items:
        return None
    total: Value = items[0] if isinstance(items[0], Decimal | timedelta | Months) else None
    for item in items[1:]:
        total = arithmetic("+", total, item)
    return total


def _mean(items: tuple[Value, ...]) -> Value:
    return arithmetic("/", _sum(items), Decimal(len(items)))


def _extreme(sign: int) -> Callable[[tuple[Value, ...]], Value]:
    def run(items: tuple[Value, ...]) -> Value:
        best = items[0] if items else None
        for item in items:
            compared = order(item, best)
            if compared is None:
                return None
            best = item if compared * sign > 0 else best
        return best

    return run


def _abs(value: Value) -> Value:
    if isinstance(value, Decimal):
        return abs(value)
    if isinstance(value, timedelta):
        return abs(value)
    return Months(abs(value.count)) if isinstance(value, Months) else None


def _modulo(value: Decimal, by: Decimal) -> Decimal | None:
    if by == 0 or value.adjusted() - by.adjusted() >= MAX_DIGITS:
        return None
    rest = DECIMALS.remainder(value, by)  # has the sign of value; FEEL wants that of the divisor
    return DECIMALS.add(rest, by) if rest and (rest < 0) != (by < 0) else rest


# Exponents of decimal128 (IEEE 754-2008): behind the point, before the point.
MAX_SCALE: Final = 6176
MAX_SCALE_DOWN: Final = 6111
_NUMBERS: Final = list_of(NUMBER)
_BOOLEANS: Final = list_of(BOOLEAN)
_LIST: Final = list_of(ANY)
_TWO_TEXTS: Final = (STRING, STRING)


def _rounding(says: str, rounding: str, *, optional: int = 0) -> Function:
    return Function((NUMBER, NUMBER), NUMBER, says, _round(rounding), optional=optional)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "date": Function((ANY, NUMBER, NUMBER), DATE, "日期{0}", _date, optional=2),
    "duration": Function((STRING,), DURATION, "时长{0}", read_duration),
    "years and months duration": Function((DATE, DATE), MONTHS, "{0}到{1}的年月数", _months_between),
    "number": Function((STRING,), NUMBER, "{0}所写的数", _number),
    "string": Function((ANY,), STRING, "{0}的文字", _string),
    "contains": Function(_TWO_TEXTS, BOOLEAN, "{0}包含{1}", lambda text, part: part in text),
    "starts with": Function(_TWO_TEXTS, BOOLEAN, "{0}以{1}开头", lambda text, part: text.startswith(part)),
    "ends with": Function(_TWO_TEXTS, BOOLEAN, "{0}以{1}结尾", lambda text, part: text.endswith(part)),
    "string length": Function((STRING,), NUMBER, "{0}的字数", lambda text: Decimal(len(text))),
    "upper case": Function((STRING,), STRING, "{0}的大写", lambda text: text.upper()),
    "lower case": Function((STRING,), STRING, "{0}的小写", lambda text: text.lower()),
    "substring": Function((STRING, NUMBER, NUMBER), STRING, "{0}的一段", _substring, optional=1),
    "count": Function((_LIST,), NUMBER, "{0}的个数", _count, spread=True, open=True),
    "sum": Function((list_of(AMOUNT),), AMOUNT, "{0}的合计", _sum, spread=True, gives_item=True),
    "mean": Function((_NUMBERS,), NUMBER, "{0}的平均数", _mean, spread=True),
    "min": Function((list_of(ORDERED),), ORDERED, "{0}中最小的", _extreme(-1), spread=True, gives_item=True),
    "max": Function((list_of(ORDERED),), ORDERED, "{0}中最大的", _extreme(1), spread=True, gives_item=True),
    "list contains": Function((_LIST, ANY), BOOLEAN, "{0}中有{1}", contains, open=True),
    "all": Function((_BOOLEANS,), BOOLEAN, "{0}全部成立", conjunction, spread=True, open=True),
    "any": Function((_BOOLEANS,), BOOLEAN, "{0}至少一项成立", disjunction, spread=True, open=True),
    "abs": Function((AMOUNT,), AMOUNT, "{0}的绝对值", _abs, gives_item=True),
    "modulo": Function((NUMBER, NUMBER), NUMBER, "{0}除以{1}的余数", _modulo),
    "floor": _rounding("{0}向下取整", ROUND_FLOOR, optional=1),
    "ceiling": _rounding("{0}向上取整", ROUND_CEILING, optional=1),
    "decimal": _rounding("{0}保留{1}位小数（四舍六入五成双）", ROUND_HALF_EVEN),
    "round half up": _rounding("{0}四舍五入到{1}位小数", ROUND_HALF_UP),
    "round up": _rounding("{0}进位到{1}位小数", ROUND_UP),
    "round down": _rounding("{0}舍去到{1}位小数", ROUND_DOWN),
}
