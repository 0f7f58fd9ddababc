# SPDX-License-Identifier: Apache-2.0
"""An order to the treasury: it leaves through the outbox with a key of its own, and is paid once for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Sum
from django.utils import timezone

from yiwang.apps.journal.public import send
from yiwang.kernel.actor import system

from ..models import Claim, Payee, Payment, Payout

TOPIC = "benefit.payment"
CASHIER = system("惠企惠民拨付")


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


def order_claim(claim: Claim, fen: int) -> Payment:
    """Order the money of a claim, in the caller's transaction."""
    return _order(
        Payment(key=f"{claim.public_id}-{claim.attempt}", policy=claim.policy, claim=claim, fen=fen)
    )


def order_payout(payout: Payout, to: Payee, fen: int) -> Payment:
    """Order one leg of a settlement's money, in the caller's transaction."""
    key = f"{payout.public_id}-{payout.leg}-{payout.attempt}"
    return _order(Payment(key=key, policy=payout.policy, payout=payout, payee=to, fen=fen))


def _order(payment: Payment) -> Payment:
    payment.ordered_at = timezone.now()
    payment.save(force_insert=True)
    send(TOPIC, payment.key, {"payment": payment.key})
    return payment


def account_of(payment: Payment) -> dict[str, str]:
    """Where an order's money goes."""
    row = payment.claim or payment.payee
    assert row is not None  # one of the two by the table's rule
    assert row.account is not None  # an order is only made with one
    found: dict[str, str] = row.account
    return found


def spent(policy: str, year: int) -> int:
    """What was ordered of a policy's money of one year, and was not refused."""
    claims = Payment.objects.filter(policy=policy, payout=None, refused="", ordered_at__year=year)
    payouts = Payout.objects.filter(policy=policy, served_year=year)
    of_claims: int = claims.aggregate(fen=Sum("fen"))["fen"] or 0
    of_payouts: int = payouts.aggregate(fen=Sum("fen"))["fen"] or 0
    return of_claims + of_payouts
