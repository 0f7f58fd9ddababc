# SPDX-License-Identifier: Apache-2.0
"""Check the whole journal: streams, batches, days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import chain, groupby, islice

from django.db.models import Exists, OuterRef, Subquery

from .day_checks import SealCheck, check_days
from .domain.chain import GENESIS, Link, Problem, batch_digest, check_stream
from .domain.merkle import from_hex, root_of
from .models import BATCHES, CHAINS, Batch, BatchEntry, Entry, Stream
from .queries import LATE_IDS


def verify(
    *,
    known_batches: Mapping[int, str] | None = None,
    known_days: Mapping[dt.date, str] | None = None,
    check_seal: SealCheck | None = None,
) -> Iterator[Problem]:
    """Check the whole journal; yield each stream's, batch's or day's first problem. Constant memory;
    may run while others write.

    Args:
        known_batches, known_days: digests of batches and of days' statements that were noted outside
            this database. Somebody who can rewrite every table and has no key of the seal is found by
            the seals too; one who has it, by these alone.
        check_seal: how to verify a seal; None: that each is there, not that it is good.
    """
    yield from _check_streams()
    yield from _check_batches(dict(known_batches or {}))
    yield from check_days(dict(known_days or {}), check_seal)
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
    lost = Stream.objects.filter(length__gt=0).exclude(key__in=CHAINS)
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
    if batch.root != root_of(from_hex(d) for _, d in lines).hex():
        yield Problem(where, None, "批次的内容与树根不符")
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
