# SPDX-License-Identifier: Apache-2.0
"""Check reports, personal scores and scenes as definitions: they name what there is, use nothing excluded,
and a scene asks for the score alone."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.engines.definitions import Checked, Problem
from yiwang.engines.rules import BOOLEAN, NUMBER, RuleError, check
from yiwang.engines.rules.types import fits

from .book import CreditBook
from .evaluation import formula
from .evaluation_checks import FOLDER, check_evaluation
from .evaluation_kinds import SCORE
from .report_kinds import CreditReport
from .score_kinds import BenefitScene, PersonalScore


def check_scores(checked: Checked, book: CreditBook) -> Iterator[Problem]:
    """What is wrong with the scores, scenes and reports."""
    for score in book.scores.values():
        yield from check_evaluation(checked, score, book)
        yield from _never(checked, score, book)
    for scene in book.scenes.values():
        yield from _scene(checked, scene, book)
    for report in book.reports.values():
        yield from _report(checked, report, book)


def _never(checked: Checked, score: PersonalScore, book: CreditBook) -> Iterator[Problem]:
    """No fact that is never used: neither an entry of that name nor one with such a field."""
    for place, one in enumerate(score.indicators):
        for which, name in enumerate(one.entries):
            entry = book.entries.get(name)
            said = [entry.name, *(each.name for each in entry.fields)] if entry else []
            for rule in score.never_uses:
                if found := [word for word in rule.words if any(word in text for text in said)]:
                    what = f"“{one.name}”用了“{name}”，其中有{'、'.join(found)}：{rule.says}"
                    path = ("indicators", place, "entries", which)
                    yield checked.problem(
                        FOLDER, score.id, path, what, "请从这个指标里删去；依据见 never_uses"
                    )


def _scene(checked: Checked, scene: BenefitScene, book: CreditBook) -> Iterator[Problem]:
    if scene.score not in book.scores:
        what = f"“{scene.score}”不是个人信用分"
        yield checked.problem(FOLDER, scene.id, ("score",), what, "请写 kind: score 的编号")
    try:
        found = check(formula(scene.when), {SCORE: NUMBER}, source=scene.id)
    except RuleError as error:
        mend = f"条件里只能用{SCORE}"
        yield checked.problem(FOLDER, scene.id, ("when",), error.what.rstrip("。"), mend)
        return
    if not fits(found, BOOLEAN):
        yield checked.problem(FOLDER, scene.id, ("when",), f"要的是条件，这里是{found}", "请改写成比较")


def _report(checked: Checked, report: CreditReport, book: CreditBook) -> Iterator[Problem]:
    if report.evaluation and report.evaluation not in book.evaluations:
        what = f"“{report.evaluation}”不是综合评价办法"
        yield checked.problem(FOLDER, report.id, ("evaluation",), what, "请写 kind: evaluation 的编号")
    for place, part in enumerate(report.parts):
        for which, name in enumerate(part.entries):
            entry = book.entries.get(name)
            if entry is None or entry.sort not in part.sorts:
                path = ("parts", place, "entries", which)
                what = f"“{name}”不是这一部分所列几类信息的目录条目"
                yield checked.problem(FOLDER, report.id, path, what, "请核对编号和 sorts")
