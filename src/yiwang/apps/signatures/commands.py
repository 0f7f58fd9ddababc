# SPDX-License-Identifier: Apache-2.0
"""Apply for a signature, sign with it, revoke it (申请、应用、注销). Verification is in `queries`.

A signing service is asked in no transaction, with a key of its own, so that a slow one holds nothing
up and a repeated one does nothing twice; what it answered is verified, then written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.identity.public import subject
from yiwang.apps.journal.public import record, send
from yiwang.engines import sealing
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound, Unavailable
from yiwang.kernel.ids import new_public_id

from . import plugs
from .domain.pictures import Way
from .domain.services import Enrolment, Order
from .domain.states import Reason, require_active
from .domain.strength import require_strength, strength_of
from .models import Signature, Signing

TOPIC = "signatures.revoke"


def apply_for_signature(
    actor: Actor, *, way: Way, picture: bytes, passphrase: str, method: str, key: str
) -> str:
    """A person gets a signature with this handwriting; returns its public id. One that is in force is
    revoked first: redrawing is a new signature with a new key.

    Args:
        picture: PNG, as `domain.pictures` makes it.
        passphrase: of the signing key; nobody but the signer knows it.
        method: how the person logged in.
        key: idempotency key, made by the page.

    Raises:
        NotAllowed: not a person, or the login is too weak. Invalid: the passphrase is weak.
        Unavailable: the signing service does not answer; the same key tries again.
    """
    _require_person(actor)
    strength = strength_of(plugs.settings(), method)
    require_strength(plugs.settings(), strength)
    service = plugs.service()
    public_id = _id_for("sig", actor, key)
    if Signature.objects.filter(public_id=public_id).exists():
        return public_id
    enrolled = service.enrol(Enrolment(public_id, actor, subject(actor.id).name, picture, passphrase))
    _require_readable(enrolled.der)
    if before := _in_force(actor):
        revoke_signature(actor, reason=Reason.REDRAWN, public_id=before.public_id)
    try:
        with transaction.atomic():
            made = Signature.objects.create(
                public_id=public_id,
                owner=actor.id,
                name=subject(actor.id).name,
                way=way.value,
                service=service.name,
                seal=enrolled.seal,
                seal_der=enrolled.der,
                serial=enrolled.serial,
                auth_method=strength.method,
                auth_level=strength.level,
                not_before=enrolled.not_before,
                not_after=enrolled.not_after,
                created_at=timezone.now(),
            )
            _note(actor, "signature.applied", made, {"way": way.value, "serial": enrolled.serial})
    except IntegrityError:
        if not Signature.objects.filter(public_id=public_id).exists():
            raise Conflict("您刚刚已经申请了另一个签名。", mend="请刷新页面查看。") from None
    return public_id


@transaction.atomic
def revoke_signature(actor: Actor, *, reason: Reason, public_id: str = "") -> None:
    """End the signature in force: it signs nothing from now on; documents signed before stay signed.
    Its service is told through the outbox. Raises NotFound when there is none."""
    found = Signature.objects.select_for_update().filter(owner=actor.id, revoked_at__isnull=True)
    signature = (found.filter(public_id=public_id) if public_id else found).first()
    if signature is None:
        raise NotFound("您现在没有有效的电子签名。", mend="不用注销。")
    signature.revoked_at, signature.reason = timezone.now(), reason.value
    signature.save(update_fields=["revoked_at", "reason"])
    _note(actor, "signature.revoked", signature, {"reason": reason.value})
    payload = {"service": signature.service, "seal": signature.seal, "reason": reason.value}
    send(TOPIC, f"{signature.public_id}-revoke", payload)


def revoke_at_service(key: str, payload: Mapping[str, Any]) -> None:
    """Carry a revocation to the service that keeps the key; it may be told twice."""
    plugs.service(payload["service"]).revoke(key, payload["seal"], payload["reason"])


@dataclass(frozen=True)
class ToSign:
    """What is signed: the exact bytes, what they are called (a file name in ASCII), what they are for.

    Attributes:
        about: public id of the thing they belong to. level: the least level of login it asks for; 0
            when it asks for none beyond the house's own.
    """

    document: bytes
    document_name: str
    title: str
    about: str
    level: int = 0

    @property
    def digest(self) -> bytes:
        """The SM3 of the bytes."""
        return sealing.sm3(self.document)


def sign(actor: Actor, wanted: ToSign, *, passphrase: str, method: str) -> str:
    """Sign a document with one's signature in force; returns the public id of the signing. The same
    bytes for the same thing are signed once.

    Raises:
        NotAllowed: not a person, or the login is too weak.
        NotFound: there is no signature. Conflict: it is revoked or expired.
        Invalid: wrong passphrase. Unavailable: the service does not answer, or what it answered does
            not verify.
    """
    _require_person(actor)
    strength = strength_of(plugs.settings(), method)
    require_strength(plugs.settings(), strength)
    if strength.level < wanted.level:
        mend = "请换用实名等级更高的方式登录，或带身份证到窗口签字。"
        raise NotAllowed(f"这份文件要求更高的实名等级，现在是{strength.term}。", mend=mend)
    signature = _in_force(actor)
    if signature is None:
        raise NotFound("您还没有电子签名。", mend="请先申请电子签名，或到窗口签字。")
    now = timezone.now()
    require_active(signature.state(now))
    key = _key_of(signature, wanted)
    if done := Signing.objects.filter(key=key).first():
        return done.public_id
    order = Order(key, actor, signature.seal, passphrase, wanted.digest, wanted.document_name, wanted.about)
    der = plugs.service(signature.service).sign(order)
    _require_good(der, wanted, signature)
    return _keep(actor, signature, wanted, der=der, key=key, method=(strength.method, strength.level))


def _keep(
    actor: Actor, signature: Signature, wanted: ToSign, *, der: bytes, key: str, method: tuple[str, int]
) -> str:
    with transaction.atomic():
        held = Signature.objects.select_for_update().get(pk=signature.pk)
        require_active(held.state(timezone.now()))  # revoked meanwhile: what came back counts for nothing
        if done := Signing.objects.filter(key=key).first():
            return done.public_id
        made = Signing.objects.create(
            public_id=new_public_id("sgn"),
            signature=held,
            about=wanted.about,
            title=wanted.title,
            document_name=wanted.document_name,
            document=wanted.document,
            digest=wanted.digest.hex(),
            key=key,
            auth_method=method[0],
            auth_level=method[1],
            at=sealing.parse_signature(der).at,
            der=der,
        )
        detail = {"document": made.digest, "for": wanted.about, "level": method[1]}
        record(
            actor,
            "signature.used",
            stream=f"signature:{held.public_id}",
            about=made.public_id,
            subject=held.owner,
            detail=detail,
        )
    return made.public_id


def _require_good(der: bytes, wanted: ToSign, signature: Signature) -> None:
    """Raise Unavailable when what a service answered is not this signer's signature on these bytes."""
    report = sealing.verify_signature(der, digest=wanted.digest, trust=plugs.trust(), at=timezone.now())
    if report.failed:
        raise Unavailable(
            f"签名服务给出的签名没有通过验证（第{report.failed.number}步：{report.failed.why}）。",
            mend="没有签成，请稍后再试；一直不行请拨打12345。",
        )
    if sealing.parse_signature(der).seal.der != bytes(signature.seal_der):
        raise Unavailable("签名服务用了别的签名。", mend="没有签成，请稍后再试；一直不行请拨打12345。")


