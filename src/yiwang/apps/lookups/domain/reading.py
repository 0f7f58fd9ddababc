# SPDX-License-Identifier: Apache-2.0
"""What came back, read: is it about this person, is it one record, does each value fit its element?

It fails closed: a row about somebody else, or about nobody that can be told, spoils the whole answer;
several records that differ answer nothing, because nobody can say which one is meant; a record that does
not say in words the city knows that it still counts (正常、有效…) stands for no document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.exchange import Resource
from yiwang.engines.exchange.masking import mask
from yiwang.engines.planning import as_value
from yiwang.engines.rules.values import Value
from yiwang.kernel.errors import Invalid

from .offers import LAST_DAY, Offer

_NUMBERS = (ElementType.INTEGER, ElementType.DECIMAL, ElementType.MONEY)


class Outcome(StrEnum):
    """How a lookup ended; empty while it is under way."""

    UNDER_WAY = ""
    FOUND = "found"
    NOTHING = "nothing"
    SEVERAL = "several"
    OUT_OF_FORCE = "out_of_force"
    NOT_THEIRS = "not_theirs"
    FAILED = "failed"

    @property
    def words(self) -> str:
        """For the applicant, in plain words."""
        return {
            Outcome.UNDER_WAY: "正在查",
            Outcome.FOUND: "查到了",
            Outcome.NOTHING: "没有查到您的记录，请自己填",
            Outcome.SEVERAL: "查到不止一条记录，分不清是哪一条，请自己填",
            Outcome.OUT_OF_FORCE: "查到的记录已经失效，或者看不出是否有效，请自己填、自己交",
            Outcome.NOT_THEIRS: "暂时查不到，请自己填",
            Outcome.FAILED: "暂时查不到，请自己填",
        }[self]


@dataclass(frozen=True)
class Reading:
    """What an answer says: values by element (as JSON keeps them), documents it stands for."""

    outcome: Outcome
    elements: Mapping[str, Any] = field(default_factory=dict)
    materials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """What a row was looked for by: the item and the number; and what counts as in force today."""

    key: str
    number: str
    in_force: frozenset[str]
    today: dt.date


def read_rows(
    catalogue: Catalogue,
    resource: Resource,
    offer: Offer,
    rows: Sequence[Mapping[str, Any]],
    asked: Search,
) -> Reading:
    """Read the rows that answer an offer."""
    if not rows:
        return Reading(Outcome.NOTHING)
    if not all(_is_theirs(resource, row, asked) for row in rows):
        return Reading(Outcome.NOT_THEIRS)
    if len({repr(sorted(row.items(), key=lambda pair: pair[0])) for row in rows}) > 1:
        return Reading(Outcome.SEVERAL)
    row, key = rows[0], resource.field(asked.key)
    found: dict[str, Any] = {}
    for element_id, field_id in offer.elements if key and key.element else ():
        element = catalogue.elements.get(element_id)
        if element is not None and (value := _readable(element, row.get(field_id))) is not None:
            found[element_id] = value
    counts = all(_counts(resource, row, check, asked) for check in offer.checks)
    materials = offer.materials if counts else ()
    if found or materials:
        return Reading(Outcome.FOUND, found, materials)
    return Reading(Outcome.NOTHING if counts else Outcome.OUT_OF_FORCE)


def _counts(resource: Resource, row: Mapping[str, Any], check: str, asked: Search) -> bool:
    """Whether one item of a row says that it still counts."""
    item, said = resource.field(check), row.get(check)
    if item is None or said in (None, ""):
        return False
    if item.name.endswith(LAST_DAY):
        try:
            return dt.date.fromisoformat(str(said)[:10]) >= asked.today
        except ValueError:
            return False
    return str(said) in asked.in_force


def _is_theirs(resource: Resource, row: Mapping[str, Any], asked: Search) -> bool:
    """Whether the row says that it is about this number, in plain or masked as the catalogue masks it."""
    said, own = row.get(asked.key), resource.field(asked.key)
    if not isinstance(said, str) or own is None:
        return False
    return said in (asked.number, mask(asked.number, own.mask))


def _readable(element: Element, raw: Any) -> Any:
    """The value as JSON keeps it, or None where it does not fit its element."""
    if raw in (None, "", []):
        return None
    try:
        return as_json(typed(element, raw))
    except (Invalid, InvalidOperation):
        return None


def typed(element: Element, raw: Any) -> Value:
    """What a resource or a kept answer says, as the rules compute with it. Raises Invalid,
    InvalidOperation."""
    if element.type in _NUMBERS and isinstance(raw, str | float):
        return as_value(element, Decimal(str(raw)))
    if isinstance(raw, dt.datetime):
        raw = raw.date()
    return as_value(element, raw)


def as_json(value: Value) -> Any:
    """A value as JSON keeps it: decimals and dates as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value
