# SPDX-License-Identifier: Apache-2.0
"""Write people, firms and accounts: the register, filled by the system alone."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import check_id_number, check_uscc, new_public_id

from .models import Account, Firm, Officer, Person
from .queries import digest_id_number, digests_id_number


@transaction.atomic
def register_person(
    actor: Actor, *, name: str, id_number: str, phone: str = "", address: str = "", place: str = ""
) -> str:
    """Enter a person into the user store; returns the public id. `place` is the id of a place.

    Raises:
        Invalid: the identity number fails its check.
        Conflict: the number is registered already.
    """
    require_system(actor)
    info = check_id_number(id_number, today=timezone.localdate(), field="id_number")
    if Person.objects.filter(id_digest__in=digests_id_number(info.number)).exists():
        raise Conflict("该证件号码已登记。", mend="请直接登录。")
    person = Person.objects.create(
        public_id=new_public_id("p"),
        name=name.strip(),
        id_number=info.number,
        id_digest=digest_id_number(info.number),
        phone=phone,
        address=address,
        place=place,
    )
    record(actor, "identity.person.registered", stream=f"person:{person.public_id}", subject=person.public_id)
    return person.public_id


@transaction.atomic
def register_firm(  # noqa: PLR0913 - a firm's register entry has this many fields
    actor: Actor,
    *,
    name: str,
    uscc: str,
    kind: str,
    representative: str,
    founded: dt.date,
    address: str = "",
    place: str = "",
) -> str:
    """Enter a firm into the user store; returns the public id. Raises Invalid, NotFound, Conflict."""
    require_system(actor)
    code = check_uscc(uscc, field="uscc")
    if Firm.objects.filter(uscc=code).exists():
        raise Conflict("该统一社会信用代码已登记。", mend="请核对代码。")
    person = Person.objects.filter(public_id=representative).first()
    if person is None:
        raise NotFound("没有找到法定代表人。", mend="请先登记法定代表人。")
    firm = Firm.objects.create(
        public_id=new_public_id("f"),
        name=name.strip(),
        uscc=code,
        kind=kind,
        legal_representative=person,
        founded=founded,
        address=address,
        place=place,
    )
    record(actor, "identity.firm.registered", stream=f"firm:{firm.public_id}", subject=firm.public_id)
    return firm.public_id


@transaction.atomic
def open_account(actor: Actor, *, username: str, password: str | None, owner: str) -> None:
    """Open a login for a person or officer (`owner` is their public id).

    Without a password nobody can log in on a page: the account is used by token only.

    Raises:
        Invalid: the password is too easy to guess.
        Conflict: the login name is taken, or the owner has a login already.
        NotFound: there is no such owner.
    """
    require_system(actor)
    if Account.objects.filter(username=username).exists():
        raise Conflict("登录名已被使用。", mend="请换一个登录名。")
    person = Person.objects.filter(public_id=owner).first()
    officer = Officer.objects.filter(public_id=owner).first()
    if person is None and officer is None:
        raise NotFound("没有这个人。", mend="请先登记。")
    if Account.objects.filter(person=person, officer=officer).exists():
        raise Conflict("这个人已有登录名。", mend="请用原来的登录名登录。")
    account = Account(username=username, person=person, officer=officer)
    if password is not None:
        _check_password(password, account)
    account.set_password(password)  # None: one that no password matches
    account.save()
    record(actor, "identity.account.opened", stream="accounts", about=owner)


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        mend = "请换一个至少 10 个字符、不全是数字、不常见的密码。"
        raise Invalid("".join(error.messages), mend=mend, field="password") from error


@transaction.atomic
def close_account(actor: Actor, username: str) -> None:
    """End a login at once (an officer left); what they did stays on record. Raises NotFound."""
    require_system(actor)
    account = (
        Account.objects.select_for_update(of=("self",)).filter(username=username, is_active=True).first()
    )
    if account is None:
        raise NotFound("没有这个账号，或者已停用。", mend="请核对登录名。")
    account.is_active = False
    account.save(update_fields=["is_active"])
    owner = account.person or account.officer
    record(actor, "identity.account.closed", stream="accounts", about=owner.public_id if owner else "")


def require_system(actor: Actor) -> None:
    """Raise NotAllowed unless the system acts."""
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("用户库只能由系统写入。", mend="请联系运维人员。")
