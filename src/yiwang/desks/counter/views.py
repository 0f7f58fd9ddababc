# SPDX-License-Identifier: Apache-2.0
"""The counter: meet somebody, begin for them, take in what waits, see what is in hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.casework import public as casework
from yiwang.apps.casework.public import NewDraft
from yiwang.apps.firms import public as firms
from yiwang.apps.identity.public import meet_applicant
from yiwang.apps.quality import public as quality
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.fields import counties
from yiwang.desks.portal.guiding import Guiding, forget_private, read_guiding
from yiwang.desks.portal.plans import plan_of, show_refusal
from yiwang.engines.planning import NotEligible
from yiwang.kernel.errors import Kind, YiwangError

from .visitor import MeetForm, Visitor, forget, remember, visitor_of


@access(roles=CLERKS)
@require_GET
def home(request: RequestWithActor) -> HttpResponseBase:
    """What this counter has in hand, and where to begin for somebody who came in."""
    return _home(request, MeetForm())


def _home(request: RequestWithActor, form: MeetForm, status: int = 200) -> HttpResponseBase:
    actor, visitor = request.actor, visitor_of(request)
    theirs = quality.objections_about(actor, visitor.applicant, agent=visitor.agent) if visitor else []
    context: dict[str, Any] = {
        "form": form,
        "visitor": visitor,
        "theirs": theirs,
        "waiting": casework.intake(actor, size=5),
        "ready": casework.ready_to_deliver(actor),
        "drafts": casework.drafts_begun(actor),
        "submitted": casework.submitted_here(actor),
        "taken_down": firms.taken_down(actor),
        "objected": quality.filed_at_counter(actor),
    }
    return render(request, "desks/counter/home.html", context, status=status)


@access(roles=CLERKS)
@require_POST
def meet(request: RequestWithActor) -> HttpResponseBase:
    """Find whoever stands at the counter. What does not agree is said in the same words always."""
    form = MeetForm(request.POST)
    if not form.is_valid():
        return _home(request, form, status=400)
    try:
        applicant, agent = meet_applicant(request.actor, **form.cleaned_data)
    except YiwangError as error:
        if error.kind is Kind.FORBIDDEN:
            raise
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _home(request, form, status=400)
    remember(request, applicant, agent)
    return redirect("counter")


@access(roles=CLERKS)
@require_POST
def done(request: RequestWithActor) -> HttpResponseBase:
    """The visitor leaves."""
    forget(request)
    messages.success(request, "已结束，可以接待下一位。")
    return redirect("counter")


@access(roles=CLERKS)
@require_http_methods(["GET", "POST"])
def begin(request: RequestWithActor) -> HttpResponseBase:
    """Begin a draft for the visitor, with the answers of the plan page. They stand in the address."""
    visitor = visitor_of(request)
    if visitor is None:
        messages.warning(request, "请先核对来人的姓名和证件，再开始办理。")
        return redirect("counter")
    guiding = read_guiding(request, request.GET.get("event", ""))
    try:
        planned = plan_of(guiding)
    except NotEligible as refused:
        return show_refusal(request, guiding, refused)
    places = counties(guiding.release.catalogue)
    place = request.POST.get("place", "")
    wrong = request.method == "POST" and place not in {one.id for one in places}
    if request.method == "POST" and not wrong:
        return _begin(request, visitor, guiding, place)
    context = {
        "event": guiding.event,
        "visitor": visitor,
        "items": len(planned.plan.included),
        "places": places,
        "chosen": place or _own_place(request),
        "wrong": wrong,
        "query": guiding.query(),
    }
    return render(request, "desks/counter/begin.html", context, status=400 if wrong else 200)


def _own_place(request: RequestWithActor) -> str:
    """Where the clerk sits: the usual handling place."""
    return next((post.place for post in request.actor.posts if post.role in CLERKS), "")


def _begin(request: RequestWithActor, visitor: Visitor, guiding: Guiding, place: str) -> HttpResponseBase:
    taken = [item.id for item in plan_of(guiding).plan.included] if guiding.choice is not None else None
    draft = casework.start_draft(
        request.actor,
        NewDraft(guiding.event.id, visitor.applicant, visitor.agent, place, guiding.answers, taken),
    )
    forget_private(request, guiding.event.id)
    return redirect("portal:application", draft)


@access(roles=CLERKS)
@require_GET
def intake(request: RequestWithActor) -> HttpResponseBase:
    """What waits here to be accepted, for every department (综合窗口)."""
    after = request.GET.get("after", "")
    page = casework.intake(request.actor, after=after)
    context = {"rows": page.rows, "after": page.after, "first": not after}
    return render(request, "desks/counter/intake.html", context)
