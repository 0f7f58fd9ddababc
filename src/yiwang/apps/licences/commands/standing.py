# SPDX-License-Identifier: Apache-2.0
"""Change how a licence stands: suspend, restore, revoke, replace; and withdraw what was recorded wrongly."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, NotFound

from ..domain.history import KIND_OF, EventKind, counting, require_fits, standing_on
from ..domain.states import Standing
from ..history import events_of
from ..models import Licence
from ._events import MOST_WORDS, Happening, locked, reason_given, require_issuer, tell

FARTHEST = dt.date.max


@transaction.atomic
def change_standing(
    actor: Actor,
    public_id: str,
    to: Standing,
    *,
    reason: str,
    effective_on: dt.date | None = None,
    basis: str = "",
) -> None:
    """Suspend, revoke, replace or restore a licence.

    Args:
        effective_on: from when it is true in law, today by default; it may lie behind or ahead of today.
        basis: the provision or document it rests on.

    Raises:
        NotFound: there is no such licence.
        NotAllowed: the actor is neither an approver of the department that issued it nor the system.
        Invalid: no reason is given. Conflict: the law does not know this change, or not from that day;
            of two officers who revoke at once the second is told so.
    """
    licence = locked(public_id)
    require_issuer(actor, licence)
    words = reason_given(reason)
    day = effective_on or timezone.localdate()
    require_fits(events_of(licence), to, on=day, valid_from=licence.valid_from, today=timezone.localdate())
    what = Happening(KIND_OF[to], day, words, basis.strip()[:MOST_WORDS])
    _tell_standing(actor, licence, what)


def replaced_by(actor: Actor, new: Licence, *, stream: str = "") -> None:
    """Let a new licence take the place of the one it says it replaces, in the caller's transaction.

    Raises NotFound; Conflict when that is not a valid licence of the same type and holder.
    """
    old = locked(new.replaces)
    if (old.material, old.holder, old.issuer) != (new.material, new.holder, new.issuer):
        raise Conflict("换发的证照与原证照的类型、持证主体或发证机关不同。", mend="请核对原证照。")
    today = timezone.localdate()
    day = max(new.valid_from, old.valid_from)
    require_fits(events_of(old), Standing.REPLACED, on=day, valid_from=old.valid_from, today=today)
    facts = {"by": new.public_id}
    what = Happening(EventKind.REPLACED, day, "已换发新证", facts=facts)
    _tell_standing(actor, old, what, stream=stream)


@transaction.atomic
def withdraw_event(actor: Actor, public_id: str, seq: int, *, reason: str) -> None:
    """Take back a change of standing that was recorded wrongly: it stays in the history and counts no
    longer, from the first.

    Raises NotFound, NotAllowed (approvers of the issuer only), Invalid without a reason, Conflict when
    it is no change of standing, or was withdrawn before.
    """
    licence = locked(public_id)
    require_issuer(actor, licence)
    words = reason_given(reason)
    events = events_of(licence)
    wrong = next((event for event in events if event.seq == seq), None)
    if wrong is None:
        raise NotFound("没有这条记录。", mend="请刷新页面后重试。")
    if wrong not in counting(events):
        raise Conflict("这条记录不是状态变更，或者已经撤回。", mend="请刷新页面，核对证照的经历。")
    what = Happening(EventKind.CORRECTED, wrong.effective_on, words, corrects=seq)
    _tell_standing(actor, licence, what)


def _tell_standing(actor: Actor, licence: Licence, what: Happening, *, stream: str = "") -> None:
    """Write the event; the row says how the licence stands, from when, and how before."""
    events = [event for event in events_of(licence) if event.seq != what.corrects]
    if what.corrects is None:
        events.append(what.as_event(events))
    standing, since, words = standing_on(events, FARTHEST, licence.valid_from)
    before = standing_on(
        [event for event in events if event.effective_on < since], FARTHEST, licence.valid_from
    )
    licence.standing, licence.standing_since = standing.value, since
    licence.standing_before, licence.standing_reason = before[0].value, words
    licence.save(update_fields=["standing", "standing_since", "standing_before", "standing_reason"])
    tell(actor, licence, what, stream=stream)
