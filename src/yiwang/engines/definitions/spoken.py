# SPDX-License-Identifier: Apache-2.0
"""A value as people read it: on pages, on forms that are signed, on licences."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from yiwang.kernel.dates import format_date

from .catalogue import Catalogue
from .kinds import Element
from .kinds.elements import ElementType


def as_text(raw: object) -> str:
    """A typed or stored value as one text; "" for a list."""
    if raw is None or isinstance(raw, list | tuple):
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, dt.date):
        return raw.isoformat()
    if isinstance(raw, Decimal):
        return format(raw, "f")
    return str(raw)


def spoken(catalogue: Catalogue, element: Element, raw: Any) -> str:
    """A value as people read it; empty when there is none."""
    if raw in (None, "", [], ()):
        return ""
    text = as_text(raw)
    match element.type:
        case ElementType.BOOLEAN:
            return {"true": "是", "false": "否"}.get(text, text)
        case ElementType.CHOICES:
            return "、".join(str(one) for one in raw) if isinstance(raw, list | tuple) else text
        case ElementType.PLACE:
            return catalogue.places[text].name if text in catalogue.places else text
        case ElementType.DATE:
            return _day(text)
        case ElementType.MONEY:
            return _yuan(text)
    return f"{text}{element.unit or ''}"


def _day(text: str) -> str:
    try:
        return format_date(dt.date.fromisoformat(text))
    except ValueError:
        return text


def _yuan(text: str) -> str:
    try:
        return f"￥{Decimal(text):,.2f}"
    except InvalidOperation:
        return text
