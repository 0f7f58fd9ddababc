# SPDX-License-Identifier: Apache-2.0
"""名单标准征求意见, the unit's side: put a drafted standard up, answer each comment."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error, ids_of
from yiwang.kernel.errors import YiwangError

from .credit import DEPARTMENT


class PutUpForm(forms.Form):
    """Which standard of which drafted release, and why it changes."""

    use_required_attribute = False
    entry = forms.CharField(max_length=80, widget=forms.HiddenInput)
    release = forms.CharField(max_length=64, widget=forms.HiddenInput)
    why = forms.CharField(
        label="改了什么、为什么（公开）", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请填写。"},
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What the unit answers to one comment."""

    use_required_attribute = False
    comment = forms.CharField(max_length=40, widget=forms.HiddenInput)
    taken = forms.ChoiceField(
        label="是否采纳", choices=[("yes", "采纳"), ("no", "不采纳")], widget=forms.RadioSelect,
        error_messages={"required": "请选择。"},
    )  # fmt: skip
    answer = forms.CharField(
        label="答复（公开）", max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明理由；不要写提意见的人是谁", error_messages={"required": "请填写。"},
    )  # fmt: skip


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What waits for being put up, what is and was."""
    typed = PutUpForm(request.POST or None, auto_id=_ids(request.POST.dict()))
    status = 200
    if request.method == "POST":
        status = 400
        if typed.is_valid():
            given = typed.cleaned_data
            try:
                credit.put_up(request.actor, given["entry"], given["release"], why=given["why"])
            except YiwangError as error:
                status = add_error(typed, error)
            else:
                messages.success(request, "已经公开征求意见。")
                return redirect("office-credit-standards")
    waiting = [(one, _form_of(one, typed)) for one in credit.standards_to_put_up(request.actor)]
    page = {"waiting": waiting, "form": typed, "every": credit.consultations_of(request.actor)}
    return render(request, "desks/office/credit_standards.html", page, status=status)


def _form_of(one: credit.ToPutUp, typed: PutUpForm) -> PutUpForm:
    """The form of one standard: the one that was typed in, where it was this one's."""
    given = {"entry": one.entry, "release": one.release}
    mine = typed.is_bound and {name: typed.data.get(name) for name in given} == given
    return typed if mine else PutUpForm(initial=given, auto_id=_ids(given))


def _ids(given: Mapping[str, str]) -> str:
    """Ids of the fields of one form among several."""
    return ids_of(f"{given.get('release', '')[:12]}-{given.get('entry', '')}")


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RequestWithActor, credit_standard: str) -> HttpResponseBase:
    """The comments on one standard; posted, the answer to one of them."""
    form, status = AnswerForm(request.POST or None), 200
    comments = credit.comments_on(request.actor, credit_standard)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            taken = given["taken"] == "yes"
            try:
                credit.answer_comment(request.actor, given["comment"], taken=taken, answer=given["answer"])
            except YiwangError as error:
                status = add_error(form, error)
            else:
                messages.success(request, "已经答复，答复公开。")
                return redirect("office-credit-standard", credit_standard)
    typed = form.data.get("comment", "") if form.is_bound else ""
    answering = [
        (
            said,
            form if said.id == typed else AnswerForm(initial={"comment": said.id}, auto_id=f"{said.id}-%s"),
        )
        for said in comments
    ]
    page = {"one": credit.consultation(credit_standard), "answering": answering, "form": form}
    return render(request, "desks/office/credit_standard.html", page, status=status)
