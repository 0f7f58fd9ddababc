# SPDX-License-Identifier: Apache-2.0
"""应用分析 on the data desk: figures of a period, the evaluation, downloads, good cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.data_security import public as security
from yiwang.apps.data_security.public import Figures, Period, UseReport
from yiwang.apps.exchange import public as exchange
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import as_file, org_name
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.engines.exchange import NeedKind, resources
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Kind, NotFound, YiwangError

from .named import item_name, resource_name

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_USUAL = dt.timedelta(days=29)
_SCENES = 20
_PARTS = {
    "volume": "调用数量",
    "variety": "调用类型",
    "frequency": "调用频次",
    "scenes": "应用场景",
    "effect": "应用成效",
}


class PeriodForm(forms.Form):
    """From a day to a day."""

    first = forms.DateField(label="从", widget=_DAY)
    last = forms.DateField(label="到", widget=_DAY)


def _period(request: RequestWithActor) -> tuple[Period, forms.Form, str]:
    """The period that is asked for; the last thirty days when none is, or a wrong one."""
    today = timezone.localdate()
    usual = {"first": today - _USUAL, "last": today}
    asked = bool(request.GET.get("first") or request.GET.get("last"))
    form = PeriodForm(request.GET if asked else None, initial=usual)
    if asked and form.is_valid():
        try:
            return Period(**form.cleaned_data), form, ""
        except YiwangError as error:
            return Period(**usual), form, str(error)
    return Period(**usual), form, "日期写法不对，下面是最近三十天。" if asked else ""


@dataclass(frozen=True)
class Bar:
    """One day of the chart, in units of the drawing."""

    x: int
    height: int
    top: int
    day: dt.date
    calls: int


@dataclass(frozen=True)
class Chart:
    """Calls a day as bars. `most`: the tallest one."""

    bars: Sequence[Bar]
    width: int
    most: int


_TALL, _WIDE = 120, 9


def _chart(per_day: Sequence[tuple[dt.date, int]]) -> Chart:
    most = max((calls for _, calls in per_day), default=0)
    bars = []
    for n, (day, calls) in enumerate(per_day):
        height = max(1, round(_TALL * calls / most)) if calls and most else 0
        bars.append(Bar(n * _WIDE, height, _TALL - height, day, calls))
    return Chart(bars, max(1, len(bars)) * _WIDE, most)


@access(roles=DATA_DESK)
@require_safe
def report(request: RequestWithActor) -> HttpResponseBase:
    """The use of a period: one's own department's, or everybody's."""
    period, form, wrong = _period(request)
    seen = security.use_report(request.actor, period)
    context = {
        "seen": seen,
        "form": form,
        "wrong": wrong,
        "span": f"first={period.first.isoformat()}&last={period.last.isoformat()}",
        "kinds": list(NeedKind),
        "departments": [_line(one) for one in seen.departments],
        "resources": [_line(one) for one in seen.resources],
        "scenes": [(item_name(item), _events(item), calls) for item, calls in seen.scenes[:_SCENES]],
        "chart": _chart(seen.per_day),
        **_evaluated(seen),
    }
    return render(request, "desks/data/use.html", context, status=400 if wrong else 200)


def _line(one: Figures) -> dict[str, Any]:
    kinds = [(kind.term, one.by_kind.get(kind.value, 0)) for kind in NeedKind]
    return {"one": one, "org": org_name(one.org), "resource": resource_name(one.resource), "kinds": kinds}


def _events(item: str) -> str:
    """The life events (一件事) an item belongs to."""
    found = current().catalogue.life_events.values()
    return "、".join(event.name for event in found if any(one.item == item for one in event.items))


def _evaluated(seen: UseReport) -> dict[str, Any]:
    settings = current().catalogue.settings
    return {
        "parts": [(name, settings[f"use-weight-{key}"].value) for key, name in _PARTS.items()],
        "evaluations": [
            (one, org_name(one.org), [(name, one.parts[key]) for key, name in _PARTS.items()])
            for one in seen.evaluations
        ],
    }


