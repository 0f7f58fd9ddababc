# SPDX-License-Identifier: Apache-2.0
"""Authorise a clerk (授权用证): give, take back, take another code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_of
from yiwang.apps.journal.public import record
from yiwang.apps.licences.public import LicenceView
from yiwang.engines.definitions.kinds.purposes import UsePurpose, Way
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.codes import new_short_code
from ..domain.purposes import fits, purpose_of
from ..domain.settings import CASE_DAYS, ONCE_HOURS, span
from ..models import Authorisation
from ..queries import own_licence, record_of
from ._refusing import stream_of


@dataclass(frozen=True)
class NewAuthorisation:
    """What a holder allows.

    Args:
        licences: public ids, all of one holder.
        place: the place whose counters may use it.
        officer: the one clerk who may; "" is whoever at that place is told the code.
        application: the application it is for; "" allows one single use.
    """

    licences: Sequence[str]
    purpose: str
    place: str
    officer: str = ""
    application: str = ""


@dataclass(frozen=True)
class Given:
    """An authorisation and its code, which is given out this once."""

    public_id: str
    code: str


@transaction.atomic
def authorise(actor: Actor, new: NewAuthorisation) -> Given:
    """Let a clerk use licences of the actor's, or of a firm they act for.

    Whether `application` is theirs is the caller's to say: this room knows no applications.

    Raises:
        NotFound: a licence is not theirs. Invalid: nothing chosen, several holders, no such purpose,
            place or clerk, or a licence that proves nothing today.
    """
    chosen = [own_licence(actor, one) for one in dict.fromkeys(new.licences)]
    purpose = _checked_purpose(new, chosen)
    _check_clerk(new, purpose)
    holder, now, code = chosen[0].holder, timezone.now(), new_short_code()
    row = Authorisation.objects.create(
        public_id=new_public_id("grant"),
        subject=holder,
        given_by=actor.id,
        purpose=purpose.id,
        licences=[one.public_id for one in chosen],
        place=new.place,
        officer=new.officer,
        application=new.application,
        code_hash=make_password(code),
        made_at=now,
        expires_at=now + _span(new.application),
    )
    record(
        actor,
        "authorisation.given",
        stream=stream_of(holder),
        about=row.public_id,
        subject=holder,
        purpose=purpose.name,
        basis=purpose.basis,
        detail={"licences": row.licences, "place": new.place, "application": new.application},
    )
    return Given(row.public_id, code)


def _span(application: str) -> dt.timedelta:
    return span(current().catalogue, CASE_DAYS if application else ONCE_HOURS)


def _checked_purpose(new: NewAuthorisation, chosen: Sequence[LicenceView]) -> UsePurpose:
    if not chosen:
        raise Invalid("还没有选证照。", mend="请至少选一张证照。", field="licences")
    if len({one.holder for one in chosen}) > 1:
        raise Invalid(
            "一次授权只能是同一个持证人的证照。", mend="本人的和企业的请分两次授权。", field="licences"
        )
    catalogue, today = current().catalogue, timezone.localdate()
    try:
        purpose = purpose_of(catalogue, new.purpose, on=today)
    except NotFound as error:
        raise Invalid(error.message, mend="请在列出的用途里选一个。", field="purpose") from None
    kinds = [catalogue.materials.get(one.material) for one in chosen]
    if Way.AUTHORISE not in purpose.ways or not all(kind and fits(purpose, kind) for kind in kinds):
        raise Invalid("这些证照不能为这个用途授权。", mend="请在列出的用途里选一个。", field="purpose")
    for one, kind in zip(chosen, kinds, strict=True):
        found = record_of(one, today)
        if not found.usable:
            name = kind.name if kind else one.material
            mend = "请去掉这一张，或先到发证部门办理恢复、换证。"
            raise Invalid(f"{name}现在是“{found.standing}”，不能授权使用。", mend=mend, field="licences")
    return purpose


def _check_clerk(new: NewAuthorisation, purpose: UsePurpose) -> None:
    if new.place not in current().catalogue.places:
        raise Invalid("请选择在哪个政务服务中心办。", mend="在列表里选一个县区的窗口。", field="clerk")
    known = {one.id for one in officers_of("", new.place, *purpose.officers)}
    if new.officer and new.officer not in known:
        raise Invalid("这位工作人员不在这个窗口。", mend="请重新选择，或改选“任一窗口”。", field="clerk")


@transaction.atomic
def renew_code(actor: Actor, public_id: str) -> Given:
    """Another code in place of the one before, which stops to count; wrong tries are forgiven.

    Raises NotFound: not theirs. Conflict: it cannot be used any more, or a clerk has it already.
    """
    row = _own(actor, public_id)
    if row.used_at is not None or row.revoked_at is not None or row.expires_at <= timezone.now():
        raise Conflict("这个授权已经用过、撤回或过期，不能再取授权码。", mend="需要时请重新授权。")
    code = new_short_code()
    row.code_hash, row.tries = make_password(code), 0
    row.save(update_fields=["code_hash", "tries"])
    record(
        actor,
        "authorisation.code.renewed",
        stream=stream_of(row.subject),
        about=row.public_id,
        subject=row.subject,
    )
    return Given(row.public_id, code)


@transaction.atomic
def revoke_authorisation(actor: Actor, public_id: str) -> None:
    """Take an authorisation back, at once. What was seen before stays on record.

    Raises NotFound: not theirs. Conflict: it was taken back, or used up, already.
    """
    row = _own(actor, public_id)
    if row.revoked_at is not None:
        raise Conflict("这个授权已经撤回了。", mend="不用再撤；请刷新页面查看。")
    if row.used_at is not None and not row.application:
        raise Conflict("这个授权已经用过，不会再被使用。", mend="谁用的、看了什么，在“谁看过我的证照”里。")
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    record(
        actor,
        "authorisation.revoked",
        stream=stream_of(row.subject),
        about=row.public_id,
        subject=row.subject,
    )


def _own(actor: Actor, public_id: str) -> Authorisation:
    row = Authorisation.objects.select_for_update().filter(public_id=public_id).first()
    if row is None or not actor.is_subject(row.subject, Matter.APPLICATIONS):
        raise NotFound("没有这个授权。", mend="请从“授权用证”里选择。")
    return row
