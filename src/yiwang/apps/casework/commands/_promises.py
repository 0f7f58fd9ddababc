# SPDX-License-Identifier: Apache-2.0
"""What became of a promise to bring a document later (容缺), told to public credit in the same transaction.

Kept and broken promises are both recorded, once (国办发〔2019〕35号二（一）：书面承诺履约情况记入信用记录).
A broken one ends when the document comes after all, or when it turns out that its time was not over.
Late is late whenever the timers come by: who brings a document, or ends an item that waited for one, looks
at the day first.
"""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone

from yiwang.apps.credit import public as credit
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict

from ..models import Document, ItemCase
from ._context import Context
from ._credit import COLLECTOR
from ._documents import set_promise_due

BROKEN, KEPT = "credit-promise-broken", "credit-commitment-kept"
BASIS = "国办发〔2019〕35号二（一）"


def waiting_for(context: Context) -> dict[str, ItemCase]:
    """Material → the first item of this application that needs it and goes on, or was granted."""
    found: dict[str, ItemCase] = {}
    for case in context.application.items.select_related("decision").order_by("id"):
        if case.open or _is_granted(case):
            for use in context.definition(case).materials:
                found.setdefault(use.material, case)
    return found


def follow_calendar(context: Context, row: Document) -> None:
    """Count a promise's last day again by today's calendar; what was not over then did not lapse."""
    set_promise_due(context, row)
    if row.lapsed_at is not None and row.due_on and timezone.localdate(row.lapsed_at) <= row.due_on:
        _revive(context, row)


def lapse(context: Context, row: Document) -> bool:
    """Note that a promise ran out, where it did, and put it on record if an item waits for the document;
    whether it did just now."""
    if not row.deferred or row.lapsed_at or row.due_on is None or row.due_on >= context.today:
        return False
    row.lapsed_at = context.now
    row.save(update_fields=["lapsed_at"])
    context.note("document.promise.lapsed", detail={"material": row.material})
    if case := waiting_for(context).get(row.material):
        _record_broken(context, row, case)
    return True


def lapse_all(context: Context) -> bool:
    """What was promised and did not come in time is noted, put on record, and the applicant told what
    follows; no decision is undone by itself. Whether there was any."""
    lapsed = False
    over = context.application.documents.filter(deferred=True, lapsed_at=None, due_on__lt=context.today)
    for row in over.order_by("id"):
        follow_calendar(context, row)
        if not lapse(context, row):
            continue
        lapsed = True
        if row.material in waiting_for(context):
            recorded = "已计入信用记录，补交以前不能再容缺，补交后这条记录即结束。" if row.record else ""
            context.tell_applicant(
                "承诺后补的材料已到期",
                f"“{_name(context, row)}”没有按承诺补交：没有决定的事项暂不准予，请尽快补交。{recorded}",
            )
    return lapsed


def _record_broken(context: Context, row: Document, case: ItemCase) -> None:
    """The document did not come in time although an item waits for it: that is on record from today."""
    if not credit.knows_entry(BROKEN) or row.due_on is None:
        return
    name = _name(context, row)
    told = credit.NewRecord(
        catalogue=BROKEN, subject=context.application.subject, title=f"承诺后补的“{name}”到期没有补交",
        basis=BASIS, happened_on=row.due_on, decided_on=context.today, org=case.org,
        fields={"承诺事项": name, "补交期限": row.due_on.isoformat(), "事项": case.item},
        case=context.application.public_id, reference=_reference(context, row), item=case.item,
    )  # fmt: skip
    row.record = credit.record(COLLECTOR, told, now=context.now)
    row.save(update_fields=["record"])


def record_kept_by(context: Context, row: Document) -> None:
    """The document came: if an item was granted on the promise before, that it was kept is on record."""
    for case in context.application.items.select_related("decision").order_by("id"):
        if _is_granted(case) and row.material in _takes_later(context, case):
            _record_kept(context, row, case)


def record_kept_promises(context: Context, case: ItemCase) -> None:
    """An item is granted: of the documents it takes later, those that came in time are on record as kept."""
    came = context.application.documents.filter(supplied_at__isnull=False)
    for row in came.filter(material__in=_takes_later(context, case)):
        _record_kept(context, row, case)


def _record_kept(context: Context, row: Document, case: ItemCase) -> None:
    if row.record or not _came_in_time(row) or not credit.knows_entry(KEPT):
        return
    name = _name(context, row)
    told = credit.NewRecord(
        catalogue=KEPT, subject=context.application.subject, title=f"承诺后补的“{name}”按期补交",
        basis=BASIS, happened_on=timezone.localdate(row.supplied_at), decided_on=context.today, org=case.org,
        fields={"承诺事项": name, "核查结果": "按期补交", "事项": case.item},
        case=context.application.public_id, reference=_reference(context, row), item=case.item,
    )  # fmt: skip
    row.record = credit.record(COLLECTOR, told, now=context.now)
    row.save(update_fields=["record"])


def mend(context: Context, row: Document) -> None:
    """The document came late, but it came: the record of the broken promise ends, if it still stands."""
    if row.record:
        with suppress(Conflict):
            credit.mend(COLLECTOR, row.record, reason="承诺后补的材料已经补交", now=context.now)


def _revive(context: Context, row: Document) -> None:
    """By a newer calendar the time was not over: the promise runs on, and the record never counted."""
    row.lapsed_at = None
    if row.record:
        until = format_date(row.due_on) if row.due_on else ""
        with suppress(Conflict):
            reason = f"按新的节假日安排，补交期限顺延到{until}，没有到期"
            credit.withdraw(COLLECTOR, row.record, reason=reason, now=context.now)
        row.record = ""
    row.save(update_fields=["lapsed_at", "record"])
    context.note("document.promise.revived", detail={"material": row.material, "due": str(row.due_on)})


def _is_granted(case: ItemCase) -> bool:
    return hasattr(case, "decision") and case.decision.granted


def _takes_later(context: Context, case: ItemCase) -> list[str]:
    return [use.material for use in context.definition(case).materials if use.deferrable]


def _came_in_time(row: Document) -> bool:
    """Promised, and brought by the last day; before acceptance no day has been set yet."""
    if row.promised_at is None or row.supplied_at is None or row.lapsed_at is not None:
        return False
    return row.due_on is None or timezone.localdate(row.supplied_at) <= row.due_on


def _reference(context: Context, row: Document) -> str:
    """One promise, one number: the application's, the document's, and until when it was to come."""
    return f"{context.application.number}-{row.material}-{row.due_on or ''}"[:120]


def _name(context: Context, row: Document) -> str:
    return context.release.catalogue.materials[row.material].name
