# SPDX-License-Identifier: Apache-2.0
"""告知承诺 after submission: withdraw a commitment; one's letters with all that became of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.messages import success
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.casework.public import ApplicationView, DocumentView, application_view, withdraw_commitment
from yiwang.apps.commitments import public as letters
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error
from yiwang.desks.middleware import tell
from yiwang.kernel.errors import Conflict, Invalid


class WithdrawForm(forms.Form):
    """Which letter is withdrawn, and why."""

    use_required_attribute = False
    material = forms.ChoiceField(
        label="撤回哪一份", widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择撤回哪一份。"),
    )  # fmt: skip
    reason = forms.CharField(
        label="为什么撤回？", max_length=300, help_text="一句话就行，例如：证明已经开出来了",
        error_messages={"required": "请写一句撤回的理由。"}, widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, letters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["material"].choices = letters  # type: ignore[attr-defined]
        self.fields["material"].initial = letters[0][0]


def commitments_of(seen: ApplicationView) -> list[DocumentView]:
    """The documents for which somebody committed, with what became of it."""
    return [one for one in seen.documents if one.letter is not None]


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Withdraw a commitment with a reason; the document is handed in instead."""
    seen = application_view(request.actor, application)
    standing = [one for one in commitments_of(seen) if one.letter and one.letter.state.may_withdraw]
    if seen.row.stage != "handling" or not standing:
        return redirect("portal:progress", application)
    form = WithdrawForm(request.POST or None, letters=[(one.material, one.name) for one in standing])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            withdraw_commitment(request.actor, application, given["material"], reason=given["reason"])
        except Invalid as wrong:
            add_error(form, wrong)
        except Conflict as late:
            tell(request, late)
            return redirect("portal:progress", application)
        else:
            success(request, "已撤回承诺。请补交材料。")
            return redirect("portal:supply_later", application)
    page = {"row": seen.row, "form": form}
    return render(request, "desks/portal/withdraw_commitment.html", page, status=400 if form.errors else 200)


@access(person=True)
@require_safe
def mine(request: RequestWithActor) -> HttpResponseBase:
    """One's own letters, and those of one's firms."""
    page = {"letters": letters.own_letters(request.actor)}
    return render(request, "desks/portal/my_commitments.html", page)


@access(person=True)
@require_safe
def one(request: RequestWithActor, commitment_letter: str) -> HttpResponseBase:
    """A letter with its whole chain of facts, from the words shown to the repair."""
    page = {"one": letters.own_letter(request.actor, commitment_letter)}
    return render(request, "desks/portal/my_commitment.html", page)
