# SPDX-License-Identifier: Apache-2.0
"""Write the journal, seal it, and deliver the outbox."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid

from .domain.chain import GENESIS, batch_digest, digest_of
from .domain.retry import next_attempt
from .models import Batch, BatchEntry, Entry, OutboxMessage, OutboxState, Stream

log = logging.getLogger(__name__)
_LATE_IDS = 100_000

Handler = Callable[[str, Mapping[str, Any]], None]
"""Delivers one message: (key, payload). Raises to be tried again; must tolerate a second delivery."""


def record(  # noqa: PLR0913 - an entry has this many parts; the caller names each
    actor: Actor,
    action: str,
    *,
    stream: str,
    about: str = "",
    subject: str = "",
    purpose: str = "",
    basis: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry, in the caller's transaction (there must be one).

    Args:
        stream: the chain it belongs to, e.g. `case:<public id>`.
        about: public id of the thing concerned.
        subject: public id of the person or firm whose data or right is concerned.
        purpose, basis: required when personal data is looked at (`subject` and action `*.look`).
        detail: small JSON; never personal data, which lives in the case.

    Raises:
        Invalid: an access without purpose and basis.
    """
    if action.endswith(".look") and not (subject and purpose and basis):
        raise Invalid("查看个人信息必须写明对象、目的和依据。", mend="请补充 subject、purpose、basis。")
    if not connection.in_atomic_block:
        raise RuntimeError("日志必须与所记的变动写在同一事务中")
    head = _locked_head(stream)
    entry = Entry(
        stream=head,
        seq=head.length + 1,
        at=timezone.now(),
        actor=actor.id,
        actor_name=actor.name,
        action=action,
        about=about,
        subject=subject,
        purpose=purpose,
        basis=basis,
        detail=dict(detail or {}),
        previous=head.head,
    )
    entry.digest = digest_of(head.head, stream, entry.seq, entry.content())
    entry.save(force_insert=True)
    Stream.objects.filter(key=stream).update(length=entry.seq, head=entry.digest)


def _locked_head(key: str) -> Stream:
    """The stream's head, locked until the transaction ends; made if it is new."""
    if head := Stream.objects.select_for_update().filter(key=key).first():
        return head
    Stream.objects.bulk_create([Stream(key=key, head=GENESIS)], ignore_conflicts=True)
    return Stream.objects.select_for_update().get(key=key)


def send(topic: str, key: str, payload: Mapping[str, Any]) -> None:
    """Put a message into the outbox, in the caller's transaction. The same key is sent once."""
    if not connection.in_atomic_block:
        raise RuntimeError("待发消息必须与所告知的变动写在同一事务中")
    now = timezone.now()
    OutboxMessage.objects.get_or_create(
        key=key, defaults={"topic": topic, "payload": dict(payload), "created_at": now, "due_at": now}
    )


@transaction.atomic
def seal_batch(*, limit: int = 10_000) -> int:
    """Seal up to `limit` entries that are in no batch yet; returns how many.

    Entries get their id before they commit, so a lower id may appear after a higher one was
    sealed; that is why a batch lists its entries instead of naming a range, and why the search
    for unsealed ones starts `_LATE_IDS` below the newest sealed id.
    """
    last = Batch.objects.select_for_update().order_by("-number").first()
    newest = BatchEntry.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    unsealed = Entry.objects.filter(id__gt=newest - _LATE_IDS).exclude(
        Exists(BatchEntry.objects.filter(entry_id=OuterRef("id")))
    )
    fresh = list(unsealed.order_by("id").values_list("id", "digest")[:limit])
    if not fresh:
        return 0
    previous = last.digest if last else GENESIS
    batch = Batch.objects.create(
        number=(last.number if last else 0) + 1,
        count=len(fresh),
        sealed_at=timezone.now(),
        previous=previous,
        digest=batch_digest(previous, (digest for _, digest in fresh)),
    )
    BatchEntry.objects.bulk_create(
        BatchEntry(batch=batch, position=n, entry_id=entry_id, digest=digest)
        for n, (entry_id, digest) in enumerate(fresh)
    )
    return len(fresh)


def deliver_due(handlers: Mapping[str, Handler], *, give_up_after: dt.timedelta, limit: int = 100) -> int:
    """Deliver messages that are due; returns how many were tried.

    Each message is taken, delivered and marked in a transaction of its own. A failure moves it
    to a later time (`domain.retry`); past `give_up_after` it is parked for a person. Nothing
    is dropped.
    """
    tried = 0
    while tried < limit and _deliver_one(handlers, give_up_after):
        tried += 1
    return tried


@transaction.atomic
def _deliver_one(handlers: Mapping[str, Handler], give_up_after: dt.timedelta) -> bool:
    now = timezone.now()
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .filter(state=OutboxState.WAITING, due_at__lte=now)
        .order_by("due_at", "id")
        .first()
    )
    if message is None:
        return False
    message.attempts += 1
    try:
        handler = handlers.get(message.topic)
        if handler is None:
            raise LookupError(f"没有处理“{message.topic}”消息的去处")
        with transaction.atomic():
            handler(message.key, message.payload)
    except Exception as error:  # any failure of a partner is retried, then shown to a person
        message.last_error = f"{type(error).__name__}: {error}"[:300]
        log.warning("outbox %s attempt %s failed: %s", message.key, message.attempts, type(error).__name__)
        later = next_attempt(message.created_at, now, message.attempts, give_up_after)
        message.state, message.due_at = (OutboxState.WAITING, later) if later else (OutboxState.PARKED, now)
    else:
        message.state, message.done_at, message.last_error = OutboxState.DONE, now, ""
    message.save()
    return True


@transaction.atomic
def retry_parked(actor: Actor, message_id: int) -> None:
    """A person sends a parked message again, from now on with a fresh count."""
    now = timezone.now()
    OutboxMessage.objects.filter(pk=message_id, state=OutboxState.PARKED).update(
        state=OutboxState.WAITING, due_at=now, created_at=now, attempts=0
    )
    record(actor, "outbox.retry", stream="outbox", about=str(message_id))
