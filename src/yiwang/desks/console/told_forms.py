# SPDX-License-Identifier: Apache-2.0
"""Forms that lose nothing: the page tells each gap beside its field, with all that was typed."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django import forms

from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from .named import add_error

_MOST = 2_000


class ToldForm(forms.Form):
    """A form whose gaps are told by the page, not by the browser."""

    use_required_attribute = False

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was typed, for when the form itself can be shown no more: (label, words)."""
        shown = [(str(one.label), _spoken(one)) for one in self.visible_fields()]
        return [(label, words) for label, words in shown if words]


def _spoken(field: forms.BoundField) -> str:
    """What was typed or chosen, in the words of the page."""
    words = str(field.value() or "")
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(field.field.choices).get(words, ""))  # type: ignore[arg-type]
    return words


def words_field(
    label: str, *, hint: str = "", needed: bool = True, most: int = _MOST, rows: int = 2
) -> forms.CharField:
    """A field of some lines."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=needed,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": f"请写明{label}。"},
    )


def tried(form: forms.Form, do: Callable[[], str]) -> tuple[str, int]:
    """Do what a sound form says: (what was done, 200); else "" and the status of the page, and what is wrong
    stands beside its field. Raises NotFound for what the actor may not know of."""
    if not form.is_valid():
        return "", 400
    try:
        return do(), 200
    except (Invalid, Conflict, NotAllowed) as wrong:
        return "", add_error(form, wrong)


def as_it_stands(form: forms.Form, version: int, status: int) -> None:
    """After a conflict the page shows the thing as it stands now: the form as typed may be sent from it."""
    if form.is_bound and status == HTTPStatus.CONFLICT:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = version  # type: ignore[index]
