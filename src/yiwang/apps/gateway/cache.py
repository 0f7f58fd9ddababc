# SPDX-License-Identifier: Apache-2.0
"""Answers kept for a while, only where the grant allows it (`cache_seconds`).

What is kept is what this grant may see, already masked, locked by the vault and bound to its key. The key
is a blind index over the grant and the whole question, so nobody gets another grant's answer, and the
table does not say who was asked about. Kept answers are bounded per grant and end by time.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from yiwang.apps.vault.public import Sealed, blind_index
from yiwang.engines.exchange import Resource
from yiwang.kernel.canonical import canonical_json

from .domain.calls import Grant
from .models.calls import KeptAnswer


def key_of(grant: Grant, resource: Resource, fields: Sequence[str], keys: Mapping[str, Any]) -> str:
    """What an answer is kept under: another grant, question, mask or provider is another key."""
    looks = [
        [field.id, field.mask.value, field.id in grant.plain]
        for field in resource.fields
        if field.id in fields
    ]
    asked = {"grant": grant.id, "looks": looks, "keys": dict(keys), "provider": resource.provider}
    return blind_index(canonical_json(asked).decode(), purpose="gateway-answer")


def kept(key: str, *, now: dt.datetime) -> tuple[list[dict[str, Any]], list[str]] | None:
    """The rows kept under a key, and whom they are about; None when there are none in time."""
    row = KeptAnswer.objects.filter(key=key, until__gt=now).first()
    if row is None:
        return None
    try:
        rows, about = json.loads(bytes(row.rows))
    except Sealed:  # a key of the vault that was retired: ask the source again
        return None
    return rows, about


def to_keep(
    key: str,
    grant: Grant,
    answer: tuple[Sequence[Mapping[str, Any]], Sequence[str]],
    *,
    now: dt.datetime,
) -> KeptAnswer:
    """An answer, ready to be kept as long as the grant says."""
    rows, about = answer
    body = json.dumps([list(rows), list(about)], ensure_ascii=False).encode()
    return KeptAnswer(
        key=key, grant=grant.id, at=now, until=now + dt.timedelta(seconds=grant.cache_seconds), rows=body
    )


def keep(answers: Sequence[KeptAnswer], *, most: int) -> None:
    """Store answers, in the caller's transaction, as long as their grant keeps fewer than `most`."""
    for one in answers:
        if KeptAnswer.objects.filter(grant=one.grant).count() < most:
            KeptAnswer.objects.bulk_create(
                [one],
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["grant", "at", "until", "rows"],
            )


def forget_answers(now: dt.datetime) -> int:
    """Delete the answers whose time is over; how many."""
    return KeptAnswer.objects.filter(until__lte=now).delete()[0]


def forget_answers_of(grant: str) -> int:
    """Delete everything kept for a grant that ended; how many."""
    return KeptAnswer.objects.filter(grant=grant).delete()[0]
