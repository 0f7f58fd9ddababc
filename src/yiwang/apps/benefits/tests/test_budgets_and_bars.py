# SPDX-License-Identifier: Apache-2.0
"""A year's money runs out, in order or by shares; a credit record bars for as long as it counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from support.winter import DECEMBER
from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.models import Payment
from yiwang.apps.benefits.public import State
from yiwang.apps.benefits.tests.conftest import Town, made
from yiwang.apps.benefits.tests.winter import Winter
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.credit import public as credit
from yiwang.apps.notices.public import box
from yiwang.engines.benefits.settlement_kinds import Budget
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system

FACTORY, WORKSHOP = ("智能工厂", "没有"), ("智能车间", "没有")
AFTER = dt.datetime(2026, 5, 28, 2, tzinfo=dt.UTC)


def with_budget(policy: str, **changed: Any) -> None:
    """Publish a release in which a policy has this budget."""
    known, given = made(), {"order": "按确认先后", "cite": {"doc": "setting", "at": "测试"}}
    kinds: dict[str, Any] = {name: dict(known.others[name]) for name in ("calendars", "policies", "credit")}
    kinds |= {name: getattr(known, name) for name in ("sources", "settings", "orgs", "elements", "places")}
    old = kinds["policies"][policy]
    budget = Budget.model_validate(given | changed)
    kinds["policies"][policy] = old.model_copy(
        update={"money": old.money.model_copy(update={"budget": budget})}
    )
    digest = draft_release(system("测试准备"), Catalogue.of(kinds, digest=digest_of(kinds)), summary="预算")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(system("测试准备"), digest)


def three_claims(town: Town, clock: time_machine.Traveller) -> None:
    """20, 10 and 20 ten thousand yuan, confirmed in this order: the second, the first, the third."""
    town.roster(town.line(0, *FACTORY), town.line(1, *WORKSHOP), town.line(2, *FACTORY))
    benefits.match_if_changed()
    for which in (1, 0, 2):
        town.confirm(which)
        clock.shift(dt.timedelta(minutes=1))
    benefits.advance()
    clock.move_to(AFTER)


def states(town: Town) -> list[State]:
    return [town.claim(which).state for which in range(3)]


@pytest.mark.storage
def test_money_goes_in_order_until_it_is_used_up(town: Town, clock: time_machine.Traveller) -> None:
    with_budget("smart-factory-reward", yuan="310000")
    three_claims(town, clock)
    assert benefits.advance() == 2
    assert benefits.advance() == 0
    assert states(town) == [State.ORDERED, State.ORDERED, State.SHOWN]
    assert box([town.firms[2]])[0].title == "一笔补贴在等待资金"
    assert len([one for one in box([town.firms[2]]) if "等待资金" in one.title]) == 1
    clock.move_to(dt.datetime(2027, 1, 4, 2, tzinfo=dt.UTC))
    assert benefits.advance() == 1, "a new year, new money"


def test_nobody_overtakes_who_waits(town: Town, clock: time_machine.Traveller) -> None:
    with_budget(
        "smart-factory-reward", yuan="150000", rank='if 省级智能工厂或车间 = "智能工厂" then 1 else 0'
    )
    three_claims(town, clock)
    assert benefits.advance() == 0, (
        "the first in order asks for more than there is: the smaller one waits too"
    )
    with_budget(
        "smart-factory-reward", yuan="400000", rank='if 省级智能工厂或车间 = "智能工厂" then 1 else 0'
    )
    assert benefits.advance() == 2
    assert states(town) == [State.ORDERED, State.SHOWN, State.ORDERED]


def test_money_is_shared_out_on_its_day(town: Town, clock: time_machine.Traveller) -> None:
    with_budget("smart-factory-reward", yuan="100000.01", short="share", closes="11-30")
    three_claims(town, clock)
    assert benefits.advance() == 0
    clock.move_to(dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC))
    assert benefits.advance() == 3
    fen = sorted(Payment.objects.values_list("fen", flat=True))
    assert (fen, sum(fen)) == ([2_000_000, 4_000_000, 4_000_001], 10_000_001)
    assert benefits.advance() == 0


def test_a_settlement_waits_for_money_too(town: Town, clock: time_machine.Traveller) -> None:
    with_budget("clean-coal-subsidy", yuan="100")
    clock.move_to(DECEMBER)
    winter = Winter(town)
    winter.sell("沙庄001,2020-11-03,F1,0.3,180", "沙庄002,2020-11-20,F3,0.4,360")
    sheet = winter.begin()
    clock.shift(dt.timedelta(days=8))
    winter.hand_up(sheet.public_id)
    winter.pass_on(sheet.public_id)
    assert benefits.advance() == 0
    assert winter.paid() == [("2020-11", 14_000, "ready")]
    assert box([town.firms[0]])[0].title == "一笔补贴在等待资金"
    clock.move_to(AFTER)
    with_budget("clean-coal-subsidy", yuan="140")
    assert benefits.advance() == 1


def fraud(town: Town, which: int = 0) -> tuple[Actor, str]:
    """A credit record that bars benefits, and the officer who told it."""
    officer = Actor(ActorKind.OFFICER, "of-f", "财政", (Post(Role.HANDLER, "finance"),))
    day = dt.datetime.now(dt.UTC).date()
    new = credit.NewRecord(
        catalogue="credit-subsidy-fraud", subject=town.firms[which], title="骗取补助",
        basis="驻政〔2018〕72号", happened_on=day - dt.timedelta(days=30),
        decided_on=day - dt.timedelta(days=1), org="finance", reference="驻财〔2026〕1号",
        fields={"骗取情形": "虚报设备", "资金名称": "智能制造奖励"},
    )  # fmt: skip
    return officer, credit.record(officer, new)


def test_who_is_barred_is_told_why_and_goes_on_when_it_ends(
    town: Town, clock: time_machine.Traveller
) -> None:
    officer, record = fraud(town)
    town.roster(town.line(0, *FACTORY), town.line(1, *WORKSHOP))
    assert benefits.match_if_changed() == 2
    letters = [one for one in box([town.firms[0]]) if one.about == town.claim().id]
    assert [one.title for one in letters] == ["“省级智能工厂、智能车间奖励”暂缓办理"]
    assert all(word in letters[0].body for word in ("依据", "信用修复", "提出异议"))
    assert (town.claim().hindered, town.claim().hindrance["record"]) == ("credit", record)
    town.confirm()
    assert (benefits.advance(), benefits.look_at_bars(dt.date(2026, 5, 20))) == (0, 0)
    credit.withdraw(officer, record, reason="处罚决定已撤销")
    assert benefits.look_at_bars(dt.date(2026, 5, 20)) == 1
    assert (benefits.advance(), town.claim().state, town.claim().hindered) == (1, State.SHOWN, "")


@pytest.mark.storage
def test_a_record_that_comes_before_the_payment_bars_it(town: Town, clock: time_machine.Traveller) -> None:
    three_claims(town, clock)
    fraud(town)
    assert benefits.advance() == 2
    assert (states(town)[0], town.claim().hindered) == (State.SHOWN, "credit")
    assert benefits.advance() == 0
    assert len([one for one in box([town.firms[0]]) if one.title == "一笔补贴暂缓拨付"]) == 1
