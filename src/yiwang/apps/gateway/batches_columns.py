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
from yiwang.engines.exchange.masking_columns import eighteen_digits

from .domain.answers import LONGEST_TEXT, clean, doubt_about, item

_WHOLE = r"^-?(0|[1-9][0-9]{0,17})$"
_NUMBER = r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$"
_DAY = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$"
_ID_NUMBER = r"^[1-8][0-9]{16}[0-9X]$"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, as in `kernel.ids`
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_SURE_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int16)
"""Month → the last day it has in every year; there is no month 0."""
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
    longest = pc.max(pc.binary_length(column)).as_py() or 0  # never fewer bytes than characters
    if longest > LONGEST_TEXT:
        longest = pc.max(pc.utf8_length(column)).as_py()
    _, _, data = column.buffers()
    if longest > LONGEST_TEXT or (data is not None and not np.frombuffer(data, dtype=np.uint8).all()):
        return _one_by_one(field, column)
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
    """Which values are surely sound: plain shape, a day the month has every year, check digit right."""
    letters = eighteen_digits(column)
    if letters is None:
        plain = pc.match_substring_regex(column, _ID_NUMBER).to_numpy(zero_copy_only=False).astype(bool)
        sound = np.zeros(len(column), dtype=bool)
        if plain.any():
            sound[plain] = _sound_numbers(column.filter(pa.array(plain)), today)
        return sound
    digits = [letters[:, place].astype(np.int16) - 48 for place in range(17)]
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    right = _CHECKS[total % 11] == letters[:, 17]
    year = digits[6] * 1000 + digits[7] * 100 + digits[8] * 10 + digits[9]
    month = digits[10] * 10 + digits[11]
    day = digits[12] * 10 + digits[13]
    lived = (year >= today.year - 120) & (year < today.year)
    known = (digits[0] >= 1) & (digits[0] <= 8)
    return known & right & lived & (day >= 1) & (day <= _SURE_DAYS[np.where(month <= 12, month, 0)])
