# SPDX-License-Identifier: Apache-2.0
"""Needs of data on the data desk: the list, one need and its next step, published editions."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import NeedState, Side, Step
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.told_forms import ToldForm, as_it_stands, tried
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import NotAllowed, NotFound, YiwangError

from .needs_forms import CorrectForm, MatchForm, NeedFilterForm, NeedForm, StepForm

_PAGE = 20


@access(roles=DATA_DESK)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The needs there are: where they stand, who waits for whom."""
    form = NeedFilterForm(request.GET)
    form.is_valid()
    filters = exchange.NeedFilters(**{name: value for name, value in form.cleaned_data.items() if value})
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(exchange.needs(filters), _PAGE).get_page(request.GET.get("page")),
        "counts": [(state, count) for state, count in exchange.need_counts().items()],
        "asked": asked.urlencode(),
        "may_ask": bool(exchange.data_orgs(request.actor)),
        "bureau": exchange.is_bureau(request.actor),
        "editions": exchange.editions()[:5],
    }
    return render(request, "desks/data/needs.html", context)


@access(roles=(Role.DATA,))
@require_http_methods(["GET", "POST"])
def new(request: RequestWithActor) -> HttpResponseBase:
    """Put a need on the list."""
    orgs = exchange.data_orgs(request.actor)
    if not orgs:
        return render(request, "desks/data/need_new.html", status=403 if request.method == "POST" else 200)
    start = {"resource": request.GET.get("resource", ""), "org": min(orgs)}
    form = (
        NeedForm(request.POST, orgs=orgs) if request.method == "POST" else NeedForm(initial=start, orgs=orgs)
    )
    if request.method == "POST" and form.is_valid():
        try:
            need = exchange.list_need(request.actor, form.new_need())
        except YiwangError as error:
            _show(form, error)
        else:
            messages.success(request, "已列入数据需求清单，数据管理局会转给供给部门。")
            return redirect("data-need", need)
    return render(request, "desks/data/need_new.html", {"form": form}, status=400 if form.errors else 200)


@access(roles=(Role.DATA,))
@require_http_methods(["GET", "POST"])
def correct(request: RequestWithActor, need: str) -> HttpResponseBase:
    """Correct a need nobody has answered yet."""
    seen = exchange.need(need)
    if seen is None:
        raise exchange.NoSuchNeed
    if seen.org not in exchange.data_orgs(request.actor):
        if request.method == "GET":
            return redirect("data-need", need)
        raise NotAllowed("只能由本部门的数据管理员修改。", mend="请联系提出需求的部门。")
    start = {name: getattr(seen, name) for name in (*NeedForm.base_fields, "version")}
    orgs = frozenset({seen.org})
    form = (
        CorrectForm(request.POST, orgs=orgs)
        if request.method == "POST"
        else CorrectForm(initial=start, orgs=orgs)
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            exchange.correct_need(request.actor, need, form.new_need(), version=form.cleaned_data["version"])
        except YiwangError as error:
            _show(form, error)
            status = STATUS[error.kind]
        else:
            messages.success(request, "已修改。")
            return redirect("data-need", need)
    status = max(status, 400 if form.errors else 200)
    return render(request, "desks/data/need_new.html", {"form": form, "need": seen}, status=status)


@access(roles=DATA_DESK)
@require_GET
def one(request: RequestWithActor, need: str) -> HttpResponseBase:
    """One need: what is asked, what happened, what comes next."""
    return _one(request, need)


@access(roles=(Role.DATA,))
@require_POST
def step(request: RequestWithActor, need: str) -> HttpResponseBase:
    """Take the next step of a need: match it, connect, use, dispute, settle, close."""
    known = {one.value for one in Step}
    which = request.POST.get("step", "")
    if which not in known:
        return _one(request, need, problem="请按页面上的按钮办理。", status=400)
    form = MatchForm(request.POST) if which == Step.MATCH.value else StepForm(request.POST)

    def do() -> str:
        if which == Step.MATCH.value:
            exchange.match_need(request.actor, need, **form.cleaned_data)
        else:
            exchange.take_step(request.actor, need, Step(which), **form.cleaned_data)
        return f"已办理：{Step(which).term}。"

    said, status = tried(form, do)
    if not said:
        return _one(request, need, form=form, status=status)
    messages.success(request, said)
    return redirect("data-need", need)


def _one(
    request: RequestWithActor,
    need: str,
    *,
    form: ToldForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponseBase:
    seen = exchange.need(need)
    if seen is None:
        raise exchange.NoSuchNeed
    if form is not None:
        as_it_stands(form, seen.version, status)
    sides = exchange.sides_of(request.actor, seen.org, seen.provider)
    steps = exchange.steps_of(seen.state, sides)
    start = {"version": seen.version}
    match_start = start | {"resource": seen.resource, "provider": seen.provider}
    matching = form if isinstance(form, MatchForm) else MatchForm(initial=match_start)
    stepping = form if isinstance(form, StepForm) else StepForm(initial=start)
    others = [one for one in steps if one is not Step.MATCH]
    shown = {
        "match_form": matching if Step.MATCH in steps else None,
        "step_form": stepping if others else None,
    }
    context = shown | {
        "need": seen,
        "steps": others,
        "wrong": form,
        "lost": form if form not in shown.values() else None,
        "problem": problem,
        "may_ask": Side.USER in sides and seen.state is not NeedState.CLOSED,
        "may_correct": seen.state is NeedState.LISTED and Side.USER in sides,
    }
    return render(request, "desks/data/need.html", context, status=status)


def _show(form: forms.Form, error: YiwangError) -> None:
    form.add_error(error.field if error.field in form.fields else None, f"{error.message}{error.mend}")


@access(roles=(Role.DATA,))
@require_POST
def publish(request: RequestWithActor) -> HttpResponseBase:
    """Publish the list as it stands."""
    try:
        number = exchange.publish_needs(request.actor)
    except YiwangError as error:
        messages.error(request, f"{error.message}{error.mend}")
        return redirect("data-needs")
    messages.success(request, f"供需对接清单第 {number} 版已发布。")
    return redirect("data-need-edition", number)


@access(roles=DATA_DESK)
@require_GET
def edition(request: RequestWithActor, edition: int) -> HttpResponseBase:
    """A published edition of the list."""
    found = exchange.edition(edition)
    if found is None:
        raise NotFound("没有这一版清单。", mend="请从需求清单页面里选择。")
    return render(request, "desks/data/need_edition.html", {"edition": found})
