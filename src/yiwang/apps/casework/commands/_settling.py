# SPDX-License-Identifier: Apache-2.0
"""After an item has an outcome: let those go on that waited for it, deliver and close the whole."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.apps.lookups.public import forget
from yiwang.engines.definitions.kinds.items import Delivery as Delivered
from yiwang.engines.process.kinds import Need
from yiwang.kernel.actor import system

from ..models import Application, Delivery, ItemCase, Stage
from ._context import Context
from ._moving import move

SYSTEM = system("联办")
ELECTRONIC = Delivered.ELECTRONIC.value
BY_WIRE = "电子送达：已存入申请人的办件"
SETTLED = frozenset({"result_made", "delivered", "archived", "not_accepted", "terminated", "withdrawn"})


def as_system(context: Context) -> Context:
    """The same locked case, with the system as the actor."""
    return Context(SYSTEM, context.application, context.release, context.now)


def settle(context: Context, done: ItemCase) -> None:
    """An item has its outcome: tell the items that wait for it, then see to the whole.

    An item whose input will never come is ended with the reason; what waits for that one ends too.
    """
    own = as_system(context)
    _tell_waiting(own, done)
    if own.application.delivery == ELECTRONIC and (ready := awaiting_delivery(own.application)):
        hand_over_results(own, ready, BY_WIRE)
    close_if_done(own)


def _tell_waiting(own: Context, done: ItemCase) -> None:
    has_result = done.state == "result_made" and done.decision.granted
    for waiting in own.application.items.filter(state="waiting_earlier"):
        if done.item not in waiting.waits_for:
            continue
        if not has_result:
            _end(own, waiting, done)
            continue
        waiting.waits_for = [item for item in waiting.waits_for if item != done.item]
        waiting.save(update_fields=["waits_for"])
        if not waiting.waits_for:
            move(own, waiting, "earlier_ready")


def _end(own: Context, waiting: ItemCase, failed: ItemCase) -> None:
    """End an item whose input will never come, tell the applicant, and end what waits for it in turn."""
    if not ItemCase.objects.filter(pk=waiting.pk, state="waiting_earlier").exists():
        return  # ended already, on the way through another one
    why = f"“{own.definition(failed).name}”没有办成"
    move(own, waiting, "earlier_failed", words=why, given={Need.REASON})
    name = own.definition(waiting).name
    own.tell_applicant(f"“{name}”办不下去了", f"原因：{why}，它要用前者的结果。问题解决后可以重新申请。")
    _tell_waiting(own, waiting)


def awaiting_delivery(application: Application) -> list[ItemCase]:
    """The items whose results can be handed out, once every item has its outcome (统一出件).

    Empty while some item is still being handled.
    """
    items = list(application.items.order_by("id"))
    if any(case.state not in SETTLED for case in items):
        return []
    return [case for case in items if case.state == "result_made"]


def made_so_far(application: Application) -> list[ItemCase]:
    """The items whose results lie ready, whether or not others are still being handled."""
    return list(application.items.filter(state="result_made").order_by("id"))


def hand_over_results(context: Context, ready: Sequence[ItemCase], receipt: str) -> None:
    """Deliver these results together and archive their items."""
    application = context.application
    for case in ready:
        move(context, case, "deliver", words=receipt, given={Need.RECEIPT})
        move(as_system(context), case, "archive")
    Delivery.objects.create(
        application=application,
        method=application.delivery,
        items=[case.item for case in ready],
        tracking=receipt[:200],
        at=context.now,
        by=context.actor.id,
    )
    left = application.items.filter(open=True).count()
    if left:
        names = "、".join(f"“{context.definition(case).name}”" for case in ready)
        context.tell_applicant("部分结果已先送达", f"{names}的结果已先送达；其余 {left} 个事项还在办。")
    else:
        context.tell_applicant("全部结果已送达", "全部事项已经有了结果，都在“我的办件”里。")


def close_if_done(context: Context) -> None:
    """Close the application once no item is open; the worker writes its archive package (归档) then,
    so that a damaged file never keeps a result from its applicant."""
    application = context.application
    if application.stage != Stage.HANDLING or application.items.filter(open=True).exists():
        return
    withdrawn = not application.items.exclude(state="withdrawn").exists()
    application.stage = (Stage.WITHDRAWN if withdrawn else Stage.FINISHED).value
    application.finished_at = context.now
    application.archive_due = True
    application.save(update_fields=["stage", "finished_at", "archive_due"])
    forget(application.public_id)
    context.note("application.closed", detail={"stage": str(application.stage)})
