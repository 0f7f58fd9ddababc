# SPDX-License-Identifier: Apache-2.0
"""Check an evaluation as a definition: it counts nothing excluded, and its rules use its indicators alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yiwang.engines.definitions import Checked, Problem
from yiwang.engines.rules import BOOLEAN, NUMBER, RuleError, Type, check
from yiwang.engines.rules.types import fits

from .book import CreditBook
from .evaluation import formula
from .evaluation_kinds import SCORE, Weighing

FOLDER = "credit"


def check_evaluation(checked: Checked, evaluation: Weighing, book: CreditBook) -> Iterator[Problem]:
    """What is wrong with one evaluation."""
    yield from _entries(checked, evaluation, book)
    counts = {one.name: NUMBER for one in evaluation.indicators}
    for place, clause in enumerate(evaluation.clauses):
        yield from _rule(checked, evaluation, ("clauses", place, "gives"), clause.gives, (counts, NUMBER))
    for place, grade in enumerate(evaluation.classes):
        if grade.when is not None:
            asked = {**counts, SCORE: NUMBER}
            yield from _rule(checked, evaluation, ("classes", place, "when"), grade.when, (asked, BOOLEAN))


def _entries(checked: Checked, evaluation: Weighing, book: CreditBook) -> Iterator[Problem]:
    never = evaluation.never()
    for place, one in enumerate(evaluation.indicators):
        for which, name in enumerate(one.entries):
            path = ("indicators", place, "entries", which)
            entry = book.entries.get(name)
            if name in never:
                what = f"“{one.name}”用了不得使用的信息“{name}”：{never[name].says}"
                mend = "请从这个指标里删去；依据见 excluded"
                yield checked.problem(FOLDER, evaluation.id, path, what, mend)
            elif entry is None:
                what = f"“{name}”不是目录条目"
                yield checked.problem(FOLDER, evaluation.id, path, what, "请写 kind: entry 的编号")
            elif evaluation.subject not in entry.subjects:
                what = f"“{entry.name}”不记这类主体的信息"
                yield checked.problem(FOLDER, evaluation.id, path, what, "请从这个指标里删去")


def _rule(
    checked: Checked,
    evaluation: Weighing,
    path: tuple[str | int, ...],
    text: str,
    wanted: tuple[Mapping[str, Type], Type],
) -> Iterator[Problem]:
    names, result = wanted
    try:
        found = check(formula(text), names, source=evaluation.id)
    except RuleError as error:
        mend = error.mend.rstrip("。") or "规则里只能用这里列出的指标"
        yield checked.problem(FOLDER, evaluation.id, path, error.what.rstrip("。"), mend)
        return
    if not fits(found, result):
        yield checked.problem(FOLDER, evaluation.id, path, f"要的是{result}，这里是{found}", "请改写规则")
