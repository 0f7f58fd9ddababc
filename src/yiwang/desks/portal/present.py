# SPDX-License-Identifier: Apache-2.0
"""A holder's licences: call one up, show it by a changing code (亮证)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_of
from yiwang.apps.licences.public import LicenceView
from yiwang.apps.presentment import public as present
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.definitions.kinds import Material
from yiwang.engines.definitions.kinds.purposes import Way
from yiwang.engines.definitions.spoken import spoken
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Conflict, Invalid

from .qr import qr_svg

_AHEAD = dt.timedelta(seconds=8)
"""A code that counts no longer than this is replaced before somebody points a camera at it."""
_STOP_ASKING = 286  # htmx: swap, and ask no more


@dataclass(frozen=True)
class Held:
    """A licence in the holder's list."""

    id: str
    name: str
    whose: str
    until: dt.date | None
    standing: str
    usable: bool


def name_of(material: str) -> str:
    """The name of a kind of licence."""
    found = current().catalogue.materials.get(material)
    return found.name if found else material


def held(actor: Actor) -> list[Held]:
    """The licences of the actor and of the firms they act for: usable ones first."""
    names = {actor.id: "本人"} | {firm.public_id: firm.name for firm in firms_of(actor, Matter.APPLICATIONS)}
    kinds = current().catalogue.materials
    found = [_held(one, kinds, names) for one in present.own_licences(actor)]
    return sorted(found, key=lambda one: not one.usable)


def _held(one: LicenceView, kinds: Mapping[str, Material], names: Mapping[str, str]) -> Held:
    standing, usable = present.standing_of(one)
    kind = kinds[one.material].name if one.material in kinds else one.material
    return Held(one.public_id, kind, names[one.holder], one.valid_until, standing, usable)


def lines_of(seen: present.Seen) -> list[tuple[str, str]]:
    """What is seen of a licence, in words: (label, value)."""
    catalogue = current().catalogue
    return [
        (line.label, spoken(catalogue, catalogue.elements[line.element], line.value) or "（空）")
        if line.element in catalogue.elements
        else (line.label, str(line.value))
        for line in seen.lines
    ]


@access(person=True)
@require_safe
def presenting(request: RequestWithActor) -> HttpResponseBase:
    """The licences one may show or let a clerk use, and what was allowed so far."""
    now = timezone.now()
    given = present.authorisations_of(request.actor, limit=30)
    page = {
        "here": "presenting",
        "held": held(request.actor),
        "given": [(one, one.state_term(now), one.is_open(now)) for one in given],
    }
    return render(request, "desks/portal/presenting.html", page)


@access(person=True)
@require_http_methods(["GET", "POST"])
def show(request: RequestWithActor, licence: str) -> HttpResponseBase:
    """Choose for what a licence is shown; then show it."""
    found = present.own_licence(request.actor, licence)
    purposes = present.purposes_of(found, Way.SHOW)
    chosen = request.POST.get("purpose", purposes[0].id if len(purposes) == 1 else "")
    wrong = ""
    if request.method == "POST":
        try:
            return redirect("portal:showing", present.begin_showing(request.actor, licence, chosen))
        except Invalid as error:
            wrong = str(error)
    standing, usable = present.standing_of(found)
    page = {
        "here": "presenting",
        "licence": licence,
        "name": name_of(found.material),
        "standing": standing,
        "usable": usable,
        "purposes": purposes,
        "chosen": chosen,
        "wrong": wrong,
    }
    return render(request, "desks/portal/show.html", page, status=400 if wrong else 200)


@access(person=True)
@require_safe
@never_cache
def showing(request: RequestWithActor, showing: str) -> HttpResponseBase:
    """The code itself: a fresh one at each opening, until it was scanned or the time is over."""
    return render(request, "desks/portal/showing.html", {"here": "presenting", **_code(request, showing)})


@access(person=True)
@require_safe
@never_cache
def showing_code(request: RequestWithActor, showing: str) -> HttpResponseBase:
    """The part of the page that changes: nothing while the code on the screen still counts."""
    seen = present.showing(request.actor, showing)
    counts = seen.code_until is not None and timezone.now() + _AHEAD < seen.code_until
    if seen.used_at is None and counts:
        return HttpResponse(status=204)
    part = _code(request, showing)
    return render(request, "desks/portal/_code.html", part, status=200 if part["picture"] else _STOP_ASKING)


def _code(request: RequestWithActor, showing: str) -> dict[str, Any]:
    """A fresh code in a picture, or why there is none any more."""
    seen = present.showing(request.actor, showing)
    part: dict[str, Any] = {
        "showing": seen,
        "name": name_of(present.own_licence(request.actor, seen.licence).material),
        "picture": "",
        "over": "",
    }
    try:
        fresh = present.fresh_code(request.actor, showing)
    except Conflict as error:
        return part | {"over": error.message}
    address = request.build_absolute_uri(reverse("portal:scanned", args=[fresh.token]))
    return part | {"picture": qr_svg(address), "until": timezone.localtime(fresh.expires_at), "over": ""}


@access(person=True)
@require_POST
def end_showing(request: RequestWithActor, showing: str) -> HttpResponseBase:
    """Stop to show."""
    present.end_showing(request.actor, showing)
    return redirect("portal:presenting")
