# SPDX-License-Identifier: Apache-2.0
"""Values between forms, rules and JSON: decimals as text, dates as ISO text; nothing loses a digit."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.planning import as_value
from yiwang.engines.rules.values import Value
from yiwang.kernel.errors import Invalid

_NUMBERS = (ElementType.INTEGER, ElementType.DECIMAL, ElementType.MONEY)
_YES_NO = {"true": True, "是": True, "on": True, "false": False, "否": False}


def read(element: Element, raw: object) -> Value:
    """What a form field or stored JSON says, as the value of `element`.

    People type full-width digits, thousands commas and units; that is understood, not refused.

    Raises:
        Invalid: it cannot be read; the message says what to write.
    """
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw).strip()
        if element.type in _NUMBERS:
            return as_value(element, _number(element, text))
        if element.type is ElementType.BOOLEAN:
            return as_value(element, _YES_NO.get(text, raw))
        if element.type in (ElementType.ID_NUMBER, ElementType.USCC, ElementType.PHONE, ElementType.DATE):
            return as_value(element, text.replace(" ", ""))
    return as_value(element, raw)


def _number(element: Element, text: str) -> Decimal:
    bare = text.replace(",", "").replace(" ", "")
    if element.unit and bare.endswith(unicodedata.normalize("NFKC", element.unit)):
        bare = bare[: -len(unicodedata.normalize("NFKC", element.unit))]
    try:
        return Decimal(bare)
    except InvalidOperation:
        unit = f"，单位是{element.unit}，不用写" if element.unit else ""
        raise Invalid("应当是数字。", mend=f"请只写数字{unit}。") from None


def to_json(value: Value) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [to_json(one) for one in value]
    return value


def from_json(catalogue: Catalogue, stored: Mapping[str, Any]) -> dict[str, Value]:
    """Stored values by element id, typed again. What the release no longer knows, or what does not
    fit its element, is left out: the person is asked again."""
    found: dict[str, Value] = {}
    for element_id, raw in stored.items():
        element = catalogue.elements.get(element_id)
        if element is None or raw is None:
            continue
        try:
            found[element_id] = read(element, raw)
        except Invalid:
            continue
    return found


def complaints_of(catalogue: Catalogue, raw: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with values as typed, by element id: all of it at once, empty when all is well.
    What is left open is not complained about."""
    found: dict[str, str] = {}
    for element_id, value in raw.items():
        if value in (None, "", []):
            continue
        try:
            read(catalogue.elements[element_id], value)
        except Invalid as error:
            found[element_id] = str(error)
    return found
