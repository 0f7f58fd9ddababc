# SPDX-License-Identifier: Apache-2.0
"""Requests to use a seal, decided by somebody else of the unit (《办法》第十二条)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from .. import plugs
from ..domain import figures as names
from ..domain.states import State
from ..domain.uses import Scope, UseState, move_use
from ..models import Seal, Use
from ._shared import DECIDES_USE, is_of_unit, locked, may_see, require_unit, words_of


@dataclass(frozen=True)
class NewUse:
    """What use is asked for: one `document` (its public id), or licences of type `material`, at most
    `limit` of them, until the day `until` (included)."""

    scope: Scope
    purpose: str
    until: dt.date
    document: str = ""
    material: str = ""
    limit: int = 1


@transaction.atomic
def request_use(actor: Actor, seal_id: str, new: NewUse) -> str:
    """Ask to use a seal of one's unit; returns the public id of the request.

    Raises NotFound, NotAllowed, Invalid (names the field), Conflict when the seal is not in force.
    """
    seal = locked(actor, seal_id)
    require_unit(actor, seal)
    if seal.state != State.ACTIVE.value:
        raise Conflict(f"印章现在是“{State(seal.state).term}”，不能申请用印。", mend="请选择有效的印章。")
    limit = _check(seal, new)
    use = Use.objects.create(
        public_id=new_public_id("use"),
        seal=seal,
        scope=new.scope.value,
        purpose=new.purpose.strip(),
        document=new.document.strip() if not _of_licences(new.scope) else "",
        material=new.material if _of_licences(new.scope) else "",
        until=new.until,
        limit=limit,
        state=UseState.REQUESTED.value,
        asked_by=actor.id,
        asked_by_name=actor.name,
        asked_at=timezone.now(),
    )
    _note(actor, use, "seal.use.requested")
    return use.public_id


def _of_licences(scope: Scope) -> bool:
    return scope in (Scope.DECIDED, Scope.STOCK)


def _check(seal: Seal, new: NewUse) -> int:
    """How many documents at most. Raises Invalid."""
    figures = plugs.figures(seal.org, seal.place)
    today = timezone.localdate()
    last = today + dt.timedelta(days=figures.of(names.STANDING_DAYS))
    if not new.purpose.strip():
        raise Invalid("请写明用印事由。", mend="例如：核发食品经营许可证。", field="purpose")
    if not today <= new.until <= last:
        raise Invalid("用印期限不对。", mend=f"请选今天到 {format_date(last)} 之间的一天。", field="until")
    if not _of_licences(new.scope) and not new.document.strip():
        raise Invalid("请填写文书编号。", mend="一份文书一份用印申请。", field="document")
    if _of_licences(new.scope) and not new.material:
        raise Invalid("请选择证照类型。", mend="批量用印只对一种证照。", field="material")
    most = figures.of(names.STANDING_COUNT)
    if new.scope is Scope.ONE:
        return 1
    if not 1 <= new.limit <= most:
        raise Invalid("份数不对。", mend=f"请填 1 到 {most} 之间的数。", field="limit")
    return new.limit


@transaction.atomic
def approve_use(actor: Actor, use_id: str, *, words: str = "") -> None:
    """Approve a request; never one's own. Raises NotFound, NotAllowed, Conflict."""
    _decide(actor, use_id, "approve", words_of(words))


@transaction.atomic
def refuse_use(actor: Actor, use_id: str, *, words: str) -> None:
    """Refuse a request, with the reason. Raises NotFound, NotAllowed, Conflict, Invalid."""
    _decide(actor, use_id, "refuse", words_of(words, needed="不同意的理由"))


def _decide(actor: Actor, use_id: str, name: str, words: str) -> None:
    use = locked_use(actor, use_id)
    require_unit(actor, use.seal, *DECIDES_USE)
    if actor.id == use.asked_by:
        raise NotAllowed("这是您自己的用印申请，要由另一位审批人审批。", mend="请转本单位其他审批人。")
    if name == "approve" and use.seal.state != State.ACTIVE.value:
        raise Conflict(f"印章现在是“{State(use.seal.state).term}”。", mend="印章恢复有效以后再审批。")
    _move(actor, use, name, words)


@transaction.atomic
def withdraw_use(actor: Actor, use_id: str) -> None:
    """Who asked takes the request back. Raises NotFound, NotAllowed, Conflict."""
    use = locked_use(actor, use_id)
    if actor.id != use.asked_by:
        raise NotAllowed("只有申请人可以撤回用印申请。", mend=f"申请人是{use.asked_by_name}。")
    _move(actor, use, "withdraw", "")


@transaction.atomic
def end_use(actor: Actor, use_id: str, *, words: str) -> None:
    """Take an approval back: nothing more is sealed under it.

    Raises NotFound, NotAllowed, Conflict, Invalid.
    """
    use = locked_use(actor, use_id)
    require_unit(actor, use.seal, *DECIDES_USE)
    _move(actor, use, "end", words_of(words, needed="收回的理由"))


def locked_use(actor: Actor, use_id: str) -> Use:
    """The request, after its seal, both locked (always in this order). Raises NotFound."""
    known = Use.objects.filter(public_id=use_id).values_list("seal__public_id", flat=True).first()
    missing = NotFound("没有这份用印申请。", mend="请从用印申请列表进入。")
    if known is None:
        raise missing
    seal = Seal.objects.select_for_update().get(public_id=known)
    if actor.kind is not ActorKind.SYSTEM and not (may_see(actor, seal) or is_of_unit(actor, seal)):
        raise missing
    use = Use.objects.select_for_update().get(public_id=use_id)
    use.seal = seal
    return use


def end_all(actor: Actor, seal: Seal, words: str) -> None:
    """A seal has ended: so have its approvals, and what was asked. The seal is locked."""
    open_ones = (UseState.APPROVED.value, UseState.REQUESTED.value)
    for use in seal.uses.select_for_update().filter(state__in=open_ones).order_by("pk"):
        use.state, use.words = UseState.ENDED.value, words
        use.save(update_fields=["state", "words"])
        _note(actor, use, "seal.use.ended")


def _move(actor: Actor, use: Use, name: str, words: str) -> None:
    use.state, use.words = move_use(name, UseState(use.state)).value, words
    if name in ("approve", "refuse"):  # who takes it back later stands in the journal
        use.decided_by, use.decided_by_name, use.decided_at = actor.id, actor.name, timezone.now()
    use.save(update_fields=["state", "decided_by", "decided_by_name", "decided_at", "words"])
    _note(actor, use, f"seal.use.{name}")


def _note(actor: Actor, use: Use, action: str) -> None:
    record(
        actor,
        action,
        stream=f"seal:{use.seal.public_id}",
        about=use.public_id,
        detail={"state": use.state, "scope": use.scope, "limit": use.limit},
    )
