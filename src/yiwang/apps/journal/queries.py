# SPDX-License-Identifier: Apache-2.0
"""Read and verify the journal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from .domain.chain import GENESIS, Link, Problem, batch_digest, check_stream
from .models import Batch, BatchEntry, Entry, OutboxMessage, OutboxState, Stream


def verify() -> Iterator[Problem]:
    """Check the whole journal; yield each stream's or batch's first problem. Constant memory."""
    heads = {s.key: (s.length, s.head) for s in Stream.objects.iterator()}
    rows = Entry.objects.order_by("stream_id", "seq", "id").iterator(chunk_size=2000)
    seen = set()
    for stream, entries in groupby(rows, key=lambda e: str(e.stream_id)):
        seen.add(stream)
        length, head = heads.get(stream, (0, GENESIS))
        yield from check_stream(stream, (_link(e) for e in entries), length=length, head=head)
    for stream in sorted(heads.keys() - seen):
        if heads[stream][0]:
            yield Problem(f"流 {stream}", None, f"应有 {heads[stream][0]} 行，一行也没有了")
    yield from _check_batches()


def _link(entry: Entry) -> Link:
    return Link(entry.id, str(entry.stream_id), entry.seq, entry.content(), entry.previous, entry.digest)


def _check_batches() -> Iterator[Problem]:
    previous = GENESIS
    for number, batch in enumerate(Batch.objects.order_by("number").iterator(), start=1):
        where = f"批次 {batch.number}"
        lines = list(batch.lines.order_by("position").values_list("entry_id", "digest"))
        if batch.number != number or batch.previous != previous:
            yield Problem(where, None, "与上一批次接不上：有批次被删除或改动")
        elif batch.count != len(lines) or batch.digest != batch_digest(previous, (d for _, d in lines)):
            yield Problem(where, None, "批次的内容与摘要不符")
        else:
            yield from _check_lines(where, lines)
        previous = batch.digest


def _check_lines(where: str, lines: list[tuple[int, str]]) -> Iterator[Problem]:
    now = dict(Entry.objects.filter(id__in=[i for i, _ in lines]).values_list("id", "digest"))
    for entry_id, digest in lines:
        if entry_id not in now:
            yield Problem(where, entry_id, "已封存的行不见了")
            return
        if now[entry_id] != digest:
            yield Problem(where, entry_id, "已封存的行被改动（与封存时的摘要不符）")
            return


def entries_of(stream: str) -> list[dict[str, Any]]:
    """The entries of one stream, oldest first, without digests."""
    found = Entry.objects.filter(stream_id=stream).order_by("seq")
    return [{"seq": e.seq, **e.content(), "at": e.at} for e in found]


def looks_at(subject: str, *, limit: int = 200) -> list[dict[str, Any]]:
    """Who looked at this person's or firm's data: newest first."""
    found = Entry.objects.filter(subject=subject, action__endswith=".look").order_by("-id")[:limit]
    return [{**e.content(), "at": e.at} for e in found]


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
        "unsealed": Entry.objects.count() - BatchEntry.objects.count(),
    }
