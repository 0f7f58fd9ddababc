# SPDX-License-Identifier: Apache-2.0
"""From confirmed to paid: publicity where the policy wants it, the order to the treasury, its receipt, and
the comparison of what it says was paid with what we ordered.

An order leaves through the outbox with a key of its own; the treasury drops a key it has seen, so an order
that is sent twice pays once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release
from yiwang.apps.journal.public import Outside
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions import whole
from yiwang.kernel.errors import NotFound
from yiwang.kernel.money import format_fen
from yiwang.kernel.workdays import Limit

from ..bars import policy_now
from ..domain.settings import SHOW_DAYS
from ..domain.states import State, move
from ..models import Claim, Objection, Payment, Statement
from .claim_money import barred, has_budget, order, queue_for_budget
from .noting import note
from .ordering import CASHIER, Order, Receipt, Treasury, account_of
from .payouts import advance_payouts, make_payouts, settle_payout
from .serving import serve_budgets


def advance(day: dt.date | None = None, *, most: int = 200) -> int:
    """Move on what can move by itself: confirmed claims into publicity or to the treasury, shown ones whose
    time is over to the treasury; how many. Any number of workers may run it."""
    on, moved = day or timezone.localdate(), 0
    ready = (
        Claim.objects.filter(state__in=[State.CONFIRMED.value, State.SHOWN.value], hindered="")
        .exclude(shown_until__gte=on)
        .exclude(objections__in=Objection.objects.filter(answered_at=None))
    )
    for pk in list(ready.order_by("id").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            row = Claim.objects.select_for_update().filter(pk=pk).first()
            moved += row is not None and ready.filter(pk=pk).exists() and _advance(row, on)
    make_payouts()
    moved += advance_payouts(on, most=most)
    return moved + serve_budgets(on)


def _advance(row: Claim, on: dt.date) -> bool:
    state = State(row.state)
    policy: Any = release(row.release).catalogue.others["policies"][row.policy]
    if state is State.CONFIRMED and policy.automatic.publicity:
        opened = current()
        limit = Limit(Decimal(whole(opened.catalogue, SHOW_DAYS)))
        row.state, row.shown_until = move(state, "show").value, opened.calendar.due(on, limit).date
        row.changed_at = timezone.now()
        row.save(update_fields=["state", "shown_until", "changed_at"])
        note(CASHIER, "shown", row, until=row.shown_until.isoformat())
        return True
    now = policy_now(row.policy) or policy
    if barred(row, now, on):
        return False
    if has_budget(now):
        queue_for_budget(row)
        return False
    order(row, row.fen)
    return True


def pay_through(treasury: Treasury) -> Outside:
    """The outbox handler that gives orders to the treasury."""

    def handle(key: str, payload: Mapping[str, Any]) -> None:
        payment = Payment.objects.select_related("claim", "payee").filter(key=payload["payment"]).first()
        if payment is None or payment.paid_at is not None or payment.refused:
            return
        account = account_of(payment)
        told = Order(key, payment.fen, account["holder"], account["bank"], account["number"], payment.policy)
        settle(key, treasury.pay(told))

    return Outside(handle)


@transaction.atomic
def settle(key: str, receipt: Receipt) -> None:
    """Write down what the treasury answered; a second answer to the same order changes nothing.

    Raises NotFound: we never ordered that.
    """
    found = Payment.objects.filter(key=key).first()
    if found is None:
        raise NotFound("没有这笔拨付。", mend="请核对拨付编号。")
    if found.claim_id is None:
        settle_payout(found, receipt)
        return
    row = Claim.objects.select_for_update().get(pk=found.claim_id)
    payment = Payment.objects.get(pk=found.pk)
    if payment.paid_at is not None or payment.refused:
        return
    row.changed_at = timezone.now()
    if receipt.refused:
        payment.refused, row.account = receipt.refused[:200], None
        row.state = move(State(row.state), "refused").value
        said = ("一笔补贴被退回，请重新填写账户", f"财政退回的原因：{payment.refused}。请登录重新确认账户。")
    else:
        payment.paid_at, payment.receipt, row.receipt = row.changed_at, receipt.number, receipt.number
        row.state = move(State(row.state), "paid").value
        money = f"{format_fen(payment.fen)}，财政回执号：{receipt.number}。"
        said = ("一笔补贴已经拨付", f"{money}到账时间以银行为准。")
    payment.save()
    row.save()
    note(CASHIER, "refused" if receipt.refused else "paid", row, key=key, receipt=receipt.number)
    notify(row.subject, *said, about=row.public_id)


def reconcile(treasury: Treasury, day: dt.date) -> list[str]:
    """Compare a day's statement with our orders; what does not agree, in words, kept with the order.

    An order that was paid and whose answer was lost is settled here. Raises Unavailable.
    """
    problems = []
    for key, fen, receipt in treasury.statement(day):
        payment = Payment.objects.filter(key=key).first()
        if payment is None:
            problems.append(f"{key}：财政付了{fen}分，本系统没有这笔拨付")
            continue
        said = ""
        if payment.fen != fen:
            said = f"财政付了{fen}分，应付{payment.fen}分"
        elif payment.refused:
            said = "财政先退回、又付了款"
        elif payment.paid_at is None:
            settle(key, Receipt(receipt))
        elif payment.receipt != receipt:
            said = f"回执号不一致：{receipt}"
        if said:
            Payment.objects.filter(pk=payment.pk).update(mismatch=said)
            problems.append(f"{key}：{said}")
    return problems


def reconcile_yesterday(treasury: Treasury) -> list[str]:
    """Read yesterday's statement if nobody has yet; what did not agree. Raises Unavailable."""
    day = timezone.localdate() - dt.timedelta(days=1)
    if Statement.objects.filter(day=day).exists():
        return []
    problems = reconcile(treasury, day)
    Statement.objects.get_or_create(day=day, defaults={"read_at": timezone.now(), "problems": problems})
    return problems
