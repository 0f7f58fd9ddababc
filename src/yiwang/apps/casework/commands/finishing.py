# SPDX-License-Identifier: Apache-2.0
"""Finishing: withdraw, and hand all results over together."""

from __future__ import annotations

from django.db import transaction

from yiwang.engines.process.kinds import Need
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from ..domain.roles import parts_of
from ._context import lock_application
from ._moving import move
from ._settling import (
    SETTLED,
    awaiting_delivery,
    close_if_done,
    hand_over_results,
    made_so_far,
    settle,
)

_UNACCEPTED = {"waiting_earlier", "submitted", "correction_asked", "supplied", "handed_over"}


@transaction.atomic
def withdraw(actor: Actor, application_id: str, *, reason: str) -> int:
    """The applicant takes back every item that is not decided yet. Returns how many.

    Raises Invalid without a reason, NotAllowed for others, Conflict when nothing is left.
    """
    context = lock_application(actor, application_id)
    if Part.APPLICANT not in parts_of(actor, context.scope()):
        raise NotAllowed("只有申请人可以撤回申请。", mend="请由申请人登录后撤回。")
    if not reason.strip():
        raise Invalid("请写明撤回的原因。", mend="一句话即可，例如“暂时不开店了”。", field="reason")
    undecided = list(context.application.items.filter(open=True).exclude(state__in=SETTLED))
    if not undecided:
        raise Conflict("已经没有可以撤回的事项。", mend="已作出的决定不能撤回；可以另行申请注销或变更。")
    for case in undecided:
        transition = "withdraw_unaccepted" if case.state in _UNACCEPTED else "withdraw"
        move(context, case, transition, words=reason, given={Need.REASON})
    context.tell_applicant("已撤回申请", f"已撤回 {len(undecided)} 个事项。您可以随时重新申请。")
    settle(context, undecided[0])
    return len(undecided)


@transaction.atomic
def deliver(actor: Actor, application_id: str, *, receipt: str, early: bool = False) -> None:
    """统一出件: hand all results over together, at the counter or by courier.

    Args:
        receipt: proof of delivery: who took them at the counter, or the courier's tracking number.
        early: hand over what lies ready while other items are still being handled, because the
            applicant asks for it or the ten days of delivery run out (行政许可法第四十四条).

    Raises:
        Conflict: some item is still being handled, or there is nothing to hand over.
        Invalid: no receipt. NotAllowed: not an officer who receives here.
    """
    context = lock_application(actor, application_id)
    if Part.RECEIVER not in parts_of(actor, context.scope()):
        raise NotAllowed("只有出证窗口的工作人员可以登记送达。", mend="请转出证窗口办理。")
    if not receipt.strip():
        raise Invalid("请填写送达凭证。", mend="窗口领取写领取人，邮寄写运单号。", field="receipt")
    ready = made_so_far(context.application) if early else awaiting_delivery(context.application)
    if not ready:
        raise Conflict(
            "现在没有可以送达的结果。" if early else "现在还不能统一出件。",
            mend="要等事项有了结果；已经送达的不用再送。",
        )
    hand_over_results(context, ready, receipt)
    close_if_done(context)
