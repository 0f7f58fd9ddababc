# SPDX-License-Identifier: Apache-2.0
"""The guiding questions of a draft, answered again."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from yiwang.apps.casework.public import DraftView, save_answers
from yiwang.desks.access import RequestWithActor
from yiwang.desks.fields import typed
from yiwang.engines.planning import NotEligible

from .drafts import draft_page, missing_of, ordered, page_of, redirect_to
from .guiding import Guiding, judge_answers
from .plans import plan_of, show_refusal


@draft_page("GET", "HEAD", "POST")
def draft_answers(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    """Show the answers of a draft; new answers are kept only when they still lead somewhere."""
    if request.method == "POST":
        return _save(request, draft)
    guiding = _guiding(draft, dict(draft.answers))
    wanted = missing_of(draft)["draft_answers"] if "check" in request.GET else {}
    return _show(request, draft, guiding, wanted)


def _guiding(draft: DraftView, raw: dict[str, object]) -> Guiding:
    event = draft.release.catalogue.life_events[draft.row.life_event]
    return judge_answers(draft.release, event, raw, draft.choice)


def _show(
    request: RequestWithActor, draft: DraftView, guiding: Guiding, wanted: dict[str, str]
) -> HttpResponseBase:
    problems = {**wanted, **guiding.wrong}
    names = [question.element for question in guiding.asked]
    page = page_of(
        draft,
        "draft_answers",
        fields=guiding.fields(),
        problems=ordered({name: words for name, words in problems.items() if name in names}, names),
        has_more=guiding.has_more,
        chosen=len(draft.choice) if draft.choice is not None else 0,
    )
    return render(request, "desks/portal/draft_answers.html", page, status=400 if guiding.wrong else 200)


def _save(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    elements = draft.release.catalogue.elements
    event = draft.release.catalogue.life_events[draft.row.life_event]
    raw = {q.element: typed(elements[q.element], request.POST) for q in event.questions}
    guiding = _guiding(draft, raw)
    if guiding.wrong:
        return _show(request, draft, guiding, {})
    try:
        plan_of(guiding)
    except NotEligible as refused:  # not saved: the draft stays as it was
        return show_refusal(request, guiding, refused, application=draft.row.id)
    choice = draft.choice if "keep_choice" in request.POST else None
    save_answers(request.actor, draft.row.id, guiding.given, choice=choice)
    shown_before = {name for name in raw if name in request.POST}
    if {question.element for question in guiding.asked} - shown_before - set(guiding.given):
        return redirect_to("portal:draft_answers", draft.row.id, "?check=1#problems")
    return redirect("portal:form", draft.row.id)
