# SPDX-License-Identifier: Apache-2.0
"""A month of public credit: by unit, by disclosure, by use, and the shares the city set itself."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.credit import public as credit
from yiwang.apps.identity.public import appoint_officer
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict, NotAllowed

from .conftest import OTHER, UNIT, Town, officer


@pytest.mark.storage
def test_a_month_counts_what_came_in_it(town: Town, clock: time_machine.Traveller) -> None:
    credit.record(town.officer, town.penalty())
    late = town.penalty(reference="2号", decided_on=dt.date(2026, 12, 1), happened_on=dt.date(2026, 11, 1))
    credit.record(town.officer, late)
    transport = officer("t", "transport")
    domain = town.penalty(
        catalogue="credit-domain-transport", org="transport", severity=None, fields={"记录内容": "合格"}
    )
    credit.record(transport, domain)
    sheet = credit.template_file("credit-domain-transport").decode("utf-8-sig").splitlines()[0]
    sent = f"{sheet}\nX{',' * sheet.count(',')}\n合计,1"
    credit.deliver_file(transport, sent.encode(), org="transport", catalogue="credit-domain-transport")
    report = credit.month_report(town.lead, year=2026, month=12)
    units = {one.org: one for one in report.units}
    mine = units["market-regulation"]
    assert report.units[0] == mine
    assert (mine.records, mine.public, mine.late, mine.in_time) == (2, 2, 1, 50)
    moving = units["transport"]
    assert (moving.sent, moving.due, moving.reported, moving.rows, moving.sound) == (1, 1, 100, 1, 0)
    assert (units["education"].reported, units["education"].records) == (0, 0)
    ten = {one.name: one for one in report.disclosures}
    assert len(ten) == 10
    assert (ten["行政处罚"].records, ten["行政处罚"].late, ten["行政处罚"].units) == (2, 1, 1)
    own = credit.month_report(town.other, year=2026, month=12)
    assert ([one.org for one in own.units], own.goals) == ([OTHER], ())
    clock.shift(dt.timedelta(days=10))
    assert credit.month_report(town.lead, year=2027, month=1).units[0].records == 0
    with pytest.raises(credit.NoSuchRecord):
        credit.month_report(town.bosses[0], year=2026, month=12)


@pytest.mark.storage
def test_the_shares_the_city_set_itself(town: Town, clock: time_machine.Traveller) -> None:
    shown = credit.record(town.officer, town.penalty())
    credit.record(town.officer, town.penalty(reference="2号", severity=credit.Severity.SLIGHT))
    listed = town.penalty(
        catalogue="credit-watch", reference="关注1号", severity=None, fields={"列入事由": "整改"},
        told_on=town.today - dt.timedelta(days=30),
    )  # fmt: skip
    watched = credit.record(town.officer, listed)
    clock.shift(dt.timedelta(days=120))
    asked = credit.NewRepair(
        watched, credit.Way.MENDED, "已经整改到位", "专门承诺", town.today, "市级培训第3期"
    )
    credit.decide_repair(town.second, credit.ask_repair(town.bosses[0], asked), grant=True, words="同意修复")
    new = credit.NewDealing("market-regulation", credit.Dealing.FUNDS, "资金2027-1", town.codes[0])
    credit.start_check(town.officer, new)
    report = credit.month_report(town.lead, year=2027, month=4)
    goals = {one.name: one for one in report.goals}
    assert (goals["失信信息公示率"].reached, goals["失信信息公示率"].is_met) == (66, True)
    assert (goals["名单企业信用修复培训比例"].part, goals["名单企业信用修复培训比例"].whole) == (1, 1)
    assert not goals["重点领域已归集的目录和单位"].is_met
    assert (goals["“信易+”应用场景"].is_met, goals["已建立信用档案的重点职业人群"].reached) == (True, 0)
    assert [(one.scene, one.checks) for one in report.usage] == [("公共资源交易", 1)]
    assert credit.record_view(town.lead, shown).is_shown


def watched(town: Town, which: int, number: str) -> str:
    """A firm is entered on the watch list today."""
    listed = town.penalty(
        which, catalogue="credit-watch", reference=number, severity=None, fields={"列入事由": "整改"},
        told_on=town.today - dt.timedelta(days=30), decided_on=town.today,
    )  # fmt: skip
    return credit.record(town.officer, listed)


def test_counties_answer_for_their_lists_and_who_was_trained_leaves_the_list(
    town: Town, clock: time_machine.Traveller
) -> None:
    for which in (0, 1):
        watched(town, which, f"关注{which}号")
    mine, other = credit.untrained(town.lead)
    assert {mine.representative, other.representative} == {"法*0", "法*1"}
    assert (len(credit.untrained(town.officer)), credit.untrained(town.other)) == (2, [])
    with pytest.raises(credit.NoSuchRecord):
        credit.untrained(town.bosses[0])
    with pytest.raises(NotAllowed):
        credit.note_training(town.officer, [mine.firm], on=town.today, course="第1期")
    assert credit.note_training(town.lead, [mine.firm], on=town.today, course="市级培训第1期") == 1
    with pytest.raises(Conflict):
        credit.note_training(town.lead, [mine.firm], on=town.today, course="市级培训第1期")
    assert [one.firm for one in credit.untrained(town.lead)] == [other.firm]
    here = {one.name: one for one in credit.month_report(town.lead, year=2026, month=12).counties}
    assert (here["驿城区"].listed, here["驿城区"].trained_share, here["驿城区"].has_trained) == (2, 50, True)
    assert (here["西平县"].listed, "登记信息没有县区" in here) == (0, False)
    clock.shift(dt.timedelta(days=400))
    watched(town, 0, "关注再1号")  # listed again: the old training does not count for that
    assert mine.firm in {one.firm for one in credit.untrained(town.lead)}


def test_the_figures_of_a_half_year_are_drawn_up_once_and_stay(
    town: Town, clock: time_machine.Traveller
) -> None:
    credit.look_after_credit()
    assert credit.bulletins() == []  # nothing had been collected before the half-year ended
    watched(town, 0, "关注1号")
    clerk = appoint_officer(system("测试"), name="经办", org=UNIT, posts=town.officer.posts)
    clock.move_to(dt.datetime(2027, 1, 1, 2, tzinfo=dt.UTC))
    credit.look_after_credit()
    (drawn,) = credit.bulletins()
    assert (drawn.last, drawn.on) == (dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    watched(town, 1, "关注2号")
    credit.look_after_credit()
    assert credit.bulletins() == [drawn]
    (letter,) = [one for one in box([clerk]) if "半年通报" in one.title]
    assert "2026年年底" in letter.body
    assert "信用修复培训" in letter.body  # a target that is not reached
    assert sum(one.listed for one in drawn.counties) == 1
