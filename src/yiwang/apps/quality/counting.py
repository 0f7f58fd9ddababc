# SPDX-License-Identifier: Apache-2.0
"""How departments keep the clock of objections, counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotAllowed

from .domain.objections import State
from .models import Round
from .parts import provides_for, sees_all


@dataclass(frozen=True)
class Tally:
    """How a department checks objections: checks asked, done, done late, waiting, waiting too long, those
    corrected, those not satisfied."""

    provider: str
    provider_name: str
    asked: int
    done: int
    done_late: int
    waiting: int
    waiting_late: int
    corrected: int
    unsatisfied: int


def tallies(actor: Actor, *, today: dt.date | None = None) -> list[Tally]:
    """Per department, those with most late ones first: all of them for the bureau and auditors, else the
    reader's own. Raises NotAllowed for who has none."""
    own = provides_for(actor)
    if not own and not sees_all(actor):
        raise NotAllowed("这里由提供数据的部门和数据管理部门使用。", mend="请换用有权限的账号登录。")
    rounds = Round.objects.select_related("objection")
    if not sees_all(actor):
        rounds = rounds.filter(objection__provider__in=own)
    day = today or timezone.localdate()
    counts: dict[str, Counter[str]] = {}
    for one in rounds.iterator():
        _count(counts.setdefault(one.objection.provider, Counter()), one, day)
    found = [_tally(provider, count) for provider, count in counts.items()]
    return sorted(found, key=lambda one: (-one.waiting_late - one.done_late, one.provider))


def _count(count: Counter[str], one: Round, today: dt.date) -> None:
    count["asked"] += 1
    if one.answered_at is None:
        count["waiting"] += 1
        count["waiting_late"] += today > one.due_on
        return
    count["done"] += 1
    count["done_late"] += timezone.localdate(one.answered_at) > one.due_on
    count["corrected"] += one.outcome == State.CORRECTED.value
    count["unsatisfied"] += one.satisfied is False


def _tally(provider: str, count: Counter[str]) -> Tally:
    org = current().catalogue.orgs.get(provider)
    return Tally(
        provider=provider,
        provider_name=org.short_name if org else provider,
        asked=count["asked"],
        done=count["done"],
        done_late=count["done_late"],
        waiting=count["waiting"],
        waiting_late=count["waiting_late"],
        corrected=count["corrected"],
        unsatisfied=count["unsatisfied"],
    )
