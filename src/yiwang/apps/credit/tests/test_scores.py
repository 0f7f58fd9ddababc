# SPDX-License-Identifier: Apache-2.0
"""A personal score exists for whoever agreed, brings benefits, ends when it is withdrawn, bars nothing; an
evaluation is told in words; the integrity file holds everything about oneself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from yiwang.apps.credit import public as credit
from yiwang.apps.credit.facts import export_facts
from yiwang.apps.credit.models import ScoreConsent, ScoreUse
from yiwang.apps.journal.public import entries_of, looks_at
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .conftest import Town

EVALUATION = "evaluation-firms"
KEPT = {"承诺事项": "守法经营", "核查结果": "属实"}


def kept(town: Town, number: int) -> None:
    """A person kept a commitment."""
    day = town.today - dt.timedelta(days=1)
    new = town.penalty(
        subject=town.bosses[0].id, catalogue="credit-commitment-kept", title=f"履约{number}",
        reference=f"履{number}号", severity=None, fields=KEPT,
        decided_on=day, happened_on=day,
    )  # fmt: skip
    credit.record(town.officer, new)


@pytest.mark.storage
def test_nothing_is_worked_out_before_the_person_agrees_and_everything_ends_when_they_withdraw(
    town: Town, clock: time_machine.Traveller
) -> None:
    boss = town.bosses[0]
    for number in range(3):
        kept(town, number)
    offer = credit.score_offer(boss)
    assert offer is not None
    assert (offer.told, offer.agreed_at) == (None, None)
    assert not any(one.is_earned for one in offer.scenes)
    with pytest.raises(Conflict, match="没有同意"):
        credit.use_score(boss, "scene-rent")
    credit.agree_to_score(boss)
    credit.agree_to_score(boss)
    assert ScoreConsent.objects.count() == 1
    offer = credit.score_offer(boss)
    assert offer is not None
    assert offer.told is not None
    assert (offer.told.score, offer.told.grade) == ("85", "优")
    assert [one.why for one in offer.told.lines if one.points == "+15"] == [
        "加15、履约数×5中最小的（履约数3条）"
    ]
    used = credit.use_score(boss, "scene-rent")
    found = credit.score_use_check(used.code)
    assert (found.scene, found.holds) == ("信易租", True)
    assert not [one for one in vars(found).values() if boss.id in str(one) or str(one) == "85"]
    other = credit.score_offer(town.bosses[1])
    assert other is not None
    assert other.told is None
    assert not other.uses
    clock.shift(dt.timedelta(days=1))
    credit.withdraw_score(boss)
    credit.withdraw_score(boss)
    assert not credit.score_use_check(used.code).holds
    offer = credit.score_offer(boss)
    assert offer is not None
    assert offer.told is None
    assert [one.holds for one in offer.uses] == [False]
    credit.agree_to_score(boss)
    assert not credit.score_use_check(used.code).holds
    actions = [one["action"] for one in entries_of(f"credit-score:{boss.id}")]
    assert actions == [
        "credit.score.agreed", "credit.score.used", "credit.score.withdrawn", "credit.score.agreed",
    ]  # fmt: skip
    details = [one["detail"] for one in entries_of(f"credit-score:{boss.id}")]
    assert {name for one in details for name in one} == {"score", "release", "scene", "use"}  # no points
    assert {one["score"] for one in details if "score" in one} == {"score-people"}


def test_a_low_score_or_none_changes_no_effect_and_is_told_how_one_is_served(town: Town) -> None:
    boss = town.bosses[0]
    before = credit.effects(boss.id, on=town.today)
    credit.agree_to_score(boss)
    with pytest.raises(Conflict, match="照常办理：按规定交押金"):
        credit.use_score(boss, "scene-rent")
    assert credit.use_score(boss, "scene-travel").holds
    assert credit.effects(boss.id, on=town.today) == before == ()
    assert ScoreUse.objects.count() == 1
    for actor in (town.officer, town.lead):
        with pytest.raises(NotAllowed):
            credit.score_offer(actor)
    with pytest.raises(NotFound):
        credit.score_use_check("0000-0000-0000-0000")


def test_an_evaluation_is_told_in_words_and_lists_are_for_who_plans_inspections(
    town: Town, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    record = credit.record(town.officer, town.penalty())
    told = credit.evaluation_of(town.bosses[0], town.firms[0], EVALUATION)
    assert (told.score, told.grade) == ("60", "C级")
    (used,) = told.used
    assert (used.record, used.title) == (record, "虚假宣传行政处罚")
    assert "80分，B级" in used.without
    rules = {one.id: one for one in credit.published_rules()}
    assert set(rules) == {EVALUATION, "score-people"}
    assert any("严重处罚数" in one.says for one in rules[EVALUATION].clauses)
    assert credit.graded_firms(town.officer, EVALUATION, purpose="").on is None
    clerk = system("测试导出")
    export_facts(clerk, tmp_path / "store", now=timezone.now(), lag=dt.timedelta(0))
    credit.run_for_pages(clerk, tmp_path / "store", EVALUATION, on=town.today)
    page = credit.graded_firms(town.lead, EVALUATION, grade="C级", purpose="编制抽查计划")
    assert [(one.code, one.score) for one in page.firms] == [(town.codes[0], "60")]
    assert (page.on, page.classes["C级"], page.classes["B级"], page.more) == (town.today, 1, 1, False)
    assert credit.graded_firms(town.officer, EVALUATION, purpose="").classes == page.classes
    assert (
        credit.graded_firms(town.officer, EVALUATION, grade="C级", purpose="编制抽查计划").firms == page.firms
    )
    with pytest.raises(NotAllowed, match="抽查计划"):
        credit.graded_firms(town.other, EVALUATION, grade="C级", purpose="编制抽查计划")
    with pytest.raises(Invalid, match="用途"):
        credit.graded_firms(town.lead, EVALUATION, grade="C级", purpose="")
    with pytest.raises(NotFound):
        credit.graded_firms(town.lead, EVALUATION, grade="Z级", purpose="编制抽查计划")
    assert len(entries_of("credit-evaluations-read")) == 2


def test_the_integrity_file_holds_everything_about_oneself_and_is_nobody_elses(town: Town) -> None:
    firm, boss = town.firms[0], town.bosses[0]
    grave = credit.record(town.officer, town.penalty(title="严重处罚"))
    gone = credit.record(town.officer, town.penalty(reference="二号", title="撤销的"))
    credit.withdraw(town.officer, gone, reason="撤销了")
    promise = town.penalty(
        reference="三号", title="按时履约", catalogue="credit-commitment-kept", severity=None,
        fields=KEPT,
    )  # fmt: skip
    credit.record(town.officer, promise)
    credit.object_to(boss, grave, words="这条不对，请核查")
    (checked,) = credit.check(town.officer, firm, items=["food-licence"], case="办件一")
    for hit in checked.effects[:1]:
        credit.feed_back(town.officer, checked.id, record=hit.record, measure=hit.measure, applied=True)
    file = credit.integrity_file(boss, firm)
    assert [one.title for one in file.standing] == ["严重处罚"]
    assert [one.title for one in file.over] == ["撤销的"]
    assert ([one.title for one in file.promises], file.kept, file.untrue) == (["按时履约"], 1, 0)
    assert [one.what for one in file.matters] == ["异议"]
    assert file.evaluation is not None
    assert file.evaluation.grade == "C级"
    assert len(file.uses) == len(checked.effects) > 0
    assert file.uses[0].applied is True
    assert file.uses[0].title == "严重处罚"
    assert [one.purpose for one in file.looks] == [one["purpose"] for one in looks_at(firm)]
    for actor in (town.bosses[1], town.officer, town.lead):
        with pytest.raises(credit.NoSuchRecord):
            credit.integrity_file(actor, firm)
    mine = credit.integrity_file(boss, boss.id)
    assert (mine.evaluation, list(mine.standing)) == (None, [])
    assert "*" in mine.number
