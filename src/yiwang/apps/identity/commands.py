# SPDX-License-Identifier: Apache-2.0
"""Write people, firms, officers, accounts and mandates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind, Post, Role
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound
from yiwang.kernel.ids import check_id_number, check_uscc, new_public_id

from .domain.views import Subject
from .models import Account, Firm, Mandate, Officer, OfficerPost, Person
from .queries import digest_id_number, find_person, may_act_for, subject


@transaction.atomic
def register_person(actor: Actor, *, name: str, id_number: str, phone: str = "", address: str = "") -> str:
    """Enter a person into the user store; returns the public id.

    Raises:
        Invalid: the identity number fails its check.
        Conflict: the number is registered already.
    """
    _require_system(actor)
    info = check_id_number(id_number, today=timezone.localdate())
    digest = digest_id_number(id_number)
    if Person.objects.filter(id_digest=digest).exists():
        raise Conflict("该证件号码已登记。", mend="请直接登录。")
    person = Person.objects.create(
        public_id=new_public_id("p"),
        name=name,
        id_number=id_number.upper(),
        id_digest=digest,
        birth=info.birth,
        phone=phone,
        address=address,
    )
    record(actor, "identity.person.registered", stream=f"person:{person.public_id}", subject=person.public_id)
    return person.public_id


@transaction.atomic
def register_firm(  # noqa: PLR0913 - a firm's register entry has this many fields
    actor: Actor, *, name: str, uscc: str, kind: str, representative: str, founded: dt.date, address: str = ""
) -> str:
    """Enter a firm into the user store; returns the public id. Raises Invalid, NotFound, Conflict."""
    _require_system(actor)
    check_uscc(uscc)
    if Firm.objects.filter(uscc=uscc).exists():
        raise Conflict("该统一社会信用代码已登记。", mend="请核对代码。")
    person = Person.objects.filter(public_id=representative).first()
    if person is None:
        raise NotFound("没有找到法定代表人。", mend="请先登记法定代表人。")
    firm = Firm.objects.create(
        public_id=new_public_id("f"),
        name=name,
        uscc=uscc,
        kind=kind,
        legal_representative=person,
        founded=founded,
        address=address,
    )
    record(actor, "identity.firm.registered", stream=f"firm:{firm.public_id}", subject=firm.public_id)
    return firm.public_id


@transaction.atomic
def give_mandate(actor: Actor, firm_id: str, agent_id: str, *, valid_to: dt.date | None = None) -> None:
    """A firm's legal representative authorises an agent, from today. Raises NotAllowed, NotFound."""
    firm = Firm.objects.select_related("legal_representative").filter(public_id=firm_id).first()
    if firm is None or firm.legal_representative.public_id != actor.id:
        raise NotAllowed("只有法定代表人可以授权经办人。", mend="请由法定代表人登录后办理。")
    agent = Person.objects.filter(public_id=agent_id).first()
    if agent is None:
        raise NotFound("没有找到被授权人。", mend="请核对姓名和证件号码。")
    Mandate.objects.create(firm=firm, agent=agent, valid_from=timezone.localdate(), valid_to=valid_to)
    record(actor, "identity.mandate.given", stream=f"firm:{firm_id}", subject=firm_id, about=agent_id)


@transaction.atomic
def revoke_mandate(actor: Actor, firm_id: str, agent_id: str) -> None:
    """Take an agent's authority back, at once. Raises NotAllowed."""
    firm = Firm.objects.select_related("legal_representative").filter(public_id=firm_id).first()
    if firm is None or firm.legal_representative.public_id != actor.id:
        raise NotAllowed("只有法定代表人可以撤销授权。", mend="请由法定代表人登录后办理。")
    open_mandates = Mandate.objects.filter(firm=firm, agent__public_id=agent_id, revoked_at=None)
    open_mandates.update(revoked_at=timezone.now())
    record(actor, "identity.mandate.revoked", stream=f"firm:{firm_id}", subject=firm_id, about=agent_id)


@transaction.atomic
def appoint_officer(actor: Actor, *, name: str, org: str, posts: Iterable[Post]) -> str:
    """Enter an officer with their posts; returns the public id."""
    _require_system(actor)
    officer = Officer.objects.create(public_id=new_public_id("o"), name=name, org=org)
    OfficerPost.objects.bulk_create(
        OfficerPost(officer=officer, role=p.role.value, org=p.org, place=p.place) for p in posts
    )
    record(actor, "identity.officer.appointed", stream="officers", about=officer.public_id)
    return officer.public_id


@transaction.atomic
def open_account(actor: Actor, *, username: str, password: str, owner: str) -> None:
    """Open a login for a person or officer (`owner` is their public id). Raises Conflict, NotFound."""
    _require_system(actor)
    if Account.objects.filter(username=username).exists():
        raise Conflict("登录名已被使用。", mend="请换一个登录名。")
    person = Person.objects.filter(public_id=owner).first()
    officer = Officer.objects.filter(public_id=owner).first()
    if person is None and officer is None:
        raise NotFound("没有这个人。", mend="请先登记。")
    account = Account(username=username, person=person, officer=officer)
    account.set_password(password)
    account.save()
    record(actor, "identity.account.opened", stream="accounts", about=owner)


def meet_applicant(actor: Actor, *, id_number: str, name: str, uscc: str = "") -> tuple[Subject, Subject]:
    """Somebody stands at the counter and shows their identity card: (applicant, agent).

    Args:
        uscc: when they come for a firm, its code; they must represent it or have its mandate.

    The look is logged, also one that found nobody. Raises Invalid (a number that cannot be right),
    NotAllowed, and NotFound in the same words whatever did not agree.
    """
    if not actor.has(Role.COUNTER, Role.REPRESENTATIVE):
        raise NotAllowed("只有窗口人员可以查找申请人。", mend="请换用窗口账号。")
    number = check_id_number(id_number, today=timezone.localdate(), field="id_number").number
    code = check_uscc(uscc, field="uscc") if uscc.strip() else ""
    met = _meet(actor, number, name.strip(), code)
    if met is None:
        raise NotFound(
            "没有找到相符的申请人。",
            mend="请对照证件核对姓名和号码；为企业办理的，请核对代码，并确认来人是法定代表人或有有效授权。",
        )
    return met


@transaction.atomic
def _meet(actor: Actor, number: str, name: str, code: str) -> tuple[Subject, Subject] | None:
    try:
        agent = find_person(number, name)
    except NotFound:
        agent = None
    firm = Firm.objects.filter(uscc=code).first() if code else None
    agrees = agent is not None and (
        not code or (firm is not None and may_act_for(agent.public_id, firm.public_id))
    )
    if agent is None or not agrees:
        record(actor, "identity.meet.failed", stream=f"counter:{actor.id}")
        return None
    applicant = subject(firm.public_id) if firm else agent
    record(
        actor,
        "identity.look",
        stream=f"counter:{actor.id}",
        about=applicant.public_id,
        subject=agent.public_id,
        purpose="窗口收件：核对来人身份",
        basis="行政许可法第二十九条（申请人可以委托代理人提出申请）",
    )
    return applicant, agent


def _require_system(actor: Actor) -> None:
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("用户库只能由系统写入。", mend="请联系运维人员。")
