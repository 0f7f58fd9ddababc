# SPDX-License-Identifier: Apache-2.0
"""The end of a record before its time, and what stands in its stream of the journal."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yiwang.apps.journal.public import record as note_down
from yiwang.engines.credit import EndKind
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..models import Ending, Record
from ._removals import close_removals
from ._words import MOST_WORDS


def end(actor: Actor, row: Record, kind: EndKind, *, reason: str, now: dt.datetime, about: str = "") -> None:
    """End a locked record at once: its effects and its publicity. Raises Invalid, Conflict."""
    if row.ended:
        raise Conflict("这条信息已经结束。", mend="请刷新后查看。")
    if not reason.strip():
        raise Invalid("请写明理由。", mend="写清楚依据什么文书。", field="reason")
    today = timezone.localdate(now)
    Ending.objects.create(
        record=row, kind=kind.value, on=today, known_since=now, by=actor.id,
        reason=reason.strip()[:MOST_WORDS], about=about,
    )  # fmt: skip
    row.ended = kind.value
    if row.published_on is not None and row.taken_down_on is None:
        row.taken_down_on = today
    row.save(update_fields=["ended", "taken_down_on"])
    note(actor, kind.value, row)
    close_removals(row.subject, now=now)


def note(actor: Actor, what: str, row: Record) -> None:
    """Write what happened to a record into its stream of the journal."""
    note_down(
        actor,
        f"credit.{what}",
        stream=f"credit:{row.public_id}",
        about=row.public_id,
        subject=row.subject,
        detail={"catalogue": row.catalogue, "org": row.org, "version": row.number},
    )
