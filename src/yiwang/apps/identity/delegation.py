# SPDX-License-Identifier: Apache-2.0
"""Who may act for whom: mandates of firms, posts of officers, full authority at the window.

A firm's legal representative authorises agents (授权经办人). A department's approver gives an
officer of the department full authority at the window (首席事务代表).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind, Matter, Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import mask_id_number, new_public_id

from .commands import require_system
from .models import Firm, Mandate, Officer, OfficerPost, Person

_REPRESENTATIVE = Role.REPRESENTATIVE.value


@transaction.atomic
def give_mandate(
    actor: Actor,
    firm_id: str,
    agent_id: str,
    *,
    valid_to: dt.date | None = None,
    matters: Collection[Matter] | None = None,
) -> None:
    """A firm's legal representative authorises an agent, from today, in place of an earlier mandate.

    Args:
        matters: what the agent may do; None for everything.

    Raises:
        NotAllowed: the actor is not the legal representative.
        NotFound: there is no such agent.
        Invalid: `valid_to` (the last day) lies in the past; no matter at all; the representative themselves.
    """
    firm = _own_firm(actor, firm_id, "授权经办人")
    agent = Person.objects.filter(public_id=agent_id).first()
    if agent is None:
        raise NotFound("没有找到被授权人。", mend="请核对姓名和证件号码。")
    if agent == firm.legal_representative:
        raise Invalid("法定代表人不用授权给自己。", mend="请填写经办人的姓名和证件号码。", field="name")
    if matters is not None and not matters:
        raise Invalid("没有选授权哪些事。", mend="请至少选一类，或者选全部事项。", field="matters")
    today = timezone.localdate()
    if valid_to is not None and valid_to < today:
        raise Invalid("授权的截止日期已经过去。", mend="请选择今天或以后的日期。", field="valid_to")
    Mandate.objects.filter(firm=firm, agent=agent, revoked_at=None).update(revoked_at=timezone.now())
    chosen = [] if matters is None else [one.value for one in Matter if one in matters]
    Mandate.objects.create(
        firm=firm, agent=agent, valid_from=today, valid_to=valid_to, matters=",".join(chosen)
    )
    record(
        actor, "identity.mandate.given", stream=f"firm:{firm_id}", subject=firm_id, about=agent_id,
        detail={"matters": chosen or "all"},
    )  # fmt: skip


@transaction.atomic
def revoke_mandate(actor: Actor, firm_id: str, agent_id: str) -> None:
    """Take an agent's authority back, at once. Raises NotAllowed, Conflict when there is none."""
    firm = _own_firm(actor, firm_id, "撤销授权")
    open_mandates = Mandate.objects.filter(firm=firm, agent__public_id=agent_id, revoked_at=None)
    if not open_mandates.update(revoked_at=timezone.now()):
        raise Conflict("这个人现在没有授权。", mend="不用再撤销；请刷新页面查看。")
    record(actor, "identity.mandate.revoked", stream=f"firm:{firm_id}", subject=firm_id, about=agent_id)


@dataclass(frozen=True)
class MandateView:
    """An agent of a firm today: for everything, or for some matters."""

    agent: str
    name: str
    masked_number: str
    since: dt.date
    until: dt.date | None
    everything: bool
    matters: tuple[Matter, ...]


def mandates_of(actor: Actor, firm_id: str) -> list[MandateView]:
    """The agents a firm has today, for its legal representative. Raises NotAllowed."""
    firm = Firm.objects.select_related("legal_representative").filter(public_id=firm_id).first()
    if firm is None or not _represents(actor, firm):
        raise NotAllowed("只有法定代表人可以看授权了谁。", mend="请由法定代表人登录后查看。")
    today = timezone.localdate()
    rows = Mandate.objects.filter(firm=firm, revoked_at=None).select_related("agent").order_by("id")
    return [
        MandateView(
            row.agent.public_id, row.agent.name, mask_id_number(row.agent.id_number), row.valid_from,
            row.valid_to, not row.matters, tuple(one for one in Matter if one in row.limits),
        )
        for row in rows
        if row.is_valid_on(today)
    ]  # fmt: skip


