# SPDX-License-Identifier: Apache-2.0
"""A record as it is shown: whole to whom it is about and to its unit, its public part to everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subjects
from yiwang.engines.credit import (
    CreditEntry,
    Effect,
    EndKind,
    History,
    Matter,
    Proof,
    Standing,
    effects_of,
    is_shown,
    repairable_from,
    standing,
    used_until,
)
from yiwang.engines.credit.kinds import Condition

from ..models import Ending, Objection, Record, Repair, Version
from ..parts import book_of
from .fitness import stains
from .histories import histories

STANDINGS = {
    Standing.COUNTS: "有效",
    Standing.NOT_YET: "尚未生效",
    Standing.EXPIRED: "已到期，不再公示和使用",
    Standing.ENDED: "已结束",
    Standing.UNKNOWN: "尚无内容",
}
OUTCOMES = {"removed": "异议成立，已撤下", "corrected": "异议成立，已更正", "dismissed": "核实无误，维持"}
"""How an objection was answered, in words."""


@dataclass(frozen=True)
class VersionView:
    """What a record said from a moment on, and why it was corrected."""

    number: int
    title: str
    known_since: dt.datetime
    reason: str


@dataclass(frozen=True)
class EndingView:
    """Why and when a record ended."""

    term: str
    on: dt.date
    reason: str


@dataclass(frozen=True)
class MatterView:
    """An objection or a repair: where it stands. `files`: evidence, by public id."""

    id: str
    what: str
    record: str
    org: str
    entry_name: str
    title: str
    subject: str
    words: str
    way: str
    promise: str
    training: str
    files: Sequence[str]
    at: dt.datetime
    due_on: dt.date
    answered_at: dt.datetime | None
    outcome: str
    answer: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None

    def is_late(self, today: dt.date) -> bool:
        """Whether it waits beyond its last day."""
        return self.is_open and today > self.due_on


@dataclass(frozen=True)
class RecordView:
    """A record as whom it is about may see it."""

    id: str
    entry: CreditEntry
    org: str
    org_name: str
    reference: str
    subject: str
    subject_name: str
    subject_number: str
    number: int
    title: str
    basis: str
    severity: str
    fields: Mapping[str, str]
    happened_on: dt.date
    decided_on: dt.date
    used_until: dt.date | None
    shown_until: dt.date | None
    due_on: dt.date | None
    published_on: dt.date | None
    standing: Standing
    is_shown: bool
    effects: tuple[Effect, ...]
    repairable_from: dt.date | None
    conditions: Sequence[Condition]
    versions: Sequence[VersionView]
    ending: EndingView | None
    matters: Sequence[MatterView]
    case: str
    until: dt.date | None
    item: str
    arrived_on: dt.date
    rests: bool = False

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if self.rests:
            return "暂停：有在使用期内的失信信息"
        return self.ending.term if self.ending else STANDINGS[self.standing]

    @property
    def asks_promise(self) -> bool:
        """Whether a repair asks for a public commitment."""
        return any(one.asks is Proof.PROMISE for one in self.conditions)

    @property
    def asks_training(self) -> bool:
        """Whether a repair asks for training."""
        return any(one.asks is Proof.TRAINING for one in self.conditions)

    @property
    def counts(self) -> bool:
        """Whether it is used now."""
        return self.standing is Standing.COUNTS and not self.rests

    @property
    def may_object(self) -> bool:
        """Whether an objection can be raised: it is not over, and none is open."""
        return self.ending is None and not any(one.is_open and one.what == "异议" for one in self.matters)

    @property
    def may_repair(self) -> bool:
        """Whether a repair can be asked for now or from `repairable_from` on."""
        open_one = any(one.is_open and one.what == "修复" for one in self.matters)
        return self.counts and self.repairable_from is not None and not open_one

    @property
    def is_published_late(self) -> bool:
        """Whether it came after the last day for making it public."""
        return self.due_on is not None and self.arrived_on > self.due_on


def views(rows: Iterable[Record], *, on: dt.date | None = None) -> list[RecordView]:
    """Records in a fixed number of queries. Whoever calls has decided that the actor may see them."""
    opened, day, rows = current(), on or timezone.localdate(), list(rows)
    keys = [row.pk for row in rows]
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.filter(record__in=keys).order_by("number"):
        versions.setdefault(version.record_id, []).append(version)
    endings = {one.record_id: one for one in Ending.objects.filter(record__in=keys)}
    matters = matters_of(rows, opened)
    whom = subjects({row.subject for row in rows}) if rows else {}
    resting = _resting(rows, opened, day)
    made = []
    for row, history in zip(rows, histories(rows), strict=True):
        entry = book_of(opened).entries.get(row.catalogue)
        if entry is None:
            continue  # taken out of the catalogue: kept, shown and used no more
        about = whom[row.subject]
        made.append(
            _view(_Read(opened, row, history, entry, versions[row.pk], endings.get(row.pk)), day)
            | {"subject_name": about.masked_name, "subject_number": about.masked_number}
            | {"matters": matters.get(row.pk, [])}
            | ({"rests": True, "is_shown": False, "effects": ()} if row.pk in resting else {})
        )
    return [RecordView(**one) for one in made]


def _resting(rows: Sequence[Record], opened: OpenRelease, day: dt.date) -> set[int]:
    """Records on lists for the clean alone whose subject is not clean on a day: shown and used no more while
    that is so."""
    book = book_of(opened)
    listed = [row for row in rows if not row.ended and book.wants_clean(row.catalogue)]
    stained = stains({row.subject for row in listed}, on=day) if listed else {}
    return {row.pk for row in listed if row.subject in stained}


@dataclass(frozen=True)
class _Read:
    opened: OpenRelease
    row: Record
    history: History
    entry: CreditEntry
    versions: Sequence[Version]
    ending: Ending | None


def _view(read: _Read, day: dt.date) -> dict[str, Any]:
    opened, row, history, entry = read.opened, read.row, read.history, read.entry
    versions, ending = read.versions, read.ending
    newest = versions[-1]
    told = history.versions[-1]
    term = entry.term_of(told.severity)
    book = book_of(opened)
    repair = book.repair_of(entry)
    return {
        "id": row.public_id, "entry": entry, "org": row.org, "org_name": org_name(opened, row.org),
        "reference": row.reference, "subject": row.subject, "number": row.number, "title": newest.title,
        "basis": newest.basis, "severity": newest.severity, "fields": dict(newest.fields),
        "happened_on": newest.happened_on, "decided_on": newest.decided_on,
        "used_until": used_until(told, term), "shown_until": row.shown_until, "due_on": row.due_on,
        "published_on": row.published_on, "standing": standing(history, entry, day),
        "is_shown": row.due_on is not None and is_shown(history, entry, day),
        "effects": effects_of([history], book, subject=row.subject, on=day, matter=Matter(any_item=True)),
        "repairable_from": repairable_from(told, term) if repair else None,
        "conditions": repair.conditions if repair else (),
        "versions": [VersionView(one.number, one.title, one.known_since, one.reason) for one in versions],
        "ending": EndingView(EndKind(ending.kind).term, ending.on, ending.reason) if ending else None,
        "case": newest.case, "until": newest.until, "item": newest.item,
        "arrived_on": row.arrived_on,
    }  # fmt: skip


def org_name(opened: OpenRelease, org: str) -> str:
    """A unit as people call it."""
    found = opened.catalogue.orgs.get(org)
    return (found.short_name or found.name) if found else org


def matters_of(rows: Sequence[Record], opened: OpenRelease) -> dict[int, list[MatterView]]:
    """The objections and repairs of records, newest first."""
    found: dict[int, list[MatterView]] = {}
    by_key = {row.pk: row for row in rows}
    titles = {
        one.record_id: one.title for one in Version.objects.filter(record__in=by_key).order_by("number")
    }  # the newest one wins
    both: list[Objection | Repair] = [
        *Objection.objects.filter(record__in=by_key).order_by("-id"),
        *Repair.objects.filter(record__in=by_key).order_by("-id"),
    ]
    for one in both:
        row = by_key[one.record_id]
        found.setdefault(row.pk, []).append(matter_view(one, row, titles[row.pk], opened))
    return found


def matter_view(one: Objection | Repair, row: Record, title: str, opened: OpenRelease) -> MatterView:
    """An objection or a repair as both sides see it."""
    entry = book_of(opened).entries.get(row.catalogue)
    given: dict[str, Any] = {
        "id": one.public_id, "record": row.public_id, "org": row.org, "title": title, "subject": row.subject,
        "entry_name": entry.name if entry else row.catalogue, "words": one.words,
        "files": tuple(one.evidence), "due_on": one.due_on, "answer": one.answer,
    }  # fmt: skip
    if isinstance(one, Objection):
        return MatterView(
            **given, what="异议", at=one.raised_at, answered_at=one.answered_at, way="", promise="",
            training="", outcome=OUTCOMES.get(one.outcome, ""),
        )  # fmt: skip
    training = f"{one.trained_on:%Y年%m月%d日} {one.trained_at}" if one.trained_on else ""
    decided = {True: "已同意修复", False: "未同意修复", None: ""}[one.granted]
    return MatterView(
        **given, what="修复", at=one.asked_at, answered_at=one.decided_at, way=one.way, promise=one.promise,
        training=training, outcome=decided,
    )  # fmt: skip
