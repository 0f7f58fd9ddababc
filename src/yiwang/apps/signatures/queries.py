# SPDX-License-Identifier: Apache-2.0
"""A person's signature, where it was used, and whether a signing is good (验证)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from yiwang.engines import sealing
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import NotFound

from . import plugs
from .domain.pictures import Way
from .domain.states import Reason, State
from .domain.strength import Strength, strength_of
from .models import Signature, Signing


@dataclass(frozen=True)
class SignatureView:
    """A signature as its owner sees it."""

    public_id: str
    name: str
    way: str
    state: State
    created_at: dt.datetime
    not_after: dt.datetime
    revoked_at: dt.datetime | None
    reason: str
    serial: str
    auth_term: str


@dataclass(frozen=True)
class SigningView:
    """A document signed. `digest`: SM3 of its bytes, hexadecimal."""

    public_id: str
    about: str
    title: str
    document_name: str
    digest: str
    at: dt.datetime
    auth_term: str
    auth_level: int
    signature: str
    signer: str


def my_signature(actor: Actor) -> SignatureView | None:
    """The newest signature of the actor, in force or not."""
    newest = Signature.objects.filter(owner=actor.id).order_by("-id").first()
    return _view(newest) if newest else None


def picture_of(actor: Actor) -> bytes:
    """The handwriting (PNG) of the actor's newest signature; nobody else's. Raises NotFound."""
    newest = Signature.objects.filter(owner=actor.id).order_by("-id").first()
    if newest is None:
        raise NotFound("您还没有电子签名。", mend="请先申请。")
    return sealing.parse_seal(bytes(newest.seal_der)).picture.data


def signings_of(actor: Actor, *, limit: int = 200) -> list[SigningView]:
    """Where the actor's signatures were used, newest first."""
    found = Signing.objects.filter(signature__owner=actor.id).select_related("signature").order_by("-id")
    return [_signing(one) for one in found[:limit]]


def signing(actor: Actor, public_id: str) -> SigningView:
    """One signing, for its signer. Raises NotFound."""
    return _signing(_mine(actor, public_id))


def signed_by(owner: str, about: str, document: bytes) -> SigningView | None:
    """The signing of exactly these bytes by this person for this thing, or None."""
    digest = sealing.sm3(document).hex()
    found = Signing.objects.filter(signature__owner=owner, about=about, digest=digest)
    newest = found.select_related("signature").order_by("-id").first()
    return _signing(newest) if newest else None


@dataclass(frozen=True)
class SignedDocument:
    """The exact bytes that were signed, and the signature over them (SES_Signature, DER)."""

    name: str
    document: bytes
    der: bytes


def signed_document(actor: Actor, public_id: str) -> SignedDocument:
    """A signed document with its signature, for its signer. Raises NotFound."""
    row = _mine(actor, public_id)
    return SignedDocument(row.document_name, bytes(row.document), bytes(row.der))


def verify_signing(actor: Actor, public_id: str) -> sealing.Report:
    """Verify a signing in numbered steps, as of its own time: a certificate revoked later does not
    undo it. Raises NotFound."""
    row = _mine(actor, public_id)
    return check_document(bytes(row.document), bytes(row.der), at=row.at)


def check_document(document: bytes, der: bytes, *, at: dt.datetime | None = None) -> sealing.Report:
    """Verify a signature over a document's exact bytes, as of `at` (default now)."""
    digest = sealing.sm3(document)
    return sealing.verify_signature(der, digest=digest, trust=plugs.trust(), at=at or timezone.now())


def login_strength(method: str) -> Strength:
    """The strength of a way of logging in, by the definitions in force."""
    return strength_of(plugs.settings(), method)


def _mine(actor: Actor, public_id: str) -> Signing:
    found = Signing.objects.filter(public_id=public_id).select_related("signature").first()
    if found is None or not (actor.kind is ActorKind.SYSTEM or found.signature.owner == actor.id):
        raise NotFound("没有这次签名。", mend="请从“我的电子签名”进入。")
    return found


def _view(row: Signature) -> SignatureView:
    return SignatureView(
        public_id=row.public_id,
        name=row.name,
        way=Way(row.way).term,
        state=row.state(timezone.now()),
        created_at=row.created_at,
        not_after=row.not_after,
        revoked_at=row.revoked_at,
        reason=Reason(row.reason).term if row.reason else "",
        serial=row.serial,
        auth_term=login_strength(row.auth_method).term,
    )


def _signing(row: Signing) -> SigningView:
    return SigningView(
        public_id=row.public_id,
        about=row.about,
        title=row.title,
        document_name=row.document_name,
        digest=row.digest,
        at=row.at,
        auth_term=login_strength(row.auth_method).term,
        auth_level=row.auth_level,
        signature=row.signature.public_id,
        signer=row.signature.name,
    )