def _represents(actor: Actor, firm: Firm) -> bool:
    return actor.kind is ActorKind.PERSON and firm.legal_representative.public_id == actor.id


def _own_firm(actor: Actor, firm_id: str, what: str) -> Firm:
    """The firm, locked. The same words for an unknown firm and somebody else's."""
    firms = Firm.objects.select_for_update(of=("self",)).select_related("legal_representative")
    firm = firms.filter(public_id=firm_id).first()
    if firm is None or not _represents(actor, firm):
        raise NotAllowed(f"只有法定代表人可以{what}。", mend="请由法定代表人登录后办理。")
    return firm


@transaction.atomic
def appoint_officer(actor: Actor, *, name: str, org: str, posts: Iterable[Post]) -> str:
    """Enter an officer with their posts; returns the public id. Only the system may."""
    require_system(actor)
    officer = Officer.objects.create(public_id=new_public_id("o"), name=name, org=org)
    OfficerPost.objects.bulk_create(
        [OfficerPost(officer=officer, role=p.role.value, org=p.org, place=p.place) for p in posts]
    )
    record(actor, "identity.officer.appointed", stream="officers", about=officer.public_id)
    return officer.public_id


@transaction.atomic
def delegate(actor: Actor, officer_id: str, *, org: str, place: str) -> None:
    """Give an officer full authority at the window (首席事务代表) for a department in a place.

    Raises:
        NotAllowed: the actor is neither an approver of this department and place nor the system,
            or would give the authority to themselves.
        NotFound: no such officer.
        Invalid: the officer is of another department, or no department or place is named.
        Conflict: the officer has the authority already.
    """
    if not org or not place:
        raise Invalid("授权要写明部门和办理地。", mend="请选择部门和县区。")
    officer = _officer_to_delegate(actor, officer_id, org, place)
    if officer.org != org:
        raise Invalid("只能授权给本部门的工作人员。", mend="请选择本部门的工作人员。", field="officer")
    _, is_new = OfficerPost.objects.get_or_create(officer=officer, role=_REPRESENTATIVE, org=org, place=place)
    if not is_new:
        raise Conflict("这位工作人员已经是首席事务代表。", mend="不用重复授权。")
    _note(actor, "identity.delegation.given", officer_id, org, place)


@transaction.atomic
def end_delegation(actor: Actor, officer_id: str, *, org: str, place: str) -> None:
    """Take the authority at the window back, at once. Raises NotAllowed, NotFound, Conflict."""
    officer = _officer_to_delegate(actor, officer_id, org, place)
    ended, _ = OfficerPost.objects.filter(
        officer=officer, role=_REPRESENTATIVE, org=org, place=place
    ).delete()
    if not ended:
        raise Conflict("这位工作人员现在没有这项授权。", mend="请刷新页面查看。")
    _note(actor, "identity.delegation.ended", officer_id, org, place)


def _officer_to_delegate(actor: Actor, officer_id: str, org: str, place: str) -> Officer:
    is_approver = actor.kind is ActorKind.OFFICER and actor.has(Role.APPROVER, org=org, place=place)
    if actor.kind is not ActorKind.SYSTEM and not is_approver:
        raise NotAllowed("只有本部门、本地的审批人可以授权首席事务代表。", mend="请由审批人登录后办理。")
    if actor.id == officer_id:
        raise NotAllowed("不能给自己授权或撤销自己的授权。", mend="请由本部门另一位审批人办理。")
    officer = Officer.objects.select_for_update().filter(public_id=officer_id).first()
    if officer is None:
        raise NotFound("没有这位工作人员。", mend="请核对后重试。")
    return officer


def _note(actor: Actor, action: str, officer_id: str, org: str, place: str) -> None:
    record(actor, action, stream="officers", about=officer_id, detail={"org": org, "place": place})
