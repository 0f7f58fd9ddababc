# SPDX-License-Identifier: Apache-2.0
"""信用报告 for officers: drawn with use and matter, both on record and shown to whom it is about."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.credit import public as credit
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error
from yiwang.desks.portal.credit_reports import MEDIA, answer_with
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

DEPARTMENT = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
READERS = (*DEPARTMENT, Role.AUDITOR)


class ReportForm(forms.Form):
    """Whose report, for what."""

    use_required_attribute = False
    report = forms.ChoiceField(label="报告")
    number = forms.CharField(
        label="统一社会信用代码或者公民身份号码", max_length=30, error_messages={"required": "请填写。"}
    )
    use = forms.ChoiceField(label="用途")
    case = forms.CharField(
        label="办理的事项或者办件编号", max_length=200, help_text="会登记下来，被查询人可以看到",
        error_messages={"required": "请写明办理的事项或者办件编号。"},
    )  # fmt: skip


@access(roles=DEPARTMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Draw a report; those drawn before."""
    versions = credit.report_versions(credit.Audience.OFFICER)
    form = ReportForm(request.POST or None)
    uses = dict.fromkeys(use for one in versions for use in one.uses)
    form.fields["report"].choices = [(one.id, one.name) for one in versions]  # type: ignore[attr-defined]
    form.fields["use"].choices = [(use, use) for use in uses]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = credit.NewReport("", given["report"], given["use"], given["case"])
        try:
            return redirect(
                "office-credit-report", credit.draw_numbered(request.actor, given["number"], new).id
            )
        except YiwangError as error:
            add_error(form, error)
    page = {"form": form, "drawn": credit.reports_drawn_by(request.actor)}
    return render(request, "desks/office/credit_reports.html", page, status=400 if form.errors else 200)


@access(roles=READERS)
@require_safe
def one(request: RequestWithActor, credit_officer_report: str) -> HttpResponse:
    """A report one drew, or any for the leading unit and auditors; the look is on record."""
    view = credit.report_view(request.actor, credit_officer_report)
    files = {form: reverse("office-credit-report-file", args=(view.id, form)) for form in MEDIA}
    return render(request, "desks/office/credit_report.html", {"report": view, **files})


@access(roles=READERS)
@require_safe
def file(request: RequestWithActor, credit_officer_report: str, form: str) -> HttpResponse:
    """The sealed file."""
    return answer_with(request, credit_officer_report, form)
