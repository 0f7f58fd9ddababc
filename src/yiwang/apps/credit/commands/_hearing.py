# SPDX-License-Identifier: Apache-2.0
"""Being heard before something is decided about a list (告知、陈述申辩), in the same way for entering and
leaving."""

from __future__ import annotations

import datetime as dt

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.notices.public import notify
from yiwang.engines.credit import CreditEntry
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict
from yiwang.kernel.workdays import Limit, Unit

from ..models import Hearing, Listing, Record, Removal
from ..parts import NoSuchRecord


def last_day(opened: OpenRelease, entry: CreditEntry, told: dt.date) -> dt.date:
    """Until when somebody told on a day is heard about a list."""
    assert entry.entering is not None  # a list says how one is entered
    limit = Limit(entry.entering.notice.days, Unit(entry.entering.notice.unit.value))
    return opened.calendar.due(told, limit).date


def locked_listing(hearing: str) -> Listing:
    """An entry to be decided. Raises NoSuchRecord."""
    row = Listing.objects.select_for_update().filter(public_id=hearing).first()
    if row is None:
        raise NoSuchRecord
    return row


def locked_removal(hearing: str) -> Removal:
    """A removal to be decided, its record locked before it. Raises NoSuchRecord."""
    found = Removal.objects.filter(public_id=hearing).values_list("record", flat=True).first()
    if found is None:
        raise NoSuchRecord
    about = Record.objects.select_for_update().get(pk=found)
    row = Removal.objects.select_for_update().get(public_id=hearing)
    row.record = about
    return row


def require_ripe(row: Hearing, *, carries_out: bool, today: dt.date) -> None:
    """Raise Conflict when it is decided already, or would be carried out before the time for being heard is
    over."""
    if row.decided_at is not None:
        raise Conflict("已经决定过。", mend="请刷新后查看。")
    if carries_out and today <= row.hear_until:
        day = format_date(row.hear_until)
        raise Conflict("陈述申辩的期限还没有到。", mend=f"{day}之后才能{row.does}。")


def settle(actor: Actor, row: Hearing, *, carried_out: bool, reason: str, now: dt.datetime) -> None:
    """Write down how a locked one ended, and tell its subject with the reason. Needs a transaction."""
    row.decided_at, row.decided_by, row.carried_out, row.answer = now, actor.id, carried_out, reason
    row.save()
    note_hearing(actor, "decided" if carried_out else "dropped", row)
    notify(row.subject, f"{'已' if carried_out else '不'}{row.does}名单", reason, about=row.public_id)


def note_hearing(actor: Actor, what: str, row: Hearing) -> None:
    """Write what happened into its stream of the journal."""
    note_down(
        actor, f"credit.{row.what}_{what}", stream=row.stream, about=row.public_id, subject=row.subject,
        detail={"catalogue": row.catalogue, "org": row.org},
    )  # fmt: skip
