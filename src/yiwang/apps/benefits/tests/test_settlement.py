# SPDX-License-Identifier: Apache-2.0
"""Clean coal from the sale to the maker's account (驻政办〔2018〕189号), and what goes wrong on the way."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
import time_machine

from support.winter import COAL, DECEMBER, PLACE
from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.adapters.treasury import BAD_BANK
from yiwang.apps.benefits.commands import payouts
from yiwang.apps.benefits.models import Line, Payment, Payout, Record, Sheet
from yiwang.apps.benefits.tests.conftest import Town
from yiwang.apps.benefits.tests.winter import Winter
from yiwang.apps.credit import public as credit
from yiwang.apps.journal.public import entries_of, verify
from yiwang.apps.notices.public import box
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import make_id_number

SALES = ("沙庄001,2020-11-03,F1,0.2,180", "沙庄001,2020-11-20,F2,0.2,180", "沙庄002,2020-11-20,F3,0.4,360")
"""Three people: 0.3 t at most; six: 0.5 t. 60 + 80 yuan."""


@pytest.fixture
def winter(town: Town, clock: time_machine.Traveller) -> Winter:
    clock.move_to(DECEMBER)
    return Winter(town)


def passed(winter: Winter, clock: time_machine.Traveller) -> Sheet:
    """A month's sheet that everybody has passed."""
    winter.sell(*SALES)
    sheet = winter.begin()
    clock.shift(dt.timedelta(days=8))
    winter.hand_up(sheet.public_id)
    winter.pass_on(sheet.public_id)
    return sheet


@pytest.mark.storage
def test_from_the_sale_to_the_makers_account(winter: Winter, clock: time_machine.Traveller) -> None:
    assert winter.sell(*SALES) == 3
    assert winter.sell(*SALES) == 0, "the same file again"
    sheet = winter.begin()
    assert winter.begin().pk == sheet.pk
    assert [(one.fen, one.why) for one in sheet.lines.order_by("id")] == [
        (4_000, ""),
        (2_000, "到了全年限额，超出部分不补"),
        (8_000, ""),
    ]
    assert sheet.shown_until == dt.date(2020, 12, 8)
    with pytest.raises(Conflict, match="公示期还没有满"):
        winter.hand_up(sheet.public_id)
    clock.move_to(dt.datetime(2020, 12, 9, 2, tzinfo=dt.UTC))
    with pytest.raises(Invalid):
        benefits.end_publicity(winter.village, sheet.public_id, photos=[])
    winter.hand_up(sheet.public_id)
    with pytest.raises(benefits.NoSuchSettlement):
        winter.pass_on(sheet.public_id, winter.city[0])  # not its turn
    winter.pass_on(sheet.public_id, winter.street, winter.county[0])
    assert Sheet.objects.get().step == 2, "the county's treasury has not agreed yet"
    winter.pass_on(sheet.public_id, winter.county[1], winter.city[0])
    winter.pass_on(sheet.public_id, winter.city[0])  # a double click
    assert benefits.advance() == 1
    assert benefits.advance() == 0
    winter.town.deliver()
    assert winter.paid() == [("2020-11", 14_000, "paid")]
    legs = list(Payment.objects.order_by("id").values_list("fen", flat=True))
    assert legs == [7_000, 14_000], "the city's half to the county, then both to the maker"
    assert box([winter.town.firms[0]])[0].title == "一笔补贴已经拨付"
    assert list(verify()) == []


def test_an_objection_upheld_takes_the_line_out(winter: Winter, clock: time_machine.Traveller) -> None:
    winter.sell(*SALES)
    sheet = winter.begin()
    record = Record.objects.get(proof="F1").public_id
    raised = benefits.doubt(winter.people[1], sheet.public_id, record, words="他家十一月不在村里")
    assert benefits.doubt(winter.people[1], sheet.public_id, record, words="他家十一月不在村里") == raised
    clock.shift(dt.timedelta(days=8))
    with pytest.raises(Conflict, match="异议没有答复"):
        winter.hand_up(sheet.public_id)
    benefits.answer_doubt(winter.village, raised, upheld=True, words="入户核实，没有这笔")
    assert [one.fen for one in sheet.lines.order_by("record_id")] == [4_000, 8_000], "now F2 counts in full"
    assert box([winter.people[1].id])[0].title == "您对公示提的异议有答复"
    winter.hand_up(sheet.public_id)


