# SPDX-License-Identifier: Apache-2.0
"""The list for the clean alone: entered only without a record against one, resting while there is one, taken
off after having been heard, left alone when that record is over."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.credit import public as credit
from yiwang.apps.notices.public import box
from yiwang.kernel.errors import Conflict, Invalid

from .conftest import UNIT, Town, officer


def red(town: Town, clock: time_machine.Traveller) -> str:
    """The first firm on the red list; the record."""
    told = credit.tell_listing(town.officer, wish(town))
    clock.shift(dt.timedelta(days=12))
    return credit.decide_listing(town.second, told, enter=True, words="符合本行业标准")


def wish(town: Town) -> credit.NewListing:
    """The first firm shall be entered on the red list."""
    return credit.NewListing(
        "credit-red", town.firms[0], UNIT, "守信1号", "守信典型企业", "本行业标准", town.today,
        {"列入事由": "连续三年守信"},
    )  # fmt: skip


def open_removal(town: Town) -> credit.HearingView:
    """The only proposal that waits for the unit."""
    (found,) = credit.matters(town.officer).removals
    return found


def test_whoever_has_a_record_against_them_is_not_entered(town: Town, clock: time_machine.Traveller) -> None:
    told = credit.tell_listing(town.officer, wish(town))
    against = credit.record(town.officer, town.penalty(severity=credit.Severity.SLIGHT))
    clock.shift(dt.timedelta(days=12))
    with pytest.raises(Invalid, match="失信信息"):
        credit.decide_listing(town.second, told, enter=True, words="符合本行业标准")
    with pytest.raises(Invalid, match="失信信息"):
        credit.tell_listing(town.officer, wish(town))
    sheet = (
        "统一社会信用代码,决定文书号,标题,依据,发生日期,决定日期,列入事由\n"
        f"{town.codes[0]},红1号,典型,标准,2026-12-01,2026-12-20,守信\n合计,1"
    )
    got = credit.deliver_file(town.officer, sheet.encode(), org=UNIT, catalogue="credit-red")
    assert (got.taken, got.rejected) == (0, 1)
    assert "失信信息" in credit.rejects_file(town.officer, got.id).decode()
    credit.withdraw(town.officer, against, reason="复议撤销")
    assert credit.decide_listing(town.second, told, enter=True, words="符合本行业标准")


def test_a_new_record_stops_the_list_at_once_and_takes_off_after_hearing(
    town: Town, clock: time_machine.Traveller
) -> None:
    listed = red(town, clock)
    assert town.kinds() == ["green_lane", "green_lane", "defer"]
    assert len(credit.public_lists()) == 1
    against = credit.record(town.officer, town.penalty(severity=credit.Severity.COMMON))
    assert town.kinds() == ["closer_look"]
    assert credit.public_lists() == []
    assert credit.record_view(town.bosses[0], listed).state.startswith("暂停")
    told = credit.evaluation_of(town.bosses[0], town.firms[0], "evaluation-firms")
    assert (told.score, [one.record for one in told.used], len(told.resting)) == ("72", [against], 1)
    assert "92" not in told.used[0].without
    assert "88分" in told.used[0].without
    assert any("移出" in one.body for one in box([town.firms[0]]))
    proposal = open_removal(town)
    assert (proposal.record, proposal.because) == (listed, against)
    credit.defend(town.bosses[0], proposal.id, words="处罚还在复议")
    with pytest.raises(Conflict, match="还没有到"):
        credit.decide_removal(town.officer, proposal.id, remove=True, words="标准要求移出")
    with pytest.raises(Conflict, match="不允许保留"):
        credit.decide_removal(town.officer, proposal.id, remove=False, words="情节轻微，保留")
    with pytest.raises(credit.NoSuchRecord):
        credit.decide_removal(officer("9", "housing"), proposal.id, remove=True, words="与我无关")
    clock.shift(dt.timedelta(days=12))
    credit.decide_removal(town.officer, proposal.id, remove=True, words="标准要求移出")
    assert credit.record_view(town.officer, listed).state == "已移出名单"
    credit.withdraw(town.officer, against, reason="撤销")
    assert town.kinds() == []


def test_when_the_record_is_over_the_list_goes_on(town: Town, clock: time_machine.Traveller) -> None:
    red(town, clock)
    against = credit.record(town.officer, town.penalty())
    other = credit.record(town.officer, town.penalty(reference="2号"))
    first = open_removal(town)
    raised = credit.object_to(town.bosses[0], against, words="不是我们做的")
    credit.answer(town.officer, raised, outcome=credit.Outcome.REMOVED, words="核实有误，撤下")
    assert open_removal(town).id == first.id
    credit.correct(town.officer, town.penalty(1, reference="2号"), version=1, reason="对象写错")
    assert credit.matters(town.officer).removals == []
    (kept, _) = credit.own_hearings(town.bosses[0], town.firms[0])
    assert (kept.carried_out, town.kinds()) == (False, ["green_lane", "green_lane", "defer"])
    assert any("更正为别人" in one.body for one in box([town.firms[0]]))
    assert credit.record_view(town.bosses[1], other).number == 2


def test_a_list_that_rests_on_records_counts_them(town: Town) -> None:
    sheet = (
        "统一社会信用代码,决定文书号,标题,依据,发生日期,决定日期,告知日期,列入事由\n"
        f"{town.codes[0]},不良1号,扬尘,办法,2026-11-01,2026-12-20,2026-12-01,两次\n合计,1"
    )
    housing = officer("h", "housing")
    got = credit.deliver_file(housing, sheet.encode(), org="housing", catalogue="credit-black-construction")
    assert "至少2条" in credit.rejects_file(housing, got.id).decode()
    for number in ("1号", "2号"):
        credit.record(housing, town.penalty(org="housing", reference=number))
    again = sheet.replace("不良1号", "不良2号").encode()
    got = credit.deliver_file(housing, again, org="housing", catalogue="credit-black-construction")
    assert (got.taken, got.rejected) == (1, 0)
