# SPDX-License-Identifier: Apache-2.0
"""Apply for a seal, and decide on the application (《办法》第七条至第十条、第十三条、第十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone

from yiwang.apps.identity.public import officers_of
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.kinds import HOLDER_POSTS, PaperKind, SealKind, needs_imprint, papers_needed
from ..domain.pictures import check_picture
from ..domain.reasons import CHANGE_REASONS, Purpose, check_reason, follow_up_of
from ..domain.states import State
from ..models import Paper, Seal
from ..plugs import keeper
from ._shared import (
    OF_UNIT,
    advance,
    locked,
    no_such_seal,
    note,
    require_administrator,
    require_unit,
    words_of,
)
from .imprints import require_match


@dataclass(frozen=True)
class NewPaper:
    """A paper of the application, taken in as a file before."""

    kind: PaperKind
    file: str
    name: str
    sha256: str


@dataclass(frozen=True)
class NewSeal:
    """What is applied for. `custodian`: public id of the officer who shall keep it. Sizes in mm."""

    kind: SealKind
    org: str
    place: str
    unit_name: str
    name: str
    custodian: str
    picture: bytes
    width_mm: int
    height_mm: int
    imprint_number: str = ""
    holder_name: str = ""
    holder_post: str = ""
    papers: Sequence[NewPaper] = field(default_factory=tuple)


@dataclass(frozen=True)
class FollowUp:
    """Which seal the new one follows, for which reason (第十三条), in which words."""

    replaces: str
    reason: str
    words: str


@transaction.atomic
def apply_for_seal(actor: Actor, new: NewSeal, *, after: FollowUp | None = None) -> str:
    """A unit applies for a seal, or for one in place of another; returns its public id.

    Raises NotAllowed, Invalid (names the field), Conflict: the picture is not the filed imprint, or
    the seal to be replaced has been replaced already. NotFound: `after` names none of this unit.
    """
    if not (actor.kind is ActorKind.OFFICER and actor.has(*OF_UNIT, org=new.org, place=new.place)):
        raise NotAllowed("只有本单位的工作人员可以申请本单位的印章。", mend="请由本单位经办人登录后申请。")
    _check(new)
    old = _earlier(actor, new, after) if after else None
    seal = _row(actor, new)
    if after and old:
        seal.replaces, seal.reason, seal.reason_words = old, after.reason, words_of(after.words)
        seal.purpose = follow_up_of(old.cancel_reason or after.reason).value
    return _begin(actor, seal, new.papers)


@transaction.atomic
def renew(actor: Actor, public_id: str) -> str:
    """Ask for the same seal with a new certificate and a new key (更新延期, 第十条); returns its public id.

    The unit, name, picture and custodian stay; papers that were shown once are not asked for again.
    Raises NotFound, NotAllowed, Conflict.
    """
    old = locked(actor, public_id)
    require_unit(actor, old)
    if old.state != State.ACTIVE.value:
        raise Conflict(f"印章是“{State(old.state).term}”，不能延期。", mend="请重新申请印章。")
    _no_successor(old)
    seal = _row(
        actor,
        NewSeal(
            kind=SealKind(old.kind),
            org=old.org,
            place=old.place,
            unit_name=old.unit_name,
            name=old.name,
            custodian=old.custodian,
            picture=bytes(old.picture),
            width_mm=old.width_mm,
            height_mm=old.height_mm,
            imprint_number=old.imprint_number,
            holder_name=old.holder_name,
            holder_post=old.holder_post,
        ),
    )
    seal.replaces, seal.purpose, seal.reason = old, Purpose.RENEWAL.value, "renewed"
    return _begin(actor, seal, ())


def _check(new: NewSeal) -> None:
    """Raises Invalid for the first thing that is wrong with an application."""
    if not new.kind.applied_for:
        raise Invalid("这一种不是单位申请的印章。", mend="请选择电子公章或者电子名章。", field="kind")
    for value, label, name in ((new.unit_name, "单位法定名称", "unit_name"), (new.name, "印章名称", "name")):
        if not value.strip():
            raise Invalid(f"请填写{label}。", mend="照实物印章上的字填。", field=name)
    if new.kind.is_official and not new.name.startswith(new.unit_name):
        raise Invalid("印章名称要以单位法定名称开头。", mend="照实物印章上的字填全称。", field="name")
    if new.kind.has_holder and (not new.holder_name.strip() or new.holder_post not in HOLDER_POSTS):
        mend = "可以有名章的人：" + "、".join(HOLDER_POSTS) + "。"
        raise Invalid("请填写持有人的姓名和职务。", mend=mend, field="holder_name")
    missing = [p.term for p in papers_needed(new.kind) if p not in {paper.kind for paper in new.papers}]
    if missing:
        raise Invalid(f"还缺{'、'.join(missing)}。", mend="请上传扫描件或者照片。", field="papers")
    check_picture(new.picture, new.width_mm, new.height_mm)
    if needs_imprint(new.kind, new.holder_post) and not new.imprint_number.strip():
        mend = "先刻制实物印章并在公安机关备案，再申请电子印章。"
        raise Invalid("请填写公安机关的印模备案编号。", mend=mend, field="imprint_number")


def _earlier(actor: Actor, new: NewSeal, after: FollowUp) -> Seal:
    """The seal to be replaced, locked; in force, suspended, or cancelled by 第十四条."""
    old = locked(actor, after.replaces)
    if (old.org, old.place) != (new.org, new.place):
        raise no_such_seal()
    if not old.cancel_reason:
        check_reason(after.reason, CHANGE_REASONS, after.words)
    if State(old.state) not in (State.ACTIVE, State.SUSPENDED, State.CANCELLED):
        raise Conflict(f"原印章是“{State(old.state).term}”，不能换领。", mend="请直接申请新印章。")
    _no_successor(old)
    return old


def _no_successor(old: Seal) -> None:
    ended = [State.REFUSED.value, State.WITHDRAWN.value]
    if old.successors.exclude(state__in=ended).exists():
        raise Conflict("这枚印章已经有换领、延期的申请。", mend="请在印章列表中查看那一份申请。")


def _custodian(new: NewSeal) -> Actor:
    """Who shall keep it. Raises Invalid unless they hold the post in the unit (第十一条)."""
    custodian = next(
        (
            one
            for one in officers_of(new.org, new.place, Role.CUSTODIAN)
            if one.id == new.custodian and one.has(Role.CUSTODIAN, org=new.org, place=new.place)
        ),
        None,
    )
    if custodian is None:
        mend = "请选择本单位任命的印章保管人；还没有的，先任命。"
        raise Invalid("保管人不是本单位的印章保管人。", mend=mend, field="custodian")
    return custodian


def _row(actor: Actor, new: NewSeal) -> Seal:
    custodian = _custodian(new)
    kept = replace(new, name=new.name.strip(), unit_name=new.unit_name.strip())
    return Seal(
        public_id=new_public_id("seal"),
        kind=kept.kind.value,
        org=kept.org,
        place=kept.place,
        unit_name=kept.unit_name,
        name=kept.name,
        holder_name=kept.holder_name.strip(),
        holder_post=kept.holder_post,
        custodian=custodian.id,
        custodian_name=custodian.name,
        applicant=actor.id,
        applicant_name=actor.name,
        state=State.APPLIED.value,
        purpose=Purpose.NEW.value,
        imprint_number=kept.imprint_number.strip(),
        picture=kept.picture,
        picture_digest=sm3(kept.picture).hex(),
        width_mm=kept.width_mm,
        height_mm=kept.height_mm,
        created_at=timezone.now(),
    )


def _begin(actor: Actor, seal: Seal, papers: Sequence[NewPaper]) -> str:
    if needs_imprint(SealKind(seal.kind), seal.holder_post):
        require_match(seal)
    seal.save(force_insert=True)
    for paper in papers:
        Paper.objects.create(
            seal=seal, kind=paper.kind.value, file=paper.file, name=paper.name, sha256=paper.sha256
        )
    note(actor, seal, f"申请{Purpose(seal.purpose).term}", words=seal.reason_words, action="seal.applied")
    return seal.public_id


@transaction.atomic
def approve(actor: Actor, public_id: str, *, words: str = "") -> None:
    """The administrator approves an application; never the one who made it.

    Raises NotFound, NotAllowed, Conflict: not to be approved any more, or not the filed imprint.
    """
    seal = locked(actor, public_id)
    _require_other(actor, seal)
    if needs_imprint(SealKind(seal.kind), seal.holder_post):
        require_match(seal)
    advance(actor, seal, "approve", words=words_of(words))


@transaction.atomic
def refuse(actor: Actor, public_id: str, *, words: str) -> None:
    """The administrator refuses an application and says why.

    Raises NotFound, NotAllowed, Conflict, Invalid.
    """
    seal = locked(actor, public_id)
    _require_other(actor, seal)
    advance(actor, seal, "refuse", words=words_of(words, needed="不予制发的理由"))


def _require_other(actor: Actor, seal: Seal) -> None:
    require_administrator(actor, seal.place)
    if actor.id == seal.applicant:
        raise NotAllowed("这是您自己的申请，要由另一位印章管理员审核。", mend="请转另一位印章管理员。")


@transaction.atomic
def withdraw(actor: Actor, public_id: str) -> None:
    """The unit takes back an application that is not in force yet; a key made for it is destroyed.

    Raises NotFound, NotAllowed, Conflict.
    """
    seal = locked(actor, public_id)
    require_unit(actor, seal)
    advance(actor, seal, "withdraw")
    if seal.key:
        name, key = seal.keeper, seal.key
        transaction.on_commit(lambda: keeper(name).destroy(key), robust=True)
