# SPDX-License-Identifier: Apache-2.0
"""Somebody on a list for the clean alone has a record against them: what the list brings stops by rule, they
and the unit are told. When that record is over before it is decided, they stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_in
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import system
from yiwang.kernel.dates import format_date
from yiwang.kernel.ids import new_public_id

from ..models import Record, Removal
from ..parts import book_of
from ..queries.fitness import stains
from ._hearing import last_day, note_hearing, settle

LISTS = system("名单核查")
_OVER = "所依据的失信信息已经结束，激励和公示自动恢复。"


def propose_removals(subjects: Collection[str], *, now: dt.datetime) -> int:
    """Whoever of these stands on a list for the clean alone and is not clean is told, and so is the unit; of
    how many. Needs a transaction. Whoever was told and not yet decided on is not told again."""
    opened = current()
    book = book_of(opened)
    lists = [key for key in book.entries if book.wants_clean(key)]
    rows = Record.objects.select_for_update().filter(subject__in=set(subjects), catalogue__in=lists, ended="")
    on_lists = list(rows.order_by("id"))
    if not on_lists:
        return 0
    today = timezone.localdate(now)
    against = stains({row.subject for row in on_lists}, on=today)
    open_ones = set(
        Removal.objects.filter(record__in=on_lists, decided_at=None).values_list("record", flat=True)
    )
    count = 0
    for row in on_lists:
        if row.subject in against and row.pk not in open_ones:
            last = last_day(opened, book.entries[row.catalogue], today)
            _tell(row, because=against[row.subject][-1], last=last, now=now)
            count += 1
    return count


def _tell(row: Record, *, because: str, last: dt.date, now: dt.datetime) -> None:
    made = Removal.objects.create(
        public_id=new_public_id("cm"), record=row, because=because, told_at=now, hear_until=last
    )
    name = book_of(current()).entries[row.catalogue].name
    body = (
        f"因为新的失信信息，拟将您移出“{name}”；从现在起名单带来的激励和公示暂停。"
        f"您可以在{format_date(last)}前陈述、申辩，也可以对那条失信信息提出异议；它结束后自动恢复。"
    )
    notify(row.subject, "移出名单前告知", body, about=made.public_id)
    for one in sorted(officers_in(row.org)):
        notify(
            one, "守信名单上有单位出现失信信息", f"请在{format_date(last)}后办理移出。", about=made.public_id
        )
    note_hearing(LISTS, "told", made)


def close_removals(subject: str, *, now: dt.datetime) -> None:
    """A record against somebody is over: if none is left, they stay on their lists. Needs a transaction."""
    rows = list(
        Removal.objects.select_for_update(of=("self",)).select_related("record")
        .filter(record__subject=subject, decided_at=None)
    )  # fmt: skip
    if rows and subject not in stains([subject], on=timezone.localdate(now)):
        for row in rows:
            settle(LISTS, row, carried_out=False, reason=_OVER, now=now)
