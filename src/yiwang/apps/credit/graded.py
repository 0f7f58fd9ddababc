# SPDX-License-Identifier: Apache-2.0
"""Who is in which class (分级分类监管): the lists of the newest evaluation of all firms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subjects
from yiwang.apps.journal.public import record as note_down
from yiwang.engines.credit import SCORE
from yiwang.engines.credit.evaluation_population import GRADE
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound
from yiwang.kernel.late import Late

from .evaluating import BASIS
from .evaluation_runs import newest_run, place_of, supervisors
from .evaluations import PublishedRules, rules_of
from .models import EvaluationRun
from .parts import book_of, leads, orgs_of

parquet: Any = Late("pyarrow.parquet")

PAGE = 50
MOST_LISTED = 10_000
"""Of a list taken as a whole: the lowest scores."""
_RUNS = 6


@dataclass(frozen=True)
class RunView:
    """A run of the evaluation: whose day, by which rules and program, how it stands (`state`, in words);
    `failed`: why it did not come to its end."""

    period: dt.date | None
    on: dt.date
    begun_at: dt.datetime
    done_at: dt.datetime | None
    state: str
    failed: str
    by_name: str
    release: str
    program: str
    firms: int


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
    `may_list`: the actor may see who they are, `may_ask` how any one stands now; `runs`: the newest first."""

    rules: PublishedRules
    on: dt.date | None
    classes: Mapping[str, int]
    runs: Sequence[RunView]
    may_list: bool
    may_ask: bool
    grade: str
    firms: Sequence[Graded]
    page: int
    more: bool


def graded_firms(
    actor: Actor, evaluation: str, *, grade: str = "", purpose: str, page: int | None = 1
) -> GradedPage:
    """How many firms are in each class by the newest run, for officers; with a `grade` who they are, worst
    first: for the units that plan inspections, the one that leads public credit, and auditors; that look is
    on record with its purpose. No page: the whole list, but no more than `MOST_LISTED`.

    Raises NotAllowed; Invalid: no purpose; NotFound: no such evaluation or class.
    """
    opened = current()
    may_ask = leads(actor, opened)
    may_list = may_ask or bool(orgs_of(actor) & supervisors(book_of(opened), timezone.localdate()))
    if not (may_list or orgs_of(actor)) or (grade and not may_list):
        mend = "办理业务需要的，请出具信用报告。"
        raise NotAllowed("分级分类名单由公共信用牵头单位和编制抽查计划的单位查看。", mend=mend)
    asked = book_of(opened).evaluation(evaluation)
    if grade and grade not in {one.name for one in asked.classes}:
        raise NotFound("没有这个等级。", mend="请从列出的等级中选择。")
    run = newest_run(evaluation)
    firms, more = _looked(actor, run, (evaluation, grade, purpose), page) if grade else ([], False)
    return GradedPage(
        rules_of(opened, asked),
        run.on if run else None,
        run.classes if run else {},
        _runs(opened, evaluation),
        may_list,
        may_ask,
        grade,
        firms,
        page or 1,
        more,
    )


def _looked(
    actor: Actor, run: EvaluationRun | None, asked: tuple[str, str, str], page: int | None
) -> tuple[list[Graded], bool]:
    evaluation, grade, purpose = asked
    if len(purpose.strip()) < 2:
        raise Invalid("请写明用途。", mend="例如：编制抽查计划。", field="purpose")
    found: tuple[list[Graded], bool] = _listed(run, grade, page) if run else ([], False)
    with transaction.atomic():
        note_down(
            actor, "credit.evaluations.listed", stream="credit-evaluations-read", about=evaluation,
            purpose=purpose.strip()[:200], basis=BASIS,
            detail={"grade": grade, "page": page or 0, "firms": len(found[0])},
        )  # fmt: skip
    return found


def _listed(run: EvaluationRun, grade: str, page: int | None) -> tuple[list[Graded], bool]:
    columns = ["subject", SCORE, GRADE]
    found = parquet.read_table(place_of(run), columns=columns, filters=[(GRADE, "=", grade)])
    found = found.sort_by([(SCORE, "ascending"), ("subject", "ascending")])
    start, most = (0, MOST_LISTED) if page is None else ((max(1, page) - 1) * PAGE, PAGE)
    rows = found.slice(start, most).to_pylist()
    whom = subjects([row["subject"] for row in rows])
    firms = [
        Graded(
            row["subject"], whom[row["subject"]].name, whom[row["subject"]].number, f"{row[SCORE]:f}", grade
        )
        for row in rows
    ]
    return firms, found.num_rows > start + most


def _runs(opened: OpenRelease, evaluation: str) -> list[RunView]:
    rows = EvaluationRun.objects.filter(evaluation=evaluation).order_by("-begun_at", "-id")[:_RUNS]
    return [
        RunView(
            one.period, one.on, one.begun_at, one.done_at, _state(one), one.failed,
            one.by.removeprefix("system:") if one.by.startswith("system:") else "工作人员",
            one.release[:16], one.program, sum(one.classes.values()),
        )
        for one in rows
    ]  # fmt: skip


def _state(run: EvaluationRun) -> str:
    if run.done_at is not None:
        return "已完成"
    return "没有完成" if run.failed else "正在评价"
