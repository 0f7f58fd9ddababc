# SPDX-License-Identifier: Apache-2.0
"""Checks for public-resource matters as the unit and the leading unit see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subjects
from yiwang.engines.credit import Effect, Scene
from yiwang.kernel.actor import Actor

from ..models import Check
from ..parts import NoSuchRecord, leads, orgs_of
from .kept_effects import read_kept
from .views import org_name

MOST = 100


@dataclass(frozen=True)
class DealingHit:
    """One measure of a check. `done`: something was fed back; `applied`: the measure was carried out."""

    effect: Effect
    done: bool = False
    applied: bool = False
    words: str = ""


@dataclass(frozen=True)
class DealingView:
    """A check for a public-resource matter. `known`: whether the city has a register entry of the subject."""

    id: str
    dealing: str
    matter: str
    org: str
    org_name: str
    subject_name: str
    code: str
    known: bool
    at: dt.datetime
    asked_name: str
    due_on: dt.date | None
    closed_at: dt.datetime | None
    hits: Sequence[DealingHit]

    @property
    def is_late(self) -> bool:
        """Whether measures wait to be fed back beyond the last day."""
        return self.closed_at is None and self.due_on is not None and timezone.localdate() > self.due_on


def dealings(actor: Actor) -> list[DealingView]:
    """The newest checks of the officer's units, of all for the leading one; what waits comes first."""
    rows = _seen_by(actor).order_by(F("closed_at").desc(nulls_first=True), "-id")
    return _views(rows[:MOST])


def dealing_view(actor: Actor, check: str) -> DealingView:
    """One check. Raises NoSuchRecord: none the actor may read."""
    found = _views(_seen_by(actor).filter(public_id=check))
    if not found:
        raise NoSuchRecord
    return found[0]


def _seen_by(actor: Actor) -> QuerySet[Check]:
    rows = Check.objects.filter(scene=Scene.RESOURCES.value).exclude(org="")
    return rows if leads(actor, current()) else rows.filter(org__in=orgs_of(actor))


def _views(rows: QuerySet[Check]) -> list[DealingView]:
    found, opened = list(rows.prefetch_related("feedback")), current()
    names = subjects({row.subject for row in found if row.subject}) if found else {}
    return [_view(row, names[row.subject].masked_name if row.subject else "", opened) for row in found]


def _view(row: Check, name: str, opened: OpenRelease) -> DealingView:
    said = {(one.record, one.measure): one for one in row.feedback.all()}
    hits = []
    for effect in map(read_kept, row.effects):
        one = said.get((effect.record, effect.measure))
        hits.append(DealingHit(effect, True, one.applied, one.words) if one else DealingHit(effect))
    return DealingView(
        row.public_id, row.dealing, row.case, row.org, org_name(opened, row.org), name, row.code,
        bool(row.subject), row.at, row.asked_name, row.due_on, row.closed_at, hits,
    )  # fmt: skip
