# SPDX-License-Identifier: Apache-2.0
"""Write the journal and seal it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Invalid

from .domain.chain import GENESIS, batch_digest, digest_of
from .domain.merkle import from_hex, root_of
from .models import BATCHES, CHAINS, Batch, BatchEntry, Entry, Stream
from .queries import LATE_IDS, unsealed
from .rows import for_update, read_rows, store, store_changes


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
        stream: the chain it belongs to, e.g. `case:<public id>`. Writers of one stream wait for
            each other until they commit, so a transaction writes to few streams.
        about: public id of the thing concerned.
        subject: public id of the person or firm whose data or right is concerned.
        purpose, basis: required when personal data is looked at (`subject` and action `*.look`).
        detail: small JSON without floats; never personal data, which lives in the case.

    Raises:
        Invalid: nobody acts, or an access without purpose and basis.
        RuntimeError: there is no transaction.
    """
    if not actor.id or not stream or stream in CHAINS:
        raise Invalid("日志必须写明操作人和所属的流。", mend="请登录后再办理。")
    if action.endswith(".look") and not (subject and purpose and basis):
        raise Invalid("查看个人信息必须写明对象、目的和依据。", mend="请补充 subject、purpose、basis。")
    require_transaction("日志必须与所记的变动写在同一事务中")
    entry = Entry(
        stream_id=stream,
        at=timezone.now(),
        actor=actor.id,
        actor_name=_named(actor),
        action=action,
        about=about,
        subject=subject,
        purpose=purpose,
        basis=basis,
        detail=dict(detail or {}),
    )
    waiting = _gathered.get()
    if waiting is None:
        _append([entry])
    else:
        waiting.append(entry)


@contextmanager
def gathered() -> Iterator[None]:
    """Write what is recorded inside the block at its end, each stream's entries in one go.

    The block lies in one transaction; if it raises, nothing of it is written. Entries of the block
    cannot be read before its end.
    """
    outer = _gathered.get()
    entries: list[Entry] = []
    token = _gathered.set(entries)
    try:
        yield
    finally:
        _gathered.reset(token)
    if outer is None:
        _append(entries)
    else:
        outer.extend(entries)


_gathered: ContextVar[list[Entry] | None] = ContextVar("journal_gathered", default=None)


def _append(entries: Iterable[Entry]) -> None:
    """Chain entries to their streams, in order, and store them."""
    streams: dict[str, list[Entry]] = {}
    for entry in entries:
        streams.setdefault(str(entry.stream_id), []).append(entry)
    for key, chain in streams.items():
        head = locked_head(key)
        for entry in chain:
            head.length += 1
            entry.seq, entry.previous = head.length, head.head
            entry.digest = head.head = digest_of(head.head, key, entry.seq, entry.content())
        store(chain)
        store_changes(head, ("length", "head"))


def require_transaction(why: str) -> None:
    """Raise RuntimeError unless a transaction is open: an error in our own code, not a user's."""
    if not connection.in_atomic_block:
        raise RuntimeError(why)


def _named(actor: Actor) -> str:
    """An officer acts under their name; who a person is stays in the user store, under their id."""
    return "申请人" if actor.kind is ActorKind.PERSON else actor.name


def locked_head(key: str) -> Stream:
    """The chain's head, locked until the transaction ends; made if it is new."""
    if not (head := read_rows(Stream, f"WHERE key = %s {for_update()}", [key])):
        Stream.objects.bulk_create([Stream(key=key, head=GENESIS)], ignore_conflicts=True)
        return Stream.objects.select_for_update().get(key=key)
    return head[0]


@transaction.atomic
def seal_batch(*, limit: int = 10_000, late_ids: int = LATE_IDS) -> int:
    """Seal up to `limit` entries that are in no batch yet; returns how many. One sealer at a time.

    Entries get their id before they commit, so a lower id may appear after a higher one was
    sealed; that is why a batch lists its entries instead of naming a range, and why the search
    for unsealed ones starts `late_ids` below the newest sealed id.
    """
    head = locked_head(BATCHES)
    fresh = list(unsealed(late_ids=late_ids).order_by("id").values_list("id", "digest")[:limit])
    if not fresh:
        return 0
    batch = Batch.objects.create(
        number=head.length + 1,
        count=len(fresh),
        sealed_at=timezone.now(),
        previous=head.head,
        digest=batch_digest(head.head, (digest for _, digest in fresh)),
        root=root_of(from_hex(digest) for _, digest in fresh).hex(),
    )
    BatchEntry.objects.bulk_create(
        [
            BatchEntry(batch=batch, position=n, entry_id=entry_id, digest=digest)
            for n, (entry_id, digest) in enumerate(fresh)
        ],
        batch_size=2_000,
    )
    Stream.objects.filter(key=BATCHES).update(length=batch.number, head=batch.digest)
    return len(fresh)
