# SPDX-License-Identifier: Apache-2.0
"""A clerk uses an authorisation at the window: by the code the holder says, or as the one named."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.hashers import check_password
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import may_act_for
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.kinds.purposes import UsePurpose
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.codes import typed
from ..domain.purposes import purpose_of
from ..domain.settings import CODE_TRIES, PAGE_MINUTES, span
from ..models import Authorisation, Use
from ..queries import NOT_FOR_YOU
from ._applications import in_hand
from ._refusing import Refused, note_refusal, stream_of, told_after_commit

_RECENT = 10
"""So many authorisations of a visitor are tried against a code: more nobody has open at a time."""

_REVOKED = Refused("revoked", "持证人已经撤回了这个授权。", "请当面核实；需要时请持证人重新授权。")
_USED = Refused("used", "这个授权已经用过了，只能用一次。", "还要用的，请持证人重新授权。")
_EXPIRED = Refused("expired", "这个授权过期了。", "请持证人重新授权。")
_CODE_TAKEN = Refused(
    "taken",
    "这个授权码已经由另一位工作人员用过。",
    "请那位工作人员继续办，或请持证人重新授权。",
    forbidden=True,
)
_FOREIGN = Refused(
    "clerk", "这个授权不是给您这个窗口的。", "请持证人核对授权的窗口，或者重新授权。", forbidden=True
)
_NOT_IN_HAND = Refused(
    "case",
    "这个授权只为一件申请，那件申请不在您这里办，或者已经办完。",
    "请在办那件申请时使用；办别的事，请持证人另外授权。",
)
_NO_MANDATE = Refused("mandate", "给出授权的人现在不能代表持证的企业。", "请企业有权经办的人重新授权。")
_LOCKED = Refused("locked", "授权码输错次数太多，已经作废。", "请持证人登录后换一个新授权码，或者重新授权。")
_NO_SUCH_CODE = ("授权码不对。", "请持证人再念一遍；多次不对，请持证人换一个新授权码。")


def use_by_code(actor: Actor, code: str, *, subjects: Collection[str]) -> str:
    """Use the authorisation whose code the holder says; returns the public id of the use.

    Args:
        subjects: whoever stands at the counter and the firm they come for, identified before
            (`identity.meet_applicant`): a code alone opens nothing.

    Wrong codes are counted on the visitor's open authorisations; too many void their codes.

    Raises:
        NotFound: no authorisation of theirs has this code. Conflict: used, expired, taken back, or
            the code is void. NotAllowed: it is for another counter. Invalid: nothing was typed.
    """
    plain = typed(code)
    if not plain:
        raise Invalid("请输入授权码。", mend="授权码是8位数字，请持证人念给您。", field="code")
    with told_after_commit() as refusals:
        row = _find(plain, subjects)
        if row is not None:
            return _use(actor, row, refusals, by_code=True)
        refusals.append(_note_wrong(actor, subjects))
        return ""


def use_as_named(actor: Actor, public_id: str) -> str:
    """Use an authorisation that names this clerk; returns the public id of the use.

    Raises NotFound: it names somebody else, or there is none. Otherwise as `use_by_code`.
    """
    with told_after_commit() as refusals:
        row = Authorisation.objects.select_for_update().filter(public_id=public_id, officer=actor.id).first()
        if row is None:
            raise NotFound(NOT_FOR_YOU[0], mend=NOT_FOR_YOU[1])
        return _use(actor, row, refusals, by_code=False)


def _find(code: str, subjects: Collection[str]) -> Authorisation | None:
    """The authorisation of these holders with this code, locked: open ones first."""
    found = Authorisation.objects.select_for_update().filter(subject__in=subjects).order_by("-id")[:_RECENT]
    rows = sorted(found, key=lambda row: row.used_at is not None or row.revoked_at is not None)
    return next((row for row in rows if check_password(code, row.code_hash)), None)


def _note_wrong(actor: Actor, subjects: Collection[str]) -> Refused:
    limit = whole(current().catalogue, CODE_TRIES)
    open_rows = list(
        Authorisation.objects.select_for_update()
        .filter(subject__in=subjects, revoked_at=None, used_at=None, expires_at__gt=timezone.now())
        .order_by("id")
    )
    for row in open_rows:
        row.tries += 1
        row.save(update_fields=["tries"])
    for holder in {row.subject for row in open_rows}:
        record(actor, "authorisation.code.wrong", stream=stream_of(holder), subject=holder)
    locked = any(row.tries >= limit for row in open_rows)
    return _LOCKED if locked else Refused("code", *_NO_SUCH_CODE)


def _use(actor: Actor, row: Authorisation, refusals: list[Refused], *, by_code: bool) -> str:
    purpose = purpose_of(current().catalogue, row.purpose, on=timezone.localdate(row.made_at))
    if refused := _why_not(actor, row, purpose, by_code=by_code):
        note_refusal(actor, refused, subject=row.subject, purpose=purpose, about=row.public_id)
        refusals.append(refused)
        return ""
    now = timezone.now()
    if row.used_at is None:
        row.used_at, row.officer = now, actor.id
        row.save(update_fields=["used_at", "officer"])
    made = Use.objects.create(
        public_id=new_public_id("use"),
        authorisation=row,
        once=not row.application,
        actor=actor.id,
        shown_as=actor.name,
        subject=row.subject,
        purpose=purpose.id,
        licences=row.licences,
        at=now,
        page_until=now + span(current().catalogue, PAGE_MINUTES),
    )
    _tell(actor, row, purpose)
    return made.public_id


def _why_not(actor: Actor, row: Authorisation, purpose: UsePurpose, *, by_code: bool) -> Refused | None:
    """1. not taken back, 2. not used up, 3. in time, 4. a clerk of that counter, the one it names,
    5. the code is not void, 6. the application it is for is in their hands, 7. whoever gave it may
    still act for the holder."""
    if row.revoked_at is not None:
        return _REVOKED
    if row.used_at is not None and not row.application:
        return _USED
    if row.expires_at <= timezone.now():
        return _EXPIRED
    if row.officer not in ("", actor.id):
        return _CODE_TAKEN if row.used_at is not None else _FOREIGN
    if not actor.has(*purpose.officers, place=row.place):
        return _FOREIGN
    if by_code and row.used_at is None and row.tries >= whole(current().catalogue, CODE_TRIES):
        return _LOCKED
    if row.application and not in_hand(actor, row.application):
        return _NOT_IN_HAND
    return None if may_act_for(row.given_by, row.subject, Matter.APPLICATIONS) else _NO_MANDATE


def _tell(actor: Actor, row: Authorisation, purpose: UsePurpose) -> None:
    for licence in row.licences:
        record(
            actor,
            "authorisation.look",
            stream=stream_of(row.subject),
            about=licence,
            subject=row.subject,
            purpose=purpose.name,
            basis=purpose.basis,
            detail={"authorisation": row.public_id, "application": row.application},
        )
    times = (
        "。这个授权只能用一次，现在已经失效"
        if not row.application
        else "；办完以前他还可以再用，您可以随时撤回"
    )
    notify(
        row.subject,
        "您授权的证照刚刚被窗口调用",
        f"{actor.name}调用了您授权的 {len(row.licences)} 张证照，用途：{purpose.name}{times}。",
    )
