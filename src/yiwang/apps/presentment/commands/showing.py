# SPDX-License-Identifier: Apache-2.0
"""Show a licence (亮证): begin, take a fresh code, stop."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current, current_digest
from yiwang.apps.journal.public import record
from yiwang.engines.definitions.kinds.purposes import Way
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.codes import new_token, token_digest
from ..domain.purposes import purpose_of
from ..domain.settings import CODE_SECONDS, KEEP_DAYS, SHOW_MINUTES, span
from ..models import ShowCode, Showing
from ..queries import own_licence, purposes_of
from ._refusing import stream_of


@dataclass(frozen=True)
class FreshCode:
    """A code, given out this once, and until when it counts."""

    token: str
    expires_at: dt.datetime


@transaction.atomic
def begin_showing(actor: Actor, licence: str, purpose_id: str) -> str:
    """Begin to show a licence for one purpose; returns the public id of the showing.

    A licence that proves nothing may be shown too: whoever scans it reads why.

    Raises:
        NotFound: the licence is not the actor's. Invalid: it cannot be shown for this purpose.
    """
    found = own_licence(actor, licence)
    purpose = next((one for one in purposes_of(found, Way.SHOW) if one.id == purpose_id), None)
    if purpose is None:
        raise Invalid("这张证照不能为这个目的出示。", mend="请在列出的用途里选一个。", field="purpose")
    now = timezone.now()
    row = Showing.objects.create(
        public_id=new_public_id("show"),
        licence=licence,
        subject=found.holder,
        shown_by=actor.id,
        purpose=purpose.id,
        made_at=now,
        ends_at=now + span(current().catalogue, SHOW_MINUTES),
    )
    record(
        actor,
        "present.begun",
        stream=stream_of(found.holder),
        about=licence,
        subject=found.holder,
        purpose=purpose.name,
        basis=purpose.basis,
    )
    return row.public_id


@transaction.atomic
def fresh_code(actor: Actor, showing: str) -> FreshCode:
    """A new code for a showing; the one before stops to count.

    Raises:
        NotFound: not the actor's. Conflict: it was scanned already, or its time is over.
    """
    row = _own(actor, showing)
    now = timezone.now()
    if row.used_at is not None:
        raise Conflict("这次亮证已经被扫过了。", mend="要再出示一次，请重新亮证。")
    if row.ends_at <= now:
        raise Conflict("这次亮证的时间到了。", mend="要继续出示，请重新亮证。")
    row.codes.filter(replaced_at=None).update(replaced_at=now)
    fresh = FreshCode(new_token(), min(row.ends_at, now + span(current().catalogue, CODE_SECONDS)))
    ShowCode.objects.create(showing=row, digest=token_digest(fresh.token), expires_at=fresh.expires_at)
    return fresh


@transaction.atomic
def end_showing(actor: Actor, showing: str) -> None:
    """Stop to show; a code already given out does not count any more. Raises NotFound."""
    row = _own(actor, showing)
    now = timezone.now()
    row.codes.filter(replaced_at=None).update(replaced_at=now)
    Showing.objects.filter(pk=row.pk, ends_at__gt=now).update(ends_at=now)


def _own(actor: Actor, showing: str) -> Showing:
    """The actor's showing, locked: a scan and a new code never cross."""
    row = Showing.objects.select_for_update().filter(public_id=showing, shown_by=actor.id).first()
    if row is None:
        raise NotFound("没有这次亮证。", mend="请从“我的证照”里重新亮证。")
    purpose_of(current().catalogue, row.purpose, on=timezone.localdate())
    return row


@transaction.atomic
def forget_codes(*, limit: int = 5_000) -> int:
    """Delete codes that can only say why they do not count; returns how many. Uses are kept.

    Before the first release there is no setting of how long, and no code either.
    """
    if current_digest() is None:
        return 0
    oldest = timezone.now() - span(current().catalogue, KEEP_DAYS)
    old = list(
        ShowCode.objects.filter(expires_at__lt=oldest)
        .order_by("expires_at")
        .values_list("pk", flat=True)[:limit]
    )
    deleted, _ = ShowCode.objects.filter(pk__in=old).delete()
    return deleted
