# SPDX-License-Identifier: Apache-2.0
"""What belongs to a person: applications and letters."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.casework.public import applications_of
from yiwang.apps.notices.public import box, mark_all_read, mark_read
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.letters import letter
from yiwang.kernel.actor import Actor, ActorKind, Role

_A_PAGE = 20


def own_ids(actor: Actor) -> list[str]:
    """The person and the firms they act for."""
    return [actor.id, *sorted(actor.firms)]


@access(person=True, roles=CLERKS)
@require_safe
def applications(request: RequestWithActor) -> HttpResponseBase:
    """Everything begun, handed in and finished, newest first. A clerk's list is at the counter."""
    if request.actor.kind is ActorKind.OFFICER:
        return redirect("counter")
    rows = applications_of(request.actor, limit=100)
    return render(
        request,
        "desks/portal/applications.html",
        {
            "here": "applications",
            "drafts": [row for row in rows if row.stage == "draft"],
            "handling": [row for row in rows if row.stage == "handling"],
            "finished": [row for row in rows if row.stage in ("finished", "withdrawn")],
        },
    )


@access(person=True, roles=tuple(Role))
@require_safe
def notices(request: RequestWithActor) -> HttpResponseBase:
    """The letters box of a person with their firms, or of an officer; newest first."""
    before = request.GET.get("before", "")
    found = box(own_ids(request.actor), limit=_A_PAGE + 1, before=int(before) if before.isdecimal() else None)
    page = {
        "here": "notices",
        "letters": [letter(request.actor, one) for one in found[:_A_PAGE]],
        "last": found[0].id if found else 0,
        "older": found[_A_PAGE - 1].id if len(found) > _A_PAGE else None,
        "before": before,
    }
    return render(request, "desks/portal/notices.html", page)


@access(person=True, roles=tuple(Role))
@require_POST
def read_notice(request: RequestWithActor, notice: int) -> HttpResponseBase:
    """A letter has been read, whoever of the person and their firms it was for."""
    mark_read(request.actor, notice)
    return redirect("portal:notices")


@access(person=True, roles=tuple(Role))
@require_POST
def read_notices(request: RequestWithActor) -> HttpResponseBase:
    """All letters up to the newest one that was shown have been read; one that came meanwhile stays new."""
    last = request.POST.get("last", "")
    mark_all_read(request.actor, last=int(last) if last.isdecimal() else 0)
    return redirect("portal:notices")
