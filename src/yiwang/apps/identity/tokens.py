# SPDX-License-Identifier: Apache-2.0
"""Tokens for programs that call the API: shown once, kept as a digest, ended by time or by hand."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound

from .models import Account, ApiToken
from .queries import actor_of

_PREFIX = "yw_"
_LONGEST = 366  # days


@transaction.atomic
def issue_token(actor: Actor, username: str, name: str, days: int) -> str:
    """Issue a token to an account; returns it. Only its digest is kept: it is shown this once.

    Args:
        name: what the token is for, to recognise it when revoking.
        days: calendar days until it ends, at most 366.

    Raises:
        NotAllowed: only the system (the command line) issues tokens.
        NotFound: no such active account. Invalid: a wrong term or name.
    """
    _require_system(actor)
    if not 1 <= days <= _LONGEST:
        raise Invalid(f"令牌有效期应为 1 到 {_LONGEST} 天。", mend="请重新填写天数。")
    if not name.strip():
        raise Invalid("没有写令牌的用途。", mend="请写明用途，撤销时凭它辨认。")
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise NotFound("没有这个账号，或者已停用。", mend="请核对登录名。")
    if account.tokens.filter(name=name, revoked_at=None).exists():
        raise Invalid(f"这个账号已有名为“{name}”的令牌。", mend="请换一个名称，或先撤销原来的。")
    token = _PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    ApiToken.objects.create(
        account=account,
        digest=_digest(token),
        name=name,
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    record(actor, "identity.token.issued", stream="accounts", about=_owner(account), detail={"days": days})
    return token


@transaction.atomic
def revoke_token(actor: Actor, username: str, name: str) -> None:
    """End a token at once. Raises NotAllowed; NotFound when no such token is in force."""
    _require_system(actor)
    now = timezone.now()
    found = ApiToken.objects.select_related("account__person", "account__officer").filter(
        account__username=username, name=name, revoked_at=None
    )
    token = found.first()
    if token is None:
        raise NotFound("没有这个令牌，或者已经撤销。", mend="请核对登录名和令牌名称。")
    found.update(revoked_at=now)
    record(actor, "identity.token.revoked", stream="accounts", about=_owner(token.account))


def actor_of_token(token: str) -> Actor | None:
    """The actor behind a token in force; None for anything else: unknown, ended, revoked, account closed."""
    if not token.startswith(_PREFIX):
        return None
    found = ApiToken.objects.select_related("account")
    row = found.filter(digest=_digest(token), revoked_at=None, expires_at__gt=timezone.now()).first()
    if row is None:
        return None
    actor = actor_of(row.account)
    return None if actor.kind is ActorKind.ANONYMOUS else actor


def _digest(token: str) -> str:
    """A token is 256 random bits: a plain digest cannot be turned round, and needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _owner(account: Account) -> str:
    owner = account.person or account.officer
    return owner.public_id if owner else ""


def _require_system(actor: Actor) -> None:
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("令牌只能由运维人员在服务器上签发和撤销。", mend="请联系运维人员。")
