# SPDX-License-Identifier: Apache-2.0
"""Objections, repairs and entries on lists that wait: for the unit that decided, and for the leading one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.kernel.actor import Actor

from ..models import Listing, Objection, Record, Removal, Repair
from ..parts import NoSuchRecord, book_of, leads, orgs_of
from .views import MatterView, matters_of, org_name

MOST = 200


@dataclass(frozen=True)
class ListingView:
    """Somebody who shall be entered on a list: told, heard, decided."""

    id: str
    entry_name: str
    org: str
    org_name: str
    subject_name: str
    subject: str
    reference: str
    title: str
    basis: str
    fields: Mapping[str, str]
    told_at: dt.datetime
    told_by: str
    hear_until: dt.date
    defence: str
    decided_at: dt.datetime | None
    entered: bool | None
    answer: str
    record: str


@dataclass(frozen=True)
class RemovalView:
    """Somebody on a list for the clean alone with a record against them: told, heard, taken off or left."""

    id: str
    entry_name: str
    org: str
    subject_name: str
    subject: str
    record: str
    because: str
    told_at: dt.datetime
    hear_until: dt.date
    defence: str
    decided_at: dt.datetime | None
    removed: bool | None
    answer: str


@dataclass(frozen=True)
class Matters:
    """What waits."""

    objections: Sequence[MatterView]
    repairs: Sequence[MatterView]
    listings: Sequence[ListingView]
    removals: Sequence[RemovalView] = ()


def matters(actor: Actor) -> Matters:
    """What waits for the officer's units; for the leading unit everything. Raises NoSuchRecord."""
    opened = current()
    everything, orgs = leads(actor, opened), orgs_of(actor)
    if not everything and not orgs:
        raise NoSuchRecord
    only = {} if everything else {"org__in": orgs}
    rows = list(
        Record.objects.filter(**only).filter(
            pk__in=[
                *Objection.objects.filter(answered_at=None).values_list("record", flat=True),
                *Repair.objects.filter(decided_at=None).values_list("record", flat=True),
            ]
        )[:MOST]
    )  # fmt: skip
    waiting = sorted(
        (one for many in matters_of(rows, opened).values() for one in many if one.is_open),
        key=lambda one: (one.due_on, one.id),
    )
    lists = Listing.objects.filter(decided_at=None, **only).order_by("hear_until", "id")[:MOST]
    return Matters(
        [one for one in waiting if one.what == "异议"],
        [one for one in waiting if one.what == "修复"],
        [_listing(opened, row) for row in lists],
        _removals(opened, decided_at=None, **({} if everything else {"record__org__in": orgs})),
    )


def own_listings(actor: Actor, subject: str) -> list[ListingView]:
    """Where one was told that one shall be entered on a list. Raises NoSuchRecord."""
    if not actor.is_subject(subject):
        raise NoSuchRecord
    opened = current()
    return [_listing(opened, row) for row in Listing.objects.filter(subject=subject).order_by("-id")[:MOST]]


def own_removals(actor: Actor, subject: str) -> list[RemovalView]:
    """Where one was told that one shall be taken off a list. Raises NoSuchRecord."""
    if not actor.is_subject(subject):
        raise NoSuchRecord
    return _removals(current(), record__subject=subject)


def _removals(opened: OpenRelease, **of: Any) -> list[RemovalView]:
    rows = Removal.objects.filter(**of).select_related("record").order_by("-id")[:MOST]
    entries = book_of(opened).entries
    return [
        RemovalView(
            row.public_id,
            entries[row.record.catalogue].name if row.record.catalogue in entries else row.record.catalogue,
            row.record.org, subject_of(row.record.subject).masked_name, row.record.subject,
            row.record.public_id, row.because, row.told_at, row.hear_until, row.defence, row.decided_at,
            row.removed, row.answer,
        )
        for row in rows
    ]  # fmt: skip


def _listing(opened: OpenRelease, row: Listing) -> ListingView:
    entry, facts = book_of(opened).entries.get(row.catalogue), row.facts
    return ListingView(
        row.public_id, entry.name if entry else row.catalogue, row.org, org_name(opened, row.org),
        subject_of(row.subject).masked_name, row.subject, row.reference, facts["title"], facts["basis"],
        facts["fields"], row.told_at, row.told_by, row.hear_until, row.defence, row.decided_at, row.entered,
        row.answer, row.record,
    )  # fmt: skip
