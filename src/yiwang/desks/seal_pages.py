# SPDX-License-Identifier: Apache-2.0
"""The page of one seal, for the office and the console: everything on one screen, its moves beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from yiwang.apps.materials import public as materials
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.public import SealView
from yiwang.desks.access import RequestWithActor
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Conflict, Kind, NotFound, YiwangError

from .seal_moves import Kind as MoveKind
from .seal_moves import Offer, offers

_INLINE = ("pdf", "jpg", "png")
_STALE = "可能已由别人办理。下面已经是最新的页面，请看清以后再办。"


@dataclass(frozen=True)
class Desk:
    """Which desk shows the page: names of its routes, its template, its moves."""

    prefix: str
    template: str
    moves: Mapping[str, MoveKind]


def show(
    request: RequestWithActor,
    desk: Desk,
    seal: SealView,
    offered: list[Offer] | None = None,
    *,
    error: YiwangError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page."""
    actor, found = request.actor, seal.public_id
    context: dict[str, Any] = {
        "seal": seal,
        "papers": seals.papers_of(actor, found),
        "steps": seals.steps_of(actor, found),
        "uses": seals.uses_of_unit(actor, seal=found)[:20],
        "log": seals.use_log(actor, found, limit=50),
        "offers": offers(desk.moves, actor, seal) if offered is None else offered,
        "error": error,
        "old_passphrase": seal.custodian == actor.id and seals.passphrase_is_old(seal),
        "may_ask_use": actor.has(
            Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, org=seal.org, place=seal.place
        ),
        "desk": desk.prefix,
    }
    return render(request, desk.template, context, status=status)


def act(request: RequestWithActor, desk: Desk, public_id: str, action: str) -> HttpResponseBase:
    """Make one move; what went wrong is shown on the fresh page, with everything that was typed."""
    seal = seals.seal(request.actor, public_id)
    offered = offers(desk.moves, request.actor, seal, posted=action, data=request.POST, files=request.FILES)
    offer = next((one for one in offered if one.id == action), None)
    if offer is None:
        term = desk.moves[action].term if action in desk.moves else "这样办"
        stale = Conflict(f"印章现在是“{seal.standing}”，不能{term}。", mend=_STALE)
        return show(request, desk, seal, offered, error=stale, status=409)
    if not offer.form.is_valid():
        return show(request, desk, seal, offered, status=400)
    try:
        offer.kind.act(request.actor, public_id, offer.form.cleaned_data)
    except YiwangError as error:
        return _refused(request, desk, public_id, offer, error)
    messages.success(request, offer.kind.done)
    return redirect(f"{desk.prefix}-seal", public_id)


def _refused(
    request: RequestWithActor, desk: Desk, public_id: str, offer: Offer, error: YiwangError
) -> HttpResponseBase:
    """The command said no: a fresh page; the words beside the field when the move is still offered."""
    if error.kind is Kind.MISSING:
        raise error
    seal = seals.seal(request.actor, public_id)
    offered = offers(desk.moves, request.actor, seal, posted=offer.id, data=request.POST, files=request.FILES)
    again = next((one for one in offered if one.id == offer.id), None)
    if again is None:
        return show(request, desk, seal, offered, error=error, status=STATUS[error.kind])
    again.form.is_valid()
    field = (offer.kind.fields or {}).get(error.field or "", error.field)
    again.form.add_error(field if field in again.form.fields else None, str(error))
    return show(request, desk, seal, offered, status=STATUS[error.kind])


def picture(request: RequestWithActor, public_id: str) -> HttpResponse:
    """What the seal looks like."""
    answer = HttpResponse(seals.picture_of(request.actor, public_id), content_type="image/png")
    answer["Cache-Control"] = "private, no-store"
    return answer


def paper(request: RequestWithActor, public_id: str, file: str) -> HttpResponse:
    """A paper of the application. Raises NotFound for one that did not come with this seal."""
    if file not in {one.file for one in seals.papers_of(request.actor, public_id)}:
        raise NotFound("没有这份材料。", mend="请从印章页面打开。")
    found = materials.describe([file])[0]
    name, content = materials.content_of(file)
    answer = HttpResponse(content, content_type=found.media_type)
    shown = content_disposition_header(found.kind not in _INLINE, name)
    answer["Content-Disposition"] = shown or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
