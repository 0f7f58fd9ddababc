# SPDX-License-Identifier: Apache-2.0
"""Quality sampling: draw, check licence by licence, order, look again, who is late."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.journal.public import looks_per_thing
from yiwang.apps.licences import public as licences
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Invalid, YiwangError

from .named import Refused, add_error, done, is_bureau, material_name, org_name, sent

_READERS = (Role.DATA, Role.AUDITOR)


class ComplaintForm(forms.Form):
    """Somebody told an officer that a licence is wrong."""

    use_required_attribute = False
    type = forms.ChoiceField(label="证照", error_messages={"required": "请选择证照。"})
    number = forms.CharField(label="证照编号", max_length=80, error_messages={"required": "请填证照编号。"})
    words = forms.CharField(
        label="反映了什么问题",
        max_length=300,
        error_messages={"required": "请写明反映的问题。"},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DrawForm(forms.Form):
    """What to draw from."""

    use_required_attribute = False
    name = forms.CharField(
        label="抽查名称",
        max_length=80,
        help_text="例如“2026年第四季度质量抽查”",
        error_messages={"required": "请填抽查名称。"},
    )
    size = forms.IntegerField(
        label="抽多少件",
        min_value=1,
        max_value=1_000,
        error_messages={
            "required": "请填件数。",
            "invalid": "请填整数。",
            "min_value": "至少抽 1 件。",
            "max_value": "一次最多抽 1000 件。",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    org = forms.ChoiceField(label="只抽哪个单位的", required=False)
    material = forms.ChoiceField(label="只抽哪种证照", required=False)


@access(roles=_READERS)
@require_http_methods(["GET", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The drawings; a new one is drawn here by the bureau."""
    types = licences.licence_types()
    form = _draw_form(types, sent(request)[0])
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                wanted = licences.Wanted(**form.cleaned_data)
                return redirect(
                    "console-sampling",
                    licences.draw_sample(request.actor, wanted, uses=looks_per_thing),
                )
            except YiwangError as error:
                status = add_error(form, error)
    return _page(request, form, _complaint_form(types), status)


def _draw_form(types: list[licences.TypeView], data: Any = None) -> DrawForm:
    form = DrawForm(data, initial={"size": licences.default_size()})
    orgs = sorted({(org, org_name(org)) for one in types for org in one.issuers}, key=lambda one: one[1])
    form.fields["org"].choices = [("", "全市"), *orgs]  # type: ignore[attr-defined]
    every = [("", "全部种类"), *((one.material, one.name) for one in types)]
    form.fields["material"].choices = every  # type: ignore[attr-defined]
    return form


def _complaint_form(types: list[licences.TypeView], data: Any = None) -> ComplaintForm:
    form = ComplaintForm(data, prefix="said")
    form.fields["type"].choices = [(one.material, one.name) for one in types]  # type: ignore[attr-defined]
    return form


def _page(
    request: RequestWithActor, form: DrawForm, complaint: ComplaintForm, status: int
) -> HttpResponseBase:
    context = {
        "form": form,
        "complaint": complaint,
        "samplings": licences.samplings(request.actor),
        "late": _rows(licences.late_orders(request.actor)),
        "is_bureau": is_bureau(request.actor),
    }
    return render(request, "desks/console/samplings.html", context, status=status)


@access(roles=(Role.DATA,))
@require_POST
def complaint(request: RequestWithActor) -> HttpResponseBase:
    """Note what somebody told about a licence (12345, window): it is likelier to be drawn."""
    types = licences.licence_types()
    told = _complaint_form(types, request.POST)
    unbound = _draw_form(types)
    if not told.is_valid():
        return _page(request, unbound, told, 400)
    given = told.cleaned_data
    try:
        licences.complain_of_number(request.actor, given["type"], given["number"], given["words"])
    except YiwangError as error:
        told.add_error("number", str(error))
        return _page(request, unbound, told, STATUS[error.kind])
    messages.success(request, "已登记，抽查时抽中的机会会大一些。")
    return redirect("console-samplings")


def _rows(found: list[licences.FindingView]) -> list[dict[str, object]]:
    return [
        {"one": one, "type": material_name(one.material), "issuer": org_name(one.issuer)} for one in found
    ]


@access(roles=_READERS)
@require_GET
def one(request: RequestWithActor, sampling: str) -> HttpResponseBase:
    """One drawing with its licences."""
    return _one(request, sampling)


def _one(request: RequestWithActor, sampling: str, refused: Refused | None = None) -> HttpResponseBase:
    view, found = licences.sampling_view(request.actor, sampling)
    context = {
        "sampling": view,
        "rows": _rows(found),
        "org": org_name(view.org) if view.org else "全市",
        "type": material_name(view.material) if view.material else "全部种类",
        "states": [(state.term, count) for state, count in view.states.items() if count],
        "is_bureau": is_bureau(request.actor),
        "refused": refused,
    }
    status = refused.status if refused else 200
    return render(request, "desks/console/sampling.html", context, status=status)


@access(roles=_READERS)
@require_POST
def redraw(request: RequestWithActor, sampling: str) -> HttpResponseBase:
    """Draw it again from what was kept, and say whether it is the same."""

    def check() -> None:
        if not licences.redraw(request.actor, sampling):
            raise YiwangError("重抽的结果和记录的不一样：抽查记录可能被改动过。", mend="请查日志核验。")

    words = "重抽的结果和记录的完全一样。"
    return done(request, check, words, to=("console-sampling", sampling))


@access(roles=(Role.DATA,))
@require_POST
def note(request: RequestWithActor, sampling: str, finding: int) -> HttpResponseBase:
    """Say what was found in one licence."""
    typed, fine = request.POST.get("fault", ""), request.POST.get("verdict") == "fine"
    fault = "" if fine else typed.strip()

    def act() -> None:
        if not fine and not fault:
            raise Invalid("没有写发现了什么问题。", mend="有问题的请写明问题；没有问题的点“没有问题”。")
        licences.note_finding(request.actor, finding, fault=fault)

    return done(
        request,
        act,
        "已责令发证单位整改。" if fault else "已记为没有问题。",
        to=("console-sampling", sampling),
        again=lambda error: _one(request, sampling, Refused(str(finding), typed, error)),
    )


@access(roles=(Role.DATA,))
@require_POST
def close(request: RequestWithActor, sampling: str, finding: int) -> HttpResponseBase:
    """Look again at what a department mended."""
    accept, words = request.POST.get("verdict") == "accept", request.POST.get("words", "")
    return done(
        request,
        lambda: licences.close_finding(request.actor, finding, accept=accept, words=words),
        "已办结。" if accept else "已退回，重新计算整改期限。",
        to=("console-sampling", sampling),
        again=lambda error: _one(request, sampling, Refused(str(finding), words, error)),
    )
