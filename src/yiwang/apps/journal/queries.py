# SPDX-License-Identifier: Apache-2.0
"""Read and verify the journal; see what waits in the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from .domain.chain import GENESIS, Link, Problem, batch_digest, check_stream
from .models import BATCHES, Batch, BatchEntry, Entry, OutboxMessage, OutboxState, Stream

LATE_IDS = 100_000
"""An entry that commits more than so many entries after it got its id is sealed by `late_ids` only."""


def unsealed(*, late_ids: int = LATE_IDS) -> QuerySet[Entry]:
    """The entries in no batch, from `late_ids` below the newest sealed id on."""
    newest = BatchEntry.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    sealed = BatchEntry.objects.filter(entry_id=OuterRef("id"))
    return Entry.objects.filter(id__gt=newest - late_ids).exclude(Exists(sealed))


def verify(*, known_batches: Mapping[int, str] | None = None) -> Iterator[Problem]:
    """Check the whole journal; yield each stream's or batch's first problem. Constant memory; may
    run while others write.

    Args:
        known_batches: number → digest of batches that were noted outside this database. Somebody
            who can rewrite every table is found by these alone.
    """
    yield from _check_streams()
    yield from _check_batches(dict(known_batches or {}))
    yield from _check_forgotten()


def _check_streams() -> Iterator[Problem]:
    # One statement, so that entries and heads are of one state of the database.
    head = Stream.objects.filter(key=OuterRef("stream_id"))
    entries = Entry.objects.annotate(
        head_length=Subquery(head.values("length")), head_digest=Subquery(head.values("head"))
    )
    in_order = entries.order_by("stream_id", "seq", "id").iterator(chunk_size=2000)
    for stream, rows in groupby(in_order, key=lambda row: str(row.stream_id)):
        first = next(rows)
        links = (_link(row) for row in chain([first], rows))
        yield from check_stream(
            stream, links, length=first.head_length or 0, head=first.head_digest or GENESIS
        )
    lost = Stream.objects.filter(length__gt=0).exclude(key=BATCHES)
    for empty in lost.exclude(Exists(Entry.objects.filter(stream_id=OuterRef("key")))).order_by("key"):
        yield Problem(f"流 {empty.key}", None, f"应有 {empty.length} 行，一行也没有了")


def _link(entry: Entry) -> Link:
    return Link(entry.pk, str(entry.stream_id), entry.seq, entry.content(), entry.previous, entry.digest)


def _check_batches(known: dict[int, str]) -> Iterator[Problem]:
    head = Stream.objects.filter(key=BATCHES).first() or Stream(key=BATCHES, length=0, head=GENESIS)
    number, previous = 0, GENESIS
    for batch in Batch.objects.order_by("number").iterator():
        yield from _first_of(_batch_problems(batch, number + 1, previous, known.pop(batch.number, None)))
        number, previous = batch.number, batch.digest
        if number == head.length and previous != head.head:
            yield Problem(f"批次 {number}", None, "与批次链的末端不符：批次被改动")
    if number < head.length:
        yield Problem(f"批次 {number + 1}", None, f"应有 {head.length} 个批次，末尾的不见了")
    for missing in sorted(known):
        yield Problem(f"批次 {missing}", None, "另行留存了摘要，这里却没有这个批次")


def _batch_problems(batch: Batch, number: int, previous: str, known: str | None) -> Iterator[Problem]:
    where = f"批次 {batch.number}"
    lines = list(batch.lines.order_by("position").values_list("entry_id", "digest"))
    if batch.number != number or batch.previous != previous:
        yield Problem(where, None, "与上一批次接不上：有批次被删除或改动")
    if batch.count != len(lines) or batch.digest != batch_digest(batch.previous, (d for _, d in lines)):
        yield Problem(where, None, "批次的内容与摘要不符")
    if known is not None and known != batch.digest:
        yield Problem(where, None, "与另行留存的摘要不符：整本日志可能被改写")
    now = dict(Entry.objects.filter(id__in=[i for i, _ in lines]).values_list("id", "digest"))
    for entry_id, digest in lines:
        if entry_id not in now:
            yield Problem(where, entry_id, "已封存的行不见了")
        elif now[entry_id] != digest:
            yield Problem(where, entry_id, "已封存的行被改动（与封存时的摘要不符）")


def _first_of(problems: Iterator[Problem]) -> Iterator[Problem]:
    yield from islice(problems, 1)


def _check_forgotten() -> Iterator[Problem]:
    newest = BatchEntry.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    sealed = BatchEntry.objects.filter(entry_id=OuterRef("id"))
    old = Entry.objects.filter(id__lte=newest - LATE_IDS).exclude(Exists(sealed)).order_by("id")
    for entry_id in old.values_list("id", flat=True)[:1]:
        yield Problem("封存", entry_id, "这一行早该封存却没有：请运行 yiwang journal seal --all")


@dataclass(frozen=True)
class SealedBatch:
    """A sealed batch. Whoever notes its digest elsewhere can prove the journal up to it."""

    number: int
    count: int
    sealed_at: dt.datetime
    digest: str


def last_batch() -> SealedBatch | None:
    """The newest batch, if any."""
    found = Batch.objects.order_by("-number").first()
    return SealedBatch(found.number, found.count, found.sealed_at, found.digest) if found else None


def entries_of(stream: str) -> list[dict[str, Any]]:
    """The entries of one stream, oldest first, without digests."""
    found = Entry.objects.filter(stream_id=stream).order_by("seq")
    return [{"seq": e.seq, **e.content(), "at": e.at} for e in found]


def looks_at(subject: str, *, limit: int = 200) -> list[dict[str, Any]]:
    """Who looked at this person's or firm's data: newest first."""
    found = Entry.objects.filter(subject=subject, action__endswith=".look").order_by("-id")[:limit]
    return [{**e.content(), "at": e.at} for e in found]


@dataclass(frozen=True)
class Waiting:
    """A message to the outside that has not arrived, as an operator sees it (never its content)."""

    id: int
    topic: str
    key: str
    state: str
    state_term: str
    attempts: int
    due_at: dt.datetime
    last_error: str


def undelivered(*, limit: int = 100) -> list[Waiting]:
    """Messages that have not arrived: those that wait for a person first, then by time."""
    found = OutboxMessage.objects.exclude(state=OutboxState.DONE).order_by("state", "due_at", "id")[:limit]
    return [
        Waiting(m.pk, m.topic, m.key, m.state, OutboxState(m.state).label, m.attempts, m.due_at, m.last_error)
        for m in found
    ]


def backlog() -> dict[str, Any]:
    """What an operator must see: messages waiting, parked ones, entries not sealed."""
    waiting = OutboxMessage.objects.filter(state=OutboxState.WAITING)
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    return {
        "waiting": waiting.count(),
        "oldest_waiting": oldest,
        "parked": list(
            OutboxMessage.objects.filter(state=OutboxState.PARKED).values("id", "topic", "key", "last_error")
        ),
        "unsealed": unsealed().count(),
    }
