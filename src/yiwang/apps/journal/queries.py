# SPDX-License-Identifier: Apache-2.0
"""Read the journal; see what waits in the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from .models import Batch, BatchEntry, Entry, OutboxMessage, OutboxState

LATE_IDS = 100_000
"""An entry that commits more than so many entries after it got its id is sealed by `late_ids` only."""


def unsealed(*, late_ids: int = LATE_IDS) -> QuerySet[Entry]:
    """The entries in no batch, from `late_ids` below the newest sealed id on."""
    newest = BatchEntry.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    sealed = BatchEntry.objects.filter(entry_id=OuterRef("id"))
    return Entry.objects.filter(id__gt=newest - late_ids).exclude(Exists(sealed))


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


@dataclass(frozen=True)
class Vouched:
    """An entry as whoever put a digest of their own rows into its detail reads it again."""

    id: int
    stream: str
    action: str
    about: str
    detail: Mapping[str, Any]


def entries_named(actions: Collection[str], *, about: Collection[str] | None = None) -> Iterator[Vouched]:
    """The entries of these actions (about these things), oldest first, in constant memory."""
    found = Entry.objects.filter(action__in=actions).order_by("id")
    if about is not None:
        found = found.filter(about__in=about)
    columns = found.values_list("id", "stream_id", "action", "about", "detail")
    for row in columns.iterator(chunk_size=2000):
        yield Vouched(*row)


def looks_at(subject: str, *, limit: int = 200) -> list[dict[str, Any]]:
    """Who looked at this person's or firm's data: newest first."""
    found = Entry.objects.filter(subject=subject, action__endswith=".look").order_by("-id")[:limit]
    return [{**e.content(), "at": e.at} for e in found]


def looks_per_thing() -> dict[str, int]:
    """How often each thing (a licence, a document) was looked at, by public id: one pass over the journal,
    for statistics and samples, not for pages."""
    found = Entry.objects.filter(action__endswith=".look").exclude(about="")
    return dict(found.values_list("about").annotate(count=Count("id")).order_by())


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
