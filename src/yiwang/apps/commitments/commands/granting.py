# SPDX-License-Identifier: Apache-2.0
"""An item was granted on letters: from now on its licences rest on them, and the check is set (L775)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.credit.public import EffectKind, effects
from yiwang.engines.definitions.kinds.items import CommitmentCheck
from yiwang.kernel.actor import Actor
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.workdays import Limit, Unit

from ..domain.states import CheckState
from ..models import Check, Letter
from ._chain import locked, tell


@dataclass(frozen=True)
class Granted:
    """An item that was granted: who handles it where, and the licences and results issued for it."""

    item: str
    org: str
    place: str
    licences: Sequence[str]


def granted(
    actor: Actor, letters: Collection[str], what: Granted, opened: OpenRelease, *, now: dt.datetime
) -> None:
    """Set the check of each letter for this item, in the caller's transaction.

    Args:
        opened: the release the case is handled under; days are counted by the calendar in force.
    """
    for public_id in sorted(letters):
        letter = locked(public_id)
        plan = _plan(letter, what.item, opened)
        state, why = _class(letter, plan, now=now)
        check = Check.objects.create(
            public_id=new_public_id("ck"), letter=letter, item=what.item, org=what.org, place=what.place,
            licences=list(what.licences), why=why, state=state.value, opened_at=now,
            due_on=_due(plan, now) if state is CheckState.DUE else None,
        )  # fmt: skip
        kind = "check_opened" if state is CheckState.DUE else "exempt"
        tell(actor, letter, kind, at=now, words=why, about=check.public_id)


def _plan(letter: Letter, item: str, opened: OpenRelease) -> CommitmentCheck:
    uses = [use for use in opened.catalogue.items[item].materials if use.material == letter.material]
    return next(use.commitment.check for use in uses if use.commitment is not None)


def _class(letter: Letter, plan: CommitmentCheck, *, now: dt.datetime) -> tuple[CheckState, str]:
    """By which class it is checked. The credit of whoever committed counts: who is under closer look is
    not left out of a sample."""
    if plan.within is None:
        return CheckState.EXEMPT, "免于核查"
    if plan.share is None:
        return CheckState.DUE, "逐件核查"
    closer = effects(letter.subject, on=timezone.localdate(now), kinds={EffectKind.CLOSER_LOOK})
    if closer:
        return CheckState.DUE, f"信用信息 {closer[0].record} 要求重点核查"
    if secrets.randbelow(100) < plan.share:
        return CheckState.DUE, f"抽查（{plan.share}%），已抽中"
    return CheckState.EXEMPT, f"抽查（{plan.share}%），没有抽中"


def _due(plan: CommitmentCheck, now: dt.datetime) -> dt.date | None:
    if plan.within is None:
        return None
    limit = Limit(plan.within.days, Unit(plan.within.unit.value))
    return current().calendar.due(timezone.localdate(now), limit).date
