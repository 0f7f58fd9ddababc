# SPDX-License-Identifier: Apache-2.0
"""信用修复培训: who waits for it, county by county; the leading unit notes who came."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error
from yiwang.kernel.errors import YiwangError

from .credit import READERS


class TrainingForm(forms.Form):
    """Which training, on which day."""

    use_required_attribute = False
    on = forms.DateField(
        label="培训日期", widget=forms.DateInput({"type": "date"}), error_messages={"required": "请填写。"}
    )
    course = forms.CharField(
        label="哪一期培训", max_length=80, error_messages={"required": "请填写。"},
        help_text="例如：市级信用修复培训2026年第3期",
    )  # fmt: skip


@access(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def training(request: RequestWithActor) -> HttpResponseBase:
    """Who waits for the training; posted, who took part."""
    waiting = credit.untrained(request.actor)
    form, chosen = TrainingForm(request.POST or None), request.POST.getlist("firms")
    status = 400 if request.method == "POST" and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        try:
            done = credit.note_training(request.actor, chosen, **form.cleaned_data)
        except YiwangError as error:
            status = add_error(form, error)
        else:
            messages.success(request, f"已登记{done}家企业的法定代表人参加培训。")
            return redirect("office-credit-training")
    by_county = sorted(waiting, key=attrgetter("place_name", "since"))
    page = {
        "counties": [(name, list(rows)) for name, rows in groupby(by_county, attrgetter("place_name"))],
        "form": form,
        "chosen": chosen,
        "may_note": credit.may_note_training(request.actor),
    }
    return render(request, "desks/office/credit_training.html", page, status=status)
