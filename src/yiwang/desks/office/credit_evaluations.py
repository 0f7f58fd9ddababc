# SPDX-License-Identifier: Apache-2.0
"""分级分类监管: who is in which class, one firm's evaluation with every reason; each look has its purpose."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error, csv_answer
from yiwang.desks.office.credit_reports import READERS
from yiwang.kernel.errors import YiwangError

EVALUATION = "evaluation-firms"


class GradeForm(forms.Form):
    """Which class, for what."""

    use_required_attribute = False
    grade = forms.ChoiceField(label="等级")
    purpose = forms.CharField(
        label="用途", max_length=200, help_text="会登记下来，例如：编制抽查计划",
        error_messages={"required": "请写明用途。"},
    )  # fmt: skip
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000, widget=forms.HiddenInput)


class AskForm(forms.Form):
    """Which firm, for what."""

    use_required_attribute = False
    code = forms.CharField(
        label="统一社会信用代码", max_length=30, error_messages={"required": "请填写代码。"}
    )
    purpose = forms.CharField(
        label="用途", max_length=200, help_text="会登记下来，企业可以看到",
        error_messages={"required": "请写明用途。"},
    )  # fmt: skip


@access(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def graded(request: RequestWithActor) -> HttpResponseBase:
    """How many firms are in each class; those of one class to read or download, for whoever plans
    inspections, the unit that leads and auditors; how the evaluations that run by themselves stand."""
    found = credit.graded_firms(request.actor, EVALUATION, purpose="")
    form = GradeForm(request.POST or None)
    grades = [(one.name, one.name) for one in found.rules.grades]
    form.fields["grade"].choices = grades  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        whole = request.POST.get("as") == "csv"
        try:
            found = credit.graded_firms(
                request.actor, EVALUATION, grade=given["grade"], purpose=given["purpose"],
                page=None if whole else given["page"] or 1,
            )  # fmt: skip
        except YiwangError as error:
            add_error(form, error)
        else:
            if whole and found.on is not None:
                return _sheet(found)
    brings = {one.name: one.says for one in found.rules.grades}
    page = {
        "graded": found,
        "form": form,
        "asking": AskForm(prefix="one"),
        "next": found.page + 1,
        "most": credit.MOST_LISTED,
        "classes": [(name, count, brings.get(name, "")) for name, count in found.classes.items()],
    }
    return render(request, "desks/office/credit_graded.html", page, status=400 if form.errors else 200)


def _sheet(found: credit.GradedPage) -> HttpResponse:
    rows = [(one.name, one.code, one.grade, one.score) for one in found.firms]
    name = f"{found.grade}企业名单-{found.on:%Y-%m-%d}.csv"
    return csv_answer(name, [("企业", "统一社会信用代码", "等级", "得分"), *rows])


@access(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: RequestWithActor) -> HttpResponseBase:
    """One firm's evaluation as it is now; posted, so that no address names the firm."""
    asking, told = AskForm(request.POST or None, prefix="one"), None
    if request.method == "POST" and asking.is_valid():
        given = asking.cleaned_data
        try:
            firm = credit.firm_with(given["code"])
            told = credit.evaluation_of(request.actor, firm, EVALUATION, purpose=given["purpose"])
        except YiwangError as error:
            add_error(asking, error)
    page = {"told": told, "asking": asking}
    return render(request, "desks/office/credit_evaluation.html", page, status=400 if asking.errors else 200)
