# SPDX-License-Identifier: Apache-2.0
"""Something right to type into any field: from its definition alone, whatever the field is."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from yiwang.apps.casework.public import read_value
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import make_id_number, make_uscc

_BIRTH = dt.date(1985, 3, 4)


def right_value(element: Element, *, today: dt.date, place: str) -> Any:
    """A value that the element accepts, as somebody types it.

    Args:
        place: the id of a place, for elements that ask for one.

    Raises:
        Invalid: nothing we know to type is accepted; the definition then lacks an example.
    """
    for typed in _attempts(element, today, place):
        try:
            read_value(element, typed)
        except Invalid:
            continue
        return typed
    raise Invalid(f"不知道“{element.name}”怎么填。", mend="请在数据元定义中写一个例子（example）。")


def _attempts(element: Element, today: dt.date, place: str) -> Iterator[Any]:
    if element.choices:
        first = element.choices[0].value
        yield [first] if element.type is ElementType.CHOICES else first
    usual = {
        ElementType.INTEGER: "3",
        ElementType.DECIMAL: "12.5",
        ElementType.MONEY: "10000",
        ElementType.DATE: (today + dt.timedelta(days=10)).isoformat(),
        ElementType.BOOLEAN: "否",
        ElementType.ID_NUMBER: make_id_number("411702", _BIRTH, 11),
        ElementType.USCC: make_uscc("411702", 77),
        ElementType.PHONE: "14000000011",
        ElementType.PLACE: place,
        ElementType.ADDRESS: "驻马店市驿城区雪松大道1号",
    }
    if element.type in usual:
        yield usual[element.type]
    if element.example:
        yield element.example
    for limit in (element.minimum, element.maximum):
        if limit is not None:
            yield format(Decimal(limit), "f")
    yield "示例"
    for letter, digits in itertools.product(("", "A"), (6, 9, 12, 16, 18)):  # numbers of cards and papers
        yield letter + "1" * digits
