# SPDX-License-Identifier: Apache-2.0
"""Objections, repairs and entries on lists that wait: for the unit that decided, and for the leading one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.kernel.actor import Actor

from ..models import Hearing, Listing, Objection, Record, Removal, Repair
from ..parts import NoSuchRecord, book_of, leads, orgs_of
from .views import MatterView, matters_of, org_name

MOST = 200


@dataclass(frozen=True)
class HearingView:
    """What shall be done about a list: told, heard, decided. `does`: 列入 or 移出; `record`: the one on the
    list, once there is one; `because`: the record for which somebody shall be taken off."""

    id: str
    does: str
    entry_name: str
    org_name: str
    subject_name: str
    subject: str
    title: str
    basis: str
    record: str
    because: str
    hear_until: dt.date
    defence: str
    decided_at: dt.datetime | None
    carried_out: bool | None
    answer: str

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if self.decided_at is None:
            return "听取陈述申辩"
        return f"{'已' if self.carried_out else '没有'}{self.does}"


@dataclass(frozen=True)
class Matters:
    """What waits."""

    objections: Sequence[MatterView]
    repairs: Sequence[MatterView]
    listings: Sequence[HearingView]
    removals: Sequence[HearingView]


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
    listings = Listing.objects.filter(decided_at=None, **only).order_by("hear_until", "id")[:MOST]
    removals = Removal.objects.filter(
        decided_at=None, **({} if everything else {"record__org__in": orgs})
    ).select_related("record")
    return Matters(
        [one for one in waiting if one.what == "异议"],
        [one for one in waiting if one.what == "修复"],
        [_hearing(opened, row) for row in listings],
        [_hearing(opened, row) for row in removals.order_by("hear_until", "id")[:MOST]],
    )


def own_hearings(actor: Actor, subject: str) -> list[HearingView]:
    """Where one was told that one shall be entered on a list, or taken off one, newest first. Raises
    NoSuchRecord."""
    if not actor.is_subject(subject):
        raise NoSuchRecord
    rows: list[Hearing] = [
        *Listing.objects.filter(subject=subject).order_by("-id")[:MOST],
        *Removal.objects.filter(record__subject=subject).select_related("record").order_by("-id")[:MOST],
    ]
    opened = current()
    return [_hearing(opened, row) for row in sorted(rows, key=lambda one: one.told_at, reverse=True)]


def _hearing(opened: OpenRelease, row: Hearing) -> HearingView:
    entry = book_of(opened).entries.get(row.catalogue)
    if isinstance(row, Listing):
        about = (row.facts["title"], row.facts["basis"], row.record, "")
    else:
        assert isinstance(row, Removal)  # there are two sorts
        about = ("出现在使用期内的失信信息", "", row.record.public_id, row.because)
    return HearingView(
        row.public_id, row.does, entry.name if entry else row.catalogue, org_name(opened, row.org),
        subject_of(row.subject).masked_name, row.subject, *about, row.hear_until, row.defence,
        row.decided_at, row.carried_out, row.answer,
    )  # fmt: skip
