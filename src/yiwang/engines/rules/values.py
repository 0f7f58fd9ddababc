# SPDX-License-Identifier: Apache-2.0
"""What a rule computes with: exact decimals, texts, booleans, dates, durations, lists, ranges.

Two things are "not there", and the difference matters:

- ``None`` is FEEL's null: known to be empty. DMN says how it behaves (``null = 5`` is false).
- :data:`UNKNOWN` is a fact nobody has given yet. It never decides anything, so learning more
  never overturns an answer. It stays inside the engine; callers see ``None`` for it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import Enum
from typing import Final, TypeAlias, TypeGuard

from yiwang.engines.rules.errors import RuleError

# FEEL numbers are IEEE 754-2008 decimal128 (DMN 1.5, 10.3.2.3.1): 34 digits, half even.
MAX_DIGITS: Final = 34
DECIMALS: Final = Context(
    prec=MAX_DIGITS, Emax=6144, Emin=-6143, traps=[InvalidOperation, DivisionByZero, Overflow]
)
MAX_MONTHS: Final = 12 * 9999
MAX_DAYS: Final = 366 * 9999


class Unknown(Enum):
    """The one value that stands for a fact nobody has given."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, order=True)
class Months:
    """A years-and-months duration, in months (FEEL ``duration("P1Y6M")`` is 18)."""

    count: int


@dataclass(frozen=True)
class Range:
    """Everything between two values; each end belongs to it or not."""

    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True


# A time of day and a moment (a datetime is a date) are of DMN models alone; `normal` refuses them.
Scalar: TypeAlias = "Decimal | str | bool | date | time | timedelta | Months | None"
Value: TypeAlias = "Scalar | Range | tuple[Value, ...] | Mapping[str, Value]"
# Inside the engine a value may also be unknown, and so may the members of a list.
Inner: TypeAlias = "Value | Unknown | tuple[Inner, ...]"


def settled(value: Inner) -> TypeGuard[Value]:
    """Whether a value is known all through, lists with all their items."""
    if isinstance(value, tuple):
        return all(settled(item) for item in value)
    return value is not UNKNOWN


def known(value: Inner) -> Value:
    """What a caller sees of an inner value: unknown becomes None, also inside lists."""
    if isinstance(value, tuple):
        return tuple(known(item) for item in value)
    return None if value is UNKNOWN else value


def normal(value: object, *, name: str = "") -> Value:
    """Bring a given fact into the language's values; int becomes Decimal, list becomes tuple.

    Raises RuleError for binary floats, times of day and anything else the language lacks.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, timedelta | Months):
        return _duration(value, name)
    if isinstance(value, Range):
        low, high = normal(value.low, name=name), normal(value.high, name=name)
        return Range(low, high, value.low_included, value.high_included)
    if isinstance(value, Decimal | int):
        return _number(value, name)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, Mapping):
        return {str(key): normal(item, name=f"{name}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(normal(item, name=name) for item in value)
    raise RuleError(
        f"“{name}”的值是{_kind_word(value)}，规则里不能用。",
        mend="数请给整数或十进制小数（不用二进制浮点数），日期请只给年月日。",
    )


def _number(value: Decimal | int, name: str) -> Decimal:
    small = value.bit_length() <= 4 * MAX_DIGITS if isinstance(value, int) else value.is_finite()
    number = Decimal(value) if small else None
    if number is None or len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        raise RuleError(f"“{name}”的数太大、太细，或不是有限的数。", mend=f"数最多{MAX_DIGITS}位。")
    return number


def _duration(value: timedelta | Months, name: str) -> timedelta | Months:
    if isinstance(value, Months) and abs(value.count) <= MAX_MONTHS:
        return value
    if isinstance(value, timedelta) and value == timedelta(days=value.days) and abs(value.days) <= MAX_DAYS:
        return value
    raise RuleError(f"“{name}”的时长不是整天、整月，或者太长。", mend="时长请只给整天数或整月数。")


def _kind_word(value: object) -> str:
    if isinstance(value, float):
        return "二进制浮点数"
    if isinstance(value, datetime):
        return "带钟点的时间"
    return f"“{type(value).__name__}”类型"


_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d{1,5})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<days>\d{1,7})D)?"
)


def read_duration(text: str) -> timedelta | Months | None:
    """Read ``P10D`` as days, ``P1Y2M`` as months; None if it is neither (or mixes both)."""
    match = _DURATION.fullmatch(text)
    if not match:
        return None
    years, months, days = (match[part] for part in ("years", "months", "days"))
    sign = -1 if match["sign"] else 1
    if days is not None and years is None and months is None and int(days) <= MAX_DAYS:
        return timedelta(days=sign * int(days))
    if days is None and (years is not None or months is not None):
        count = int(years or 0) * 12 + int(months or 0)
        return Months(sign * count) if count <= MAX_MONTHS else None
    return None


def read_date(text: str) -> date | None:
    """Read ``2026-01-31``; None if there is no such day."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def duration_text(value: timedelta | Months) -> str:
    """The ISO 8601 text of a duration; the reverse of :func:`read_duration`."""
    if isinstance(value, Months):
        years, months = divmod(abs(value.count), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if value.count < 0 else ''}P{body}"
    return f"{'-' if value.days < 0 else ''}P{abs(value.days)}D"


def number_text(value: Decimal) -> str:
    """A number without exponent and without needless zeros: ``200``, ``0.3``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def add_months(start: date, months: int) -> date | None:
    """The same day some months later; the last day of the month if it has no such day.

    None when the year leaves 1..9999.
    """
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month0 + 1, min(start.day, monthrange(year, month0 + 1)[1]))
