# SPDX-License-Identifier: Apache-2.0
"""The front page and the search."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.apps.casework.public import applications_of
from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.definitions.kinds import LifeEvent

_LONGEST = 100


@access(public=True, why="首页和办事指南是公开信息")
@require_safe
def home(request: RequestWithActor) -> HttpResponseBase:
    """Search, what can be done here, and for somebody logged in what waits for them."""
    events = _offered(current())
    waiting = [row for row in applications_of(request.actor, limit=20) if row.stage in ("draft", "handling")]
    return render(
        request,
        "desks/portal/home.html",
        {
            "for_persons": [event for event in events if event.for_persons],
            "for_firms": [event for event in events if event.for_firms],
            "waiting": waiting[:3],
        },
    )


def _offered(opened: OpenRelease) -> list[LifeEvent]:
    known = opened.catalogue
    found = known.in_force(timezone.localdate(), known.life_events.values())
    events = [event for event in found if isinstance(event, LifeEvent)]
    return sorted(events, key=lambda event: (event.position, event.id))


@access(public=True, why="办事指南是公开信息")
@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """Life events first, then single items, then policies; nothing found says what to do next."""
    words = " ".join(request.GET.get("q", "").split())[:_LONGEST]
    if not words:
        return redirect("portal:home")
    opened = current()
    found = opened.search(words, limit=30)
    policies = opened.search_policies(words, limit=5)
    events = [one for one in found if one.kind == "life_event"]
    items = [one for one in found if one.kind == "item"]
    return render(
        request,
        "desks/portal/search.html",
        {
            "q": words,
            "events": events,
            "items": items[:15],
            "policies": policies,
            "suggestions": [] if found or policies else _offered(opened),
        },
    )
