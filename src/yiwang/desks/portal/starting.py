# SPDX-License-Identifier: Apache-2.0
"""From a plan to a draft: who applies, and where."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yiwang.apps.casework.public import NewDraft, start_draft
from yiwang.apps.identity.public import Subject, firms_of, subject
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.fields import counties
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.planning import NotEligible
from yiwang.kernel.actor import Actor, ActorKind, Matter

from .guiding import Guiding, forget_private, read_guiding
from .plans import plan_of, show_refusal


@access(person=True, roles=CLERKS)
@require_http_methods(["GET", "POST"])
def start(request: RequestWithActor) -> HttpResponseBase:
    """Choose the applicant and the place, then begin. The answers stand in the address. A clerk begins
    for whoever stands at the counter."""
    if request.actor.kind is ActorKind.OFFICER:
        return redirect(f"{reverse('counter-begin')}?{request.GET.urlencode()}")
    guiding = read_guiding(request, request.GET.get("event", ""))
    try:
        planned = plan_of(guiding)
    except NotEligible as refused:
        return show_refusal(request, guiding, refused)
    applicants = _applicants(request.actor, guiding)
    chosen = {"applicant": request.POST.get("applicant", ""), "place": request.POST.get("place", "")}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong = _wrong(guiding, chosen, applicants)
        if not wrong:
            return _begin(request, guiding, chosen)
    page = {
        "event": guiding.event,
        "summary_items": len(planned.plan.included),
        "applicants": applicants,
        "chosen": chosen | {"place": chosen["place"] or _answered_place(guiding)},
        "only_one": applicants[0].public_id if len(applicants) == 1 else "",
        "places": counties(guiding.release.catalogue),
        "problems": list(wrong.items()),
        "wrong": wrong,
        "query": guiding.query(),
    }
    return render(request, "desks/portal/start.html", page, status=400 if wrong else 200)


def _applicants(actor: Actor, guiding: Guiding) -> list[Subject]:
    """The person and the firms they act for, those the errand is made for first. A firm's errand may
    be begun by the person too: a firm that is being founded is not registered yet."""
    person, firms = [subject(actor.id)], firms_of(actor, Matter.APPLICATIONS)
    return [*person, *firms] if guiding.event.for_persons else [*firms, *person]


def _answered_place(guiding: Guiding) -> str:
    """The county already named in the answers, if any."""
    elements = guiding.release.catalogue.elements
    places = (value for e, value in guiding.answers.items() if elements[e].type is ElementType.PLACE)
    return str(next(places, ""))


def _wrong(guiding: Guiding, chosen: dict[str, str], applicants: list[Subject]) -> dict[str, str]:
    wrong = {}
    if chosen["applicant"] not in {one.public_id for one in applicants}:
        wrong["applicant"] = "请选择给谁办"
    if chosen["place"] not in {place.id for place in counties(guiding.release.catalogue)}:
        wrong["place"] = "请选择在哪个县区办"
    return wrong


def _begin(request: RequestWithActor, guiding: Guiding, chosen: dict[str, str]) -> HttpResponseBase:
    new = NewDraft(
        life_event=guiding.event.id,
        subject=chosen["applicant"],
        agent=request.actor.id,
        place=chosen["place"],
        answers=guiding.answers,
        choice=[item.id for item in plan_of(guiding).plan.included] if guiding.choice is not None else None,
    )
    draft = start_draft(request.actor, new)
    forget_private(request, guiding.event.id)
    return redirect("portal:application", draft)
