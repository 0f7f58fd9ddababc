# SPDX-License-Identifier: Apache-2.0
"""免申即享, the department's side: hand in and review lists, see how policies stand, answer objections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.benefits import public as benefits
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import Refused, add_error, done, org_name
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

DEPARTMENT = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
READERS = (*DEPARTMENT, Role.AUDITOR)


class RosterForm(forms.Form):
    """A list of whom the department has recognised."""

    org = forms.ChoiceField(label="单位")
    title = forms.CharField(
        label="名单名称", max_length=120, help_text="例如：2026年度省级智能工厂名单（写明文号）"
    )
    valid_from = forms.DateField(label="从哪天起有效", widget=forms.DateInput({"type": "date"}))
    valid_to = forms.DateField(label="到哪天为止", widget=forms.DateInput({"type": "date"}))
    file = forms.FileField(
        label="名单（CSV）",
        help_text="第一行是表头：统一社会信用代码（或公民身份号码）、名称，再加认定的数据项",
    )


@access(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Everything of the officer's departments on one page; a new list is handed in here."""
    form = _roster_form(request, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _handed_in(request, form):
        return redirect("office-benefits")
    return _listed(request, form)


def _again(request: RequestWithActor, about: str) -> Callable[[YiwangError], HttpResponseBase]:
    """The page once more, with what was typed about a list or an objection and what is wrong."""
    words = request.POST.get("words", "")
    return lambda error: _listed(request, _roster_form(request), Refused(about, words, error))


def _roster_form(request: RequestWithActor, *sent: Any) -> RosterForm:
    mine = sorted({post.org for post in request.actor.posts if post.role in DEPARTMENT and post.org})
    form = RosterForm(*sent)
    form.fields["org"].choices = [(org, org_name(org)) for org in mine]  # type: ignore[attr-defined]
    return form


def _listed(request: RequestWithActor, form: RosterForm, refused: Refused | None = None) -> HttpResponse:
    actor = request.actor
    status = refused.status if refused else 400 if form.errors else 200
    page = {
        "form": form if form.fields["org"].choices else None,  # type: ignore[attr-defined]
        "refused": refused,
        "rosters": [
            (one, org_name(one.org), one.handed_in_by == actor.id) for one in benefits.rosters(actor)
        ],
        "figures": benefits.figures(actor),
        "objections": benefits.objections(actor),
        "reconciled": benefits.reconciled(actor),
        "run": benefits.last_run(),
        "budgets": benefits.budgets(actor),
    }
    return render(request, "desks/office/benefits.html", page, status=status)


def _handed_in(request: RequestWithActor, form: RosterForm) -> bool:
    given = dict(form.cleaned_data)
    data = given.pop("file").read()
    try:
        made = benefits.hand_in_roster(request.actor, data=data, **given)
    except YiwangError as error:
        add_error(form, error)
        for row, words in getattr(error, "wrong", [])[3:50]:
            form.add_error("file", f"第{row}行：{words}")
        return False
    messages.success(request, "名单已经上传，请本部门另一位工作人员审核；审核后系统自动比对。")
    _tell_not_taken(request, made)
    return True


def _tell_not_taken(request: RequestWithActor, made: str) -> None:
    """Which columns no match reads: why and what to do stand beside the list."""
    roster = next(one for one in benefits.rosters(request.actor) if one.id == made)
    if roster.not_taken:
        names = "、".join(one.name for one in roster.not_taken)
        some = "整份名单现在都用不上" if roster.useless else "其余各列照常使用"
        messages.warning(
            request, f"有 {len(roster.not_taken)} 列没有采用：{names}；{some}。原因和办法见下面的名单。"
        )


@access(roles=DEPARTMENT)
@require_POST
def review(request: RequestWithActor, roster: str) -> HttpResponseBase:
    """Let a list count, or send it back."""
    approve, words = request.POST.get("approve") == "yes", request.POST.get("words", "")
    said = "已经审核通过，系统会自动比对。" if approve else "已经退回。"
    return done(
        request,
        lambda: benefits.review_roster(request.actor, roster, approve=approve, words=words),
        said,
        to=("office-benefits",),
        again=_again(request, roster),
    )


@access(roles=DEPARTMENT)
@require_POST
def answer(request: RequestWithActor, benefit_objection: str) -> HttpResponseBase:
    """Answer an objection."""
    upheld, words = request.POST.get("upheld") == "yes", request.POST.get("words", "")
    return done(
        request,
        lambda: benefits.answer(request.actor, benefit_objection, upheld=upheld, words=words),
        "已经答复，结果已通知提出人。",
        to=("office-benefits",),
        again=_again(request, benefit_objection),
    )
