# SPDX-License-Identifier: Apache-2.0
"""The control for a data element (`desks.fields`) as a field of a Django form.

The field takes what was typed as it is; whether it is right is decided by the app that reads it,
so that nothing typed is lost on the way.
"""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.desks.fields import Field, field_of
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element

_SEVERAL = {"radio": forms.RadioSelect, "select": forms.Select}


def element_field(catalogue: Catalogue, element: Element, raw: object = None, *, label: str) -> forms.Field:
    """The field for one element, given what was typed. It may stay empty: its reader says what is missing."""
    control = field_of(catalogue, element, raw)
    common: dict[str, Any] = {"label": label, "help_text": _hint(control), "required": False}
    choices = [(one.value, one.label) for one in control.options]
    if control.widget == "checks":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if choices:
        first = [("", "请选择")] if control.widget == "select" else []
        return forms.ChoiceField(choices=[*first, *choices], widget=_SEVERAL[control.widget], **common)
    if control.widget == "long":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
    return forms.CharField(widget=forms.TextInput(attrs=_typed_with(control)), **common)


def _typed_with(control: Field) -> dict[str, str]:
    kind = {"date": "date", "tel": "tel"}.get(control.input_mode or control.widget)
    attrs = {"type": kind, "inputmode": control.input_mode, "autocomplete": control.autocomplete}
    return {name: value for name, value in attrs.items() if value}


def _hint(control: Field) -> str:
    parts = [
        control.help,
        control.example and f"例如：{control.example}",
        control.unit and f"单位：{control.unit}",
    ]
    return "；".join(part.rstrip("。") for part in parts if part)
