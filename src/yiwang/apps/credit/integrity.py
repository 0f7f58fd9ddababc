# SPDX-License-Identifier: Apache-2.0
"""The integrity file (诚信档案): everything public credit keeps about one person or firm, for themselves.

What counts and what is over, promises kept and not, what it did to their matters and who applied it,
objections and repairs, reports drawn, who looked. Others get a report, which holds less.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject as subject_with
from yiwang.apps.journal.public import looks_at
from yiwang.engines.credit import Sort
from yiwang.kernel.actor import Actor

from .evaluations import EvaluationView, evaluation_of
from .models import Check
from .parts import NoSuchRecord, book_of
from .queries.kept_effects import read_kept
from .queries.matters import HearingView, own_hearings
from .queries.seeing import own_records
from .queries.views import MatterView, RecordView, org_name
from .reports_reading import ReportView, reports_of

_MOST = 200
_PROMISES = (Sort.COMMITMENT, Sort.KEPT, Sort.BREACH)


@dataclass(frozen=True)
class CaseOfUse:
    """What one record did to one matter: when, which measure, by whom, whether it was applied (None: nobody
    has said yet)."""

    at: dt.datetime
    scene: str
    measure: str
    record: str
    title: str
    org_name: str
    applied: bool | None


@dataclass(frozen=True)
class Looked:
    """Who looked, when, for what."""

    at: dt.datetime
    who: str
    purpose: str


@dataclass(frozen=True)
class IntegrityFile:
    """A file. `standing`: records that count; `over`: those that are neither shown nor used any more."""

    subject: str
    name: str
    number: str
    standing: Sequence[RecordView]
    over: Sequence[RecordView]
    promises: Sequence[RecordView]
    kept: int
    untrue: int
    uses: Sequence[CaseOfUse]
    matters: Sequence[MatterView]
    hearings: Sequence[HearingView]
    evaluation: EvaluationView | None
    reports: Sequence[ReportView]
    looks: Sequence[Looked]


def integrity_file(actor: Actor, subject: str) -> IntegrityFile:
    """The file of oneself, or of a firm one acts for. Raises NoSuchRecord."""
    if not actor.is_subject(subject):
        raise NoSuchRecord
    whom, records = subject_with(subject), own_records(actor, subject)
    told = [one for one in records if one.entry.sort not in _PROMISES]
    promises = [one for one in records if one.entry.sort in _PROMISES]
    standing = [one for one in promises if one.counts]
    return IntegrityFile(
        subject,
        whom.name,
        whom.masked_number,
        [one for one in told if one.counts],
        [one for one in records if not one.counts],
        standing,
        sum(one.entry.sort is Sort.KEPT for one in standing),
        sum(one.entry.sort is Sort.BREACH for one in standing),
        _uses(subject, {one.id: one.title for one in records}),
        sorted((one for each in records for one in each.matters), key=lambda one: one.at, reverse=True),
        own_hearings(actor, subject),
        _evaluation(actor, subject) if whom.kind == "firm" else None,
        reports_of(actor, subject),
        [
            Looked(one["at"], one["actor_name"], one["purpose"])
            for one in looks_at(subject, limit=_MOST)
            if one["action"].startswith("credit.")
        ],
    )


def _evaluation(actor: Actor, subject: str) -> EvaluationView | None:
    today = timezone.localdate()
    valid = [one for one in book_of(current()).evaluations.values() if one.valid_on(today)]
    return evaluation_of(actor, subject, valid[0].id) if valid else None


def _uses(subject: str, titles: dict[str, str]) -> list[CaseOfUse]:
    """What checks found, newest first; who applied it or not, where somebody said so."""
    opened = current()
    rows = (
        Check.objects.filter(subject=subject, hits__gt=0).order_by("-id").prefetch_related("feedback")[:_MOST]
    )
    found = []
    for row in rows:
        said = {(one.record, one.measure): one.applied for one in row.feedback.all()}
        for hit in map(read_kept, row.effects):
            found.append(
                CaseOfUse(
                    row.at, row.scene, f"{hit.kind.term}：{hit.measure}", hit.record,
                    titles.get(hit.record, "不再列出的信息"), org_name(opened, hit.org),
                    said.get((hit.record, hit.measure)),
                )
            )  # fmt: skip
    return found
