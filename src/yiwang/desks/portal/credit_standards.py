# SPDX-License-Identifier: Apache-2.0
"""名单标准征求意见: what is put up, what was answered, and one's own comment."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error
from yiwang.kernel.actor import ActorKind
from yiwang.kernel.errors import YiwangError

WHY = "驻政〔2018〕85号 L663：名单的认定标准要征求公众意见"


class CommentForm(forms.Form):
    """What one thinks of a standard."""

    use_required_attribute = False
    comment = forms.CharField(
        label="您的意见", max_length=1_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明哪一条、怎样改、为什么。姓名和原话不公开，答复公开。",
        error_messages={"required": "请填写。"},
    )  # fmt: skip


@access(public=True, why=WHY)
@require_safe
def listed(request: RequestWithActor) -> HttpResponse:
    """All that are or were put up."""
    return render(request, "desks/portal/credit_standards.html", {"every": credit.consultations()})


@access(public=True, why=WHY)
@require_safe
def one(request: RequestWithActor, credit_standard: str) -> HttpResponse:
    """One of them, with the answers; whoever is logged in as themselves may comment."""
    return _page(request, credit_standard, CommentForm())


@access(person=True)
@require_POST
def comment(request: RequestWithActor, credit_standard: str) -> HttpResponseBase:
    """Take a comment."""
    form, status = CommentForm(request.POST), 400
    if form.is_valid():
        try:
            credit.comment_on(request.actor, credit_standard, form.cleaned_data["comment"])
        except YiwangError as error:
            status = add_error(form, error)
        else:
            messages.success(request, "已经收到您的意见，答复后会通知您。")
            return redirect("portal:credit_standard", credit_standard)
    return _page(request, credit_standard, form, status)


def _page(request: RequestWithActor, here: str, form: CommentForm, status: int = 200) -> HttpResponse:
    page = {
        "one": credit.consultation(here),
        "form": form,
        "may_comment": request.actor.kind is ActorKind.PERSON,
        "said": credit.own_comment(request.actor, here),
    }
    return render(request, "desks/portal/credit_standard.html", page, status=status)
