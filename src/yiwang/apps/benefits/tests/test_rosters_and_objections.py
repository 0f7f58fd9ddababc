# SPDX-License-Identifier: Apache-2.0
"""Lists as departments write them, right and wrong; objections and who may answer them."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.models import RosterRow
from yiwang.apps.benefits.public import State
from yiwang.apps.benefits.tests.conftest import HEADING, ORG, Town
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, YiwangError
from yiwang.kernel.ids import make_uscc

FACTORY = "智能工厂", "没有"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "表头不对"),
        ("名称,省级智能工厂或车间\n甲,智能工厂", "表头不对"),
        ("统一社会信用代码,名称\n1,甲", "没有写认定了什么"),
        ("统一社会信用代码,名称,是否会飞\n1,甲,是", "不是数据项"),
        ("统一社会信用代码,名称,省级智能工厂或车间,省级智能工厂或车间", "重复的列"),
        (HEADING, "没有内容"),
    ],
)
def test_a_list_that_is_none(town: Town, text: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        town.roster(*text.splitlines()[1:], heading=text.splitlines()[0] if text else "")
    assert words in caught.value.message


def test_every_wrong_line_is_told_at_once_and_nothing_is_kept(town: Town) -> None:
    with pytest.raises(benefits.RosterWrong) as caught:
        town.roster(
            town.line(0, *FACTORY),
            f"{town.codes[1]},别的名字,智能工厂,没有",
            f"{make_uscc('411702', 999)},没有登记的企业,智能工厂,没有",
            "123,短号码,智能工厂,没有",
            town.line(2, "智能小作坊", "没有"),
            town.line(0, *FACTORY),
            town.line(1, "智能工厂"),
        )
    assert [row for row, _ in caught.value.wrong] == [3, 4, 5, 6, 7, 8]
    assert RosterRow.objects.count() == 0


def test_a_list_from_an_old_spreadsheet_is_read(town: Town) -> None:
    made = benefits.hand_in_roster(
        town.officer,
        org=ORG,
        title="旧表格导出的名单",
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2026, 12, 31),
        data=f"{HEADING}\r\n{town.line(0, *FACTORY)}\r\n".encode("gb18030"),
    )
    assert RosterRow.objects.get(roster__public_id=made).facts == {
        "省级智能工厂或车间": "智能工厂",
        "智能制造认定级别": "没有",
    }


def test_a_list_counts_only_after_a_second_officer(town: Town) -> None:
    made = town.roster(town.line(0, *FACTORY), review=False)
    assert benefits.match_if_changed() == 0
    with pytest.raises(NotAllowed):
        benefits.review_roster(town.officer, made, approve=True)
    stranger = Actor(ActorKind.OFFICER, "of-9", "外人", (Post(Role.HANDLER, "science"),))
    with pytest.raises(benefits.NoSuchClaim):
        benefits.review_roster(stranger, made, approve=True)
    with pytest.raises(Invalid):
        benefits.review_roster(town.second, made, approve=False)
    benefits.review_roster(town.second, made, approve=True)
    with pytest.raises(Conflict):
        benefits.review_roster(town.second, made, approve=True)
    assert benefits.match_if_changed() == 1
    with pytest.raises(NotAllowed):
        benefits.hand_in_roster(
            stranger,
            org=ORG,
            title="别的部门的名单",
            valid_from=dt.date(2026, 1, 1),
            valid_to=dt.date(2026, 2, 1),
            data=b"",
        )


def test_a_department_vouches_for_its_own_matters_only(town: Town) -> None:
    health = [Actor(ActorKind.OFFICER, f"of-h{n}", "卫健", (Post(Role.HANDLER, "health"),)) for n in (1, 2)]
    made = benefits.hand_in_roster(
        health[0],
        org="health",
        title="别的部门写的智能工厂",
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2026, 12, 31),
        data=f"{HEADING}\n{town.line(0, *FACTORY)}".encode(),
    )
    benefits.review_roster(health[1], made, approve=True)
    assert benefits.match_if_changed() == 0
    assert benefits.claims_of(town.bosses[0]) == []
    (told,) = benefits.rosters(health[0])
    assert told.useless
    assert [one.name for one in told.not_taken] == HEADING.split(",")[2:]
    assert {"工业和信息化局" in one.why for one in told.not_taken} == {True}
    assert {"请" in one.mend for one in told.not_taken} == {True}


def test_a_department_is_told_which_of_its_columns_are_not_taken(town: Town) -> None:
    town.roster(f"{town.line(0, *FACTORY)},50", heading=f"{HEADING},经营面积")
    (told,) = benefits.rosters(town.officer)
    ((name, why),) = [(one.name, one.why) for one in told.not_taken]
    assert (name, told.useless) == ("经营面积", False)
    assert "没有哪项" in why
    assert benefits.match_if_changed() == 1


def shown_claim(town: Town) -> str:
    town.roster(town.line(0, *FACTORY))
    benefits.match_if_changed()
    town.confirm()
    benefits.advance()
    return town.claim().id


def test_an_objection_upheld_stops_the_money(town: Town, clock: time_machine.Traveller) -> None:
    claim = shown_claim(town)
    raised = benefits.object_to(
        town.bosses[1], policy="smart-factory-reward", claim=claim, words="这家工厂去年已经停产"
    )
    clock.move_to(dt.datetime(2026, 5, 28, 2, tzinfo=dt.UTC))
    assert benefits.advance() == 0, "it waits for the answer"
    (seen,) = benefits.objections(town.officer)
    assert (seen.due_on, seen.late) == (dt.date(2026, 5, 27), True)
    with pytest.raises(Invalid):
        benefits.answer(town.officer, raised, upheld=True, words=" ")
    benefits.answer(town.officer, raised, upheld=True, words="现场核查属实，停止拨付")
    assert town.claim().state is State.STOPPED
    assert benefits.advance() == 0
    assert box([town.bosses[1].id])[0].title == "您提的异议有答复"
    with pytest.raises(Conflict):
        benefits.answer(town.second, raised, upheld=False, words="再答一次")


def test_an_objection_not_upheld_lets_it_go_on(town: Town, clock: time_machine.Traveller) -> None:
    claim = shown_claim(town)
    raised = benefits.object_to(
        town.bosses[1], policy="smart-factory-reward", claim=claim, words="我觉得不公平"
    )
    with pytest.raises(Conflict):
        benefits.object_to(
            town.bosses[1], policy="smart-factory-reward", claim=claim, words="我还是觉得不公平"
        )
    benefits.answer(town.second, raised, upheld=False, words="核查与名单一致，不服可以申请行政复议")
    clock.move_to(dt.datetime(2026, 5, 28, 2, tzinfo=dt.UTC))
    assert benefits.advance() == 1
    assert town.claim().state is State.ORDERED


def test_who_was_left_out_may_say_so(town: Town) -> None:
    benefits.object_to(
        town.bosses[2], policy="smart-factory-reward", words="我们也是省级智能工厂，名单里没有"
    )
    (seen,) = benefits.objections(town.bosses[2])
    assert not seen.answered
    assert benefits.objections(town.bosses[1]) == []


def test_nobody_objects_to_what_they_may_not_know_of(town: Town) -> None:
    town.roster(town.line(0, *FACTORY))
    benefits.match_if_changed()
    wrong: list[tuple[Actor, str, type[YiwangError]]] = [
        (ANONYMOUS, "没有登录也想提", NotAllowed),
        (town.bosses[1], "还没有公示的不能知道", benefits.NoSuchClaim),
        (town.bosses[0], "短", Invalid),
    ]
    for actor, words, error in wrong:
        with pytest.raises(error):
            benefits.object_to(actor, policy="smart-factory-reward", claim=town.claim().id, words=words)


def test_figures_of_a_department(town: Town) -> None:
    town.roster(town.line(0, *FACTORY), town.line(1, "智能车间", "国家级"))
    benefits.match_if_changed()
    found = {one.policy: (one.fen_owed, one.fen_paid) for one in benefits.figures(town.officer)}
    assert found == {"smart-factory-reward": (30_000_000, 0), "smart-manufacturing-reward": (20_000_000, 0)}
    assert benefits.figures(Actor(ActorKind.OFFICER, "of-9", "外人", (Post(Role.HANDLER, "health"),))) == []
