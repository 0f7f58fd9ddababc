# SPDX-License-Identifier: Apache-2.0
"""Scan a code (扫码核验): the first scan uses it up, whoever else comes is told so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import may_act_for, subject
from yiwang.apps.journal.public import record
from yiwang.apps.licences.public import licence
from yiwang.engines.definitions.kinds.purposes import UsePurpose
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import mask_name, new_public_id

from ..domain.codes import token_digest
from ..domain.purposes import may_look, purpose_of
from ..domain.settings import PAGE_MINUTES, span
from ..models import ShowCode, Showing, Use
from ..queries import record_of
from ._refusing import Refused, note_refusal, stream_of, told_after_commit

_USED = Refused("used", "这个码已经用过了。", "一个码只能扫一次。请对方换一个新码再扫。")
_REPLACED = Refused("replaced", "这个码已经换成新的了。", "请扫对方屏幕上现在的码；截图、照片不能用。")
_EXPIRED = Refused("expired", "这个码过期了。", "请对方换一个新码再扫。")
_NOT_YOURS = Refused(
    "role", "这个码不是给您这类人员看的。", "请对方确认出示的目的，或者换一位有权限的人扫。", forbidden=True
)
_OWN = Refused("own", "这是您自己出示的码。", "请让对方来扫；自己的证照在“我的证照”里看。", forbidden=True)
_NO_MANDATE = Refused("mandate", "出示的人现在不能代表持证的企业。", "请对方找企业重新授权后再出示。")


@dataclass(frozen=True)
class Offered:
    """What is known of a code before it is used: for what it is shown, and whether this actor may
    look. Nothing of the holder or the licence."""

    purpose: UsePurpose
    refused: str = ""
    mend: str = ""


def offered(actor: Actor, token: str) -> Offered:
    """Look at a code without using it up, so that a preview of its address does no harm.

    Raises NotFound: there is no such code.
    """
    code = _code(token)
    purpose = purpose_of(current().catalogue, code.showing.purpose, on=timezone.localdate())
    refused = _why_not(actor, code, code.showing, purpose)
    return Offered(purpose, refused.message, refused.mend) if refused else Offered(purpose)


def scan(actor: Actor, token: str, *, on_behalf: str = "") -> str:
    """Use a code up and look at what it shows; returns the public id of the use.

    Args:
        on_behalf: the firm (public id) in whose name a person looks, e.g. a shop.

    The look is journalled; so is a code that could not be used, for its holder to see.

    Raises:
        NotAllowed: nobody is logged in, or the purpose is not for them. NotFound: no such code.
        Conflict: used, replaced or expired. Invalid: the scanner may not act for that firm.
    """
    if actor.kind not in (ActorKind.PERSON, ActorKind.OFFICER):
        raise NotAllowed("扫码核验要先登录。", mend="请登录后再扫一次。")
    if on_behalf and on_behalf not in actor.firms_for(Matter.APPLICATIONS):
        raise Invalid("您现在不能代表这个企业。", mend="请选择本人，或先取得企业授权。", field="on_behalf")
    with told_after_commit() as refusals:
        return _scan(actor, token, on_behalf, refusals)


def _scan(actor: Actor, token: str, on_behalf: str, refusals: list[Refused]) -> str:
    pk = _code(token).showing_id
    row = Showing.objects.select_for_update().get(pk=pk)  # the second of two scans waits here
    code = _code(token)
    purpose = purpose_of(current().catalogue, row.purpose, on=timezone.localdate())
    if refused := _why_not(actor, code, row, purpose):
        note_refusal(actor, refused, subject=row.subject, purpose=purpose, about=row.licence)
        refusals.append(refused)
        return ""
    now = timezone.now()
    row.used_at = now
    row.save(update_fields=["used_at"])
    made = Use.objects.create(
        public_id=new_public_id("use"),
        showing=row,
        once=True,
        actor=actor.id,
        on_behalf=on_behalf,
        shown_as=_shown_as(actor, on_behalf),
        subject=row.subject,
        purpose=purpose.id,
        licences=[row.licence],
        at=now,
        page_until=now + span(current().catalogue, PAGE_MINUTES),
    )
    _record_look(actor, row, purpose, on_behalf)
    return made.public_id


def _shown_as(actor: Actor, on_behalf: str) -> str:
    """Who looked, as the holder reads it: officers by name, people masked, firms by name."""
    if actor.kind is ActorKind.OFFICER:
        return actor.name
    masked = mask_name(actor.name)
    return f"{subject(on_behalf).name}（经办人 {masked}）" if on_behalf else masked


def _record_look(actor: Actor, row: Showing, purpose: UsePurpose, on_behalf: str) -> None:
    standing = record_of(licence(row.licence), timezone.localdate()).standing
    record(
        actor,
        "present.scan.look",
        stream=stream_of(row.subject),
        about=row.licence,
        subject=row.subject,
        purpose=purpose.name,
        basis=purpose.basis,
        detail={"standing": standing, "on_behalf": on_behalf},
    )


def _code(token: str) -> ShowCode:
    found = ShowCode.objects.select_related("showing").filter(digest=token_digest(token)).first()
    if found is None:
        raise NotFound("没有这个码。", mend="请对方打开“亮证”，扫屏幕上现在的码。")
    return found


def _why_not(actor: Actor, code: ShowCode, row: Showing, purpose: UsePurpose) -> Refused | None:
    """1. not used, 2. the newest, 3. in time, 4. the purpose is for this actor, 5. not their own,
    6. whoever shows it may still act for the holder."""
    if row.used_at is not None:
        return _USED
    if code.replaced_at is not None:
        return _REPLACED
    if code.expires_at <= timezone.now():
        return _EXPIRED
    if not may_look(purpose, actor):
        return _NOT_YOURS
    if actor.id == row.shown_by or actor.is_near(row.subject):
        return _OWN
    return None if may_act_for(row.shown_by, row.subject, Matter.APPLICATIONS) else _NO_MANDATE
