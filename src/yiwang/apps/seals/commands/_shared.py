# SPDX-License-Identifier: Apache-2.0
"""What every command on a seal shares: lock it, see who may, write the step down."""

from __future__ import annotations

from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound

from ..domain.states import State, move
from ..models import Seal, Step

OF_UNIT = (Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
"""Who acts for a unit in matters of its seals."""
DECIDES_USE = (Role.APPROVER, Role.REPRESENTATIVE)
"""Who approves the use of a unit's seal, as for the physical one (《办法》第十二条)."""
_LONGEST = 500


def is_of_unit(actor: Actor, seal: Seal, *roles: Role) -> bool:
    """Whether the actor holds one of `roles` (default: any of the unit) where the seal belongs."""
    wanted = roles or OF_UNIT
    return actor.kind is ActorKind.OFFICER and actor.has(*wanted, org=seal.org, place=seal.place)


def is_administrator(actor: Actor, place: str) -> bool:
    """Whether the actor reviews, makes, files and cancels seals there (《办法》第五条、第七条)."""
    return actor.kind is ActorKind.OFFICER and actor.has(Role.SEALS, place=place)


def may_see(actor: Actor, seal: Seal) -> bool:
    """Whether the actor may know of the seal at all."""
    if seal.holder:
        return actor.kind is ActorKind.PERSON and actor.id == seal.holder
    audits = actor.kind is ActorKind.OFFICER and actor.has(Role.AUDITOR, place=seal.place)
    return audits or is_of_unit(actor, seal) or is_administrator(actor, seal.place)


def locked(actor: Actor, public_id: str) -> Seal:
    """The seal, locked until the transaction ends. Raises NotFound, in the same words for one the
    actor may not know of."""
    seal = Seal.objects.select_for_update().filter(public_id=public_id).first()
    if seal is None or not (actor.kind is ActorKind.SYSTEM or may_see(actor, seal)):
        raise no_such_seal()
    return seal


def no_such_seal() -> NotFound:
    """There is none, or none the actor may know of."""
    return NotFound("没有这枚印章。", mend="请从印章列表进入；印章可能属于别的单位。")


def require_unit(actor: Actor, seal: Seal, *roles: Role) -> None:
    """Raises NotAllowed unless the actor holds one of `roles` of the seal's unit."""
    if not is_of_unit(actor, seal, *roles):
        names = "、".join(role.term for role in roles or OF_UNIT)
        raise NotAllowed("您不能办理这枚印章的这一步。", mend=f"要由本单位的{names}办理。")


def require_administrator(actor: Actor, place: str) -> None:
    """Raises NotAllowed unless the actor administers seals there."""
    if not is_administrator(actor, place):
        raise NotAllowed("只有印章管理员可以办理这一步。", mend="请由政务服务和大数据管理局办理。")


def require_custodian(actor: Actor, seal: Seal) -> None:
    """Raises NotAllowed unless the actor keeps this seal and still holds the post (《办法》第十一条)."""
    if actor.id != seal.custodian or not is_of_unit(actor, seal, Role.CUSTODIAN):
        mend = f"保管人是{seal.custodian_name}。" if is_of_unit(actor, seal) else "请由本单位的保管人办理。"
        raise NotAllowed("您不是这枚印章的保管人。", mend=mend)


def words_of(words: str, *, needed: str = "") -> str:
    """The words as they are kept. Raises Invalid when they are `needed` (what is asked) and missing,
    or too long."""
    kept = words.strip()
    if needed and not kept:
        raise Invalid(f"请写明{needed}。", mend="对方会看到，要写清楚。", field="words")
    if len(kept) > _LONGEST:
        raise Invalid("写得太长。", mend=f"请缩短到 {_LONGEST} 字以内。", field="words")
    return kept


def advance(actor: Actor, seal: Seal, name: str, *, words: str = "") -> None:
    """Make a move: change the state, write the step and the journal. The caller saves its own fields.

    Raises Conflict for an illegal move.
    """
    made = move(name, State(seal.state))
    seal.state = made.to.value
    seal.save()
    note(actor, seal, made.term, words=words, action=f"seal.{name}")


def note(actor: Actor, seal: Seal, term: str, *, words: str = "", action: str) -> None:
    """Write down what happened, without a change of state."""
    Step.objects.create(
        seal=seal,
        term=term,
        state=seal.state,
        by=actor.id,
        by_name="签名人" if actor.kind is ActorKind.PERSON else actor.name,
        at=timezone.now(),
        words=words,
    )
    record(
        actor,
        action,
        stream=f"seal:{seal.public_id}",
        about=seal.public_id,
        subject=seal.holder,
        detail={"state": seal.state},
    )
