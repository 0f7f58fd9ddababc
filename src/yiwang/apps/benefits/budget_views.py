# SPDX-License-Identifier: Apache-2.0
"""How a year's budgets stand, and whom serving now would reach."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.budgets import serve
from yiwang.kernel.actor import Actor
from yiwang.kernel.money import format_fen

from .commands.serving import ORDERLY, asks_of, budget_left
from .domain.sheets import PayoutState
from .models import Claim, Payout
from .parts import orgs_of, sees_all
from .queries import policies_now


@dataclass(frozen=True)
class BudgetView:
    """A year's budget: what there is, what is gone, who is served next and who waits."""

    policy_name: str
    year: int
    whole: str
    left: str
    order: str
    asked: int
    asked_money: str
    served_now: int
    waits: int


def budgets(actor: Actor, day: dt.date | None = None) -> list[BudgetView]:
    """How this year's budgets stand, of the policies of the officer's departments or of all for the bureau:
    what serving now would give, before anybody confirms anything."""
    on, mine = day or timezone.localdate(), orgs_of(actor)
    found = []
    for key, policy in sorted(policies_now().items()):
        budget = policy.money.budget if policy.money else None
        if budget is None or not (sees_all(actor) or mine & _involved(policy)):
            continue
        claims = list(Claim.objects.filter(policy=key, state__in=ORDERLY))
        payouts = list(Payout.objects.filter(policy=key, state=PayoutState.READY.value, served_year=None))
        asks, left = asks_of(policy, claims, payouts), budget_left(budget, key, on.year)
        served = serve(asks, left, budget.short)
        found.append(
            BudgetView(
                policy.name, on.year, format_fen(int(budget.yuan * 100)), format_fen(left), budget.order,
                len(asks), format_fen(sum(one.fen for one in asks)),
                len([fen for fen in served.given.values() if fen]), len(served.waits),
            )
        )  # fmt: skip
    return found


def _involved(policy: Policy) -> set[str]:
    steps = policy.settled.steps if policy.settled else []
    return {*policy.departments, *(org for step in steps for org in step.orgs)}
