# SPDX-License-Identifier: Apache-2.0
"""Change journal rows behind the models' back, as somebody with the database in hand would."""

from __future__ import annotations

from typing import Any

from django.db import models

from yiwang.apps.journal.domain.chain import digest_of
from yiwang.apps.journal.models import Batch, BatchEntry, Entry, Stream


def rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of a table without the guard that makes them append-only."""
    return models.QuerySet(model)


def alter(entry: Entry, **values: Any) -> None:
    """Change columns of one entry."""
    rows(Entry).filter(pk=entry.pk).update(**values)


def remove(*entries: Entry) -> None:
    """Delete entries."""
    rows(Entry).filter(pk__in=[e.pk for e in entries]).delete()


def recompute(stream: str) -> None:
    """Give a whole stream new digests that fit what it says now, its head too."""
    previous, length = "0" * 64, 0
    for length, entry in enumerate(Entry.objects.filter(stream_id=stream).order_by("seq"), start=1):
        digest = digest_of(previous, stream, length, entry.content())
        alter(entry, seq=length, previous=previous, digest=digest)
        previous = digest
    Stream.objects.filter(key=stream).update(length=length, head=previous)


def remove_batch(number: int) -> None:
    """Delete a batch and its lines."""
    rows(BatchEntry).filter(batch__number=number).delete()
    rows(Batch).filter(number=number).delete()
