# SPDX-License-Identifier: Apache-2.0
"""Values between rules and JSON: decimals as text, dates as ISO text; nothing loses a digit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.planning.answers import as_value
from yiwang.engines.rules.values import Value
from yiwang.kernel.errors import Invalid

MONEY = ElementType.MONEY


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
    """Stored values by element id, typed again. What the release no longer knows, or what no
    longer fits its element, is left out: the person is asked again."""
    found: dict[str, Value] = {}
    for element_id, raw in stored.items():
        element = catalogue.elements.get(element_id)
        if element is None or raw is None:
            continue
        try:
            found[element_id] = as_value(element, raw)
        except Invalid:
            continue
    return found
