# SPDX-License-Identifier: Apache-2.0
"""A life event: what it is, and the few questions that make a plan of it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yiwang.desks.access import access
from yiwang.desks.fields import problems_first
from yiwang.engines.definitions.citing import cite_words, duration_words

from .guiding import Guiding, keep_private, private_elements, read_guiding

WHY = "办事指南是公开信息"


@access(public=True, why=WHY)
@require_safe
def life_event(request: HttpRequest, event: str) -> HttpResponseBase:
    """What the errand is, and its guiding questions."""
    return show_questions(request, read_guiding(request, event))


def show_questions(request: HttpRequest, guiding: Guiding) -> HttpResponseBase:
    """The page with the questions; wrong answers stay and are explained beside their question."""
    known, event = guiding.release.catalogue, guiding.event
    fields = guiding.fields()
    return render(
        request,
        "desks/portal/life_event.html",
        {
            "event": event,
            "lead": known.orgs[event.lead].name,
            "basis": [cite_words(known, cite) for cite in event.basis],
            "limit": duration_words(event.promised_limit) if event.promised_limit else "",
            "items": [known.items[m.item] for m in event.items if m.item in known.items and not m.optional],
            "extra": [known.items[m.item] for m in event.items if m.item in known.items and m.optional],
            "fields": fields,
            "slots": slots_of(guiding),
            "problems": problems_first(fields, guiding.wrong),
            "private": bool(private_elements(guiding.release, event)),
            "has_more": guiding.has_more,
            "choice": guiding.choice,
        },
        status=400 if guiding.wrong else 200,
    )


def slots_of(guiding: Guiding) -> list[dict[str, object]]:
    """Every question in its order; a conditional one has a place even while it is not asked, so that
    it can appear at once where scripts run."""
    fields = {field.name: field for field in guiding.fields()}
    return [
        {"name": q.element, "conditional": q.when is not None, "field": fields.get(q.element)}
        for q in guiding.event.questions
        if q.when is not None or q.element in fields
    ]


@access(public=True, why=WHY)
@require_POST
def answers(request: HttpRequest, event: str) -> HttpResponseBase:
    """Answers that come as a form, because some are personal, or while somebody types.

    With htmx: only the conditional questions that appeared or went away. Without: to the plan.
    """
    guiding = read_guiding(request, event, request.POST)
    if getattr(request, "htmx", False):
        before = set(request.POST.getlist("shown"))
        changed = [
            slot
            for slot in slots_of(guiding)
            if slot["conditional"] and (slot["field"] is not None) != (slot["name"] in before)
        ]
        return render(request, "desks/portal/_slots.html", {"slots": changed})
    keep_private(request, guiding)
    return redirect(f"{reverse('portal:plan', args=[event])}?{guiding.query()}")
