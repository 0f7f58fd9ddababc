# SPDX-License-Identifier: Apache-2.0
"""Evaluations as people read them: the published rules, one subject with every reason, as `evaluating` works
it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subjects
from yiwang.engines.credit import CreditBook, Evaluated
from yiwang.engines.credit.evaluation_kinds import Weighing
from yiwang.kernel.actor import Actor

from .evaluating import evaluate_subject
from .models import Version
from .parts import book_of
from .saying import (
    RuleLine,
    change_words,
    condition_words,
    counted_words,
    line_words,
    points_words,
    resting_words,
    rule_words,
)


@dataclass(frozen=True)
class PublishedRules:
    """A way of evaluating or scoring as everybody may read it. `bounds`: where it starts, and stays."""

    id: str
    name: str
    subject: str
    release: str
    bounds: str
    basis: Sequence[str]
    indicators: Sequence[RuleLine]
    clauses: Sequence[RuleLine]
    grades: Sequence[RuleLine]
    excluded: Sequence[RuleLine]


@dataclass(frozen=True)
class LineView:
    """One clause of an evaluation: its points, by which rule from which numbers."""

    name: str
    points: str
    why: str
    cite: str


@dataclass(frozen=True)
class UsedView:
    """A record that counted, where, to which day; what would be without it."""

    record: str
    title: str
    decided: dt.date
    counted: str
    last: dt.date | None
    without: str


@dataclass(frozen=True)
class EvaluationView:
    """One subject's evaluation or score on a day, in words. `resting`: what does not count, and why."""

    subject: str
    subject_name: str
    rules: PublishedRules
    on: dt.date
    score: str
    grade: str
    brings: str
    lines: Sequence[LineView]
    used: Sequence[UsedView]
    resting: Sequence[str]


def published_rules(*, scores: bool = True) -> list[PublishedRules]:
    """The ways of evaluating, and of scoring, in force today."""
    opened, today = current(), timezone.localdate()
    book = book_of(opened)
    every: list[Weighing] = [*book.evaluations.values(), *(book.scores.values() if scores else ())]
    return [rules_of(opened, one) for one in every if one.valid_on(today)]


def rules_of(opened: OpenRelease, weighing: Weighing) -> PublishedRules:
    """A way of evaluating in words, each line with its source."""
    book, score = book_of(opened), weighing.score
    return PublishedRules(
        weighing.id,
        weighing.name,
        weighing.subject.value,
        opened.digest[:16],
        f"起评{score.starts:f}分，最低{score.least:f}分，最高{score.most:f}分",
        [book.cited(one) for one in weighing.basis],
        [
            RuleLine(one.name, _counted(book, one.entries, one.severities, one.months), book.cited(one.cite))
            for one in weighing.indicators
        ],
        [RuleLine(one.name, rule_words(one.gives), book.cited(one.cite)) for one in weighing.clauses],
        [
            RuleLine(one.name, f"{condition_words(one.when)}：{one.brings}", book.cited(one.cite))
            for one in weighing.classes
        ],
        [
            RuleLine("、".join(_named(book, entry) for entry in one.entries), one.says, book.cited(one.cite))
            for one in weighing.excluded
        ],
    )


def _counted(book: CreditBook, entries: Sequence[str], severities: Sequence[str], months: int | None) -> str:
    degree = f"，{'、'.join(severities)}" if severities else ""
    recent = f"，{months}个月内决定的" if months else "，在使用期内的"
    return f"{'、'.join(_named(book, entry) for entry in entries)}{degree}{recent}"


def _named(book: CreditBook, entry: str) -> str:
    found = book.entries.get(entry)
    return found.name if found else entry


def evaluation_of(actor: Actor, subject: str, evaluation: str, *, purpose: str = "") -> EvaluationView:
    """One firm's evaluation today in words; who may ask, and what is raised, as in `evaluate_subject`."""
    told = evaluate_subject(actor, subject, evaluation, on=timezone.localdate(), purpose=purpose)
    return said(current(), told)


def said(opened: OpenRelease, told: Evaluated) -> EvaluationView:
    """An evaluation in words. Whoever calls has decided that the actor may see it."""
    book = book_of(opened)
    titles = titles_of([one.fact.record for one in (*told.used, *told.resting)])
    without = {one.fact.record: change_words(one, titles[one.fact.record]) for one in told.changes}
    return EvaluationView(
        told.subject,
        subjects([told.subject])[told.subject].masked_name,
        rules_of(opened, told.evaluation),
        told.on,
        f"{told.score:f}",
        told.grade.name,
        told.grade.brings,
        [
            LineView(
                one.clause.name,
                points_words(one.points),
                line_words(one, told.counts),
                book.cited(one.clause.cite),
            )
            for one in told.lines
        ],
        [
            UsedView(
                one.fact.record,
                titles[one.fact.record],
                one.fact.decided,
                counted_words(one),
                one.last,
                without.get(one.fact.record, ""),
            )
            for one in told.used
        ],
        [resting_words(titles[one.fact.record]) for one in told.resting],
    )


def titles_of(records: Sequence[str]) -> dict[str, str]:
    """What records are called, by public id: their newest words."""
    rows = Version.objects.filter(record__public_id__in=records).order_by("number").select_related("record")
    return {row.record.public_id: row.title for row in rows}
