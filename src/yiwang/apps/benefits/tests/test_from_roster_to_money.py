# SPDX-License-Identifier: Apache-2.0
"""From a department's list to the money, once: also when everything happens twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.adapters.treasury import BAD_BANK
from yiwang.apps.benefits.commands import matching
from yiwang.apps.benefits.models import Claim, Payment, Run
from yiwang.apps.benefits.public import State
from yiwang.apps.benefits.tests.conftest import Town
from yiwang.apps.journal.public import verify
from yiwang.apps.notices.public import box
from yiwang.kernel.errors import Conflict, Invalid

pytestmark = pytest.mark.storage
FACTORY = "智能工厂", "没有"


def letters(town: Town, which: int = 0) -> list[str]:
    return [one.title for one in box([town.firms[which]])]


def test_from_the_list_to_the_money(town: Town, clock: time_machine.Traveller) -> None:
    town.roster(town.line(0, *FACTORY), town.line(1, "都不是", "没有"))
    assert benefits.match_if_changed() == 1
    claim = town.claim()
    assert (claim.policy, claim.fen, claim.state) == ("smart-factory-reward", 20_000_000, State.NOTICED)
    assert claim.because == {"省级智能工厂或车间": "智能工厂"}
    assert benefits.claims_of(town.bosses[1]) == []
    assert letters(town) == ["您符合“省级智能工厂、智能车间奖励”，不用申请"]
    town.confirm()
    assert town.claim().account == "中国农业银行驿城支行 **** 0001"
    assert benefits.advance() == 1
    (shown,) = benefits.shown()
    assert (shown.name, shown.until) == ("测试企业0有限公司", dt.date(2026, 5, 27))  # five working days
    assert benefits.advance() == 0, "it is still being shown"
    clock.move_to(dt.datetime(2026, 5, 28, 2, tzinfo=dt.UTC))
    assert benefits.advance() == 1
    assert benefits.shown() == []
    town.deliver()
    paid = town.claim()
    assert paid.state is State.PAID
    assert paid.receipt.startswith("CZ")
    assert letters(town)[0] == "一笔补贴已经拨付"
    assert benefits.reconcile(town.treasury, dt.datetime.now(dt.UTC).date()) == []
    assert list(verify()) == []
    (told,) = benefits.results(2026)
    assert (told.policy, told.count, told.fen) == ("smart-factory-reward", 1, 20_000_000)
    assert benefits.results(2025) == []
    assert (benefits.reconciled(town.officer).wrong, benefits.reconciled(town.officer).waiting) == ([], 0)


def test_everything_twice_finds_and_pays_once(town: Town, clock: time_machine.Traveller) -> None:
    town.roster(town.line(0, *FACTORY))
    assert [benefits.match_if_changed(), benefits.match_if_changed()] == [1, 0]
    Run.objects.all().delete()  # as if the run had been killed before it was marked
    assert benefits.match_if_changed() == 0
    assert len(letters(town)) == 1
    town.confirm()
    town.confirm()  # a double click
    benefits.advance()
    clock.move_to(dt.datetime(2026, 5, 28, 2, tzinfo=dt.UTC))
    assert [benefits.advance(), benefits.advance()] == [1, 0]
    payment = Payment.objects.get()
    handle = benefits.pay_through(town.treasury)
    handle(payment.key, {"payment": payment.key})
    handle(payment.key, {"payment": payment.key})
    town.deliver()
    benefits.settle(payment.key, benefits.Receipt("ANOTHER"))
    assert len(list(town.treasury.folder.glob("*.json"))) == 1
    assert Payment.objects.get().receipt == town.claim().receipt != "ANOTHER"


@pytest.mark.parametrize("after", range(4))
def test_killed_anywhere_a_match_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    monkeypatch.setattr(matching, "CHUNK", 1)
    town.roster(*[town.line(which, *FACTORY) for which in range(3)])
    calls, write = [0], matching._write_to

    def dying(claim: Claim, policy: object) -> None:
        if calls[0] == after:
            raise KeyboardInterrupt
        calls[0] += 1
        write(claim, policy)  # type: ignore[arg-type]

    monkeypatch.setattr(matching, "_write_to", dying)
    if after < 3:
        with pytest.raises(KeyboardInterrupt):
            benefits.match_if_changed()
        assert Claim.objects.count() == after
        monkeypatch.setattr(matching, "_write_to", write)
    benefits.match_if_changed()
    assert [len(letters(town, which)) for which in range(3)] == [1, 1, 1]
    assert Claim.objects.count() == 3


def test_what_the_treasury_refuses_is_asked_again(town: Town, clock: time_machine.Traveller) -> None:
    town.roster(town.line(0, *FACTORY))
    benefits.match_if_changed()
    town.confirm(bank=BAD_BANK)
    benefits.advance()
    clock.move_to(dt.datetime(2026, 5, 28, 2, tzinfo=dt.UTC))
    benefits.advance()
    town.deliver()
    claim = town.claim()
    assert (claim.state, claim.account) == (State.NOTICED, "")
    town.confirm()
    benefits.advance()  # shown again
    clock.move_to(dt.datetime(2026, 6, 8, 2, tzinfo=dt.UTC))
    benefits.advance()
    town.deliver()
    assert town.claim().state is State.PAID
    assert sorted(Payment.objects.values_list("refused", flat=True)) == ["", "收款账户不存在"]


def test_a_treasury_that_is_down_is_asked_until_it_answers(town: Town, clock: time_machine.Traveller) -> None:
    town.roster(town.line(0, *FACTORY))
    benefits.match_if_changed()
    town.confirm()
    benefits.advance()
    clock.move_to(dt.datetime(2026, 5, 28, 2, tzinfo=dt.UTC))
    benefits.advance()
    town.treasury.fail = True
    town.deliver()
    assert town.claim().state is State.ORDERED
    town.treasury.fail = False
    clock.move_to(dt.datetime(2026, 5, 28, 8, tzinfo=dt.UTC))
    town.deliver()
    assert town.claim().state is State.PAID


def test_a_statement_tells_what_does_not_agree(town: Town, clock: time_machine.Traveller) -> None:
    town.roster(town.line(0, *FACTORY))
    benefits.match_if_changed()
    town.confirm()
    benefits.advance()
    clock.move_to(dt.datetime(2026, 5, 28, 2, tzinfo=dt.UTC))
    benefits.advance()
    payment, day = Payment.objects.get(), dt.date(2026, 5, 28)

    class Statement:
        rows = [(payment.key, payment.fen, "CZ1")]

        def statement(self, _: dt.date) -> list[tuple[str, int, str]]:
            return self.rows

    told = Statement()
    assert benefits.reconcile(told, day) == []  # type: ignore[arg-type]
    assert town.claim().state is State.PAID, "its answer was lost, the statement brings it"
    told.rows = [(payment.key, 5, "CZ1"), ("cl-none-1", 7, "CZ2"), (payment.key, payment.fen, "CZ3")]
    assert benefits.reconcile(told, day) == [  # type: ignore[arg-type]
        f"{payment.key}：财政付了5分，应付20000000分",
        "cl-none-1：财政付了7分，本系统没有这笔拨付",
        f"{payment.key}：回执号不一致：CZ3",
    ]


def test_a_corrected_list_ends_and_renews_what_nobody_confirmed(town: Town) -> None:
    town.roster(town.line(0, *FACTORY))
    benefits.match_if_changed()
    town.roster(town.line(0, "智能车间", "没有"))  # two lists differ: nobody knows
    benefits.match_if_changed()
    assert town.claim().state is State.LAPSED
    run = benefits.last_run()
    assert run is not None
    assert run["problems"] == [{"subject": town.firms[0], "facts": ["省级智能工厂或车间"]}]


def test_reminders_stop(town: Town, clock: time_machine.Traveller) -> None:
    town.roster(town.line(0, *FACTORY))
    benefits.match_if_changed()
    sent = []
    for _ in range(6):
        clock.shift(dt.timedelta(days=16))
        sent.append(benefits.remind())
        sent.append(benefits.remind())
    assert sent == [1, 0, 1, 0, 1, 0, *[0] * 6]


def test_accounts_that_cannot_be_right(town: Town) -> None:
    town.roster(town.line(0, *FACTORY))
    benefits.match_if_changed()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"holder": "别人"}, "holder"),
        ({"bank": " "}, "bank"),
        ({"account": "12"}, "number"),
        ({"account": "4117020000000x"}, "number"),
    ]
    for given, field in wrong:
        with pytest.raises(Invalid) as caught:
            town.confirm(**given)
        assert caught.value.field == field
    with pytest.raises(benefits.NoSuchClaim):
        benefits.confirm(
            town.bosses[1], town.claim().id, holder="测试企业1有限公司", bank="农行", account="41170200000001"
        )
    benefits.decline(town.bosses[0], town.claim().id)
    with pytest.raises(Conflict):
        town.confirm()
