# SPDX-License-Identifier: Apache-2.0
"""The unit's seals (电子印章): the list, one seal with its moves, its picture and papers."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from yiwang.apps.notices.public import box
from yiwang.apps.seals import public as seals
from yiwang.desks import seal_pages
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.seal_moves import OFFICE
from yiwang.desks.seal_pages import Desk
from yiwang.kernel.actor import Role

OF_UNIT = (Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
DESK = Desk("office", "desks/office/seal.html", OFFICE)
_LETTERS = 5


@access(roles=OF_UNIT)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The seals of my unit, what waits for somebody, letters about them."""
    found = seals.seals_of_unit(request.actor)
    names = {one.public_id for one in found}
    context = {
        "seals": [one for one in found if not one.state.is_final],
        "ended": [one for one in found if one.state.is_final],
        "waiting": [one for one in seals.uses_of_unit(request.actor) if one.state.value == "requested"],
        "letters": [one for one in box([request.actor.id]) if one.about in names][:_LETTERS],
        "mine": {one.public_id for one in found if one.custodian == request.actor.id},
    }
    return render(request, "desks/office/seals.html", context)


@access(roles=OF_UNIT)
@require_GET
def one(request: RequestWithActor, seal: str) -> HttpResponseBase:
    """One seal of my unit."""
    return seal_pages.show(request, DESK, seals.seal(request.actor, seal))


@access(roles=OF_UNIT)
@require_POST
def act(request: RequestWithActor, seal: str, action: str) -> HttpResponseBase:
    """One move: make the key, change the passphrase, renew, report a loss, take back."""
    return seal_pages.act(request, DESK, seal, action)


@access(roles=OF_UNIT)
@require_GET
def picture(request: RequestWithActor, seal: str) -> HttpResponseBase:
    """What it looks like."""
    return seal_pages.picture(request, seal)


@access(roles=OF_UNIT)
@require_GET
def paper(request: RequestWithActor, seal: str, paper: str) -> HttpResponseBase:
    """A paper of its application."""
    return seal_pages.paper(request, seal, paper)
