# SPDX-License-Identifier: Apache-2.0
"""What belongs to a person: applications and letters."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.casework.public import applications_of
from yiwang.apps.notices.public import box, mark_read
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.kernel.actor import Actor, ActorKind


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


_PAGES = {"fr_": ("portal:firm_request", "去看这件诉求"), "cl_": ("portal:benefit", "去看这一项")}
"""What a letter is about, by how its public id begins: the page, and how its link reads."""


def _page_of(about: str, applications: set[str]) -> tuple[str, str]:
    """The address that a letter leads to and its words; empty: it leads nowhere."""
    if about in applications:
        return reverse("portal:application", args=[about]), "去看这个办件"
    if about.startswith("ul_"):  # one letter about all that may be applied for
        return reverse("portal:benefits") + "#unclaimed", "去看依据、去申报"
    name, words = _PAGES.get(about[:3], ("", ""))
    return (reverse(name, args=[about]), words) if name else ("", "")


@access(person=True)
@require_safe
def notices(request: RequestWithActor) -> HttpResponseBase:
    """The letters box."""
    letters = box(own_ids(request.actor), limit=100)
    own = {row.id for row in applications_of(request.actor, limit=200)}
    page = {
        "here": "notices",
        "letters": [(letter, *_page_of(letter.about, own)) for letter in letters],
        "unread": sum(not letter.read for letter in letters),
    }
    return render(request, "desks/portal/notices.html", page)


@access(person=True)
@require_POST
def read_notice(request: RequestWithActor, notice: int) -> HttpResponseBase:
    """A letter has been read, whoever of the person and their firms it was for."""
    mark_read(request.actor, notice)
    return redirect("portal:notices")
