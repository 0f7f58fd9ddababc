# SPDX-License-Identifier: Apache-2.0
"""Serve from a year's budget: who is next, who waits, by the policy's own order.

A year's row is the lock: nobody is served beside somebody who comes first, and never more than there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.notices.public import notify
from yiwang.engines.benefits import Policy, facts_of
from yiwang.engines.benefits.budgets import Ask, Served, serve
from yiwang.engines.benefits.settlement_kinds import Budget
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.rules import evaluate, parse

from ..bars import BUDGET, bars_on, free, hold, policy_now
from ..domain.sheets import PayoutState
from ..domain.states import State
from ..models import BudgetYear, Claim, Objection, Payout
from .claim_money import barred as claim_barred
from .claim_money import order as order_claim
from .ordering import spent
from .payouts import barred as payout_barred
from .payouts import order as order_payout
from .payouts import treasury_missing

ORDERLY = (State.CONFIRMED.value, State.SHOWN.value)


def serve_budgets(on: dt.date) -> int:
    """Serve everybody who is waiting for money of a budget, as far as it reaches; how many were ordered."""
    waiting = {*_claims().values_list("policy", flat=True), *_payouts().values_list("policy", flat=True)}
    return sum(_serve(policy, on) for policy in sorted(waiting))


def _claims() -> Any:
    open_ones = Objection.objects.filter(answered_at=None)
    return Claim.objects.filter(hindered=BUDGET, state__in=ORDERLY).exclude(objections__in=open_ones)


def _payouts() -> Any:
    rows = Payout.objects.filter(hindered=BUDGET, state=PayoutState.READY.value, served_year=None)
    return rows.exclude(payee__account=None)


@transaction.atomic
def _serve(name: str, on: dt.date) -> int:
    BudgetYear.objects.get_or_create(policy=name, year=on.year)
    year = BudgetYear.objects.select_for_update().get(policy=name, year=on.year)
    policy = policy_now(name)
    claims = list(_claims().select_for_update(of=("self",)).filter(policy=name).order_by("id"))
    payouts = list(
        _payouts().select_for_update(of=("self",)).select_related("payee").filter(policy=name).order_by("id")
    )
    budget = policy.money.budget if policy and policy.money else None
    if policy is None or budget is None:
        for row in [*claims, *payouts]:
            free(row)  # there is no budget any more: they go on by themselves
        return 0
    claims, payouts = _not_barred(policy, claims, payouts, on)
    closing = budget.closing_day(on.year)
    if closing is not None and (on < closing or year.closed_at is not None):
        _tell(policy, [*claims, *payouts], _later(closing, year))
        return 0
    served = serve(asks_of(policy, claims, payouts), budget_left(budget, name, on.year), budget.short)
    if closing is not None:
        year.closed_at = timezone.now()
        year.save(update_fields=["closed_at"])
    return _order(policy, budget, served, [*claims, *payouts], on)


def _not_barred(
    policy: Policy, claims: Sequence[Claim], payouts: Sequence[Payout], on: dt.date
) -> tuple[list[Claim], list[Payout]]:
    bars = bars_on(policy, {*(one.subject for one in claims), *(one.payee.subject for one in payouts)}, on)
    return (
        [one for one in claims if one.subject not in bars or not claim_barred(one, policy, on)],
        [
            one
            for one in payouts
            if not treasury_missing(one)
            and (one.payee.subject not in bars or not payout_barred(one, policy, on))
        ],
    )


def _later(closing: dt.date, year: BudgetYear) -> str:
    if year.closed_at is not None:
        return "今年的资金已经分完，排到下一年。"
    return f"这项政策的资金到{closing:%Y年%m月%d日}一起分，届时自动拨付。"


def _order(
    policy: Policy, budget: Budget, served: Served, rows: Sequence[Claim | Payout], on: dt.date
) -> int:
    by_key = {row.public_id: row for row in rows}
    ordered = 0
    for key, fen in served.given.items():
        row = by_key[key]
        if not fen:
            continue
        if isinstance(row, Claim):
            order_claim(row, fen)
        else:
            order_payout(row, fen, on.year)
        ordered += 1
    left_over = [*served.waits, *(key for key, fen in served.given.items() if not fen)]
    _tell(
        policy, [by_key[key] for key in left_over], f"今年的资金已经用完，{budget.order}，有了资金自动拨付。"
    )
    return ordered


def _tell(policy: Policy, rows: Sequence[Claim | Payout], words: str) -> None:
    """A letter to each who now waits for money, once for each reason."""
    for row in rows:
        if row.hindrance == {"words": words}:
            continue
        hold(row, BUDGET, {"words": words})
        to = row.subject if isinstance(row, Claim) else row.payee.subject
        notify(to, "一笔补贴在等待资金", f"“{policy.name}”：{words}", about=row.public_id)


def budget_left(budget: Budget, policy: str, year: int) -> int:
    """What a year's budget still holds, in fen; never below nothing."""
    return max(0, int(budget.yuan * 100) - spent(policy, year))


def asks_of(policy: Policy, claims: Sequence[Claim], payouts: Sequence[Payout]) -> list[Ask]:
    """What is asked of the budget, each with its place in the order."""
    money = policy.money
    rank = (
        parse(money.budget.rank, source=policy.id) if money and money.budget and money.budget.rank else None
    )
    types = rule_types(current().catalogue)

    def rank_of(claim: Claim) -> Decimal:
        said = evaluate(rank, facts_of(claim.because, types)) if rank else None
        return said if isinstance(said, Decimal) else Decimal(0)

    found = [Ask(one.public_id, one.fen, one.confirmed_at or one.found_at, rank_of(one)) for one in claims]
    return found + [Ask(one.public_id, one.fen, one.ready_at) for one in payouts]