def _require_readable(der: bytes) -> None:
    try:
        sealing.parse_seal(der)
    except sealing.SealingError as error:
        raise Unavailable("签名服务给出的名章读不出来。", mend="没有申请成，请稍后再试。") from error


def _require_person(actor: Actor) -> None:
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed("电子签名由本人登录后自己用。", mend="窗口人员请让申请人在纸质表上签字。")


def _in_force(actor: Actor) -> Signature | None:
    """The actor's newest signature that is not revoked; it may have expired."""
    return Signature.objects.filter(owner=actor.id, revoked_at__isnull=True).first()


def _id_for(prefix: str, actor: Actor, key: str) -> str:
    """The same public id for the same person and key."""
    whole = f"{actor.id}\n{key}"
    return f"{prefix}_{hashlib.sha256(whole.encode()).hexdigest()[:26]}"


def _key_of(signature: Signature, wanted: ToSign) -> str:
    whole = f"{signature.public_id}\n{wanted.about}\n{wanted.document_name}\n{wanted.digest.hex()}"
    return hashlib.sha256(whole.encode()).hexdigest()


def _note(actor: Actor, action: str, signature: Signature, detail: dict[str, str]) -> None:
    record(
        actor,
        action,
        stream=f"signature:{signature.public_id}",
        about=signature.public_id,
        subject=signature.owner,
        detail=detail,
    )
