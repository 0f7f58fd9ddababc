# SPDX-License-Identifier: Apache-2.0
"""企业诉求, the government's side: what waits, dispatch, send back, reply; who looks after which firm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.firms import public as rooms
from yiwang.apps.identity.public import firms_by_code, officers_of
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import add_error
from yiwang.desks.console.told_forms import ToldForm, tried, words_field
from yiwang.desks.portal.firm_requests import attachment_answer
from yiwang.engines.definitions.kinds.places import OrgKind
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

READERS = (*rooms.ANSWERS, Role.DATA, Role.AUDITOR)
_ANSWERING = (OrgKind.DEPARTMENT, OrgKind.INSTITUTION, OrgKind.VERTICAL, OrgKind.UTILITY)


def _orgs() -> list[tuple[str, str]]:
    """The departments and utilities that may be given a request."""
    known = current().catalogue.orgs.values()
    found = [(one.id, one.name) for one in known if one.kind in _ANSWERING]
    return [("", "请选择"), *sorted(found, key=lambda one: one[1])]


class _ActForm(ToldForm):
    """One act about a request; its fields have the act's name before their own."""

    name = ""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id=f"{self.name}-%s")


class DispatchForm(_ActForm):
    """Which department answers."""

    name = "dispatch"
    org = forms.ChoiceField(
        label="交给哪个部门", choices=_orgs, error_messages={"required": "请选择交给哪个部门。"}
    )


class SendBackForm(_ActForm):
    """Why it is another department's."""

    name = "send_back"
    reason = words_field("理由", hint="写明应当由哪个部门办、依据什么。只能退一次。", most=500)


class ReplyForm(_ActForm):
    """What the department did, what it says to the firm."""

    name = "reply"
    done = words_field("做了什么", rows=3)
    words = words_field("给企业的答复", hint="说清结果；办不成的，说清依据，以及企业还可以怎么办。", rows=5)


class ServingForm(forms.Form):
    """Who looks after a firm."""

    use_required_attribute = False
    uscc = forms.CharField(label="企业的统一社会信用代码", max_length=18)
    org = forms.ChoiceField(label="包联干部的单位")
    officer = forms.CharField(label="包联干部姓名", max_length=60, help_text="在本系统里登记的工作人员")
    phone = forms.CharField(label="办公电话", max_length=40, required=False, help_text="企业看得到")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = _orgs()  # type: ignore[attr-defined]


@access(roles=READERS)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What the officer may know of, what is due first on top."""
    rows = rooms.requests(request.actor)
    page = {
        "waiting": [row for row in rows if row.due_on is not None],
        "others": [row for row in rows if row.due_on is None],
        "may_assign": rooms.at_desk(request.actor, ""),
    }
    return render(request, "desks/office/firm_requests.html", page)


@access(roles=READERS)
@require_safe
def one(request: RequestWithActor, firm_request: str) -> HttpResponseBase:
    """One request, with what may be done about it."""
    return _page(request, firm_request)


def _page(
    request: RequestWithActor, firm_request: str, form: ToldForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a request, with a form that was refused. Raises NoSuchRequest."""
    seen = rooms.request_view(request.actor, firm_request)
    kinds: dict[type[_ActForm], bool] = {
        DispatchForm: seen.may_dispatch,
        ReplyForm: seen.may_reply,
        SendBackForm: seen.may_send_back,
    }
    shown = {kind.name: form if isinstance(form, kind) else kind() for kind, may in kinds.items() if may}
    lost = form and form not in shown.values()
    page = {"seen": seen, "row": seen.row, "acts": shown, "form": form, "lost": lost}
    return render(request, "desks/office/firm_request.html", page, status=status)


def _act(
    request: RequestWithActor, firm_request: str, form: ToldForm, do: Callable[[], str]
) -> HttpResponseBase:
    """Do what a form says; what is refused stays in it. Raises NoSuchRequest."""
    said, status = tried(form, do)
    if not said:
        return _page(request, firm_request, form, status)
    messages.success(request, said)
    return redirect("office-firm-request", firm_request)


@access(roles=READERS)
@require_POST
def dispatch(request: RequestWithActor, firm_request: str) -> HttpResponseBase:
    """Hand it to the department that answers."""
    form = DispatchForm(request.POST)

    def do() -> str:
        rooms.dispatch(request.actor, firm_request, org=form.cleaned_data["org"])
        return "已经交办，责任部门收到了通知。"

    return _act(request, firm_request, form, do)


@access(roles=READERS)
@require_POST
def send_back(request: RequestWithActor, firm_request: str) -> HttpResponseBase:
    """Say that it is another department's."""
    form = SendBackForm(request.POST)

    def do() -> str:
        rooms.send_back(request.actor, firm_request, reason=form.cleaned_data["reason"])
        return "已经退回企业服务窗口改派。"

    return _act(request, firm_request, form, do)


@access(roles=READERS)
@require_POST
def reply(request: RequestWithActor, firm_request: str) -> HttpResponseBase:
    """Answer it."""
    form = ReplyForm(request.POST)

    def do() -> str:
        rooms.reply(request.actor, firm_request, rooms.Reply(**form.cleaned_data))
        return "已经答复，企业收到了通知。"

    return _act(request, firm_request, form, do)


@access(roles=READERS)
@require_safe
def file(request: RequestWithActor, firm_request: str, attachment: str) -> HttpResponseBase:
    """A file of a request; the look is journalled."""
    return attachment_answer(request, firm_request, attachment)


@access(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: RequestWithActor) -> HttpResponseBase:
    """Assign an officer to a firm, found by its code."""
    form = ServingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _assigned(request, form):
        return redirect("office-assign-officer")
    page = {"form": form, "may_assign": rooms.at_desk(request.actor, "")}
    return render(request, "desks/office/firm_officers.html", page, status=400 if form.errors else 200)


def _assigned(request: RequestWithActor, form: forms.Form) -> bool:
    given = form.cleaned_data
    code, org = given["uscc"].strip().upper(), given["org"]
    firm = firms_by_code([code]).get(code)
    officer = next((o for o in officers_of(org, None, *rooms.ANSWERS) if o.name == given["officer"]), None)
    if firm is None or officer is None:
        wrong = (
            ("uscc", "没有登记过这家企业。") if firm is None else ("officer", "这个单位没有这位工作人员。")
        )
        form.add_error(*wrong)
        return False
    try:
        rooms.assign_officer(request.actor, firm.public_id, officer.id, org=org, phone=given["phone"])
    except YiwangError as error:
        add_error(form, error)
        return False
    messages.success(request, f"{firm.name}由{officer.name}联系，双方都看得到。")
    return True
