# SPDX-License-Identifier: Apache-2.0
"""Evaluations as people read them: the published rules, one subject with every reason, who is in which class.

Whatever is said here is worked out by `evaluating`; the lists come from the newest run over all firms.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subjects
from yiwang.apps.journal.public import record as note_down
from yiwang.engines.credit import SCORE, CreditBook, Evaluated
from yiwang.engines.credit.evaluation_kinds import Weighing
from yiwang.engines.credit.evaluation_population import GRADE
from yiwang.kernel.actor import Actor
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound
from yiwang.kernel.late import Late

from .evaluating import BASIS, Everybody, evaluate_firms, evaluate_subject
from .models import Version
from .parts import book_of, leads, orgs_of
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

parquet: Any = Late("pyarrow.parquet")

FOLDER = "evaluations"
PAGE = 50


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


@dataclass(frozen=True)
class Graded:
    """A firm in a class."""

    subject: str
    name: str
    code: str
    score: str
    grade: str


@dataclass(frozen=True)
class GradedPage:
    """A page of the newest run: how many are in each class, and some of them, worst first.
    `may_list`: the actor may see who they are."""

    rules: PublishedRules
    on: dt.date | None
    release: str
    classes: Mapping[str, int]
    may_list: bool
    grade: str
    firms: Sequence[Graded]
    page: int
    more: bool


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


def place_of(evaluation: str) -> Path:
    """Where the newest run over all firms lies, for the pages."""
    return Path(settings.DATA_DIR) / FOLDER / f"{evaluation}.parquet"


def graded_firms(
    actor: Actor, evaluation: str, *, grade: str = "", purpose: str, page: int = 1
) -> GradedPage:
    """How many firms are in each class by the newest run, for officers; with a `grade` who they are, worst
    first, for the unit that leads public credit and for auditors: that look is on record with its purpose.

    Raises NotAllowed; Invalid: no purpose; NotFound: no such evaluation or class.
    """
    opened = current()
    may_list = leads(actor, opened)
    if not (may_list or orgs_of(actor)) or (grade and not may_list):
        raise NotAllowed("分级分类名单由公共信用牵头单位查看。", mend="办理业务需要的，请出具信用报告。")
    asked = book_of(opened).evaluation(evaluation)
    if grade and grade not in {one.name for one in asked.classes}:
        raise NotFound("没有这个等级。", mend="请从列出的等级中选择。")
    run = _newest_run(evaluation)
    if grade and len(purpose.strip()) < 2:
        raise Invalid("请写明用途。", mend="例如：编制抽查计划。", field="purpose")
    firms, more = _listed(place_of(evaluation), grade, page) if grade and run else ([], False)
    if grade:
        with transaction.atomic():
            note_down(
                actor, "credit.evaluations.listed", stream="credit-evaluations-read", about=evaluation,
                purpose=purpose.strip()[:200], basis=BASIS, detail={"grade": grade, "page": page},
            )  # fmt: skip
    return GradedPage(
        rules_of(opened, asked),
        dt.date.fromisoformat(run["on"]) if run else None,
        str(run.get("release", ""))[:16],
        run.get("classes", {}),
        may_list,
        grade,
        firms,
        page,
        more,
    )


def run_for_pages(actor: Actor, directory: Path, evaluation: str, *, on: dt.date) -> Everybody:
    """Evaluate every registered firm from the columns in `directory`, so that the pages show it: raises what
    `evaluate_firms` raises."""
    place = place_of(evaluation)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = evaluate_firms(actor, directory, evaluation, on=on, to=place)
    told = {"on": on.isoformat(), "release": done.release, "classes": dict(done.classes)}
    draft = place.with_suffix(".new")
    draft.write_bytes(canonical_json(told))
    draft.replace(place.with_suffix(".json"))
    return done


def _newest_run(evaluation: str) -> dict[str, Any]:
    """The newest run whose result the pages can read; empty: none yet."""
    place = place_of(evaluation)
    if not (place.is_file() and place.with_suffix(".json").is_file()):
        return {}
    told: dict[str, Any] = json.loads(place.with_suffix(".json").read_bytes())
    return told


def _listed(place: Path, grade: str, page: int) -> tuple[list[Graded], bool]:
    columns = ["subject", SCORE, GRADE]
    found = parquet.read_table(place, columns=columns, filters=[(GRADE, "=", grade)])
    found = found.sort_by([(SCORE, "ascending"), ("subject", "ascending")])
    start = (max(1, page) - 1) * PAGE
    rows = found.slice(start, PAGE).to_pylist()
    whom = subjects([row["subject"] for row in rows])
    firms = [
        Graded(
            row["subject"], whom[row["subject"]].name, whom[row["subject"]].number, f"{row[SCORE]:f}", grade
        )
        for row in rows
    ]
    return firms, found.num_rows > start + PAGE
