# SPDX-License-Identifier: Apache-2.0
"""A claim and its money: barred for now, free again, ordered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.notices.public import notify
from yiwang.engines.benefits import Policy

from ..bars import BUDGET, CREDIT, bar_on, bar_words, free, hold, policy_now
from ..domain.sheets import PayoutState
from ..domain.states import State, move
from ..models import Claim, Payout
from .noting import note
from .ordering import CASHIER, order_claim
from .payouts import note as note_payout

_OPEN = (State.NOTICED.value, State.CONFIRMED.value, State.SHOWN.value)


def order(row: Claim, fen: int) -> None:
    """Order the money of a claim that the caller has locked: what its budget gives, or all of it."""
    name = "order" if State(row.state) is State.CONFIRMED else "order_shown"
    row.state = move(State(row.state), name).value
    row.attempt, row.changed_at, row.hindered, row.hindrance = row.attempt + 1, timezone.now(), "", None
    row.save(update_fields=["state", "attempt", "changed_at", "hindered", "hindrance"])
    payment = order_claim(row, fen)
    note(CASHIER, "ordered", row, key=payment.key, paid=fen)


def barred(row: Claim, policy: Policy | None, on: dt.date) -> bool:
    """Whether a credit record keeps a claim waiting; whom it is for is told once."""
    told = bar_on(policy, row.subject, on)
    if told is None:
        return False
    if hold(row, CREDIT, told):
        note(CASHIER, "barred", row, record=told["record"])
        notify(row.subject, "一笔补贴暂缓拨付", bar_words(told), about=row.public_id)
    return True


def has_budget(policy: Policy | None) -> bool:
    """Whether there is only so much money in a year."""
    return policy is not None and policy.money is not None and policy.money.budget is not None


def queue_for_budget(row: Claim) -> None:
    """Put a claim among those who are served from the budget."""
    hold(row, BUDGET, None)


def look_at_bars(on: dt.date, *, most: int = 500) -> int:
    """Let those go on whose records bar them no longer: repaired, expired, corrected; how many.

    Several workers may run it at once.
    """
    freed = 0
    claims = Claim.objects.filter(hindered=CREDIT, state__in=_OPEN)
    payouts = Payout.objects.filter(hindered=CREDIT, state=PayoutState.READY.value)
    for rows in (claims, payouts):
        for pk in list(rows.order_by("id").values_list("pk", flat=True)[:most]):
            with transaction.atomic():
                row: Any = rows.select_for_update().filter(pk=pk).first()
                freed += row is not None and _free(row, on)
    return freed


def _free(row: Claim | Payout, on: dt.date) -> bool:
    subject = row.subject if isinstance(row, Claim) else row.payee.subject
    if bar_on(policy_now(row.policy), subject, on) is not None:
        return False
    free(row)
    waits = isinstance(row, Claim) and row.state == State.NOTICED.value
    said = "请登录确认并填写收款账户。" if waits else "拨付自动继续，不用重新申请。"
    notify(subject, "信用限制已经解除，补贴继续办理", said, about=row.public_id)
    if isinstance(row, Claim):
        note(CASHIER, "unbarred", row)
    else:
        note_payout("unbarred", row)
    return True
