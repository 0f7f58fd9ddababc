# SPDX-License-Identifier: Apache-2.0
"""Batches that flowed back are kept as long as they may be needed, then their content goes; what remains
is that there was one, how large, with which digest."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current, current_digest
from yiwang.apps.journal.public import record
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import system

from ..models import ReturnedBatch, ReturnedContent
from ..queries.returned import landed

_KEEPING = system("回流数据保管")
_DAYS = "exchange-returned-keep-days"


def forget_returned(now: dt.datetime | None = None) -> int:
    """Let go of batches for which a newer one landed, or whose grant ran out, longer ago than the setting
    says (calendar days); returns how many. The worker calls it again and again."""
    if current_digest() is None:
        return 0
    at = now or timezone.now()
    before = at - dt.timedelta(days=whole(current().catalogue, _DAYS))
    newer: dict[tuple[str, str], dt.datetime] = {}
    gone = 0
    for row in landed():
        of = (row.request.resource.code, row.request.org)
        replaced, until = newer.get(of), row.request.granted_until
        ran_out = until is not None and until < timezone.localdate(before)
        if ran_out or (replaced is not None and replaced < before):
            gone += _forget(row.pk, at)
        if row.landed_at is not None:
            newer[of] = min(row.landed_at, replaced or row.landed_at)
    return gone


@transaction.atomic
def _forget(pk: int, at: dt.datetime) -> int:
    row = ReturnedBatch.objects.select_for_update(of=("self",)).select_related("request").get(pk=pk)
    if row.forgotten_at is not None:
        return 0
    ReturnedContent.objects.filter(batch=row).delete()
    row.forgotten_at = at
    row.save(update_fields=["forgotten_at"])
    record(
        _KEEPING,
        "provincial_request.forgotten",
        stream=f"provincial-request:{row.request.public_id}",
        about=row.request.public_id,
        detail={"batch": row.public_id, "rows": row.rows, "sha256": row.sha256},
    )
    return 1
