# SPDX-License-Identifier: Apache-2.0
"""What time does: shown records come down on their day, late answers are told to the leading unit, rows that
waited are taken or sent back, repairs are offered, the figures of a half-year are drawn up."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current, current_digest
from yiwang.apps.identity.public import officers_in
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions import words
from yiwang.kernel.actor import system
from yiwang.kernel.dates import format_date

from ..models import Objection, Record, Repair
from ..parts import LEAD
from .bulletins import draw_up_bulletin
from .dealing import tell_late_dealings
from .offering import offer_repairs
from .waiting import settle_waiting

CLOCK = system("信用时钟")
_AT_ONCE = 500


def look_after_credit(now: dt.datetime | None = None) -> int:
    """Take down what may not be shown any more, tell of late answers; of how many. What was done is not
    done again."""
    if current_digest() is None:
        return 0  # nothing is in force yet
    at = now or timezone.now()
    done = _take_down(at) + _tell_late(at) + settle_waiting(at) + tell_late_dealings(at)
    return done + offer_repairs(at) + draw_up_bulletin(at)


@transaction.atomic
def _take_down(at: dt.datetime) -> int:
    """Pages ask the day themselves; this writes down when it was taken down."""
    today = timezone.localdate(at)
    over = Record.objects.select_for_update().filter(
        taken_down_on=None, published_on__isnull=False, shown_until__lt=today
    )  # fmt: skip
    rows = list(over.order_by("id")[:_AT_ONCE])
    for row in rows:
        row.taken_down_on = today
    Record.objects.bulk_update(rows, ["taken_down_on"])
    if rows:
        detail = {"records": len(rows), "day": today.isoformat()}
        note_down(CLOCK, "credit.taken_down", stream="credit-clock", detail=detail)
    return len(rows)


@transaction.atomic
def _tell_late(at: dt.datetime) -> int:
    today = timezone.localdate(at)
    waiting = {"due_on__lt": today, "told_late_at": None}
    late: list[Objection | Repair] = [
        *Objection.objects.select_for_update(of=("self",)).select_related("record")
        .filter(answered_at=None, **waiting)[:_AT_ONCE],
        *Repair.objects.select_for_update(of=("self",)).select_related("record")
        .filter(decided_at=None, **waiting)[:_AT_ONCE],
    ]  # fmt: skip
    if not late:
        return 0
    lead = words(current().catalogue, LEAD)
    for one in late:
        one.told_late_at = at
        one.save(update_fields=["told_late_at"])
        what = "异议" if isinstance(one, Objection) else "修复申请"
        body = f"一件信用{what}应在{format_date(one.due_on)}前答复，已经超期。请督促尽快办理。"
        for officer in sorted(officers_in(one.record.org) | officers_in(lead)):
            notify(officer, f"信用{what}超期", body, about=one.public_id)
    return len(late)
