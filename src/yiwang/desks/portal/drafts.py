# SPDX-License-Identifier: Apache-2.0
"""A draft on its way to submission: which step comes next, what each step still lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.casework.public import DraftView, application_view, draft_view, drop_draft
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.engines.planning import NotEligible

from .plans import refused_page

STEPS = (
    ("draft_answers", "情况"),
    ("form", "填表"),
    ("documents", "材料"),
    ("delivery", "领取"),
    ("review", "核对提交"),
)


@dataclass(frozen=True)
class Step:
    """One step of the way, for the line on top of every page of a draft."""

    view: str
    name: str
    current: bool
    done: bool


def missing_of(draft: DraftView) -> dict[str, dict[str, str]]:
    """What is missing or wrong, by the step that puts it right."""
    open_questions = {question.element for question in draft.plan.questions}
    fields = {field.element for field in draft.plan.form.fields}
    found: dict[str, dict[str, str]] = {name: {} for name, _ in STEPS}
    elements = draft.release.catalogue.elements
    for target, words in draft.problems.items():
        if target in elements:  # people know the question, not the official name
            words = words.replace(f"“{elements[target].name}”", f"“{elements[target].question}”")
        if target in open_questions:
            found["draft_answers"][target] = words
        elif target in fields:
            found["form"][target] = words
        elif target == "delivery":
            found["delivery"][target] = words
        else:
            found["documents"][target] = words
    return found


def steps_of(draft: DraftView, current: str) -> list[Step]:
    """The steps with what is done."""
    missing = missing_of(draft)
    return [
        Step(view, name, view == current, done=view != "review" and not missing[view]) for view, name in STEPS
    ]


def page_of(draft: DraftView, current: str, **more: Any) -> dict[str, Any]:
    """What every page of a draft shows."""
    return {"draft": draft, "row": draft.row, "steps": steps_of(draft, current), **more}


def first_open(draft: DraftView) -> str:
    """The first step that still lacks something."""
    missing = missing_of(draft)
    return next((view for view, _ in STEPS if missing[view]), "review")


DraftPage = Callable[[RequestWithActor, DraftView], HttpResponseBase]


def draft_page(*methods: str) -> Callable[[DraftPage], Callable[..., HttpResponseBase]]:
    """A page of a draft, for whoever may act for its applicant. What was submitted is followed
    elsewhere; a draft that can no longer go this way says why, and where to go instead."""

    def decorate(view: DraftPage) -> Callable[..., HttpResponseBase]:
        @access(person=True, roles=CLERKS)
        @require_http_methods(list(methods))
        @wraps(view)
        def guarded(request: RequestWithActor, application: str) -> HttpResponseBase:
            try:
                draft = draft_view(request.actor, application)
            except NotEligible as refused:
                return refusal_of(request, application, refused)
            if draft.row.stage != "draft":
                return redirect("portal:progress", application)
            return view(request, draft)

        return guarded

    return decorate


def refusal_of(request: RequestWithActor, application: str, refused: NotEligible) -> HttpResponseBase:
    """The refusal of a draft whose answers close this way."""
    seen = application_view(request.actor, application)
    known = seen.release.catalogue
    back = reverse("portal:draft_answers", args=[application])
    return refused_page(request, known, refused, event=known.life_events[seen.row.life_event], back=back)


@access(person=True, roles=CLERKS)
@require_safe
def application(request: RequestWithActor, application: str) -> HttpResponseBase:
    """To where this application stands: the first open step of a draft, or its progress."""
    try:
        draft = draft_view(request.actor, application)
    except NotEligible as refused:
        return refusal_of(request, application, refused)
    view = first_open(draft) if draft.row.stage == "draft" else "progress"
    return redirect(f"portal:{view}", application)


@access(person=True, roles=CLERKS)
@require_POST
def drop(request: RequestWithActor, application: str) -> HttpResponseBase:
    """Throw a draft away."""
    drop_draft(request.actor, application)
    return redirect("portal:applications")


def ordered(problems: Mapping[str, str], order: Sequence[str]) -> list[tuple[str, str]]:
    """Problems in the order of the page."""
    first = [(name, problems[name]) for name in order if name in problems]
    return first + [(name, words) for name, words in problems.items() if name not in order]


def redirect_to(view: str, application: str, tail: str) -> HttpResponseBase:
    """Redirect to a page of an application, with a query or anchor."""
    return redirect(reverse(view, args=[application]) + tail)
