# SPDX-License-Identifier: Apache-2.0
"""After an item has an outcome: let those go on that waited for it, deliver and close the whole."""

from __future__ import annotations

from yiwang.engines.definitions.kinds.items import Delivery as Delivered
from yiwang.engines.process.kinds import Need
from yiwang.kernel.actor import system

from ..models import Application, Delivery, ItemCase, Stage
from ._archive import write_package
from ._context import Context
from ._moving import move

SYSTEM = system("联办")
ELECTRONIC = Delivered.ELECTRONIC.value
SETTLED = frozenset({"result_made", "delivered", "archived", "not_accepted", "terminated", "withdrawn"})


def as_system(context: Context) -> Context:
    """The same locked case, with the system as the actor."""
    return Context(SYSTEM, context.application, context.release, context.now)


def settle(context: Context, done: ItemCase) -> None:
    """An item has its outcome: tell the items that wait for it, then see to the whole.

    An item whose input will never come is ended with the reason; what waits for that one ends too.
    """
    _tell_waiting(as_system(context), done)
    if context.application.delivery == ELECTRONIC and awaiting_delivery(context.application):
        hand_over_results(as_system(context), "电子送达：已存入申请人的办件")
    close_if_done(as_system(context))


def _tell_waiting(own: Context, done: ItemCase) -> None:
    has_result = done.state == "result_made" and done.decision.granted
    for waiting in own.application.items.filter(state="waiting_earlier"):
        if done.item not in waiting.waits_for:
            continue
        if not has_result:
            name = own.definition(done).name
            move(own, waiting, "earlier_failed", words=f"“{name}”没有办成", given={Need.REASON})
            _tell_waiting(own, waiting)
            continue
        waiting.waits_for = [item for item in waiting.waits_for if item != done.item]
        waiting.save(update_fields=["waits_for"])
        if not waiting.waits_for:
            move(own, waiting, "earlier_ready")


def awaiting_delivery(application: Application) -> list[ItemCase]:
    """The items whose results can be handed out, once every item has its outcome (统一出件).

    Empty while some item is still being handled.
    """
    items = list(application.items.order_by("id"))
    if any(case.state not in SETTLED for case in items):
        return []
    return [case for case in items if case.state == "result_made"]


def hand_over_results(context: Context, receipt: str) -> None:
    """Deliver every result that is ready, together, and archive the items."""
    for case in awaiting_delivery(context.application):
        move(context, case, "deliver", words=receipt, given={Need.RECEIPT})
        move(as_system(context), case, "archive")
    Delivery.objects.create(
        application=context.application,
        method=context.application.delivery,
        tracking=receipt[:60],
        at=context.now,
        by=context.actor.id,
    )
    context.tell_applicant("全部结果已送达", "全部事项已经有了结果，都在“我的办件”里。")


def close_if_done(context: Context) -> None:
    """Close the application once no item is open, and write its archive package (归档)."""
    application = context.application
    if application.stage != Stage.HANDLING or application.items.filter(open=True).exists():
        return
    withdrawn = not application.items.exclude(state="withdrawn").exists()
    application.stage = (Stage.WITHDRAWN if withdrawn else Stage.FINISHED).value
    application.finished_at = context.now
    application.save(update_fields=["stage", "finished_at"])
    context.note("application.closed", detail={"stage": str(application.stage)})
    write_package(context)
