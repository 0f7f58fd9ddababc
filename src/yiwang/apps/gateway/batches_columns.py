# SPDX-License-Identifier: Apache-2.0
"""The checks of `domain.answers`, over whole columns at once: same refusals, same values, same doubts.

Columns of a plain shape are taken as they are; all others go value by value through `answers` itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.exchange import Resource, ResourceField

from .domain.answers import LONGEST_TEXT, clean, doubt_about, item, wrong_type

_WHOLE = r"^-?(0|[1-9][0-9]{0,17})$"
_NUMBER = r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$"
_DAY = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$"
_ID_NUMBER = r"^[1-8][0-9]{16}[0-9X]$"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_TEXTS = frozenset(ElementType) - {
    ElementType.INTEGER,
    ElementType.MONEY,
    ElementType.DECIMAL,
    ElementType.DATE,
    ElementType.BOOLEAN,
    ElementType.CHOICES,
}


def check_table(
    resource: Resource, table: Any, fields: Sequence[str], today: dt.date
) -> tuple[Any, Mapping[str, int]]:
    """The table with values of the stated types, and how many are doubtful, field by field.

    Raises SourceMalformed: a value is not of its type.
    """
    cleaned: dict[str, Any] = {}
    doubts: dict[str, int] = {}
    for name in fields:
        field = item(resource, name)
        cleaned[name] = column = clean_column(field, table.column(name))
        if field.type in (ElementType.ID_NUMBER, ElementType.USCC) and (
            count := doubtful(field, column, today)
        ):
            doubts[name] = count
    return pa.table(cleaned), doubts


def clean_column(field: ResourceField, column: Any) -> Any:
    """A column of the stated type. Raises SourceMalformed."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if field.type in _TEXTS and pa.types.is_string(whole.type):
        return _text(field, whole)
    if pa.types.is_string(whole.type):
        if field.type in (ElementType.INTEGER, ElementType.MONEY) and _all(whole, _WHOLE):
            return pc.cast(whole, pa.int64())
        if field.type is ElementType.DECIMAL and _all(whole, _NUMBER):
            return whole
        if field.type is ElementType.DATE and _all(whole, _DAY):
            return whole
    if field.type is ElementType.BOOLEAN and pa.types.is_boolean(whole.type):
        return whole
    return _one_by_one(field, whole)


def _text(field: ResourceField, column: Any) -> Any:
    longest = pc.max(pc.utf8_length(column)).as_py() or 0
    if longest > LONGEST_TEXT or pc.any(pc.match_substring(column, "\0"), min_count=0).as_py():
        raise wrong_type(field)
    return column


def _all(column: Any, shape: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(column, shape), min_count=0).as_py())


def _one_by_one(field: ResourceField, column: Any) -> Any:
    """Each different value once."""
    seen: dict[Any, Any] = {}
    found = []
    for value in column.to_pylist():
        key = value if isinstance(value, str | int | bool | float | dt.date | None) else repr(value)
        known = (type(value), key)
        if known not in seen:
            seen[known] = clean(field, value)
        found.append(seen[known])
    kind = {
        ElementType.INTEGER: pa.int64(),
        ElementType.MONEY: pa.int64(),
        ElementType.BOOLEAN: pa.bool_(),
        ElementType.CHOICES: pa.list_(pa.string()),
    }.get(field.type, pa.string())
    return pa.array(found, kind)


def doubtful(field: ResourceField, column: Any, today: dt.date) -> int:
    """How many values have a check digit or date that does not fit; nothing is not doubted."""
    there = pc.drop_null(column)
    if field.type is ElementType.ID_NUMBER and len(there):
        there = there.filter(pa.array(~_sound_numbers(there, today)))
    return sum(bool(doubt_about(field, value, today)) for value in there.to_pylist())


def _sound_numbers(column: Any, today: dt.date) -> Any:
    """Which values are surely sound: plain in shape, a day that every month has, the check digit right."""
    sound = np.zeros(len(column), dtype=bool)
    plain = pc.match_substring_regex(column, _ID_NUMBER).to_numpy(zero_copy_only=False).astype(bool)
    chosen = column.filter(pa.array(plain))
    if not len(chosen):
        return sound
    joined = "".join(chosen.to_pylist()).encode("ascii")
    letters = np.frombuffer(joined, dtype=np.uint8).reshape(-1, 18)
    digits = letters[:, :17].astype(np.int64) - 48
    right = _CHECKS[(digits * _WEIGHTS).sum(axis=1) % 11] == letters[:, 17]
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    month = digits[:, 10] * 10 + digits[:, 11]
    day = digits[:, 12] * 10 + digits[:, 13]
    lived = (year >= today.year - 120) & (year < today.year)
    sound[plain] = right & lived & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 28)
    return sound