@access(roles=DATA_DESK)
@require_safe
def as_csv(request: RequestWithActor) -> HttpResponseBase:
    """The figures as a table, marked."""
    return _download(request, "csv", "text/csv; charset=utf-8")


@access(roles=DATA_DESK)
@require_safe
def as_excel(request: RequestWithActor) -> HttpResponseBase:
    """The figures as an Excel file, marked."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(request, "xlsx", kind)


def _download(request: RequestWithActor, form: str, media: str) -> HttpResponseBase:
    period, _, _ = _period(request)
    content = security.export_use(request.actor, period, form)
    return as_file(HttpResponse(content, content_type=media), f"应用分析.{form}")


class CaseForm(forms.Form):
    """A good case to be nominated."""

    use_required_attribute = False
    org = forms.ChoiceField(label="推荐单位")
    title = forms.CharField(label="案例名称", max_length=100, error_messages={"required": "请写案例名称。"})
    story = forms.CharField(
        label="做法和成效",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写做法和成效。"},
    )
    used = forms.MultipleChoiceField(
        label="用到的数据资源",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择用到的数据资源。"},
    )

    def __init__(self, *args: Any, orgs: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        org, used = self.fields["org"], self.fields["used"]
        assert isinstance(org, forms.ChoiceField)
        assert isinstance(used, forms.MultipleChoiceField)
        org.choices = [(one, org_name(one)) for one in sorted(orgs)]
        held = {grant.resource for grant in exchange.grants_of(*orgs)}
        known = [one for one in resources(current().catalogue).values() if one.sharing != "not_shared"]
        used.choices = [(one.id, one.name) for one in known if one.id in held or not held]


@access(roles=DATA_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: RequestWithActor) -> HttpResponseBase:
    """Good cases: published ones, one's own; nominate another."""
    orgs = security.units_of(request.actor, Role.DATA, Role.APPROVER)
    form = CaseForm(request.POST or None, orgs=orgs)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            security.nominate(
                request.actor, given["org"], title=given["title"], story=given["story"], used=given["used"]
            )
        except YiwangError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            status = STATUS[error.kind]
        else:
            messages.success(request, "已推荐，等市政务服务和大数据管理局评选。")
            return redirect("data-good-cases")
    elif form.errors:
        status = 400
    return _cases(request, form, status=status)


def _cases(
    request: RequestWithActor, form: forms.Form, *, error: str = "", case: str = "", status: int = 200
) -> HttpResponseBase:
    found = security.good_cases(request.actor)
    rows = [(one, org_name(one.org), [resource_name(used) for used in one.resources]) for one in found]
    context = {
        "rows": rows,
        "form": form,
        "orgs": security.units_of(request.actor, Role.DATA, Role.APPROVER),
        "may_judge": security.is_bureau(request.actor),
        "error": error,
        "case": case,
        "words": request.POST.get("words", ""),
        "late": status == STATUS[Kind.CONFLICT],
    }
    return render(request, "desks/data/use_cases.html", context, status=status)


@access(roles=(Role.DATA,))
@require_POST
def judge(request: RequestWithActor, good_case: str) -> HttpResponseBase:
    """Choose a case, decline it, publish it."""
    verdict, words = request.POST.get("verdict", ""), request.POST.get("words", "")
    try:
        if verdict == "publish":
            security.publish(request.actor, good_case)
        else:
            security.judge(request.actor, good_case, choose=verdict == "choose", words=words)
    except NotFound:
        raise
    except YiwangError as error:
        orgs = security.units_of(request.actor, Role.DATA, Role.APPROVER)
        form = CaseForm(orgs=orgs)
        return _cases(request, form, error=str(error), case=good_case, status=STATUS[error.kind])
    messages.success(request, "已记录。")
    return redirect("data-good-cases")
