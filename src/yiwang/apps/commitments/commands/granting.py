# SPDX-License-Identifier: Apache-2.0
"""An item was granted on letters: from now on its licences rest on them, and the check is set (L775)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.credit.public import EffectKind, effects
from yiwang.engines.definitions.kinds.base import Duration
from yiwang.engines.definitions.kinds.standing_in import Commitment, CommitmentCheck
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.workdays import Limit, Unit

from ..domain.states import CheckState
from ..models import Check, Letter
from ._chain import locked, tell


@dataclass(frozen=True)
class Granted:
    """An item that was granted: who handles it where, and the licences and results issued for it.

    `form`: what the application form says, by data element; of it is kept what is compared.
    """

    item: str
    org: str
    place: str
    licences: Sequence[str]
    form: Mapping[str, Any] = field(default_factory=dict)


def granted(
    actor: Actor, letters: Collection[str], what: Granted, opened: OpenRelease, *, now: dt.datetime
) -> None:
    """Set the check of each letter for this item, in the caller's transaction; where its definition says so
    the letter is public from now on (L787), and is compared with shared data by itself (L777).

    Args:
        opened: the release the case is handled under; days are counted by the calendar in force.
    """
    for public_id in sorted(letters):
        letter = locked(public_id)
        promise = commitment_of(letter, what.item, opened)
        state, why = _class(letter, promise.check, now=now)
        said = _said(promise, what) if state is CheckState.DUE else {}
        check = Check.objects.create(
            public_id=new_public_id("ck"), letter=letter, item=what.item, org=what.org, place=what.place,
            licences=list(what.licences), why=why, state=state.value, opened_at=now,
            due_on=_after(promise.check.within, now) if state is CheckState.DUE else None,
            said=said, compare_at=now if said else None,
        )  # fmt: skip
        kind = "check_opened" if state is CheckState.DUE else "exempt"
        tell(actor, letter, kind, at=now, words=why, about=check.public_id)
        _show(actor, letter, promise, now)


def commitment_of(letter: Letter, item: str, opened: OpenRelease) -> Commitment:
    """What the definition of the item says of this letter."""
    uses = [use for use in opened.catalogue.items[item].materials if use.material == letter.material]
    return next(use.commitment for use in uses if use.commitment is not None)


def _said(promise: Commitment, what: Granted) -> dict[str, Any]:
    """What the form says of everything that is compared, and the numbers it is found by."""
    wanted = {name for one in promise.compare for name in (one.by, *one.elements)}
    return {name: what.form[name] for name in sorted(wanted) if what.form.get(name) not in (None, "")}


def _show(actor: Actor, letter: Letter, promise: Commitment, now: dt.datetime) -> None:
    """Public from today on, to the end of the longest term that an item names."""
    if promise.public is None:
        return
    until = _after(promise.public.shown, now)
    letter.shown_from = letter.shown_from or timezone.localdate(now)
    letter.shown_until = max(filter(None, (letter.shown_until, until)))
    letter.save(update_fields=["shown_from", "shown_until"])
    tell(actor, letter, "published", at=now, words=f"公开到{format_date(letter.shown_until)}")


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


def _after(duration: Duration | None, now: dt.datetime) -> dt.date | None:
    if duration is None:
        return None
    limit = Limit(duration.days, Unit(duration.unit.value))
    return current().calendar.due(timezone.localdate(now), limit).date
