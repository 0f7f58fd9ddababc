# SPDX-License-Identifier: Apache-2.0
"""Values of a resource as columns of text, and how each type of information item is read from them.

A resource is judged as it came: every value as text (`text_of`), nothing typed or thrown away before
the rules have seen it. Reading is a column expression, so that a million rows are one query. What
is not there is missing (NULL); what is there and cannot be read is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.rules import BOOLEAN, DATE, NUMBER, STRING, Type, choice
from yiwang.engines.rules.population import Column
from yiwang.kernel.late import Late

ibis: Any = Late("ibis")

WIDTHS: Final[Mapping[ElementType, tuple[int, int]]] = {
    ElementType.INTEGER: (15, 0),
    ElementType.MONEY: (16, 2),
    ElementType.DECIMAL: (16, 4),
}
"""(digits in all, behind the point): wide enough for any register, still a machine word. Money is read in
yuan; sources hold it in fen."""

_TYPES: Final = {ElementType.DATE: DATE, ElementType.BOOLEAN: BOOLEAN, **dict.fromkeys(WIDTHS, NUMBER)}
_TRUE, _FALSE = ("true", "t", "1", "是", "有", "y", "yes"), ("false", "f", "0", "否", "无", "n", "no")
_OLDEST = 150  # years: as for people who type their number
_RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.+Z-]*)?"
_FEN = r"[-+]?[0-9]{1,16}"
_PHONE = r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}"


def text_of(value: object) -> str | None:
    """A value from a source as text; None when there is nothing (no value, or only blanks)."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case dt.date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case list() | tuple():
            return "、".join(str(one) for one in value) or None
        case _:
            text = str(value)
            return text if text.strip() else None


def texts_of(table: Any, fields: Sequence[str], *, first: int, row: str) -> Any:
    """A table as it is judged: these fields as text, each row numbered in `row` from `first` on.

    Args:
        table: a `pyarrow.Table` with at least these columns, of whatever types the source gave.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = {row: pa.array(range(first, first + table.num_rows), pa.int64())}
    for one in fields:
        text = pc.cast(table[one], pa.string())
        blank = pc.equal(pc.utf8_trim_whitespace(text), "")
        columns[one] = pc.if_else(blank, pa.scalar(None, pa.string()), text)
    return pa.table(columns)


def column_of(kind: ElementType, choices: Sequence[str] = ()) -> Column | None:
    """What an item of this type is in rules; None for several choices, which rules over rows do not take."""
    if kind is ElementType.CHOICES:
        return None
    digits, scale = WIDTHS.get(kind, (0, 0))
    type_: Type = choice(*choices) if kind is ElementType.CHOICE else _TYPES.get(kind, STRING)
    return Column(type_, digits=digits, scale=scale)


def typed(text: Any, kind: ElementType) -> Any:
    """The column as its type; NULL where the text does not say such a value."""
    if kind is ElementType.DATE:
        return text.substr(0, 10).try_cast("date")
    if kind is ElementType.BOOLEAN:
        return ibis.cases((text.lower().isin(_TRUE), True), (text.lower().isin(_FALSE), False))
    if kind is ElementType.MONEY:
        fen = ibis.cases((matches(text, _FEN), text.try_cast("decimal(16,0)")))
        return (fen.cast("decimal(18,2)") * ibis.literal(Decimal("0.01"), "decimal(3,2)")).cast(
            "decimal(16,2)"
        )
    if kind in WIDTHS:
        digits, scale = WIDTHS[kind]
        return ibis.cases(
            (matches(text, _number(digits, scale)), text.try_cast(f"decimal({digits},{scale})"))
        )
    return text


def readable(text: Any, kind: ElementType, *, on: dt.date, choices: Sequence[str] = ()) -> Any:
    """Whether the text says a value of its type (格式、校验位); NULL where there is nothing."""
    read = _READ.get(kind)
    if read is not None:
        return read(text, on)
    if kind is ElementType.BOOLEAN:
        return text.lower().isin((*_TRUE, *_FALSE))
    if kind is ElementType.CHOICE:
        return text.isin(list(choices))
    if kind in WIDTHS:
        return matches(text, _FEN if kind is ElementType.MONEY else _number(*WIDTHS[kind]))
    return ~text.re_search("[\\x{FFFD}\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]")


def matches(text: Any, pattern: str) -> Any:
    """Whether the whole text fits a pattern; NULL where there is nothing."""
    return text.re_search(f"^(?:{pattern})$")


def _number(digits: int, scale: int) -> str:
    behind = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    return rf"[-+]?[0-9]{{1,{digits - scale}}}{behind}"


def _id_number(text: Any, on: dt.date) -> Any:
    """GB 11643: 18 signs, a birth date that can be, the check digit. As the register has to hold it:
    no blanks, a capital X."""
    birth = (text.substr(6, 4) + "-" + text.substr(10, 2) + "-" + text.substr(12, 2)).try_cast("date")
    alive = (birth <= ibis.literal(on)) & (birth.year() >= on.year - _OLDEST)
    total = _weighed(text, _RIC_WEIGHTS, "0123456789")
    sound = ibis.literal("10X98765432").substr(total % 11, 1) == text.substr(17, 1)
    return _sound(text, matches(text, "[0-9]{17}[0-9X]"), alive, sound)


def _uscc(text: Any, _on: dt.date) -> Any:
    """GB 32100: 8 figures, 10 signs without I, O, Z, S, V, the check sign."""
    total = _weighed(text, _USCC_WEIGHTS, _USCC_SIGNS)
    sound = ibis.literal(_USCC_SIGNS).substr((31 - total % 31) % 31, 1) == text.substr(17, 1)
    return _sound(text, matches(text, f"[0-9]{{8}}[{_USCC_SIGNS}]{{10}}"), sound)


def _weighed(text: Any, weights: Sequence[int], signs: str) -> Any:
    alphabet = ibis.literal(signs)
    places = [alphabet.find(text.substr(place, 1)) * weight for place, weight in enumerate(weights)]
    return sum(places[1:], places[0])


def _sound(text: Any, *tests: Any) -> Any:
    """All tests; what none can be decided on (no such date) is wrong, what is not there is missing."""
    whole = tests[0].fill_null(False)
    for test in tests[1:]:
        whole = whole & test.fill_null(False)
    return ibis.cases((text.notnull(), whole))


def _date(text: Any, _on: dt.date) -> Any:
    return _sound(text, matches(text, _DATE), typed(text, ElementType.DATE).notnull())


_READ: Final[Mapping[ElementType, Callable[[Any, dt.date], Any]]] = {
    ElementType.ID_NUMBER: _id_number,
    ElementType.USCC: _uscc,
    ElementType.DATE: _date,
    ElementType.PHONE: lambda text, _on: matches(text, _PHONE),
}
