# SPDX-License-Identifier: Apache-2.0
"""Rows of one entry, checked and made ready to be saved: one at a time or in bulk, by the same rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.notices.public import Letter, notify_many
from yiwang.engines.credit import CreditEntry, Severity, months_after, shown_until
from yiwang.engines.credit import Version as Told
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.workdays import Limit, Unit

from ..domain.telling import NewRecord, complaints, plain_fields, refuse_if
from ..models import Record, Version
from ..parts import book_of
from ._words import MOST_WORDS
from .offering import plan_offers


class Carried(Protocol):
    """A row of a record: what is searched by, copied from its newest version."""

    public_id: str
    subject: str
    decided_on: dt.date
    due_on: dt.date | None
    published_on: dt.date | None
    shown_until: dt.date | None
    taken_down_on: dt.date | None


@dataclass(frozen=True)
class Teller:
    """Who tells of one entry of the catalogue, when, in which delivery. `came`: when it was sent, if it
    waited since then."""

    actor: Actor
    entry: CreditEntry
    opened: OpenRelease
    at: dt.datetime
    delivery: str = ""
    came: dt.datetime | None = None
    _due: dict[dt.date, dt.date] = field(default_factory=dict, compare=False, repr=False)
    _shown: dict[tuple[Any, ...], dt.date | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def now(
        cls,
        actor: Actor,
        catalogue: str,
        at: dt.datetime,
        *,
        delivery: str = "",
        came: dt.datetime | None = None,
    ) -> Teller:
        """By the release in force. Raises NotFound: no such entry."""
        opened = current()
        return cls(actor, book_of(opened).entry(catalogue), opened, at, delivery, came)

    def wrong(self, new: NewRecord, kind: Subject) -> list[str]:
        """Everything that is wrong with a record. `kind`: what its subject is."""
        opened = self.opened
        return list(complaints(new, self.entry, kind=kind, today=self.today, calendar=opened.calendar))

    @cached_property
    def today(self) -> dt.date:
        """The day it is told on."""
        return timezone.localdate(self.at)

    @cached_property
    def arrived(self) -> dt.date:
        """The day it came."""
        return timezone.localdate(self.came or self.at)

    def check(self, new: NewRecord, kind: Subject) -> None:
        """Raise Invalid with everything that is wrong."""
        refuse_if(self.wrong(new, kind))

    def row(self, new: NewRecord, kind: Subject) -> Record:
        """The row of a new record, not saved."""
        row = Record(**self.begun(new))
        self.carry(row, new, kind)
        return row

    def begun(self, new: NewRecord) -> dict[str, Any]:
        """What the row of a new record says for good."""
        return {
            "public_id": new_public_id("cr"), "catalogue": new.catalogue, "org": new.org,
            "reference": new.known_by, "collected_at": self.came or self.at, "arrived_on": self.arrived,
        }  # fmt: skip

    def carry(self, row: Carried, new: NewRecord, kind: Subject) -> None:
        """Copy to the row what is searched by; what may be public is so at once, on time or late."""
        row.subject, row.decided_on = new.subject, new.decided_on
        row.shown_until = self._shown_until(new)
        public = self.entry.publicity
        never = row.shown_until is not None and row.shown_until < new.decided_on
        if public is None or kind not in public.of or never:
            if row.published_on is not None:
                row.taken_down_on = self.today
            row.due_on = None
            return
        row.due_on = self._due.get(new.decided_on)
        if row.due_on is None:
            limit = Limit(public.within.days, Unit(public.within.unit.value))
            row.due_on = self._due[new.decided_on] = self.opened.calendar.due(new.decided_on, limit).date
        row.published_on = row.published_on or self.today
        row.taken_down_on = None

    def _shown_until(self, new: NewRecord) -> dt.date | None:
        """The same days come again and again."""
        by = (new.decided_on, new.until, new.severity)
        if by not in self._shown:
            told = Told(0, new.subject, new.decided_on, self.at, new.severity, new.until, new.item)
            self._shown[by] = shown_until(told, self.entry.term_of(new.severity))
        return self._shown[by]

    def tell_subjects(self, told: Sequence[tuple[Carried, Severity | None]]) -> None:
        """Write to whom records speak against, each with its degree: that it is there, how to object, when
        to repair."""
        if self.entry.sort.is_against:
            firsts = self.plan_repairs(told)
            notify_many([self._letter(row, firsts.get(row.public_id)) for row, _ in told])

    def _letter(self, row: Carried, first: dt.date | None) -> Letter:
        repair = f"纠正并履行义务后，自{format_date(first)}起可以申请信用修复。" if first else ""
        body = (
            f"{self.entry.name}里有一条与您有关的记录。认为不对的，可以提出异议。{repair}请到“我的信用”查看。"
        )
        return Letter(row.subject, "一条信用记录", body, row.public_id)

    def plan_repairs(self, told: Iterable[tuple[Carried, Severity | None]]) -> Mapping[str, dt.date]:
        """Let subjects be told when their records may be repaired; record → the first such day."""
        if not self.entry.repair:
            return {}
        firsts = {
            row.public_id: months_after(row.decided_on, self.entry.term_of(degree).least)
            for row, degree in told
        }
        plan_offers(firsts, today=self.today)
        return firsts

    def version(self, row: Record, new: NewRecord, *, reason: str = "") -> Version:
        """What the record says from now on, not saved."""
        return Version(record=row, number=row.number, known_since=self.at, **self.said(new, reason=reason))

    def said(self, new: NewRecord, *, reason: str = "") -> dict[str, Any]:
        """What a version says, but for its record, its number and when it came."""
        return {
            "subject": new.subject, "title": new.title.strip(), "basis": new.basis.strip(),
            "severity": str(new.severity or ""), "item": new.item, "fields": plain_fields(new.fields),
            "happened_on": new.happened_on, "decided_on": new.decided_on, "until": new.until,
            "reason": reason.strip()[:MOST_WORDS], "by": self.actor.id, "case": new.case,
            "delivery": self.delivery, "digest": new.digest,
        }  # fmt: skip
