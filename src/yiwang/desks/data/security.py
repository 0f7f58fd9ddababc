# SPDX-License-Identifier: Apache-2.0
"""政务数据安全 on the data desk: what waits, alerts with their answers, the operation log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.data_security import public as security
from yiwang.apps.data_security.public import IncidentKind, LogQuery, NewIncident, Stage
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import org_name
from yiwang.desks.console.told_forms import ToldForm
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import NotFound, YiwangError

from .named import resource_name

_SHOWN = 10


@access(roles=DATA_DESK)
@require_safe
def home(request: RequestWithActor) -> HttpResponseBase:
    """What waits for the reader: alerts, incidents, supervision, units without an administrator."""
    actor = request.actor
    units = security.units(actor)
    context = {
        "alerts": [_named(one) for one in security.alerts(actor, open_only=True)[:_SHOWN]],
        "incidents": [(one, org_name(one.org)) for one in security.incidents(actor) if not one.closed_at][
            :_SHOWN
        ],
        "cases": [(one, org_name(one.org)) for one in security.cases(actor) if not one.ended_at][:_SHOWN],
        "vacant": [one for one in units if one.is_vacant],
        "units": units,
        "may_read_log": bool(security.units_of(actor, *security.LOG_READERS))
        or security.may_supervise_anybody(actor)
        or actor.has(Role.AUDITOR),
        "may_check": actor.has(Role.SECURITY, Role.DATA, Role.APPROVER),
        "may_supervise": security.may_supervise_anybody(actor),
    }
    return render(request, "desks/data/security.html", context)


def _named(one: security.AlertView) -> tuple[security.AlertView, str, str]:
    return one, org_name(one.org), resource_name(one.resource)


class AnswerForm(ToldForm):
    """What the administrator says to an alert."""

    verdict = forms.ChoiceField(
        label="核查结论",
        choices=(("harmless", "没有问题"), ("incident", "有问题，登记为安全事件")),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核查结论。"},
    )
    words = forms.CharField(
        label="核查情况",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="问过谁、核对了什么；登记为安全事件的，写明经过。不要写任何人的证件号码",
        error_messages={"required": "请写核查情况。"},
    )


@access(roles=DATA_DESK)
@require_safe
def alerts(request: RequestWithActor) -> HttpResponseBase:
    """Every alert the reader may know of."""
    rows = [_named(one) for one in security.alerts(request.actor)]
    return render(request, "desks/data/security_alerts.html", {"rows": rows})


@access(roles=DATA_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: RequestWithActor, alert: str) -> HttpResponseBase:
    """One alert: what was seen, with figures; its answer."""
    seen = security.alert(request.actor, alert)
    form = AnswerForm(request.POST or None)
    error: YiwangError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _answer(request, seen, form)
        except NotFound:
            raise
        except YiwangError as problem:
            error = problem
    status = STATUS[error.kind] if error else 400 if form.errors else 200
    context = {
        "seen": seen,
        "org": org_name(seen.org),
        "resource": resource_name(seen.resource),
        "form": form,
        "lost": form.is_bound and not seen.may_answer,
        "error": error,
    }
    return render(request, "desks/data/security_alert.html", context, status=status)


def _answer(request: RequestWithActor, seen: security.AlertView, form: forms.Form) -> HttpResponseBase:
    words = form.cleaned_data["words"]
    if form.cleaned_data["verdict"] == "harmless":
        security.answer_harmless(request.actor, seen.public_id, why=words)
        messages.success(request, "已记录：没有问题。")
        return redirect("data-security")
    title = f"{seen.kind.term}：{seen.caller_name}"
    found = NewIncident(
        seen.org, IncidentKind.INCIDENT, Stage.USE, title[:100], f"{seen.sentence}\n{words}", timezone.now()
    )
    incident = security.answer_incident(request.actor, seen.public_id, found)
    messages.success(request, "已登记为安全事件，请在第一时间报告。")
    return redirect("data-security-incident", incident)


class LogForm(forms.Form):
    """What is looked for in the operation log."""

    use_required_attribute = False
    why = forms.CharField(
        label="查看原因",
        max_length=200,
        help_text="例如：例行审计、核查告警。查看日志本身也会记入日志",
        error_messages={"required": "请写查看日志的原因。"},
    )
    caller = forms.CharField(label="使用人或系统", required=False, max_length=80, help_text="姓名或编号")
    case = forms.CharField(label="办件编号", required=False, max_length=80)
    first = forms.DateField(
        label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)


@access(roles=(Role.SECURITY, Role.DATA, Role.APPROVER, Role.AUDITOR))
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: RequestWithActor) -> HttpResponseBase:
    """The operation log (第十八条). A POST looks, since the look itself is written down."""
    form = LogForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        query = LogQuery(
            **{name: given[name] for name in ("why", "caller", "case", "first", "last", "before")}
        )
        try:
            page = security.read_log(request.actor, query)
        except YiwangError as error:
            context["error"], status = error, STATUS[error.kind]
        else:
            rows = [(row, org_name(row.org), resource_name(row.resource)) for row in page.rows]
            context |= {"rows": rows, "older": page.before, "looked": True}
    elif form.errors:
        status = 400
    return render(request, "desks/data/security_log.html", context, status=status)
