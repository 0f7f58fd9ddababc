# SPDX-License-Identifier: Apache-2.0
"""From confirmed to paid: publicity where the policy wants it, the order to the treasury, its receipt, and
the comparison of what it says was paid with what we ordered.

An order leaves through the outbox with a key of its own; the treasury drops a key it has seen, so an order
that is sent twice pays once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release
from yiwang.apps.journal.public import Outside, send
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import system
from yiwang.kernel.errors import NotFound
from yiwang.kernel.workdays import Limit

from ..domain.settings import SHOW_DAYS, number
from ..domain.states import State, move
from ..models import Claim, Objection, Payment, Statement
from .matching import note

TOPIC = "benefit.payment"
_CASHIER = system("惠企惠民拨付")


@dataclass(frozen=True)
class Order:
    """What the treasury is told: pay so many fen to this account, once for this key."""

    key: str
    fen: int
    holder: str
    bank: str
    number: str
    about: str


@dataclass(frozen=True)
class Receipt:
    """What the treasury answered: paid with its number, or refused with its reason."""

    number: str = ""
    refused: str = ""


class Treasury(Protocol):
    """The finance department's payment system (国库集中支付)."""

    def pay(self, order: Order) -> Receipt:
        """Pay, or say why not; the same key again gives the same answer. Raises Unavailable."""
        ...

    def statement(self, day: dt.date) -> Iterable[tuple[str, int, str]]:
        """What was paid on a day: key, fen, receipt number. Raises Unavailable."""
        ...


def advance(day: dt.date | None = None, *, most: int = 200) -> int:
    """Move on what can move by itself: confirmed claims into publicity or to the treasury, shown ones whose
    time is over to the treasury; how many. Any number of workers may run it."""
    on, moved = day or timezone.localdate(), 0
    ready = Claim.objects.filter(state__in=[State.CONFIRMED.value, State.SHOWN.value]).exclude(
        shown_until__gte=on
    )
    for pk in list(ready.order_by("id").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            row = ready.select_for_update().filter(pk=pk).first()
            moved += row is not None and _advance(row, on)
    return moved


def _advance(row: Claim, on: dt.date) -> bool:
    state = State(row.state)
    policy: Any = release(row.release).catalogue.others["policies"][row.policy]
    if state is State.CONFIRMED and policy.automatic.publicity:
        opened = current()
        limit = Limit(Decimal(number(opened.catalogue, SHOW_DAYS)))
        row.state, row.shown_until = move(state, "show").value, opened.calendar.due(on, limit).date
        row.changed_at = timezone.now()
        row.save(update_fields=["state", "shown_until", "changed_at"])
        note(_CASHIER, "shown", row, until=row.shown_until.isoformat())
        return True
    if Objection.objects.filter(claim=row, answered_at=None).exists():
        return False  # a claim somebody objects to waits for the answer
    _order(row, "order" if state is State.CONFIRMED else "order_shown")
    return True


def _order(row: Claim, name: str) -> None:
    now = timezone.now()
    row.state, row.attempt, row.changed_at = move(State(row.state), name).value, row.attempt + 1, now
    row.save(update_fields=["state", "attempt", "changed_at"])
    payment = Payment.objects.create(
        key=f"{row.public_id}-{row.attempt}", claim=row, fen=row.fen, ordered_at=now
    )
    note(_CASHIER, "ordered", row, key=payment.key)
    send(TOPIC, payment.key, {"payment": payment.key})


def pay_through(treasury: Treasury) -> Outside:
    """The outbox handler that gives orders to the treasury."""

    def handle(key: str, payload: Mapping[str, Any]) -> None:
        payment = Payment.objects.select_related("claim").filter(key=payload["payment"]).first()
        if payment is None or payment.paid_at is not None or payment.refused:
            return
        account = payment.claim.account
        assert account is not None  # an order is only made with one
        order = Order(
            key, payment.fen, account["holder"], account["bank"], account["number"], payment.claim.policy
        )
        settle(key, treasury.pay(order))

    return Outside(handle)


@transaction.atomic
def settle(key: str, receipt: Receipt) -> None:
    """Write down what the treasury answered; a second answer to the same order changes nothing.

    Raises NotFound: we never ordered that.
    """
    found = Payment.objects.filter(key=key).first()
    if found is None:
        raise NotFound("没有这笔拨付。", mend="请核对拨付编号。")
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
        said = ("一笔补贴已经拨付", f"财政回执号：{receipt.number}。到账时间以银行为准。")
    payment.save()
    row.save()
    note(_CASHIER, "refused" if receipt.refused else "paid", row, key=key, receipt=receipt.number)
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
