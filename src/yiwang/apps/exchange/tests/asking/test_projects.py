# SPDX-License-Identifier: Apache-2.0
"""The gate for IT projects: fails closed, gives its reasons with the clause, cannot be overruled."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from yiwang.apps.exchange import public as x
from yiwang.engines.exchange.gates import gates, judge
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

from . import people as p
from .conftest import made

pytestmark = pytest.mark.usefixtures("clock")
GOOD = {
    **{"it-project-secret": False, "it-project-catalogued": True, "it-project-own-platform": False},
    **{"it-project-connected": True, "it-project-extends-old": False, "it-project-own-network": False},
}
NEW = x.NewProject(
    "健康证明管理系统", "health", x.ProjectStage.NEW, 2026, 35_000_000, "办理健康证明的系统", GOOD
)


def version(project: str) -> int:
    """Its version now."""
    return x.project(p.BUREAU, project).version


def test_a_project_that_keeps_everything_passes() -> None:
    project = x.register_project(p.ASKER, NEW)
    assert x.opinion_on(project) is None
    assert x.give_opinion(p.BUREAU, project, version=1) is x.ProjectState.PASSED
    found = x.opinion_on(project)
    assert found is not None
    assert (found.reasons, found.facts) == ((), GOOD)
    with pytest.raises(Conflict):
        x.give_opinion(p.BUREAU, project, version=version(project))
    with pytest.raises(Conflict):
        x.amend_project(p.ASKER, project, NEW, version=version(project))


def test_a_project_that_fails_is_told_why_by_clause_and_may_be_mended() -> None:
    bad = replace(NEW, facts=GOOD | {"it-project-catalogued": False, "it-project-own-platform": True})
    project = x.register_project(p.ASKER, bad)
    assert x.give_opinion(p.BUREAU, project, words="请整改", version=1) is x.ProjectState.FAILED
    found = x.opinion_on(project)
    assert found is not None
    assert ["〔2022〕60号" in at and "L" not in at for _, at in found.reasons] == [True, True]
    assert "不予安排运维经费" in found.state.sentence
    x.amend_project(p.COLLEAGUE, project, NEW, version=version(project))
    assert x.opinion_on(project) is None, "an opinion on other answers is none"
    assert x.give_opinion(p.BUREAU, project, version=version(project)) is x.ProjectState.PASSED
    assert len(x.project(p.ASKER, project).opinions) == 2


def test_only_the_one_right_set_of_answers_passes() -> None:
    catalogue = made()
    (gate,) = gates(catalogue).values()
    asked = [one for one in gate.asks if one != "it-project-secret"]
    passed = []
    for answers in product((True, False, None), repeat=len(asked)):
        facts = dict(zip(asked, answers, strict=True)) | {"it-project-secret": False}
        if judge(catalogue, gate, facts).passes:
            passed.append(facts)
    assert passed == [GOOD]
    assert judge(catalogue, gate, {**GOOD, "it-project-secret": None}).passes is None


def test_what_is_secret_or_incomplete_is_not_registered() -> None:
    with pytest.raises(Conflict, match="保密"):
        x.register_project(p.ASKER, replace(NEW, facts={"it-project-secret": True}))
    with pytest.raises(x.NotComplete) as told:
        x.register_project(p.ASKER, replace(NEW, name="系统", summary="", year=1999, money=-1, facts={}))
    assert len(told.value.problems) == 10
    x.register_project(p.ASKER, NEW)
    with pytest.raises(Conflict, match="同名"):
        x.register_project(p.COLLEAGUE, NEW)


def test_who_may() -> None:
    with pytest.raises(NotAllowed):
        x.register_project(p.STRANGER, NEW)
    project = x.register_project(p.ASKER, NEW)
    for actor in (p.ASKER, p.REVIEWER, p.AUDITOR):
        with pytest.raises(NotAllowed):
            x.give_opinion(actor, project, version=1)
    with pytest.raises(NotFound):
        x.project(p.STRANGER, project)
    with pytest.raises(NotFound):
        x.amend_project(p.STRANGER, project, NEW, version=1)
    with pytest.raises(Conflict, match="过时"):
        x.amend_project(p.ASKER, project, NEW, version=9)
    both = p.officer("bureau and asker", *p.BUREAU.posts, *p.ASKER.posts)
    own = x.register_project(both, replace(NEW, name="另一个信息系统"))
    with pytest.raises(NotAllowed, match="申报人"):
        x.give_opinion(both, own, version=1)
    assert [len(x.projects(one)) for one in (p.ASKER, p.BUREAU, p.STRANGER)] == [2, 2, 0]
