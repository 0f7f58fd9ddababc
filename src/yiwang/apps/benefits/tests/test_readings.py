# SPDX-License-Identifier: Apache-2.0
"""Charging piles, paid by the month from their readings: caps of the year, conditions, taking back, bans."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from support.winter import officer
from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.models import Enrolment, Payee, Payment, Recovery, Sheet
from yiwang.apps.benefits.tests.conftest import Town
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, NotAllowed

POLICY, PLACE, ORG = "charging-operation", "yicheng", "development-reform"
HEADING = "编号,充电量（千瓦时）,在线率（%）,运行小时"


class Station:
    """A firm with two piles, the county's officer, two of the city."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.county = officer("区发改", (ORG, PLACE))
        self.city = [officer("市发改", (ORG, "")), officer("市发改二", (ORG, "zhumadian"))]
        for number, accepted in (("桩1", "2024-03-01"), ("桩2", "2026-01-15")):
            self.pile(number, accepted)
        self.payee = Payee.objects.get(policy=POLICY).public_id
        benefits.give_account(
            self.boss, self.payee, holder="测试企业0有限公司", bank="农行驿城支行", account="41170200000001"
        )

    @property
    def boss(self) -> Actor:
        """Who represents the firm."""
        return self.town.bosses[0]

    def pile(self, number: str, accepted: str, actor: Actor | None = None) -> str:
        """A pile is enrolled."""
        facts = {
            "充电设施是否验收合格": "是",
            "是否公共快充或按公共管理的分时共享": "是",
            "建设奖补比例": "30",
        }
        new = benefits.NewEnrolment(
            POLICY, number, dt.date(2026, 1, 1), "测试企业0有限公司", code=self.town.codes[0], place=PLACE,
            facts=facts, kept={"验收日期": accepted},
        )  # fmt: skip
        return benefits.enrol(actor or self.county, new)

    def month(self, period: str, *lines: str) -> Sheet:
        """A month reported, summed up by the county and passed by the city."""
        benefits.report(self.boss, self.payee, period=period, data="\n".join([HEADING, *lines]).encode())
        made = benefits.begin_sheet(self.county, policy=POLICY, period=period, place=PLACE)
        benefits.check(self.city[0], [made], passed=True)
        return Sheet.objects.get(public_id=made)


@pytest.fixture
def station(town: Town) -> Station:
    return Station(town)


def fen_of(sheet: Sheet) -> list[int]:
    return [one.fen for one in sheet.lines.order_by("record__enrolment__number")]


def test_readings_are_paid_by_the_month_and_capped_by_the_year(
    station: Station, clock: time_machine.Traveller
) -> None:
    first = station.month("2026-01", "桩1,80000,96,700", "桩2,30000,89.9,300")
    assert fen_of(first) == [240_000, 0], "the second was online too little in this month"
    second = station.month("2026-02", "桩1,30000,96,600", "桩2,30000,90,600")
    assert fen_of(second) == [60_000, 90_000], "100,000 kWh a year"
    assert benefits.advance() == 1
    station.town.deliver()
    assert list(Payment.objects.values_list("fen", flat=True)) == [390_000]
    (pile, other) = benefits.households_of(station.boss)
    assert (pile.fen, pile.left, other.left) == (300_000, 0, 210_000)
    clock.move_to(dt.datetime(2027, 2, 3, 2, tzinfo=dt.UTC))
    assert fen_of(station.month("2027-01", "桩1,30000,96,600")) == [90_000], "a new year"


def test_a_second_reading_of_a_month_is_refused(station: Station) -> None:
    station.month("2026-01", "桩1,80000,96,700")
    with pytest.raises(benefits.RecordsWrong, match="已经用过"):
        station.month("2026-01", "桩1,90000,96,700")
    with pytest.raises(benefits.RecordsWrong, match="两次"):
        station.month("2026-02", "桩1,1,96,700", "桩1,2,96,700")
    with pytest.raises(NotAllowed):
        station.pile("桩3", "2026-01-15", actor=station.city[0])


def test_who_stops_before_five_years_pays_back_and_is_banned(
    station: Station, clock: time_machine.Traveller
) -> None:
    station.month("2026-01", "桩1,80000,96,700")
    benefits.advance()
    station.town.deliver()
    unit = Enrolment.objects.get(number="桩1")
    given = {"fen": 100_000, "ground": "short", "why": "桩1已于四月拆除，运营不满五年"}
    with pytest.raises(Invalid, match="停止运营"):
        benefits.propose_recovery(station.city[0], station.payee, enrolment=unit.public_id, **given)  # type: ignore[arg-type]
    benefits.end_enrolment(station.county, unit.public_id, on=dt.date(2026, 4, 30))
    too_much = given | {"fen": 240_001}
    with pytest.raises(Invalid, match="超过"):
        benefits.propose_recovery(station.city[0], station.payee, enrolment=unit.public_id, **too_much)  # type: ignore[arg-type]
    made = benefits.propose_recovery(
        station.city[0],
        station.payee,
        enrolment=unit.public_id,
        **given,  # type: ignore[arg-type]
    )
    benefits.decide_recovery(station.city[1], made, approve=True)
    assert Recovery.objects.get().banned_until == dt.date(2029, 5, 19)
    assert "行政复议" in box([station.town.firms[0]])[0].body
    with pytest.raises(NotAllowed, match="禁止申报"):
        station.month("2026-04", "桩2,30000,96,700")
    clock.move_to(dt.datetime(2029, 5, 21, 2, tzinfo=dt.UTC))
    sheet = station.month("2029-04", "桩2,30000,96,700")
    assert fen_of(sheet) == [0], "a month of the ban"
    clock.move_to(dt.datetime(2029, 8, 1, 2, tzinfo=dt.UTC))
    station.month("2029-06", "桩2,50000,96,700")
    benefits.advance()
    assert benefits.statement(station.boss, station.payee).payouts[0].money == "￥500.00"
