# SPDX-License-Identifier: Apache-2.0
"""Which authorities are trusted, and what they revoke. A list that arrives late is judged anew."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines import sealing
from yiwang.engines.sealing import Certificate, Crl
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from ..domain.states import State
from ..models import Authority, Pressing, RevocationList, Seal
from ._shared import advance, words_of


@dataclass(frozen=True)
class Judged:
    """What a revocation list brought: `suspended` seals (public ids), and how many impressions were made
    after the moment of revocation (`doubtful`): they do not verify any more."""

    issuer: str
    suspended: tuple[str, ...] = ()
    doubtful: int = 0
    known: bool = False


def _require(actor: Actor) -> None:
    allowed = actor.kind is ActorKind.OFFICER and actor.has(Role.SEALS)
    if actor.kind is not ActorKind.SYSTEM and not allowed:
        raise NotAllowed("只有印章管理员可以管理信任的证书。", mend="请由政务服务和大数据管理局办理。")


@transaction.atomic
def import_authority(actor: Actor, data: bytes, *, fingerprint: str = "", key: str = "") -> str:
    """Trust the certificate of an authority (DER or PEM); returns its SM3 fingerprint (hex).

    Args:
        fingerprint: of a root, as its operator publishes it: trust in a root comes from elsewhere than
            from the file. Not needed for one that a trusted authority issued.
        key: the demo authority's own key.

    Raises NotAllowed, SealingError (no certificate), Invalid: no authority, the wrong fingerprint, or
    nobody trusted vouches for it.
    """
    _require(actor)
    found = sealing.parse_certificate(data)
    digest, now = found.digest.hex(), timezone.now()
    if not found.authority:
        raise Invalid("这不是发证机构的证书。", mend="请导入根证书或者中级机构证书。", field="file")
    if found.not_after < now:
        raise Invalid("这张证书已经过期。", mend="请向机构索取新证书。", field="file")
    if found.self_issued:
        given = "".join(fingerprint.split()).replace(":", "").lower()
        if not hmac.compare_digest(given, digest):
            raise Invalid(
                "根证书的指纹不符。",
                mend="请填写机构公布的 SM3 指纹，与文件核对一致才导入。",
                field="fingerprint",
            )
    _require_voucher(found)
    Authority.objects.update_or_create(
        digest=digest,
        defaults={
            "subject": found.subject[:300],
            "issuer": found.issuer[:300],
            "serial": f"{found.serial:x}",
            "not_before": found.not_before,
            "not_after": found.not_after,
            "der": found.der,
            "key": key,
            "imported_by": actor.id,
            "imported_at": now,
            "distrusted_at": None,
            "distrusted_why": "",
        },
    )
    record(
        actor, "seal.authority.trusted", stream="seals", about=digest[:40], detail={"subject": found.subject}
    )
    return digest


def _require_voucher(found: Certificate) -> None:
    """Raises Invalid unless itself (a root) or a trusted authority signed it."""
    above = (found,) if found.self_issued else tuple(_trusted(found.issuer_name.der))
    if not any(one.public_key.verify(found.tbs, found.signature) for one in above):
        raise Invalid("没有受信任的上级机构为它签名。", mend="请先导入它的上级（根）证书。", field="file")


def _trusted(subject: bytes) -> list[Certificate]:
    rows = Authority.objects.filter(distrusted_at=None)
    certificates = [sealing.parse_certificate(bytes(row.der)) for row in rows]
    return [one for one in certificates if one.subject_name.der == subject]


@transaction.atomic
def distrust(actor: Actor, digest: str, *, words: str) -> None:
    """Trust an authority no more: what stands on it alone does not verify.

    Raises NotFound, NotAllowed, Invalid.
    """
    _require(actor)
    row = Authority.objects.select_for_update().filter(digest=digest, distrusted_at=None).first()
    if row is None:
        raise NotFound("没有这个受信任的机构。", mend="请从证书列表进入。")
    row.distrusted_at, row.distrusted_why = timezone.now(), words_of(words, needed="不再信任的理由")[:300]
    row.save(update_fields=["distrusted_at", "distrusted_why"])
    record(
        actor, "seal.authority.distrusted", stream="seals", about=digest[:40], detail={"subject": row.subject}
    )


@transaction.atomic
def import_crl(actor: Actor, data: bytes) -> Judged:
    """Take over a revocation list (DER or PEM) and judge anew what was sealed.

    Raises NotAllowed, SealingError (no list), Invalid: nobody trusted signed it; Conflict: a newer one
    of this issuer is known. One that is known already changes nothing.
    """
    _require(actor)
    return take_over_crl(actor, data)


def take_over_crl(actor: Actor, data: bytes) -> Judged:
    """`import_crl` for a list that this room asked for itself. In the caller's transaction."""
    crl = sealing.parse_crl(data)
    digest = sealing.sm3(crl.der).hex()
    if RevocationList.objects.filter(digest=digest).exists():
        return Judged(crl.issuer, known=True)
    if not any(one.public_key.verify(crl.tbs, crl.signature) for one in _trusted(crl.issuer_name.der)):
        raise Invalid(
            "撤销列表不是受信任的机构签发的。", mend="请先导入机构证书，或者核对文件。", field="file"
        )
    if crl.this_update > timezone.now():
        raise Invalid("撤销列表的签发时间在将来。", mend="请核对文件和服务器的时间。", field="file")
    if RevocationList.objects.filter(issuer=crl.issuer[:300], this_update__gt=crl.this_update).exists():
        raise Conflict("已经有更新的撤销列表。", mend="请导入最新的一份；旧的不会替换新的。")
    judged, ours = _judge(actor, crl)
    RevocationList.objects.create(
        digest=digest,
        issuer=crl.issuer[:300],
        this_update=crl.this_update,
        next_update=crl.next_update,
        der=crl.der,
        names_ours=ours,
        imported_by=actor.id,
        imported_at=timezone.now(),
    )
    detail = {"issuer": crl.issuer, "revoked": len(crl.revoked), "doubtful": judged.doubtful}
    record(actor, "seal.crl.imported", stream="seals", about=digest[:40], detail=detail)
    return judged


def _judge(actor: Actor, crl: Crl) -> tuple[Judged, bool]:
    """Suspend the seals whose certificates are on the list; count what they sealed after that moment.
    Also whether the list names any certificate of ours."""
    listed = {f"{serial:x}": one for serial, one in crl.revoked.items()}
    known = Seal.objects.exclude(serial="").values_list("pk", "serial")
    suspended, doubtful, ours = [], 0, False
    for key in sorted(pk for pk, serial in known if serial in listed):
        seal = Seal.objects.select_for_update().get(pk=key)
        if sealing.parse_certificate(bytes(seal.certificate)).issuer_name.der != crl.issuer_name.der:
            continue
        ours, revoked = True, listed[seal.serial]
        since = min(revoked.at, revoked.invalid_from or revoked.at)
        doubtful += Pressing.objects.filter(seal=seal, refused="", at__gte=since).count()
        if seal.state == State.ACTIVE.value:
            seal.cancel_reason, seal.cancel_words = "certificate-revoked", "数字证书列入撤销列表"
            advance(actor, seal, "suspend", words=seal.cancel_words)
            suspended.append(seal.public_id)
    return Judged(crl.issuer, tuple(suspended), doubtful), ours
