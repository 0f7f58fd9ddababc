# SPDX-License-Identifier: Apache-2.0
"""Client systems (接入系统): registered by the data officer of their department, proven by key or token.

A change of key overlaps: the old one ends some days after the new one is made. Nothing is deleted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange.public import data_orgs, is_bureau
from yiwang.apps.journal.public import record
from yiwang.engines import sealing
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from .domain.call_settings import KEY_DAYS, OVERLAP_DAYS
from .models.clients import Client, Credential, CredentialKind

TOKEN_PREFIX = "ygw_"  # noqa: S105 - how a token begins
_SHORTEST, _LONGEST = 2, 80


@dataclass(frozen=True)
class CredentialView:
    """How a client proves itself: a key by its id, a token by the end of its digest; until when."""

    kind: str
    term: str
    shown: str
    made_at: dt.datetime
    ends_at: dt.datetime
    in_force: bool


@dataclass(frozen=True)
class ClientView:
    """A client system."""

    id: str
    org: str
    name: str
    registered_at: dt.datetime
    revoked_at: dt.datetime | None
    revoked_because: str
    credentials: tuple[CredentialView, ...]


def key_id_of(public: sealing.PublicKey) -> str:
    """The name of a key: SM3 of its SubjectPublicKeyInfo (DER), hexadecimal."""
    return sealing.sm3(public.spki).hex()


@transaction.atomic
def register_client(actor: Actor, *, org: str, name: str) -> str:
    """Register a system of a department; its public id. It proves itself once it has a key or token.

    Raises NotAllowed: not its data officer. Invalid: a wrong name. Conflict: the name is taken.
    """
    _require_officer(actor, org)
    words = " ".join(name.split())
    if not _SHORTEST <= len(words) <= _LONGEST:
        raise Invalid(
            "系统名称不对。",
            mend=f"请填 {_SHORTEST} 到 {_LONGEST} 个字，例如“餐饮许可审批系统”。",
            field="name",
        )
    if Client.objects.filter(org=org, name=words, revoked_at=None).exists():
        raise Conflict(f"已经登记了“{words}”。", mend="请换一个名称，或使用原来的登记。")
    made = Client.objects.create(
        public_id=new_public_id("client"),
        org=org,
        name=words,
        registered_at=timezone.now(),
        registered_by=actor.id,
    )
    _record(actor, "registered", made)
    return made.public_id


@transaction.atomic
def set_client_key(actor: Actor, client: str, public_pem: str) -> str:
    """Give a client a public key (SM2, PEM); returns the key id. Older keys and tokens end after the overlap.

    Raises NotFound, NotAllowed; Invalid: no SM2 public key; Conflict: the key is somebody's already.
    """
    row = _own(actor, client)
    public = read_public_key(public_pem)
    key_id = key_id_of(public)
    if Credential.objects.filter(key_id=key_id).exists():
        raise Conflict("这个公钥已经登记过。", mend="每个系统请用自己新生成的密钥。")
    _replace(row, CredentialKind.SM2, key_id, public.point.hex())
    _record(actor, "key-set", row, key=key_id)
    return key_id


@transaction.atomic
def issue_client_token(actor: Actor, client: str) -> str:
    """Issue a token; shown this once, kept as its digest. Older keys and tokens end after the overlap.

    Raises NotFound, NotAllowed.
    """
    row = _own(actor, client)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    _replace(row, CredentialKind.TOKEN, token_digest(token), "")
    _record(actor, "token-issued", row)
    return token


@transaction.atomic
def revoke_client(actor: Actor, client: str, why: str) -> None:
    """End a client at once, with all it proves itself by. Raises NotFound, NotAllowed, Invalid."""
    row, words = _own(actor, client), why.strip()
    if not 2 <= len(words) <= 200:
        raise Invalid("停用要写明原因。", mend="2到200个字。", field="why")
    now = timezone.now()
    row.revoked_at, row.revoked_because = now, words
    row.save(update_fields=["revoked_at", "revoked_because"])
    row.credentials.filter(ended_at=None).update(ended_at=now)
    _record(actor, "revoked", row)


def clients(actor: Actor) -> list[ClientView]:
    """The systems of the actor's departments; of all for the data bureau, newest first."""
    rows = Client.objects.prefetch_related("credentials").order_by("-id")
    if not is_bureau(actor):
        rows = rows.filter(org__in=data_orgs(actor))
    now = timezone.now()
    return [_view(row, now) for row in rows]


def client_view(actor: Actor, client: str) -> ClientView:
    """One of them. Raises NotFound."""
    return _view(_find(actor, client), timezone.now())


def read_public_key(text: str) -> sealing.PublicKey:
    """An SM2 public key in PEM. Raises Invalid."""
    try:
        return sealing.PublicKey.from_pem(text.encode())
    except sealing.SealingError as error:
        raise Invalid(error.message, mend=error.mend, field="key") from None


def token_digest(token: str) -> str:
    """A token is 256 random bits: a plain digest cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def _replace(row: Client, kind: CredentialKind, key_id: str, point: str) -> None:
    """Make the new credential; let the old ones end after the overlap."""
    if row.revoked_at is not None:
        raise Conflict("这个系统已经停用。", mend="请重新登记。")
    now, definitions = timezone.now(), current().catalogue
    soon = now + dt.timedelta(days=whole(definitions, OVERLAP_DAYS))
    row.credentials.filter(ended_at=None, ends_at__gt=soon).update(ends_at=soon)
    Credential.objects.create(
        client=row,
        kind=kind,
        key_id=key_id,
        point=point,
        made_at=now,
        ends_at=now + dt.timedelta(days=whole(definitions, KEY_DAYS)),
    )


def _find(actor: Actor, client: str) -> Client:
    row = Client.objects.prefetch_related("credentials").filter(public_id=client).first()
    if row is None or not (is_bureau(actor) or row.org in data_orgs(actor)):
        raise NotFound("没有这个接入系统。", mend="请从接入系统的清单里选择。")
    return row


def _own(actor: Actor, client: str) -> Client:
    return Client.objects.select_for_update().get(pk=_find(actor, client).pk)


def _require_officer(actor: Actor, org: str) -> None:
    if not org or not (is_bureau(actor) or org in data_orgs(actor)):
        raise NotAllowed("只有本部门的数据管理员可以登记接入系统。", mend="请联系本部门的数据管理员。")


def _record(actor: Actor, what: str, row: Client, **detail: str) -> None:
    record(
        actor,
        f"gateway.client.{what}",
        stream=f"client:{row.public_id}",
        about=row.public_id,
        detail={"org": row.org, "name": row.name, **detail},
    )


def _view(row: Client, now: dt.datetime) -> ClientView:
    made = [
        CredentialView(
            kind=one.kind,
            term=CredentialKind(one.kind).label,
            shown=one.key_id if one.kind == CredentialKind.SM2 else f"…{one.key_id[-8:]}",
            made_at=one.made_at,
            ends_at=one.ended_at or one.ends_at,
            in_force=one.ended_at is None and now < one.ends_at and row.revoked_at is None,
        )
        for one in sorted(row.credentials.all(), key=lambda one: -one.pk)
    ]
    return ClientView(
        row.public_id, row.org, row.name, row.registered_at, row.revoked_at, row.revoked_because, tuple(made)
    )
