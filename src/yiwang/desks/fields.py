# SPDX-License-Identifier: Apache-2.0
"""A data element as a form control, and its value as people read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element, Place
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.kinds.places import PlaceKind
from yiwang.engines.definitions.spoken import as_text, spoken
from yiwang.kernel.ids import mask_id_number, mask_name, mask_phone

_COUNTIES = (PlaceKind.DISTRICT, PlaceKind.COUNTY, PlaceKind.ZONE)
_WIDGETS = {
    ElementType.LONG_TEXT: "long",
    ElementType.BOOLEAN: "radio",
    ElementType.CHOICE: "radio",
    ElementType.CHOICES: "checks",
    ElementType.PLACE: "select",
}
_INPUT_MODES = {
    ElementType.INTEGER: "numeric",
    ElementType.DECIMAL: "decimal",
    ElementType.MONEY: "decimal",
    ElementType.PHONE: "tel",
}
_OWN = {"resident-name": "name", "resident-phone": "tel", "resident-address": "street-address"}
"""Elements about the person who sits at the screen: only these may be filled in by the browser."""


@dataclass(frozen=True)
class Option:
    """One answer of a choice."""

    id: str
    value: str
    label: str
    help: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Field:
    """A question with its control, what was typed, and what is wrong with it."""

    name: str
    label: str
    official: str
    widget: str  # text, long, date, radio, checks, select
    value: str = ""
    options: tuple[Option, ...] = ()
    help: str = ""
    example: str = ""
    unit: str = ""
    why: str = ""
    error: str = ""
    optional: bool = False
    input_mode: str = ""
    autocomplete: str = "off"
    max_length: int | None = None
    carried: bool = False  # 来自申请人先前在政策计算器里的回答
    mark: str = ""  # 部门的记录有异议，申请人自己填

    @property
    def described_by(self) -> str:
        """Ids of what explains the control, for screen readers."""
        parts = [
            ("hint", self.help or self.example or self.why),
            ("carried", "先前的回答" if self.carried else ""),
            ("mark", self.mark),
            ("wrong", self.error),
        ]
        return " ".join(f"{part}-{self.name}" for part, words in parts if words)

    @property
    def yes_no(self) -> bool:
        """Whether the answers are two short words that fit beside each other."""
        return [option.value for option in self.options] == ["true", "false"]

    @property
    def is_group(self) -> bool:
        """Whether the control is several inputs under one legend."""
        return self.widget in ("radio", "checks")


def field_of(
    catalogue: Catalogue, element: Element, raw: object = None, *, error: str = "", why: str = ""
) -> Field:
    """The control for an element. `raw`: what was typed or is known, shown as it is."""
    text = as_text(raw)
    found = Field(
        name=element.id,
        label=element.question,
        official=element.name,
        widget=_widget(element, text),
        value=text,
        help=element.help or "",
        example=element.example or "",
        unit=element.unit or ("元" if element.type is ElementType.MONEY else ""),
        why=why,
        error=error,
        input_mode=_INPUT_MODES.get(element.type, ""),
        autocomplete=_OWN.get(element.id, "off"),
        max_length=element.max_length,
    )
    chosen = {as_text(one) for one in raw} if isinstance(raw, list | tuple) else {text}
    return replace(found, options=_options(catalogue, element, chosen))


def _widget(element: Element, text: str) -> str:
    if element.type is ElementType.DATE:
        return "date" if not text or _is_day(text) else "text"  # what was mistyped stays readable
    if element.type is ElementType.CHOICE and len(element.choices) > 9:
        return "select"
    return _WIDGETS.get(element.type, "text")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _options(catalogue: Catalogue, element: Element, chosen: set[str]) -> tuple[Option, ...]:
    if element.type is ElementType.BOOLEAN:
        pairs = [("true", "是", ""), ("false", "否", "")]
    elif element.type is ElementType.PLACE:
        pairs = [(place.id, place.name, "") for place in counties(catalogue)]
    else:
        pairs = [(choice.value, choice.value, choice.help or "") for choice in element.choices]
    return tuple(
        Option(f"id_{element.id}" + (f"_{number}" if number else ""), value, label, words, value in chosen)
        for number, (value, label, words) in enumerate(pairs)
    )


def counties(catalogue: Catalogue) -> list[Place]:
    """The counties, districts and zones of the city, where applications are handled."""
    found = [place for place in catalogue.places.values() if place.kind in _COUNTIES]
    return sorted(found, key=lambda place: (place.code or "9", place.id))


def typed(element: Element, data: QueryDict) -> object:
    """What a submitted form says for an element: text, or a list where several may be chosen."""
    if element.type is ElementType.CHOICES:
        return [one for one in data.getlist(element.id) if one]
    return data.get(element.id, "").strip()


def shown_known(catalogue: Catalogue, element: Element, raw: Any) -> str:
    """A value the government already has: personal information is masked, enough is left to check it."""
    if raw in (None, "", [], ()) or not element.sensitive:
        return spoken(catalogue, element, raw)
    text = as_text(raw)
    if element.type is ElementType.ID_NUMBER:
        return mask_id_number(text)
    if element.type is ElementType.PHONE:
        return mask_phone(text)
    if element.type is ElementType.DATE:
        return f"{text[:4]}年**月**日"
    return mask_name(text) if len(text) <= 4 else f"{text[:3]}{'*' * 4}"


def problems_first(fields: list[Field], problems: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong, in the order of the page: (anchor, words)."""
    names = [field.name for field in fields]
    return [(name, problems[name]) for name in names if name in problems]
