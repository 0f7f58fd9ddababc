# SPDX-License-Identifier: Apache-2.0
"""What belongs to a person: applications, letters, and who looked at their data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.casework.public import applications_of
from yiwang.apps.identity.public import firms_of
from yiwang.apps.journal.public import looks_at
from yiwang.apps.notices.public import box, mark_read
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.kernel.actor import Actor, ActorKind

_LOOKS = 500


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


@access(person=True)
@require_safe
def notices(request: RequestWithActor) -> HttpResponseBase:
    """The letters box."""
    letters = box(own_ids(request.actor), limit=100)
    own = {row.id for row in applications_of(request.actor, limit=200)}
    page = {
        "here": "notices",
        "letters": [(letter, letter.about in own) for letter in letters],
        "unread": sum(not letter.read for letter in letters),
    }
    return render(request, "desks/portal/notices.html", page)


@access(person=True)
@require_POST
def read_notice(request: RequestWithActor, notice: int) -> HttpResponseBase:
    """A letter has been read, whoever of the person and their firms it was for."""
    mark_read(request.actor, notice)
    return redirect("portal:notices")


@dataclass(frozen=True)
class Looks:
    """Looks of one actor at one subject's data, on one day, for one purpose."""

    day: dt.date
    last: dt.datetime
    count: int
    who: str
    whose: str
    purpose: str
    basis: str


@access(person=True)
@require_safe
def looks(request: RequestWithActor) -> HttpResponseBase:
    """Who looked at my data, for what, by what right: others first, then one's own errands."""
    names = {request.actor.id: "本人"} | {firm.public_id: firm.name for firm in firms_of(request.actor)}
    found = [look for one in names for look in looks_at(one, limit=_LOOKS)]
    others = [look for look in found if look["actor"] != request.actor.id]
    own = [look for look in found if look["actor"] == request.actor.id]
    page = {"here": "looks", "others": _by_day(others, names), "own": _by_day(own, names)}
    return render(request, "desks/portal/looks.html", page)


def _by_day(found: list[dict[str, Any]], names: dict[str, str]) -> list[Looks]:
    """Equal looks of one day told once with their number, newest first."""
    groups: dict[tuple[object, ...], Looks] = {}
    for look in sorted(found, key=lambda look: look["at"], reverse=True):
        day = timezone.localdate(look["at"])
        key = (day, look["actor"], look["subject"], look["purpose"], look["basis"])
        if known := groups.get(key):
            groups[key] = replace(known, count=known.count + 1)
        else:
            whose = names[look["subject"]]
            groups[key] = Looks(day, look["at"], 1, look["actor_name"], whose, look["purpose"], look["basis"])
    return list(groups.values())
