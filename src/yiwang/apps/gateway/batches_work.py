# SPDX-License-Identifier: Apache-2.0
"""What the worker does about deliveries. The libraries that make one are imported when one is made."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import system

from . import batches_files as files
from .batches import write
from .domain.deliveries import BatchState
from .models.batches import Batch

_WORKER = system("分批交付")
_SECONDS = 10.0  # of one call by the worker


def work_on_batches(*, seconds: float = _SECONDS) -> int:
    """Remove what expired, then work on the deliveries that wait, the oldest first, for about so many
    seconds; returns how many files were made."""
    remove_expired()
    until, made = time.monotonic() + seconds, 0
    waiting = Batch.objects.filter(
        state__in=[BatchState.WAITING, BatchState.RUNNING], try_at__lte=timezone.now()
    )
    for identity in list(waiting.order_by("try_at", "id").values_list("public_id", flat=True)):
        for _ in run_batch(identity):
            made += 1
            if time.monotonic() > until:
                return made
    return made


def run_batch(identity: str, *, rows: int | None = None) -> Iterator[int]:
    """Make a delivery: see `batches_run.run_batch`. Raises NotFound."""
    from . import batches_run

    return batches_run.run_batch(identity, rows=rows)


def remove_expired() -> int:
    """Remove the files of deliveries whose time is over; returns of how many."""
    due = Batch.objects.filter(state=BatchState.READY, expires_at__lte=timezone.now())
    count = 0
    for identity in list(due.values_list("public_id", flat=True)):
        with transaction.atomic():
            batch = Batch.objects.select_for_update().get(public_id=identity)
            if batch.state != BatchState.READY:
                continue
            batch.state, batch.removed_at = BatchState.REMOVED.value, timezone.now()
            batch.save(update_fields=["state", "removed_at"])
            write(_WORKER, "batch.removed", batch, {"rows": batch.rows_done})
        files.remove_all(identity)
        count += 1
    return count
