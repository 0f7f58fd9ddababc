# SPDX-License-Identifier: Apache-2.0
"""Seal licences (签章): each as PDF, OFD and JSON, all three or none, one transaction a licence.

1. The licence is drawn before any lock is taken: that takes longest.
2. The seal is taken in hand, then the licence is locked and looked at again: somebody may have sealed,
   suspended, revoked or corrected it meanwhile.
3. The three files are sealed and checked as anybody would check them; then they are on the disk; then
   the rows that name them are committed together with the log of the seal's use.

What stops half-way leaves whole licences sealed and the others awaiting their seal: call it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from yiwang.apps.seals import public as seals
from yiwang.engines import papers
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotFound, YiwangError

from .. import files
from ..domain.history import EventKind
from ..domain.states import Standing, word
from ..drawing import Sheets, draw
from ..models import Form, Licence, LicenceFile
from ..queries import standing_of
from ..trials import keep_trial
from ._events import Happening, locked, tell

MOST_AT_ONCE = 200
"""Licences of one call: a person waits for it."""


@dataclass
class Sealing:
    """What came of it: public ids sealed, sealed by somebody else before, and left with the reason."""

    sealed: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


class _NotInHand(Exception):
    """The seal could not be taken in hand: no other licence fares better."""

    def __init__(self, error: YiwangError) -> None:
        super().__init__(str(error))
        self.error = error


def seal_licences(actor: Actor, ids: Sequence[str], *, seal: str, use: str, passphrase: str) -> Sealing:
    """Seal the licences with these public ids; the rest is left, each with the reason.

    Args:
        seal, use: public ids of the seal and of the approved request to use it.

    Raises:
        Invalid: none or too many are chosen. NotFound: no such seal, for this actor.
        What taking the seal in hand raises (not the custodian, wrong passphrase, not approved …), when
        nothing was sealed yet; later it is the reason why the rest is left.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid(f"请选择 1 到 {MOST_AT_ONCE} 件证照。", mend="件数多的，分几次签章。", field="licence")
    view = seals.seal(actor, seal)
    result = Sealing()
    for position, public_id in enumerate(wanted):
        try:
            _seal_one(actor, public_id, view, use, passphrase, result)
        except _NotInHand as refused:
            if not result.sealed:
                raise refused.error from refused
            result.left += [(one, str(refused.error)) for one in wanted[position:]]
            break
        except YiwangError as error:
            result.left.append((public_id, str(error)))
    return result


def _seal_one(
    actor: Actor, public_id: str, seal: seals.SealView, use: str, passphrase: str, result: Sealing
) -> None:
    seen = Licence.objects.filter(public_id=public_id).first()
    if seen is None:
        raise NotFound("没有这个证照。", mend="请刷新列表。")
    if seen.sealed_at is not None:
        result.already.append(public_id)
        return
    _require_sealable(seen, seal)
    sheets = _drawn(seen)
    in_hand = False
    try:
        with seals.pressing(actor, seal.public_id, use=use, passphrase=passphrase) as press:
            in_hand = True
            done = _seal_locked(actor, seen, sheets, seal, press)
    except YiwangError as error:
        if in_hand:
            raise
        raise _NotInHand(error) from error
    (result.sealed if done else result.already).append(public_id)


def _drawn(licence: Licence) -> Sheets:
    """The sheets; what is wrong with them stays on the list as a task."""
    try:
        return draw(licence)
    except YiwangError as error:
        keep_trial(licence, str(error))
        raise


def _require_sealable(licence: Licence, seal: seals.SealView) -> None:
    """Raise unless the licence awaits a seal of this unit and is in good standing."""
    if licence.seal_asked_at is None:
        raise Conflict("这件证照不制作电子文件。", mend="存量证照请先申请转换。")
    today = timezone.localdate()
    standing, coming = standing_of(licence, today)
    if standing is not Standing.VALID or (coming is not None and coming.is_final):
        now = word(coming or standing, licence.valid_from, licence.valid_until, today)
        raise Conflict(f"证照现在是“{now}”，没有签章。", mend="状态恢复以后再签章；已撤销、换发的不再签章。")
    if licence.valid_until is not None and licence.valid_until < today:
        raise Conflict("证照已过有效期，没有签章。", mend="请核对有效期。")
    if seal.org != licence.issuer or (seal.place and licence.place and seal.place != licence.place):
        raise Conflict("这枚印章不是发证机关的，没有签章。", mend="请选发证机关的印章。")


def _seal_locked(
    actor: Actor, seen: Licence, sheets: Sheets, seal: seals.SealView, press: seals.Press
) -> bool:
    """Seal, check, store and tell, in the transaction of the press. False: somebody was first."""
    licence = locked(seen.public_id)
    if licence.sealed_at is not None:
        return False
    _require_sealable(licence, seal)
    if licence.content_digest() != seen.content_digest():
        raise Conflict("证照刚刚有变动，没有签章。", mend="请刷新后再签一次。")
    contents = _sealed(licence, sheets, press)
    _require_sound(contents)
    named = {form: {"sha256": files.add(data), "size": len(data)} for form, data in contents.items()}
    licence.sealed_at = timezone.now()
    licence.save(update_fields=["sealed_at"])
    facts = {
        "seal": seal.public_id,
        "version": licence.version,
        "files": {f.value: n for f, n in named.items()},
    }
    event = tell(actor, licence, Happening(EventKind.SEALED, timezone.localdate(), facts=facts))
    for form, one in named.items():
        LicenceFile.objects.create(licence=licence, seq=event.seq, form=form.value, **one)
    keep_trial(licence, "")
    return True


def _sealed(licence: Licence, sheets: Sheets, press: seals.Press) -> Mapping[Form, bytes]:
    """The three files with the seal in place. A corrected licence is another document to the seal's log."""
    about = licence.public_id if licence.version == 1 else f"{licence.public_id}.{licence.version}"

    def pressed(digest: bytes, document_property: str) -> bytes:
        return press(digest, document_property, about=about, material=licence.material, case=licence.case)

    place, picture = sheets.template.seal, press.picture
    return {
        Form.PDF: papers.seal_pdf(sheets.pdf, picture, place, pressed),
        Form.OFD: papers.seal_ofd(sheets.ofd, picture, place, pressed),
        Form.JSON: papers.seal_json(sheets.json, pressed),
    }


def _require_sound(contents: Mapping[Form, bytes]) -> None:
    """Raise Conflict unless each file verifies as it will for anybody: nothing else leaves the house."""
    trust, now = seals.trust(), timezone.now()
    for form, data in contents.items():
        if failed := papers.check_file(data, trust, at=now).failed:
            step = f"第 {failed.number} 步“{failed.name}”：{failed.why}"
            raise Conflict(
                f"{form.label} 文件签章后核验不通过（{step}），没有签发。",
                mend="请印章管理员核对印章证书和信任的颁发机构。",
            )