def test_a_returned_sheet_goes_through_all_steps_again(winter: Winter, clock: time_machine.Traveller) -> None:
    winter.sell(*SALES)
    sheet = winter.begin()
    clock.shift(dt.timedelta(days=8))
    winter.hand_up(sheet.public_id)
    with pytest.raises(Invalid):
        benefits.check(winter.street, [sheet.public_id], passed=False)
    benefits.check(winter.street, [sheet.public_id], passed=False, words="发票F3看不清")
    benefits.withdraw_record(winter.maker, Record.objects.get(proof="F3").public_id, why="发票号填错")
    benefits.sum_up_again(winter.village, sheet.public_id)
    assert sum(one.fen for one in sheet.lines.all()) == 6_000
    clock.shift(dt.timedelta(days=8))
    winter.hand_up(sheet.public_id)
    winter.pass_on(sheet.public_id)
    assert Sheet.objects.get().state == benefits.SheetState.PASSED.value


@pytest.mark.storage
@pytest.mark.parametrize("where", ["order_payout", "notify", "write_down"])
def test_killed_anywhere_it_is_paid_once(
    winter: Winter, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    passed(winter, clock)
    real = getattr(payouts, where)

    def dies_after(*given: Any, **named: Any) -> Any:
        real(*given, **named)
        raise KeyboardInterrupt

    for do in (benefits.advance, winter.town.deliver, winter.town.deliver):
        monkeypatch.setattr(payouts, where, dies_after)
        with contextlib.suppress(KeyboardInterrupt):
            do()
        monkeypatch.setattr(payouts, where, real)
        do()
        clock.shift(dt.timedelta(hours=1))
    benefits.advance()
    winter.town.deliver()
    assert winter.paid() == [("2020-11", 14_000, "paid")]
    assert len(list(winter.town.treasury.folder.glob("*.json"))) == 2


def test_a_sale_withdrawn_after_it_was_paid_is_set_off(winter: Winter, clock: time_machine.Traveller) -> None:
    passed(winter, clock)
    benefits.advance()
    winter.town.deliver()
    benefits.withdraw_record(winter.village, Record.objects.get(proof="F3").public_id, why="审计查实没有送煤")
    winter.sell("沙庄002,2020-12-02,F9,0.5,450", period="2020-12")
    clock.move_to(dt.datetime(2021, 1, 4, 2, tzinfo=dt.UTC))
    sheet = winter.begin("2020-12")
    assert sorted(one.fen for one in sheet.lines.all()) == [-8_000, 10_000]
    clock.shift(dt.timedelta(days=8))
    winter.hand_up(sheet.public_id)
    winter.pass_on(sheet.public_id)
    benefits.advance()
    winter.town.deliver()
    assert [fen for _, fen, _ in winter.paid()] == [14_000, 2_000]
    assert sum(Line.objects.values_list("fen", flat=True)) == 16_000  # 60 + 100 yuan: both households' caps


def test_what_was_cheated_is_taken_back_from_what_is_owed(
    winter: Winter, clock: time_machine.Traveller
) -> None:
    passed(winter, clock)
    benefits.advance()
    winter.town.deliver()
    made = benefits.propose_recovery(
        winter.city[0], winter.payee, fen=5_000, ground="cheating", why="查实有五百公斤没有送到户"
    )
    with pytest.raises(NotAllowed):
        benefits.decide_recovery(winter.city[0], made, approve=True)
    for _ in range(2):
        benefits.decide_recovery(winter.city[1], made, approve=True)
    (told,) = credit.own_records(winter.maker, winter.town.firms[0])
    assert (told.entry.id, told.reference) == ("credit-subsidy-fraud", made), "once, with the decision"
    winter.sell("沙庄002,2020-12-02,F9,0.1,90", period="2020-12")
    clock.move_to(dt.datetime(2021, 1, 4, 2, tzinfo=dt.UTC))
    sheet = winter.begin("2020-12")
    clock.shift(dt.timedelta(days=8))
    winter.hand_up(sheet.public_id)
    winter.pass_on(sheet.public_id)
    benefits.advance()
    row = Payout.objects.latest("id")
    assert (row.owed_fen, row.offset_fen, row.fen, row.state) == (2_000, 2_000, 0, "offset")
    benefits.note_return(winter.city[0], made, fen=3_000)
    with pytest.raises(Invalid):
        benefits.note_return(winter.city[0], made, fen=3_001)


def test_a_refused_account_is_asked_again_and_paid_once(
    winter: Winter, clock: time_machine.Traveller
) -> None:
    winter.account(bank=BAD_BANK)
    passed(winter, clock)
    benefits.advance()
    winter.town.deliver()
    winter.town.deliver()
    assert winter.paid() == [("2020-11", 14_000, "ready")]
    assert box([winter.town.firms[0]])[0].title == "一笔补贴被退回，请重新填写账户"
    assert benefits.advance() == 0
    winter.account()
    assert benefits.advance() == 1
    winter.town.deliver()
    assert winter.paid() == [("2020-11", 14_000, "paid")]
    assert list(Payment.objects.filter(refused="").values_list("fen", flat=True)) == [7_000, 14_000]


def test_a_certificate_is_checked_by_the_seller_until_what_it_says_changes(winter: Winter) -> None:
    winter.sell("沙庄001,2020-11-03,F1,0.2,180")
    (own,) = benefits.households_of(winter.people[0])
    shown = benefits.certificate(winter.people[0], own.id)
    assert shown.left == "￥20.00", "three people: 60 yuan a year, 40 are used"
    assert benefits.certificate(winter.village, own.id).check == shown.check
    for stranger in (winter.people[1], winter.street, winter.maker):
        with pytest.raises(benefits.NoSuchSettlement):
            benefits.certificate(stranger, own.id)
    typed = {"number": "沙庄001", "check": f"{shown.check[:4]} {shown.check[4:]}"}
    found = benefits.check_certificate(winter.maker, winter.payee, **typed)
    assert (found.masked_name, found.left) == ("张*1", "￥20.00")
    with pytest.raises(benefits.NoSuchSettlement):
        benefits.check_certificate(winter.people[0], winter.payee, **typed)
    for wrong in ({"number": "沙庄002"}, {"check": "00000000"}, {"number": ""}):
        with pytest.raises(NotFound, match="没有这张有效的"):
            benefits.check_certificate(winter.maker, winter.payee, **typed | wrong)
    benefits.end_enrolment(winter.village, own.id, on=dt.date(2020, 11, 30))
    with pytest.raises(NotFound):
        benefits.check_certificate(winter.maker, winter.payee, **typed)
    looks = [one for one in entries_of(f"settlement:{own.id}") if one["action"].endswith(".look")]
    assert len(looks) == 2, "the village and the seller"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("沙庄009,2020-11-03,F1,0.2,180", "没有编号"),
        ("沙庄001,2020-10-31,F1,0.2,180", "日期不在这个月里"),
        ("沙庄001,2020-11-03,F1,-1,180", "不对"),
        ("沙庄001,2020-11-03,F1,一吨,180", "不是数"),
        ("沙庄001,2020-11-03,,0.1,180", "没有写七联单发票号"),
        ("沙庄002,2020-11-03,F1,0.2,180", "已经用过"),
        ("沙庄001,2020-11-03,F1,NaN,180", "不对"),
    ],
)
def test_a_wrong_line_keeps_the_whole_file_out(winter: Winter, line: str, words: str) -> None:
    if line.startswith("沙庄002"):
        winter.sell("沙庄001,2020-11-03,F1,0.2,180")
    before = Record.objects.count()
    with pytest.raises(benefits.RecordsWrong) as caught:
        winter.sell("沙庄001,2020-11-05,F8,0.1,90", line)
    assert words in caught.value.message
    assert Record.objects.count() == before


