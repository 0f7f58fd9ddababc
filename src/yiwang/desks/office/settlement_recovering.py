# SPDX-License-Identifier: Apache-2.0
"""按期结算: money that a maker was paid is taken back: proposed, decided by another officer, paid back."""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from yiwang.apps.benefits import public as benefits
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import Refused, done
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.money import parse_yuan

from .benefits import DEPARTMENT
from .settlement_registers import registers_page


def _fen(text: str) -> int:
    """An amount as typed; what is none is below nothing, so that the room refuses it in its own order."""
    try:
        return parse_yuan(text)
    except YiwangError:
        return -1


def _again(request: RequestWithActor, about: str, words: str) -> Callable[[YiwangError], HttpResponseBase]:
    """The page once more, with what was typed and what is wrong with it."""
    return lambda error: registers_page(request, refused=Refused(about, words, error))


@access(roles=DEPARTMENT)
@require_POST
def recover(request: RequestWithActor, payee: str) -> HttpResponseBase:
    """Propose to take money back."""
    given = {name: request.POST.get(name, "") for name in ("ground", "why", "enrolment")}
    fen = _fen(request.POST.get("yuan", ""))
    return done(
        request,
        lambda: benefits.propose_recovery(request.actor, payee, fen=fen, **given),
        "已经提出，请另一位同事审核。",
        to=("office-settlement-registers",),
        again=_again(request, payee, given["why"]),
    )


@access(roles=DEPARTMENT)
@require_POST
def returned(request: RequestWithActor, recovery: str) -> HttpResponseBase:
    """Note what the payee has paid back by now."""
    typed = request.POST.get("yuan", "")
    return done(
        request,
        lambda: benefits.note_return(request.actor, recovery, fen=_fen(typed)),
        "已经登记退回的钱。",
        to=("office-settlement-registers",),
        again=_again(request, recovery, typed),
    )


@access(roles=DEPARTMENT)
@require_POST
def decide(request: RequestWithActor, recovery: str) -> HttpResponseBase:
    """Another officer decides."""
    approve = request.POST.get("approve") == "yes"
    return done(
        request,
        lambda: benefits.decide_recovery(request.actor, recovery, approve=approve),
        "已经决定，结果已通知。" if approve else "没有同意追回。",
        to=("office-settlement-registers",),
    )
