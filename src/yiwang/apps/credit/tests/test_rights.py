# SPDX-License-Identifier: Apache-2.0
"""Being shown and found, objecting, repairing, being heard: each ends effects and publicity at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from yiwang.apps.credit import public as credit
from yiwang.apps.credit.models import Record
from yiwang.apps.journal.public import looks_at
from yiwang.apps.notices.public import box
from yiwang.engines.credit import months_after
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .conftest import OTHER, UNIT, Town, officer

NAME = "测试企业0有限公司"
DAY = dt.timedelta(days=1)


def shown(**on: dt.date) -> list[str]:
    """The titles shown in public about the first firm."""
    (found,) = credit.public_search(NAME, **on)
    return [one.title for one in found.lines]


def test_what_is_public_is_found_by_full_name_or_code_until_its_last_day(town: Town) -> None:
    credit.record(town.officer, town.penalty())
    assert shown() == ["虚假宣传行政处罚"]
    assert credit.public_search(town.codes[0])[0].lines[0].number == town.codes[0]
    assert shown(on=dt.date(2029, 12, 27)) == ["虚假宣传行政处罚"]
    assert shown(on=dt.date(2029, 12, 28)) == []
    for text in ("测试", "没有这家公司", "41170219800102002X"):
        with pytest.raises((Invalid, NotFound)):
            credit.public_search(text)


def test_slight_ones_and_those_not_public_are_not_shown(town: Town) -> None:
    credit.record(town.officer, town.penalty(severity=credit.Severity.SLIGHT))
    hidden = town.penalty(
        catalogue="credit-false-application", severity=None, reference="2号", item="food-licence",
        fields={"违法事实": "提供虚假材料", "事项": "食品经营许可"},
    )  # fmt: skip
    credit.record(town.officer, hidden)
    assert shown() == []
    bars = credit.effects(
        town.firms[0], on=town.today, kinds={credit.EffectKind.BAR}, matter=credit.Matter(item="food-licence")
    )
    assert len(bars) == 1
    assert not credit.effects(town.firms[0], on=town.today, kinds={credit.EffectKind.BAR})


@pytest.mark.parametrize("decided", [dt.date(2026, 12, 17), dt.date(2026, 12, 16)])
def test_the_clock_of_publicity_counts_working_days(town: Town, decided: dt.date) -> None:
    credit.record(town.officer, town.penalty(decided_on=decided, happened_on=decided))
    (unit,) = credit.late_units(town.officer)
    assert (unit.published, unit.late) == (1, int(decided.day == 16))


def test_the_clock_crosses_new_year(town: Town) -> None:
    credit.record(town.officer, town.penalty(decided_on=town.today))
    assert Record.objects.get().due_on == dt.date(2027, 1, 7)


def test_an_upheld_objection_ends_everything_at_once(town: Town) -> None:
    told = credit.record(town.officer, town.penalty())
    with pytest.raises(credit.NoSuchRecord):
        credit.object_to(town.bosses[1], told, words="不是我们做的")
    raised = credit.object_to(town.bosses[0], told, words="不是我们做的，有公证书")
    assert credit.effects(town.firms[0], on=town.today)[0].disputed
    assert credit.public_search(NAME)[0].lines[0].disputed
    with pytest.raises(Conflict):
        credit.object_to(town.bosses[0], told, words="再提一次这个异议")
    with pytest.raises(credit.NoSuchRecord):
        credit.answer(town.other, raised, outcome=credit.Outcome.REMOVED, words="与我无关的单位")
    with pytest.raises(Conflict, match="没有更正"):
        credit.answer(town.officer, raised, outcome=credit.Outcome.CORRECTED, words="已经更正了")
    credit.answer(town.officer, raised, outcome=credit.Outcome.REMOVED, words="核实确有错误，撤下")
    assert (town.kinds(), shown()) == ([], [])
    assert any("异议成立" in one.body for one in box([town.bosses[0].id]))


def test_a_dismissed_objection_changes_nothing(town: Town) -> None:
    told = credit.record(town.officer, town.penalty())
    raised = credit.object_to(town.bosses[0], told, words="处罚太重，应当从轻")
    credit.answer(town.lead, raised, outcome=credit.Outcome.DISMISSED, words="处罚决定合法有效")
    assert town.kinds() == ["closer_look", "no_commitment"]
    (view,) = credit.own_records(town.bosses[0], town.firms[0])
    assert view.may_object
    assert view.matters[0].outcome == "核实无误，维持"


def test_a_repair_needs_its_conditions_and_then_ends_everything(
    town: Town, clock: time_machine.Traveller
) -> None:
    told = credit.record(town.officer, town.penalty())
    new = credit.NewRepair(told, credit.Way.MENDED, "罚款已经缴清，宣传已经改正")
    with pytest.raises(Invalid, match="最短公示期限") as wrong:
        credit.ask_repair(town.bosses[0], new)
    assert "承诺" in wrong.value.message
    clock.shift(dt.timedelta(days=364))
    asked = credit.ask_repair(town.bosses[0], credit.NewRepair(**(vars(new) | {"promise": "以后如实宣传"})))
    assert town.kinds() == ["closer_look", "no_commitment"]
    with pytest.raises(credit.NoSuchRecord):
        credit.decide_repair(town.other, asked, grant=True, words="同意")
    credit.decide_repair(town.second, asked, grant=True, words="核实已缴清，同意修复")
    assert (town.kinds(), shown()) == ([], [])
    assert credit.public_search(NAME)[0].promises[0][1] == "以后如实宣传"


def test_on_its_first_day_of_repair_its_subject_is_told_once(
    town: Town, clock: time_machine.Traveller
) -> None:
    """Told in time, after corrections too; of what is over, or asked for already, nobody is told."""
    decided = town.today - DAY
    grave, common = credit.Severity.GRAVE, credit.Severity.COMMON
    written = [town.penalty(reference=f"{number}号", severity=common) for number in range(5)]
    told, over, asked, later, other = [credit.record(town.officer, one) for one in written]
    credit.withdraw(town.officer, over, reason="复议撤销")
    credit.correct(town.officer, replace(written[3], severity=grave), version=1, reason="程度写错")
    credit.correct(town.officer, replace(written[4], subject=town.firms[1]), version=1, reason="对象写错")

    def offers(which: int = 0) -> list[str]:
        credit.look_after_credit()
        return [one.about for one in box([town.firms[which]]) if one.title == "一条信用记录可以申请修复了"]

    clock.move_to(dt.datetime.combine(months_after(decided, 3) - DAY, dt.time(12), dt.UTC))
    assert offers() == []
    clock.shift(DAY)
    credit.ask_repair(
        town.bosses[0], credit.NewRepair(asked, credit.Way.MENDED, "都改好了，请修复", "以后守法")
    )
    assert (offers(), offers(1)) == ([told], [other])
    clock.shift(3 * DAY)
    assert offers() == [told]
    credit.correct(town.officer, replace(written[3], severity=common), version=2, reason="还是一般")
    assert sorted(offers()) == sorted([told, later])


def test_leaving_a_list_needs_training_and_a_special_commitment(
    town: Town, clock: time_machine.Traveller
) -> None:
    new = credit.NewListing(
        "credit-black-market", town.firms[0], UNIT, "列严1号", "列入严重违法失信名单", "总局令第44号",
        town.today - 40 * DAY, {"列入事由": "较重行政处罚"},
    )  # fmt: skip
    with pytest.raises(Invalid, match="至少1条"):
        credit.tell_listing(town.officer, new)
    ground = credit.record(town.officer, town.penalty())
    told = credit.tell_listing(town.officer, new)
    assert any("陈述、申辩" in one.body for one in box([town.firms[0]]))
    with pytest.raises(Conflict, match="还没有到"):
        credit.decide_listing(town.second, told, enter=True, words="符合列入标准")
    credit.defend(town.bosses[0], told, words="已经整改完毕，请从轻")
    clock.shift(dt.timedelta(days=12))
    with pytest.raises(NotAllowed):
        credit.decide_listing(town.officer, told, enter=True, words="符合列入标准")
    entered = credit.decide_listing(town.second, told, enter=True, words="申辩不成立，符合列入标准")
    credit.withdraw(town.officer, ground, reason="另案处理")
    assert town.kinds() == ["closer_look", "closer_look", "no_commitment", "no_benefit"]
    assert [one.title for one in credit.public_lists()] == ["列入严重违法失信名单"]
    clock.shift(dt.timedelta(days=370))
    asked: dict[str, Any] = {"record": entered, "way": credit.Way.MENDED, "words": "全部整改，罚款缴清"}
    with pytest.raises(Invalid, match="培训"):
        credit.ask_repair(town.bosses[0], credit.NewRepair(**asked, promise="专门承诺"))
    done = credit.ask_repair(
        town.bosses[0],
        credit.NewRepair(
            **asked, promise="专门承诺", trained_on=town.today - DAY, trained_at="市级培训第3期"
        ),
    )
    credit.decide_repair(town.officer, done, grant=True, words="条件全部满足")
    assert (town.kinds(), credit.public_lists()) == ([], [])


def test_what_the_law_sets_is_not_repaired(town: Town) -> None:
    told = credit.record(
        town.officer,
        town.penalty(
            catalogue="credit-food-licence-revoked", severity=None,
            fields={"违法事实": "有毒有害", "处罚依据": "第一百二十三条", "处罚内容": "吊销许可证"},
        ),
    )  # fmt: skip
    with pytest.raises(Conflict, match="法律直接规定"):
        credit.ask_repair(town.bosses[0], credit.NewRepair(told, credit.Way.MENDED, "已经改正", "承诺"))
    [check] = credit.check(town.officer, town.firms[0], items=["food-licence"], case="a_1")
    assert [one.record for one in check.bars] == [told]
    assert not credit.check(town.officer, town.firms[0], items=["shop-sign"], case="a_1")[0].bars


def test_a_check_is_kept_as_answered_and_closed_by_what_was_done(town: Town) -> None:
    told = credit.record(town.officer, town.penalty())
    [check] = credit.check(town.officer, town.firms[0], items=["food-licence"], case="a_1")
    (hit,) = check.effects
    assert hit.kind is credit.EffectKind.NO_COMMITMENT
    credit.withdraw(town.officer, told, reason="撤销")
    (kept,) = credit.checks_of("a_1")
    assert kept.check == check
    assert not kept.hits[0].done
    for _ in range(2):
        credit.feed_back(town.officer, check.id, record=told, measure=hit.measure, applied=True)
    with pytest.raises(Conflict):
        credit.feed_back(town.officer, check.id, record=told, measure=hit.measure, applied=False)
    assert credit.checks_of("a_1")[0].hits[0].applied


def test_an_officer_looks_with_a_purpose_and_the_look_is_registered(town: Town) -> None:
    credit.record(town.officer, town.penalty())
    with pytest.raises(Invalid, match="用途"):
        credit.look_up(town.other, town.codes[0], purpose="")
    with pytest.raises(NotAllowed):
        credit.look_up(town.bosses[1], town.codes[0], purpose="好奇看看")
    assert len(credit.look_up(town.other, town.codes[0], purpose="审查资格", case="a_1")) == 1
    (look,) = looks_at(town.firms[0])
    assert (look["action"], look["purpose"], look["about"]) == ("credit.records.look", "审查资格", "a_1")


@pytest.mark.storage
def test_time_takes_down_and_tells_of_late_answers(town: Town, clock: time_machine.Traveller) -> None:
    told = credit.record(town.officer, town.penalty(severity=credit.Severity.COMMON))
    credit.object_to(town.bosses[0], told, words="这条记录不对")
    assert credit.look_after_credit() == 0
    clock.shift(dt.timedelta(days=20))
    assert credit.look_after_credit() == 2  # the objection, and the figures of the half-year
    assert credit.look_after_credit() == 0
    clock.shift(dt.timedelta(days=400))
    assert credit.look_after_credit() == 2  # taken down, and the figures
    assert Record.objects.get().taken_down_on == town.today


def test_each_sees_what_is_theirs(town: Town) -> None:
    told = credit.record(town.officer, town.penalty())
    assert credit.record_view(town.bosses[0], told).state == "有效"
    assert credit.record_view(town.second, told).org_name
    assert credit.record_view(town.lead, told)
    for stranger in (town.bosses[1], officer("9", OTHER)):
        with pytest.raises(credit.NoSuchRecord):
            credit.record_view(stranger, told)
    with pytest.raises(credit.NoSuchRecord):
        credit.own_records(town.bosses[1], town.firms[0])
    assert {one.domain for one in credit.coverage(town.lead)} >= {"交通运输", "医疗卫生", "导游"}
    assert not credit.deliveries(town.officer)
