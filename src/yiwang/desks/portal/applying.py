# SPDX-License-Identifier: Apache-2.0
"""From a yes of the calculator to an application: the answers go along and are offered for checking.

The answers wait in the visitor's session while they log in; they are in no address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.casework.public import NewDraft, read_value, start_draft
from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import Subject, firms_of, subject
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.fields import counties, field_of, typed
from yiwang.engines.benefits import Policy, facts_needed
from yiwang.engines.benefits.kinds import For
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element, LifeEvent
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.spoken import spoken
from yiwang.engines.planning import NotEligible
from yiwang.engines.planning.conditions import Judge
from yiwang.engines.planning.selection import check_eligibility
from yiwang.engines.rules import Value
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Conflict, Invalid, NotFound

from .plans import refused_page
from .policies import WHY, closed_words, policies_of

_SESSION = "calculator_answers"


@dataclass(frozen=True)
class Way:
    """How a policy is applied for: by which errand, with which answers to its guiding questions; `asked`:
    those that only the applicant can answer."""

    policy: Policy
    event: LifeEvent
    answers: dict[str, object]
    asked: list[Element]


def way_of(catalogue: Catalogue, policy: str) -> Way:
    """The way to apply for a policy: an errand that takes its item. A question of the errand whose choices
    name the policy is answered by its name. Raises NotFound when there is none, Conflict when the policy
    takes no claims today."""
    found = next((one for one in policies_of(catalogue) if one.id == policy), None)
    if found is None:
        raise NotFound("没有这项政策。", mend="请回到政策清单查找，或拨打12345。")
    event = next((one for one in catalogue.life_events.values() if _takes(one, found)), None)
    if event is None:
        raise NotFound("这项政策现在不能在网上申领。", mend="请看政策页上的办理方法，或联系责任部门。")
    if not found.takes_claims_on(timezone.localdate()):
        raise Conflict(f"“{found.name}”现在不收申报。", mend=closed_words(catalogue, found))
    asked = [catalogue.elements[one.element] for one in event.questions]
    named: dict[str, object] = {one.id: found.name for one in asked if _names(one, found)}
    return Way(found, event, named, [one for one in asked if one.id not in named])


def _takes(event: LifeEvent, policy: Policy) -> bool:
    return any(member.item == policy.item for member in event.items)


def _names(element: Element, policy: Policy) -> bool:
    return element.type is ElementType.CHOICE and policy.name in {one.value for one in element.choices}


def answers_for(catalogue: Catalogue, policy: Policy, data: QueryDict) -> dict[str, Any]:
    """What was answered to the questions of this policy, as typed; what cannot be read is left out."""
    wanted = set(facts_needed([policy]))
    found: dict[str, Any] = {}
    for element in catalogue.elements.values():
        raw = typed(element, data) if element.name in wanted else ""
        if raw in ("", []):
            continue
        try:
            read_value(element, raw)
        except Invalid:
            continue
        found[element.id] = raw
    return found


@access(public=True, why=WHY)
@require_POST
def carry_answers(request: RequestWithActor, policy: str) -> HttpResponseBase:
    """Take what was answered in the calculator along, to be used once whoever applies has logged in."""
    catalogue = current().catalogue
    way = way_of(catalogue, policy)
    kept = {"who": request.POST.get("who", ""), "answers": answers_for(catalogue, way.policy, request.POST)}
    request.session[_SESSION] = {policy: kept}
    return redirect("portal:apply_policy", policy)


@access(person=True)
@require_http_methods(["GET", "HEAD", "POST"])
def apply_policy(request: RequestWithActor, policy: str) -> HttpResponseBase:
    """Who applies, and where; then a draft with the answers in it."""
    catalogue = current().catalogue
    way = way_of(catalogue, policy)
    kept = request.session.get(_SESSION, {}).get(policy, {"who": "", "answers": {}})
    applicants = _applicants(request.actor, way.policy)
    chosen = {"applicant": request.POST.get("applicant", kept["who"]), "place": request.POST.get("place", "")}
    given = {one.id: typed(one, request.POST) for one in way.asked}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        answers = _read(way, given, wrong)
        wrong |= _wrong(catalogue, chosen, applicants)
        refused = _refused(catalogue, way, answers)
        if refused is not None:
            back = reverse("portal:apply_policy", args=[policy])
            return refused_page(request, catalogue, refused, event=way.event, back=back)
        if not wrong:
            return _begin(request, way, chosen, kept["answers"], given)
    elements = catalogue.elements
    page = {
        "policy": way.policy,
        "event": way.event,
        "applicants": applicants,
        "chosen": chosen,
        "only_one": applicants[0].public_id if len(applicants) == 1 else "",
        "places": counties(catalogue),
        "fields": [
            field_of(catalogue, one, given.get(one.id), error=wrong.get(one.id, "")) for one in way.asked
        ],
        "carried": [
            (elements[key].name, _words(catalogue, key, raw)) for key, raw in kept["answers"].items()
        ],
        "wrong": wrong,
        "problems": list(wrong.items()),
    }
    return render(request, "desks/portal/apply_policy.html", page, status=400 if wrong else 200)


def _words(catalogue: Catalogue, element: str, raw: object) -> str:
    one = catalogue.elements[element]
    return spoken(catalogue, one, raw == "true" if one.type is ElementType.BOOLEAN else raw)


def _read(way: Way, given: Mapping[str, Any], wrong: dict[str, str]) -> dict[str, Value]:
    """The values of what was answered, with those known from the policy; what is wrong is told beside it."""
    found: dict[str, Value] = {key: cast(Value, value) for key, value in way.answers.items()}
    for element in way.asked:
        try:
            found[element.id] = read_value(element, given[element.id])
        except Invalid as error:
            wrong[element.id] = str(error)
    return found


def _refused(catalogue: Catalogue, way: Way, answers: Mapping[str, Value]) -> NotEligible | None:
    """Why these answers do not lead anywhere, by the conditions of the errand."""
    try:
        check_eligibility(way.event, Judge(catalogue, answers), timezone.localdate())
    except NotEligible as refused:
        return refused
    return None


def _applicants(actor: Actor, policy: Policy) -> list[Subject]:
    return firms_of(actor, Matter.APPLICATIONS) if policy.to is For.FIRM else [subject(actor.id)]


def _wrong(catalogue: Catalogue, chosen: dict[str, str], applicants: list[Subject]) -> dict[str, str]:
    wrong = {}
    if chosen["applicant"] not in {one.public_id for one in applicants}:
        wrong["applicant"] = "请选择给谁申领"
    if chosen["place"] not in {place.id for place in counties(catalogue)}:
        wrong["place"] = "请选择在哪个县区申领"
    return wrong


def _begin(
    request: RequestWithActor,
    way: Way,
    chosen: dict[str, str],
    answers: dict[str, Any],
    given: Mapping[str, Any],
) -> HttpResponseBase:
    draft = start_draft(
        request.actor,
        NewDraft(
            life_event=way.event.id,
            subject=chosen["applicant"],
            agent=request.actor.id,
            place=chosen["place"],
            answers={**way.answers, **given},
            choice=[way.policy.item] if way.policy.item else None,
            suggested=answers,
        ),
    )
    request.session.pop(_SESSION, None)
    return redirect("portal:application", draft)
