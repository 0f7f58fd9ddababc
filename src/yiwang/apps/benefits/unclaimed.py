# SPDX-License-Identifier: Apache-2.0
"""What the actor, and firms they act for, should have but have not: as their pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subjects
from yiwang.kernel.actor import Actor, ActorKind, Matter

from .applications import ONCE, taken
from .domain.rosters import reasons_of
from .models import LetterChoice, Unclaimed
from .population import applied_for
from .unclaimed_words import how_words, money_words


@dataclass(frozen=True)
class UnclaimedView:
    """A policy to apply for. `money`, `how`: in words; `online`: whether it is applied for here; `told_at`:
    when the letter was written, None while none was."""

    policy: str
    policy_name: str
    subject: str
    subject_name: str
    brings: str
    money: str
    how: str
    online: bool
    because: Mapping[str, Any]
    told_at: dt.datetime | None

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """The facts it rests on, in words."""
        return reasons_of(self.because)


@dataclass(frozen=True)
class Letters:
    """Whether a person or firm wants such letters."""

    subject: str
    name: str
    wanted: bool


def unclaimed(actor: Actor, *, subject: str = "") -> list[UnclaimedView]:
    """What the actor and the firms they act for (or one `subject` of these) should have but have not, without
    what was applied for meanwhile; what is worth most first."""
    whose = [one for one in _own(actor) if one == subject or not subject]
    rows = list(Unclaimed.objects.filter(subject__in=whose, ended_at=None).order_by("-fen", "policy"))
    if not rows:
        return []
    catalogue, on = current().catalogue, timezone.localdate()
    policies = {one.id: one for one in applied_for(catalogue, on)}
    away = taken(catalogue, {row.subject for row in rows}, list(policies.values()), on)
    names = subjects({row.subject for row in rows})
    found = []
    for row in rows:
        policy = policies.get(row.policy)
        if policy is None or (row.subject, row.policy) in away or row.period not in (ONCE, str(on.year)):
            continue
        found.append(
            UnclaimedView(
                row.policy, policy.name, row.subject, names[row.subject].name, policy.brings,
                money_words(policy, row.fen), how_words(catalogue, policy), bool(policy.item),
                row.because, row.told_at,
            )
        )  # fmt: skip
    return found


def already_applied(actor: Actor, subject: str) -> set[str]:
    """The policies for which this subject of the actor's has applied in this period, or has one of the same
    group."""
    if subject not in _own(actor):
        return set()
    catalogue, on = current().catalogue, timezone.localdate()
    return {policy for _, policy in taken(catalogue, [subject], applied_for(catalogue, on), on)}


def letters(actor: Actor) -> list[Letters]:
    """For the actor and each firm they act for: whether letters of this kind are wanted."""
    whose = _own(actor)
    refused = set(
        LetterChoice.objects.filter(subject__in=whose, wanted=False).values_list("subject", flat=True)
    )
    names = subjects(whose)
    return [Letters(one, names[one].name, one not in refused) for one in whose]


def _own(actor: Actor) -> Sequence[str]:
    if actor.kind is not ActorKind.PERSON:
        return []
    return [actor.id, *sorted(actor.firms_for(Matter.BENEFITS))]
