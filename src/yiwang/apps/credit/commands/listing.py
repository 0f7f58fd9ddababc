# SPDX-License-Identifier: Apache-2.0
"""Entering somebody on a list (列入名单): told beforehand, heard, decided by another officer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.telling import NewRecord, refuse_if
from ..models import Listing
from ..parts import NoSuchRecord, book_of, is_of_unit, require_unit
from ._hearing import last_day, locked_listing, note_hearing, require_ripe, settle
from ._teller import Teller
from ._words import said
from .recording import record, require_fit


@dataclass(frozen=True)
class NewListing:
    """Whom a unit means to enter on which list, and why."""

    catalogue: str
    subject: str
    org: str
    reference: str
    title: str
    basis: str
    happened_on: dt.date
    fields: dict[str, str] = field(default_factory=dict)

    def as_record(self, *, told_on: dt.date, decided_on: dt.date) -> NewRecord:
        """The record it becomes."""
        return NewRecord(
            self.catalogue, self.subject, self.title, self.basis, self.happened_on, decided_on, self.org,
            self.fields, reference=self.reference, told_on=told_on,
        )  # fmt: skip


@transaction.atomic
def tell_listing(actor: Actor, new: NewListing, *, now: dt.datetime | None = None) -> str:
    """Tell somebody that they shall be entered on a list, why, and until when they are heard; its public id.

    Raises NotAllowed, NotFound; Invalid: no list, or what is wrong; Conflict: told under this number before.
    """
    require_unit(actor, new.org)
    opened, at = current(), now or timezone.now()
    entry, today = book_of(opened).entry(new.catalogue), timezone.localdate(at)
    if entry.entering is None:
        raise Invalid("这一类不是名单。", mend="请从名单类目录中选择。", field="catalogue")
    last = last_day(opened, entry, today)
    first = last + dt.timedelta(days=1)
    kind = Subject(subject_of(new.subject).kind)
    later = dt.datetime.combine(first, dt.time(12), at.tzinfo)
    teller = Teller.now(actor, new.catalogue, later)
    later_on = new.as_record(told_on=today, decided_on=first)
    refuse_if(teller.wrong(later_on, kind))
    require_fit(teller, new.as_record(told_on=today, decided_on=today))
    row = Listing(
        public_id=new_public_id("ce"), catalogue=new.catalogue, org=new.org, subject=new.subject,
        reference=new.reference, happened_on=new.happened_on, told_at=at, told_by=actor.id, hear_until=last,
        facts={"title": new.title, "basis": new.basis, "fields": dict(new.fields)},
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("这个文号已经告知过。", mend="请核对文号。") from None
    body = (
        f"拟将您列入“{entry.name}”：{new.title}。依据：{new.basis}。"
        f"您可以在{format_date(last)}前陈述、申辩；列入后可以提出异议、申请修复。"
    )
    notify(new.subject, "列入名单前告知", body, about=row.public_id)
    note_hearing(actor, "told", row)
    return row.public_id


@transaction.atomic
def decide_listing(
    actor: Actor, listing: str, *, enter: bool, words: str, now: dt.datetime | None = None
) -> str:
    """Enter, or do not, with reasons that answer what was said; the record's public id, or nothing.

    Raises NoSuchRecord, NotAllowed: the officer who told it; Conflict: the time for being heard is not
    over, decided already; Invalid: no reasons.
    """
    row = locked_listing(listing)
    if not is_of_unit(actor, row.org):
        raise NoSuchRecord
    if actor.id == row.told_by:
        raise NotAllowed("告知的人不能决定列入。", mend="请由本单位另一位工作人员决定。")
    at = now or timezone.now()
    today = timezone.localdate(at)
    require_ripe(row, carries_out=enter, today=today)
    reason = said(words)
    if enter:
        new = NewListing(
            row.catalogue, row.subject, row.org, row.reference, happened_on=row.happened_on, **row.facts
        )
        told_on = timezone.localdate(row.told_at)
        row.record = record(actor, new.as_record(told_on=told_on, decided_on=today), now=at)
    settle(actor, row, carried_out=enter, reason=reason, now=at)
    return row.record