def test_everybody_does_their_own_part_only(winter: Winter, clock: time_machine.Traveller) -> None:
    winter.sell(*SALES)
    for stranger in (winter.street, winter.county[0], winter.people[0]):
        with pytest.raises(NotAllowed):
            benefits.begin_sheet(stranger, policy=COAL, period="2020-11", station=winter.station)
    with pytest.raises(benefits.NoSuchSettlement):
        benefits.report(winter.town.bosses[1], winter.payee, period="2020-11", data=b"")
    with pytest.raises(NotAllowed):
        benefits.add_station(winter.village, policy=COAL, place=PLACE, name="别的街道")
    with pytest.raises(NotAllowed):
        benefits.admit_payee(
            winter.county[1], policy=COAL, code=winter.town.codes[1], name="测试企业1有限公司"
        )
    with pytest.raises(Invalid, match="没有过完"):
        winter.begin("2020-12")
    with pytest.raises(Conflict, match="没有新的记录"):
        winter.begin("2020-10")


def test_a_household_has_a_whole_number_of_people(winter: Winter) -> None:
    for people in ("0", "2.5", "NaN", "-1", "1e40", "三", ""):
        new = benefits.NewEnrolment(
            COAL, "沙庄009", dt.date(2020, 1, 1), "张户1", station=winter.station,
            id_number=make_id_number("411702", dt.date(1970, 3, 1), 700 + 1),
            facts={"是否在洁净型煤补贴区域": "是", "家庭人数": people},
            kept={"住址": "沙庄", "联系方式": "1"},
        )  # fmt: skip
        with pytest.raises(Invalid):
            benefits.enrol(winter.village, new)


def test_a_month_is_a_month(winter: Winter) -> None:
    for period in ("", "2020", "2020-13", "9999-12", "0000-00", "2020-W1", "２０２０-11"):
        with pytest.raises(Invalid):
            winter.sum_up(period)
        with pytest.raises(Invalid):
            winter.sell("沙庄001,2020-11-03,F1,0.1,90", period=period)


def test_a_file_that_is_none(winter: Winter) -> None:
    for data in (b"", b"\x00\xff", "编号\n1".encode(), ('"' + "一" * 200_000).encode()):
        with pytest.raises(Invalid):
            benefits.report(winter.maker, winter.payee, period="2020-11", data=data)
