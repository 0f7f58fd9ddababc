# SPDX-License-Identifier: Apache-2.0
"""Requests at the counter: a clerk finds what the firm before them asked, and hands the reply over."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict

from .commands._requests import last_turn, locked, note
from .domain.requests import State
from .models import FirmRequest
from .parts import NoSuchRequest, is_clerk, stands_before
from .queries import RequestRow, RequestView, note_look, rows_of, view_of


def requests_of_visitor(actor: Actor, firm: str, *, agent: str) -> list[RequestRow]:
    """What the firm has asked, newest first, for the clerk before whom it stands; empty when whoever stands
    there may not speak of it."""
    if not stands_before(actor, agent, firm):
        return []
    return rows_of(FirmRequest.objects.filter(firm=firm).order_by("-id")[:50])


def taken_down(actor: Actor) -> list[RequestRow]:
    """What this clerk took down and is not closed yet, newest first: how each stands, without texts."""
    if not is_clerk(actor):
        return []
    rows = FirmRequest.objects.filter(clerk=actor.id).exclude(state=State.CLOSED.value)
    return rows_of(rows.order_by("-id")[:50])


@transaction.atomic
def request_of_visitor(actor: Actor, request: str, *, agent: str) -> RequestView:
    """One request with its replies, for the clerk before whom the firm stands; the look is logged.

    Raises NoSuchRequest, also when whoever stands there may not speak for that firm.
    """
    row = FirmRequest.objects.filter(public_id=request).first()
    if row is None or not stands_before(actor, agent, row.firm):
        raise NoSuchRequest
    note_look(actor, row)
    return view_of(actor, row, may_rate=row.state == State.REPLIED.value)


@transaction.atomic
def hand_over(actor: Actor, request: str, *, agent: str) -> None:
    """Note that the reply was given to the firm on paper; the first time counts.

    Raises NoSuchRequest. Conflict: there is no reply yet.
    """
    row = locked(request)
    if not stands_before(actor, agent, row.firm):
        raise NoSuchRequest
    turn = last_turn(row)
    if row.state not in (State.REPLIED.value, State.CLOSED.value) or not turn.reply:
        raise Conflict("还没有答复，没有可以交的。", mend="请告诉企业什么时候到期，到时候会通知他。")
    if turn.handed_at is not None:
        return
    turn.handed_at, turn.handed_by = timezone.now(), actor.id
    turn.save(update_fields=["handed_at", "handed_by"])
    note(actor, "handed_over", row, agent=agent, round=turn.number)
