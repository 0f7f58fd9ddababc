# SPDX-License-Identifier: Apache-2.0
"""The plan before anything is filled in, and the one-time notice to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from yiwang.apps.casework.public import Errand, plan_for_visitor
from yiwang.desks.access import access
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import LifeEvent
from yiwang.engines.planning import BoundItems, NotEligible, Plan
from yiwang.engines.planning.render import render_page, render_svg
from yiwang.engines.planning.render.notice import make_notice
from yiwang.kernel.errors import Invalid

from .choosing import choices_of, with_bound
from .guiding import Guiding, private_elements, read_guiding
from .life_events import WHY, show_questions
from .stages import stages_of, summary_of
from .told import sections_below, sections_of


@dataclass(frozen=True)
class Planned:
    """A plan, and what had to be put right to make it."""

    plan: Plan
    guiding: Guiding
    warning: str = ""


def plan_of(guiding: Guiding) -> Planned:
    """The plan for a visitor's answers and choice. What the law binds together is added, and said.

    Raises NotEligible.
    """
    choice = with_bound(guiding, guiding.choice)
    try:
        return Planned(_plan(guiding, choice), guiding)
    except BoundItems as bound:
        wider = [*(choice or ()), *bound.missing]
        return Planned(_plan(guiding, wider), guiding, f"{bound.message}已替您一并选上。")
    except NotEligible:
        raise
    except Invalid as nothing_left:
        return Planned(_plan(guiding, None), guiding, f"{nothing_left}下面是全部适用的事项。")


def _plan(guiding: Guiding, choice: list[str] | None) -> Plan:
    errand = Errand(guiding.release, guiding.event.id, guiding.answers, timezone.localdate(), choice)
    return plan_for_visitor(errand)


@access(public=True, why=WHY)
@require_safe
def plan(request: HttpRequest, event: str) -> HttpResponseBase:
    """The whole plan: what, why, when, with which papers, and what doing it together saves."""
    guiding = read_guiding(request, event)
    if guiding.wrong:
        return show_questions(request, guiding)
    try:
        planned = plan_of(guiding)
    except NotEligible as refused:
        return show_refusal(request, guiding, refused)
    return render(request, "desks/portal/plan.html", _page(planned))


def show_refusal(
    request: HttpRequest, guiding: Guiding, refused: NotEligible, *, application: str = ""
) -> HttpResponseBase:
    """Why this way is closed, by which clause, and the other way to go."""
    if application:
        back = reverse("portal:draft_answers", args=[application])
    else:
        back = f"{reverse('portal:life_event', args=[guiding.event.id])}?{guiding.query()}"
    return refused_page(request, guiding.release.catalogue, refused, event=guiding.event, back=back)


def refused_page(
    request: HttpRequest, known: Catalogue, refused: NotEligible, *, event: LifeEvent, back: str
) -> HttpResponseBase:
    """The page of a refusal; `back`: where the answers can be changed."""
    refusals = [
        {"reason": one.reason, "because": one.because, "cite": cite_words(known, one.cite)}
        for one in refused.refusals
    ]
    page = {"event": event, "refusals": refusals, "back": back}
    return render(request, "desks/portal/refusal.html", page)


def _page(planned: Planned) -> dict[str, Any]:
    made, guiding = planned.plan, planned.guiding
    known = guiding.release.catalogue
    choices = choices_of(guiding, made)
    open_now = {question.element for question in made.questions}
    return {
        "event": guiding.event,
        "plan": made,
        "warning": planned.warning,
        "summary": summary_of(made),
        "choices": choices,
        "ruled_out": sum(not one.applies for one in choices),
        "stages": stages_of(made, known),
        # The renderer escapes every word it writes.
        "chart": mark_safe(render_svg(made, known)),  # noqa: S308
        "sections": sections_below(make_notice(made, known)),
        "open_fields": guiding.fields([q.element for q in guiding.asked if q.element in open_now]),
        "open_conditions": [
            {"reason": one.reason, "cite": cite_words(known, one.cite), "names": one.undecided_by}
            for one in made.open_conditions
        ],
        "private": bool(private_elements(guiding.release, guiding.event)),
        "answer_pairs": guiding.pairs(choice=False),
        "open_pairs": guiding.pairs(without=sorted(open_now)),
        "query": guiding.query(),
        "answers_query": guiding.query(choice=False),
    }


@access(public=True, why=WHY)
@require_safe
def notice(request: HttpRequest, event: str) -> HttpResponseBase:
    """The one-time notice (一次告知单) for the printer, or as a file of its own to keep."""
    guiding = read_guiding(request, event)
    try:
        made = plan_of(guiding).plan
    except NotEligible as refused:
        return show_refusal(request, guiding, refused)
    known = guiding.release.catalogue
    if "download" in request.GET:
        answer = HttpResponse(render_page(made, known))
        answer["Content-Disposition"] = f'attachment; filename="{guiding.event.id}-notice.html"'
        return answer
    told = make_notice(made, known)
    return render(
        request,
        "desks/portal/notice.html",
        {"notice": told, "sections": sections_of(told), "event": guiding.event, "query": guiding.query()},
    )
