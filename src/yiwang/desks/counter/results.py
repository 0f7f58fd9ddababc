# SPDX-License-Identifier: Apache-2.0
"""Results handed over together, and the receipt to print."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.casework import public as casework
from yiwang.apps.casework.public import ApplicationView
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.kernel.errors import Conflict, Invalid

_LABELS = {"courier": "快递单号", "counter": "领取人"}
_HINTS = {
    "courier": "寄出后填写运单号",
    "counter": "写明谁来领的、核对了什么证件，例如“本人，已核对身份证”",
}


class ReceiptForm(forms.Form):
    """Proof that the results were handed over."""

    use_required_attribute = False
    receipt = forms.CharField(
        max_length=60,
        error_messages={"required": "请填写送达凭证。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, method: str, data: Any = None) -> None:
        super().__init__(data)
        self.fields["receipt"].label = _LABELS.get(method, "送达凭证")
        self.fields["receipt"].help_text = _HINTS.get(method, "")


@access(roles=CLERKS)
@require_http_methods(["GET", "POST"])
def hand_out(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Hand all results over at once, with proof (统一出件); those that cannot wait, ahead of the rest."""
    seen = casework.application_view(request.actor, application)
    if request.method == "GET":
        return _results(request, seen, ReceiptForm(seen.delivery))
    form = ReceiptForm(seen.delivery, request.POST)
    if not form.is_valid():
        return _results(request, seen, form, 400)
    early = not seen.row.ready_to_deliver
    try:
        casework.deliver(request.actor, application, receipt=form.cleaned_data["receipt"], early=early)
    except (Conflict, Invalid) as error:
        form.add_error("receipt" if error.field == "receipt" else None, str(error))
        fresh = casework.application_view(request.actor, application)
        return _results(request, fresh, form, 409 if isinstance(error, Conflict) else 400)
    messages.success(request, "已登记送达。" if early else "已登记送达，全部事项已经归档。")
    return redirect("counter-results", application)


def _results(
    request: RequestWithActor, seen: ApplicationView, form: ReceiptForm, status: int = 200
) -> HttpResponseBase:
    made = [item for item in seen.items if item.state == "result_made"]
    context = {"seen": seen, "form": form, "made": made}
    return render(request, "desks/counter/results.html", context, status=status)


@access(roles=CLERKS)
@require_GET
def receipt(request: RequestWithActor, application: str) -> HttpResponseBase:
    """The receipt of what was handed in, for the printer."""
    seen = casework.application_view(request.actor, application)
    place = seen.release.catalogue.places.get(next((p.place for p in request.actor.posts if p.place), ""))
    return render(request, "desks/counter/receipt.html", {"seen": seen, "place": place})
