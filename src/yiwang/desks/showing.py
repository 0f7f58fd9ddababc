# SPDX-License-Identifier: Apache-2.0
"""Values as people read them: dates in Chinese, money with ￥, 是 and 否, names instead of ids."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.kernel.dates import format_date
from yiwang.kernel.money import format_fen

UNSAID = "（未填）"


def show(catalogue: Catalogue, element_id: str, raw: Any) -> str:
    """A stored value as words; what cannot be read is shown as it was typed."""
    if raw in (None, "", []):
        return UNSAID
    element = catalogue.elements.get(element_id)
    if element is None:
        return str(raw)
    try:
        return _shown(catalogue, element, raw)
    except (ArithmeticError, ValueError):
        return str(raw)


def _shown(catalogue: Catalogue, element: Element, raw: Any) -> str:
    if element.type is ElementType.BOOLEAN and isinstance(raw, bool):
        return "是" if raw else "否"
    if element.type is ElementType.DATE:
        return format_date(dt.date.fromisoformat(str(raw)))
    if element.type is ElementType.MONEY:
        return format_fen(int(Decimal(str(raw)) * 100))
    if element.type is ElementType.PLACE:
        place = catalogue.places.get(str(raw))
        return place.name if place else str(raw)
    if isinstance(raw, list | tuple):
        return "、".join(str(one) for one in raw)
    return f"{raw}{element.unit or ''}"
