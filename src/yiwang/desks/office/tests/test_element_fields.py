# SPDX-License-Identifier: Apache-2.0
"""The field of an officer's form is the control everybody else sees, and keeps what was typed."""

from __future__ import annotations

import pytest
from django import forms

from support.city import definitions
from yiwang.desks.office.element_fields import element_field


@pytest.mark.parametrize(
    ("element", "typed", "widget", "kind"),
    [
        ("death-date", "", forms.TextInput, "date"),
        ("death-date", "2026-03-02", forms.TextInput, "date"),
        ("death-date", "三月二日", forms.TextInput, "text"),
        ("premises-area", "", forms.TextInput, "text"),
        ("resident-phone", "", forms.TextInput, "tel"),
        ("has-shop-sign", "", forms.RadioSelect, "radio"),
        ("premises-county", "", forms.Select, "select"),
    ],
)
def test_the_widget_follows_from_the_type_and_a_mistyped_day_stays_readable(
    element: str, typed: str, widget: type[forms.Widget], kind: str
) -> None:
    field = element_field(definitions(), definitions().elements[element], typed, label="证照载明")
    assert isinstance(field.widget, widget)
    assert getattr(field.widget, "input_type", "") == kind
    assert (field.label, field.required) == ("证照载明", False)
