# SPDX-License-Identifier: Apache-2.0
"""Is what a source answered what the resource's definition says? Columns, types, and whose row it is.

Nothing is corrected: what cannot be read as its type is refused, a check digit that does not fit is
flagged and passed on as it came.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.exchange import Resource, ResourceField
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import check_id_number, check_uscc

from .connecting import Query, Row, SourceMalformed, WrongSubject

LONGEST_TEXT = 20_000  # characters of one value
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,12})?")
_YES = {"true", "t", "1", "是", "有", "y", "yes"}
_NO = {"false", "f", "0", "否", "无", "n", "no"}
_ASK = "请数据提供单位按目录核对数据，改好后再试。"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something doubtful in an answer that was passed on: which field, what is wrong. No value."""

    field: str
    what: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows that were checked, and what is doubtful in them."""

    rows: list[Row]
    flags: tuple[Flag, ...] = ()


def check_answer(
    resource: Resource, query: Query, rows: Sequence[Mapping[str, Any]], today: dt.date
) -> Answer:
    """The rows as JSON values, checked. They hold the query's fields and keys, so that it can be seen whose
    rows they are.

    Raises:
        SourceMalformed: a column is missing or a value is not of its type.
        WrongSubject: a row does not have the keys that were asked for.
    """
    wanted = {name: item(resource, name) for name in dict.fromkeys((*query.fields, *query.keys))}
    cleaned: list[Row] = []
    flags: dict[Flag, None] = {}
    for row in rows:
        found = {name: clean(field, _there(row, name, field)) for name, field in wanted.items()}
        for name, value in query.keys.items():
            if not same_key(found[name], value):
                raise WrongSubject(
                    "数据来源答的不是所查的对象，已拒收并记录。", mend="请数据提供单位立即核对接口。"
                )
        for name, field in wanted.items():
            if doubt := doubt_about(field, found[name], today):
                flags[Flag(name, doubt)] = None
        cleaned.append(found)
    return Answer(cleaned, tuple(flags))


def item(resource: Resource, name: str) -> ResourceField:
    """A field of the resource. Raises Invalid: it has none of this name."""
    found = resource.field(name)
    if found is None:
        raise Invalid(f"“{resource.name}”没有信息项“{name}”。", mend="请核对目录。")
    return found


def same_key(found: Any, asked: Any) -> bool:
    """Whether two values of a key mean the same thing; nothing never does."""
    return found is not None and asked is not None and _folded(found) == _folded(asked)


def _folded(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip().upper()


def clean(field: ResourceField, value: Any) -> Any:
    """The value as JSON, of the stated type; nothing stays nothing. Raises SourceMalformed."""
    if value is None:
        return None
    try:
        return _READERS[field.type](value)
    except (ValueError, TypeError, InvalidOperation):
        raise wrong_type(field) from None


def wrong_type(field: ResourceField) -> SourceMalformed:
    """The error for a value of another type than stated; it does not show the value."""
    return SourceMalformed(f"数据来源的“{field.name}”与目录写明的类型不符。", mend=_ASK)


def doubt_about(field: ResourceField, value: Any, today: dt.date) -> str:
    """Why a number is doubtful ("" if it is not): its check digit, its date, its length."""
    if not isinstance(value, str):
        return ""
    try:
        if field.type is ElementType.ID_NUMBER:
            check_id_number(value, today=today)
        elif field.type is ElementType.USCC:
            check_uscc(value)
    except Invalid as error:
        return error.message
    return ""


def _there(row: Mapping[str, Any], name: str, field: ResourceField) -> Any:
    if name not in row:
        raise SourceMalformed(f"数据来源的回答里没有“{field.name}”。", mend=_ASK)
    return row[name]


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value:
        raise ValueError
    return value


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        if not value.strip():
            return None
        if not _WHOLE.fullmatch(value.strip()):
            raise ValueError
        return int(value)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 10**18:
        raise ValueError
    return value


def _number(value: Any) -> str | None:
    if isinstance(value, str):
        if not value.strip():
            return None
        if not _NUMBER.fullmatch(value.strip()):
            raise ValueError
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number) >= 10**18:
        raise ValueError
    return format(number, "f")


def _day(value: Any) -> str | None:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str):
        raise ValueError
    text = value.strip()
    if not text:
        return None
    return (
        dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text).date()
    ).isoformat()


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else "?"
    if not word:
        return None
    if word not in _YES | _NO:
        raise ValueError
    return word in _YES


def _several(value: Any) -> list[str]:
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else [one for one in value.split("、") if one]
    if not isinstance(value, list) or len(value) > 200:
        raise ValueError
    return [_text(one) for one in value]


_READERS: Mapping[ElementType, Callable[[Any], Any]] = {
    **dict.fromkeys(ElementType, _text),
    ElementType.INTEGER: _whole,
    ElementType.MONEY: _whole,  # in fen
    ElementType.DECIMAL: _number,
    ElementType.DATE: _day,
    ElementType.BOOLEAN: _truth,
    ElementType.CHOICES: _several,
}
