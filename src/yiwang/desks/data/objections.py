# SPDX-License-Identifier: Apache-2.0
"""Objections on the data desk: raise one for a department, the worklist by the clock, check, answer."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.quality import public as quality
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.told_forms import ToldForm, tried
from yiwang.desks.context import DATA_DESK
from yiwang.desks.objection_forms import (
    AnswerForm,
    ExtendForm,
    FeedbackForm,
    ObjectForm,
    by_provider,
    choose,
    evidence_answer,
    page_of,
    raised,
    take_evidence,
    view_page,
)
from yiwang.engines.exchange import Resource, resources
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import NotFound

_USERS = (Role.DATA, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)


class OfficeForm(ObjectForm):
    """For which department it is said, and of which record."""

    org = forms.ChoiceField(label="代表哪个部门")
    key = forms.CharField(
        label="哪一条记录",
        max_length=100,
        error_messages={"required": "请填这条记录的查询依据。"},
    )
    field_order = ("org", "key", "field", "says", "should", "why")


@access(roles=DATA_DESK)
@require_safe
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What the reader's department has to check, by the clock; what it raised; how departments keep time."""
    actor = request.actor
    provides = bool(quality.provides_for(actor)) or quality.sees_all(actor)
    everything = quality.objections(actor)
    to_check = quality.objections(actor, provider=True) if provides else []
    listed = {one.public_id for one in to_check}
    page = {
        "to_check": to_check,
        "raised": [one for one in everything if one.by_org and one.public_id not in listed],
        "tallies": quality.tallies(actor) if provides else [],
        "provides": provides,
        "may_object": bool(quality.uses_for(actor)),
    }
    return render(request, "desks/data/objections.html", page)


@access(roles=_USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: RequestWithActor) -> HttpResponseBase:
    """Say for a department what is wrong in a record; first which resource, then what."""
    identity = request.GET.get("resource", "")
    known = resources(current().catalogue)
    if identity not in known:
        return render(request, "desks/data/objection_choose.html", {"groups": by_provider(known.values())})
    resource = known[identity]
    orgs = _orgs(request)
    sent = request.POST if request.method == "POST" else None
    form = OfficeForm(sent, resource=resource, initial={"field": request.GET.get("field", "")})
    choose(form, "org", orgs)
    form.fields["key"].help_text = f"填{_key_name(resource)}；只有核查的人看得到"
    kept: list[str] = []
    if request.method == "POST":
        org = request.POST.get("org", "")
        kept = take_evidence(request, form, f"org:{org}") if org in dict(orgs) else []
        if form.is_valid() and (made := raised(request, form, resource, kept)):
            messages.success(request, "异议已经提出，提供部门会按期核查。")
            return redirect("data-objection", made)
    status = 400 if form.errors else 200
    return render(request, "desks/data/objection_new.html", page_of(resource, form, kept), status=status)


def _orgs(request: RequestWithActor) -> list[tuple[str, str]]:
    orgs = current().catalogue.orgs
    mine = sorted(quality.uses_for(request.actor))
    if not mine:
        raise NotFound("您不属于任何使用数据的部门。", mend="请换用部门账号登录。")
    return [(org, orgs[org].name if org in orgs else org) for org in mine]


def _key_name(resource: Resource) -> str:
    whom = [one.name for one in resource.fields if one.subject_id]
    return "、".join(whom[:1] or [one.name for one in resource.fields if one.key][:1]) or "这条记录的编号"


@access(roles=DATA_DESK)
@require_safe
def one(request: RequestWithActor, objection: str) -> HttpResponseBase:
    """One objection, and what the reader may do with it."""
    return _page(request, objection)


def _page(
    request: RequestWithActor, objection: str, typed: ToldForm | None = None, status: int = 200
) -> HttpResponseBase:
    """The page of an objection, with a form that was refused. Raises NoSuchObjection."""
    page = view_page(request, objection, feedback=typed if isinstance(typed, FeedbackForm) else None)
    seen = page["seen"]
    first = {"old": seen.says, "new": seen.typed_again(seen.should)}
    answering = typed if isinstance(typed, AnswerForm) else AnswerForm(initial=first)
    extending = typed if isinstance(typed, ExtendForm) else ExtendForm()
    page["form"] = answering if seen.may_check else None
    page["extending"] = extending if seen.may_extend else None
    if typed is not None:
        page["refused"] = typed
        page["lost"] = typed if typed not in (page["form"], page["extending"], page["feedback"]) else None
    return render(request, "desks/data/objection.html", page, status=status)


def _act(
    request: RequestWithActor, objection: str, form: ToldForm, outcome: tuple[str, int]
) -> HttpResponseBase:
    """To the page when something was done; else the page with what was typed. Raises NoSuchObjection."""
    said, status = outcome
    if not said:
        return _page(request, objection, form, status)
    messages.success(request, said)
    return redirect("data-objection", objection)


@access(roles=(Role.DATA,))
@require_POST
def answer(request: RequestWithActor, objection: str) -> HttpResponseBase:
    """End the check: corrected, or answered with reasons. What was typed stays when something is wrong."""
    form = AnswerForm(request.POST)

    def do() -> str:
        quality.answer_objection(request.actor, objection, form.outcome_given())
        return "已经答复，提出异议的人会收到通知。"

    return _act(request, objection, form, tried(form, do))


@access(roles=(Role.DATA,))
@require_POST
def extend(request: RequestWithActor, objection: str) -> HttpResponseBase:
    """Take longer, once, with a reason."""
    form = ExtendForm(request.POST)

    def do() -> str:
        quality.extend(request.actor, objection, **form.cleaned_data)
        return "已经延期，理由会告诉提出异议的人。"

    return _act(request, objection, form, tried(form, do))


@access(roles=_USERS)
@require_POST
def feedback(request: RequestWithActor, objection: str) -> HttpResponseBase:
    """Whether the answer settles it for the department that raised it; the bureau writes down what a
    department told it."""
    form = FeedbackForm(request.POST)
    heard = quality.Heard(told_by=request.POST["told_by"]) if "told_by" in request.POST else None
    said, status = form.given(request, objection, heard)
    return _act(request, objection, form, (said and f"已经记下：{said}", status))


@access(roles=DATA_DESK)
@require_safe
def file(request: RequestWithActor, objection: str, evidence: str) -> HttpResponseBase:
    """A file that was handed in with an objection."""
    return evidence_answer(request, objection, evidence)
