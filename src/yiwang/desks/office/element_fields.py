# SPDX-License-Identifier: Apache-2.0
"""A form field for a data element: the widget follows from the element's type.

The field takes what was typed as it is; whether it is right is decided by the app that reads it,
so that nothing typed is lost on the way.
"""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.portal.fields import counties
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType as T

_YES_NO = (("是", "是"), ("否", "否"))
_INPUTS: dict[T, dict[str, str]] = {
    T.INTEGER: {"inputmode": "numeric"},
    T.DECIMAL: {"inputmode": "decimal"},
    T.MONEY: {"inputmode": "decimal"},
    T.PHONE: {"type": "tel", "autocomplete": "off"},
    T.DATE: {"type": "date"},
    T.ID_NUMBER: {"autocomplete": "off", "spellcheck": "false"},
    T.USCC: {"autocomplete": "off", "spellcheck": "false"},
}


def element_field(
    catalogue: Catalogue, element: Element, *, label: str = "", hint: str = "", required: bool = False
) -> forms.Field:
    """The field for one element."""
    common: dict[str, Any] = {
        "label": label or element.name,
        "help_text": hint or _hint(element),
        "required": required,
    }
    if element.type is T.CHOICES:
        choices = [(c.value, c.value) for c in element.choices]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if choices := _choices(catalogue, element):
        few = len(choices) <= 6
        widget = forms.RadioSelect if few else forms.Select
        blank = [] if few else [("", "请选择")]
        return forms.ChoiceField(choices=[*blank, *choices], widget=widget, **common)
    if element.type is T.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
    return forms.CharField(widget=forms.TextInput(attrs=_INPUTS.get(element.type, {})), **common)


def _choices(catalogue: Catalogue, element: Element) -> list[tuple[str, str]]:
    if element.type is T.BOOLEAN:
        return list(_YES_NO)
    if element.type is T.CHOICE:
        return [(c.value, c.value) for c in element.choices]
    if element.type is T.PLACE:
        return [(place.id, place.name) for place in counties(catalogue)]
    return []


def _hint(element: Element) -> str:
    parts = [element.help or "", f"例如：{element.example}" if element.example else ""]
    if element.unit:
        parts.append(f"单位：{element.unit}")
    return "；".join(part.rstrip("。") for part in parts if part)
