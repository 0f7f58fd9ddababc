# SPDX-License-Identifier: Apache-2.0
"""Rows about firms the city does not know yet: kept as they came, taken when the code is registered or
mapped, sent back when their time is over. Numbers of people are never kept waiting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import firms_by_code, officers_in
from yiwang.apps.journal.public import gathered
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.notices.public import notify
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import system
from yiwang.kernel.ids import check_uscc

from ..domain.lines import CODE
from ..models import CodeUse, Delivery, Record, WaitingRow
from ..parts import book_of
from ._taking import take_rows
from ._teller import Teller

WAITING_DAYS = "credit-waiting-days"
COLLECTOR = system("信用归集")
_OVER = "等到期限，登记信息里仍然没有这个代码：请核对；换过代码的，请先报代码映射。"
_AT_ONCE = 500


def keep_waiting(delivery: Delivery, rows: Mapping[int, Mapping[str, str]], *, opened: OpenRelease) -> None:
    """Keep rows of a delivery until their last day. Needs a transaction."""
    today = timezone.localdate(delivery.at)
    last = due_on(opened.catalogue, opened.calendar, WAITING_DAYS, today) if rows else today
    WaitingRow.objects.bulk_create(
        WaitingRow(
            delivery=delivery, place=place, code=check_uscc(cells[CODE]), cells=dict(cells), due_on=last
        )
        for place, cells in rows.items()
    )  # fmt: skip


def settle_waiting(at: dt.datetime, *, codes: Collection[str] | None = None) -> int:
    """Take the rows whose code is known now (only these codes, if they are named); send back those whose
    time is over; of how many."""
    today = timezone.localdate(at)
    rows = WaitingRow.objects.filter(settled_at=None)
    if codes is None:
        codes = list(rows.order_by("code").values_list("code", flat=True).distinct())
    ready = rows.filter(code__in=_known(codes)) | rows.filter(due_on__lt=today)
    deliveries = list(ready.order_by("delivery").values_list("delivery", flat=True).distinct()[:_AT_ONCE])
    return sum(_settle(delivery, at) for delivery in deliveries)


def _known(codes: Collection[str]) -> set[str]:
    known = set(CodeUse.objects.filter(code__in=codes).values_list("code", flat=True))
    every = sorted(codes)
    for start in range(0, len(every), _AT_ONCE):
        known |= set(firms_by_code(every[start : start + _AT_ONCE]))
    return known


@transaction.atomic
def _settle(key: int, at: dt.datetime) -> int:
    """Look again at everything that waits of one delivery; of how many rows it became clear."""
    delivery = Delivery.objects.select_for_update().get(pk=key)
    rows = {row.place: row for row in delivery.waiting_rows.filter(settled_at=None).order_by("place")}
    if delivery.catalogue not in book_of(current()).entries:
        rejects: dict[int, list[str]] = {place: ["目录里已经没有这一类信息。"] for place in rows}
        waits: Sequence[int] = ()
    else:
        with gathered():
            teller = Teller.now(
                COLLECTOR, delivery.catalogue, at, delivery=delivery.public_id, came=delivery.at
            )
            got = take_rows(teller, delivery.org, [(place, row.cells) for place, row in rows.items()])
        delivery.taken += got.taken
        delivery.corrected += got.corrected
        delivery.repeated += got.repeated
        rejects, waits = dict(got.rejects), got.waits
    today = timezone.localdate(at)
    rejects |= {place: [_OVER] for place in waits if rows[place].due_on < today}
    settled = [row for place, row in rows.items() if place in rejects or place not in waits]
    _close(delivery, settled, rejects, at)
    return len(settled)


def _close(
    delivery: Delivery, rows: Sequence[WaitingRow], rejects: Mapping[int, list[str]], at: dt.datetime
) -> None:
    if not rows:
        return
    entry = book_of(current()).entries.get(delivery.catalogue)
    reference = entry.reference if entry else ""
    written = dict(
        Record.objects.filter(
            catalogue=delivery.catalogue, org=delivery.org,
            reference__in=[row.cells.get(reference, "").strip() for row in rows],
        ).values_list("reference", "public_id")
    )  # fmt: skip
    for row in rows:
        row.settled_at = at
        if row.place not in rejects:
            row.record = written.get(row.cells.get(reference, "").strip(), "")
    WaitingRow.objects.bulk_update(rows, ["settled_at", "record"])
    back = [{"cells": row.cells, "why": "".join(rejects[row.place])} for row in rows if row.place in rejects]
    delivery.rejects = [*delivery.rejects, *back]
    delivery.rejected += len(back)
    delivery.waiting -= len(rows)
    delivery.save()
    _tell(delivery, len(rows), len(back))


def _tell(delivery: Delivery, settled: int, back: int) -> None:
    note_down(
        COLLECTOR, "credit.waiting_settled", stream=f"credit-delivery:{delivery.public_id}",
        about=delivery.public_id, detail={"settled": settled, "rejected": back, "waiting": delivery.waiting},
    )  # fmt: skip
    said = f"对应到登记单位{settled - back}条，退回{back}条。"
    mend = "退回的请在报送记录里下载，按原因改好后再报送。" if back else ""
    for officer in sorted(officers_in(delivery.org)):
        notify(officer, "等待登记的信用信息有结果", said + mend, about=delivery.public_id)
