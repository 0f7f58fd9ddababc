# SPDX-License-Identifier: Apache-2.0
"""The types of the rule language and which value or type fits which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from yiwang.engines.rules.values import UNKNOWN, Inner, Months, Range


class Kind(StrEnum):
    """The kinds of value; the text is the word a definition uses for them."""

    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    DAYS = "days"  # a duration in days
    MONTHS = "months"  # a duration in years and months
    DURATION = "duration"  # either of the two
    AMOUNT = "amount"  # a number or a duration: what can be added up
    ORDERED = "ordered"  # what has an order
    LIST = "list"
    RANGE = "range"
    CONTEXT = "context"  # named members
    NULL = "null"
    ANY = "any"


WORDS: Final[Mapping[Kind, str]] = {
    Kind.NUMBER: "数",
    Kind.STRING: "文字",
    Kind.BOOLEAN: "是否",
    Kind.DATE: "日期",
    Kind.DAYS: "天数",
    Kind.MONTHS: "年月数",
    Kind.DURATION: "时长",
    Kind.AMOUNT: "数或时长",
    Kind.ORDERED: "能比大小的值",
    Kind.LIST: "列表",
    Kind.RANGE: "区间",
    Kind.CONTEXT: "记录",
    Kind.NULL: "空值",
    Kind.ANY: "任意值",
}
# A kind that stands for several.
_UNIONS: Final[Mapping[Kind, frozenset[Kind]]] = {
    Kind.DURATION: frozenset({Kind.DAYS, Kind.MONTHS}),
    Kind.AMOUNT: frozenset({Kind.NUMBER, Kind.DAYS, Kind.MONTHS}),
    Kind.ORDERED: frozenset({Kind.NUMBER, Kind.STRING, Kind.DATE, Kind.DAYS, Kind.MONTHS}),
}


@dataclass(frozen=True)
class Type:
    """A type. ``item`` belongs to lists and ranges, ``members`` to contexts.

    ``choices`` closes a text type: a rule may then compare it only with these texts.
    """

    kind: Kind
    item: Type | None = None
    members: tuple[tuple[str, Type], ...] = ()
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        of = f"（{self.item}）" if self.item and self.item.kind is not Kind.ANY else ""
        return WORDS[self.kind] + of

    def member(self, name: str) -> Type | None:
        """The type of one member of a context; None if it has no such member."""
        return dict(self.members).get(name)


NUMBER: Final = Type(Kind.NUMBER)
STRING: Final = Type(Kind.STRING)
BOOLEAN: Final = Type(Kind.BOOLEAN)
DATE: Final = Type(Kind.DATE)
DAYS: Final = Type(Kind.DAYS)
MONTHS: Final = Type(Kind.MONTHS)
DURATION: Final = Type(Kind.DURATION)
AMOUNT: Final = Type(Kind.AMOUNT)
ORDERED: Final = Type(Kind.ORDERED)
NULL: Final = Type(Kind.NULL)
ANY: Final = Type(Kind.ANY)


def list_of(item: Type) -> Type:
    """A list of such items."""
    return Type(Kind.LIST, item)


def range_of(item: Type) -> Type:
    """A range between two such values."""
    return Type(Kind.RANGE, item)


def context(members: Mapping[str, Type]) -> Type:
    """A record with these members."""
    return Type(Kind.CONTEXT, members=tuple(members.items()))


def choice(*texts: str) -> Type:
    """A text that is one of these."""
    return Type(Kind.STRING, choices=texts)


def kind_of(value: Inner) -> Kind:
    """The kind of a value; an unknown may be of any."""
    if value is UNKNOWN:
        return Kind.ANY
    if value is None:
        return Kind.NULL
    if isinstance(value, bool):
        return Kind.BOOLEAN
    for python, kind in _KINDS:
        if isinstance(value, python):
            return kind
    return Kind.CONTEXT


_KINDS: Final[tuple[tuple[type, Kind], ...]] = (
    (Decimal, Kind.NUMBER),
    (str, Kind.STRING),
    (date, Kind.DATE),
    (timedelta, Kind.DAYS),
    (Months, Kind.MONTHS),
    (Range, Kind.RANGE),
    (tuple, Kind.LIST),
)


def kinds(kind: Kind) -> frozenset[Kind]:
    """The kinds a kind stands for; mostly only itself."""
    return _UNIONS.get(kind, frozenset({kind}))


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of type `given` may stand where `wanted` is needed."""
    if Kind.ANY in (given.kind, wanted.kind) or given.kind is Kind.NULL:
        return True
    if kinds(given.kind).isdisjoint(kinds(wanted.kind)):
        return False
    return fits(given.item, wanted.item) if given.item and wanted.item else True


def value_fits(value: Inner, wanted: Type) -> bool:
    """Whether a value is of the wanted type; null and unknown are of every type."""
    kind = kind_of(value)
    if kind in (Kind.ANY, Kind.NULL) or wanted.kind is Kind.ANY:
        return True
    if kind not in kinds(wanted.kind):
        return False
    if wanted.choices:
        return value in wanted.choices
    if isinstance(value, tuple) and wanted.item:
        return all(value_fits(item, wanted.item) for item in value)
    if isinstance(value, Range) and wanted.item:
        return value_fits(value.low, wanted.item) and value_fits(value.high, wanted.item)
    if isinstance(value, Mapping):
        return all(value_fits(value[name], of) for name, of in wanted.members if name in value)
    return True
