# SPDX-License-Identifier: Apache-2.0
"""What came of it: counts and sums for everybody, what the treasury's statements said, the last match."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.money import format_fen

from .models import Payment, Run, Statement
from .parts import orgs_of, sees_all
from .queries import policies_now


@dataclass(frozen=True)
class Result:
    """What one policy has paid in a year: how many payments, how much. No names."""

    policy: str
    name: str
    count: int
    fen: int

    @property
    def money(self) -> str:
        """How much."""
        return format_fen(self.fen)


def results(year: int) -> list[Result]:
    """What every policy has paid to whom it is for in a year, for everybody; what goes from one treasury to
    another on the way is not counted."""
    since = dt.datetime(year, 1, 1, tzinfo=BEIJING)
    until = dt.datetime(year + 1, 1, 1, tzinfo=BEIJING)
    rows = Payment.objects.filter(paid_at__gte=since, paid_at__lt=until)
    rows = rows.exclude(payee__subject__startswith="place:")
    names = policies_now()
    return [
        Result(one["policy"], names[one["policy"]].name, one["count"], one["fen"])
        for one in rows.values("policy").annotate(count=Count("id"), fen=Sum("fen")).order_by("policy")
        if one["policy"] in names
    ]


@dataclass(frozen=True)
class Reconciled:
    """How far statements were compared, and the orders that do not agree: (policy, order, money, what)."""

    day: dt.date | None
    wrong: Sequence[tuple[str, str, str, str]]
    waiting: int


def reconciled(actor: Actor) -> Reconciled:
    """How the treasury's statements agree with our orders: of the policies of the actor's departments, or all
    for the bureau and auditors. `waiting`: ordered, and neither paid nor refused yet."""
    mine = orgs_of(actor)
    wanted = {
        key: one for key, one in policies_now().items() if sees_all(actor) or mine & set(one.departments)
    }
    own = Payment.objects.filter(policy__in=wanted)
    last = Statement.objects.order_by("-day").first()
    wrong = own.exclude(mismatch="").order_by("-ordered_at")[:50]
    return Reconciled(
        last.day if last else None,
        [(wanted[one.policy].name, one.key, format_fen(one.fen), one.mismatch) for one in wrong],
        own.filter(Q(paid_at=None) & Q(refused="")).count(),
    )


def last_run() -> Mapping[str, Any] | None:
    """The last finished match: day, totals per policy, problems."""
    row: Sequence[Run] = list(
        Run.objects.filter(what=Run.What.CLAIMS).exclude(finished_at=None).order_by("-id")[:1]
    )
    return {"day": row[0].day, "totals": row[0].totals, "problems": row[0].problems} if row else None
