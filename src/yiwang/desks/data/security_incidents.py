# SPDX-License-Identifier: Apache-2.0
"""Hazards and incidents on the data desk: enter, report, remedy, close, transfer (第二十四、二十七条)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.data_security import public as security
from yiwang.apps.data_security.public import IncidentKind, NewIncident, Stage
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import org_name
from yiwang.desks.console.told_forms import ToldForm
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.engines.exchange import Grade
from yiwang.kernel.errors import NotFound, YiwangError

_GRADES = [("", "还不清楚"), *((one.value, one.term) for one in Grade)]
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class IncidentForm(forms.Form):
    """What somebody found."""

    use_required_attribute = False
    org = forms.ChoiceField(label="单位")
    kind = forms.ChoiceField(
        label="是隐患还是事件",
        choices=[(one.value, one.term) for one in IncidentKind],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是隐患还是事件。"},
    )
    stage = forms.ChoiceField(label="发生在哪个环节", choices=[(one.value, one.term) for one in Stage])
    title = forms.CharField(label="标题", max_length=100, error_messages={"required": "请写标题。"})
    description = forms.CharField(
        label="经过",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="发现了什么、涉及哪些数据和系统；不要写任何人的姓名、证件号码",
        error_messages={"required": "请写经过。"},
    )
    found_day = forms.DateField(label="发现日期", widget=_DAY, error_messages={"required": "请写发现日期。"})
    found_time = forms.TimeField(
        label="发现时间", widget=_TIME, error_messages={"required": "请写发现时间。"}
    )
    grade = forms.ChoiceField(label="涉及数据的最高等级", choices=_GRADES, required=False)
    personal = forms.BooleanField(label="涉及个人信息", required=False)

    def __init__(self, *args: Any, orgs: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        org = self.fields["org"]
        assert isinstance(org, forms.ChoiceField)
        org.choices = [(one, org_name(one)) for one in sorted(orgs)]

    def found(self) -> NewIncident:
        """What was typed, as the room takes it."""
        given = self.cleaned_data
        at = dt.datetime.combine(given["found_day"], given["found_time"])
        return NewIncident(
            given["org"],
            IncidentKind(given["kind"]),
            Stage(given["stage"]),
            given["title"],
            given["description"],
            timezone.make_aware(at),
            given["grade"],
            given["personal"],
        )


class MoveForm(ToldForm):
    """The next move, with words."""

    words = forms.CharField(
        label="写明情况",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每一步都要写；不要写任何人的证件号码",
    )


@access(roles=DATA_DESK)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What the reader may know of: the open ones first."""
    rows = [(one, org_name(one.org)) for one in security.incidents(request.actor)]
    may_enter = bool(security.homes_of(request.actor))
    return render(request, "desks/data/security_incidents.html", {"rows": rows, "may_enter": may_enter})


@access(roles=DATA_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: RequestWithActor) -> HttpResponseBase:
    """Enter a hazard or an incident of one's own unit."""
    now = timezone.localtime()
    orgs = security.homes_of(request.actor)
    first = {"found_day": now.date(), "found_time": now.time()}
    form = IncidentForm(request.POST or None, orgs=orgs, initial=first)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = security.find_incident(request.actor, form.found())
        except YiwangError as error:
            known = {"found_at": "found_day"}.get(error.field or "", error.field)
            form.add_error(known if known in form.fields else None, str(error))
            status = STATUS[error.kind]
        else:
            messages.success(request, "已登记。请在第一时间报告，逾时记为迟报。")
            return redirect("data-security-incident", made)
    elif form.errors:
        status = 400
    return render(
        request, "desks/data/security_incident_new.html", {"form": form, "orgs": orgs}, status=status
    )


@access(roles=DATA_DESK)
@require_safe
def one(request: RequestWithActor, incident: str) -> HttpResponseBase:
    """One of them, and what the reader may do with it now."""
    return _one(request, incident, MoveForm())


@access(roles=DATA_DESK)
@require_POST
def move(request: RequestWithActor, incident: str) -> HttpResponseBase:
    """Make a move."""
    form = MoveForm(request.POST)
    form.is_valid()
    given = request.POST
    try:
        security.move_incident(
            request.actor,
            incident,
            given.get("move", ""),
            words=form.cleaned_data.get("words", ""),
            to=given.get("to", ""),
        )
    except NotFound:
        security.incident(request.actor, incident)  # another unit's, or none: not found, whatever the move
        return _one(request, incident, form, "请选择一步。")
    except YiwangError as error:
        return _one(request, incident, form, str(error), STATUS[error.kind])
    messages.success(request, "已记录。")
    return redirect("data-security-incident", incident)


def _one(
    request: RequestWithActor, incident: str, form: forms.Form, error: str = "", status: int = 400
) -> HttpResponseBase:
    seen = security.incident(request.actor, incident)
    settings = current().catalogue.settings
    bodies = [settings[f"data-security-{one}"].value for one in ("cyberspace", "police")]
    context = {
        "seen": seen,
        "org": org_name(seen.org),
        "grade": Grade(seen.grade).term if seen.grade else "还不清楚",
        "transferred": org_name(seen.transferred_to),
        "form": form,
        "lost": form.is_bound and not seen.moves,
        "to": request.POST.get("to", ""),
        "error": error,
        "bodies": [(str(body), org_name(str(body))) for body in bodies],
        "transfers": any(move.name == "transfer" for move in seen.moves),
    }
    return render(request, "desks/data/security_incident.html", context, status=status if error else 200)
