# SPDX-License-Identifier: Apache-2.0
"""What records give within a year: caps hold to the fen, whatever comes late or is withdrawn."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from yiwang.engines.benefits import BENEFIT_KINDS, Policy
from yiwang.engines.benefits.settlement_kinds import Settled
from yiwang.engines.benefits.settling import Entry, first_day_free, ran_too_short, worth_of
from yiwang.engines.definitions import default_directory, load_part

HOME = {"是否在洁净型煤补贴区域": True, "家庭人数": Decimal(3)}
PILE = {
    "充电设施是否验收合格": True,
    "是否公共快充或按公共管理的分时共享": True,
    "建设奖补比例": Decimal(30),
}


@lru_cache(maxsize=1)
def policies() -> dict[str, Any]:
    return dict(load_part(default_directory(), kinds=BENEFIT_KINDS).others["policies"])


def policy(name: str) -> Policy:
    found: Policy = policies()[name]
    return found


def sales(*tons: str) -> list[Entry]:
    day = dt.date(2020, 11, 2)
    return [Entry(f"s{n}", day, {"购买吨数": Decimal(each)}) for n, each in enumerate(tons)]


def readings(*months: tuple[str, str]) -> list[Entry]:
    return [
        Entry(
            f"m{n}",
            dt.date(2026, n, 28),
            {"充电量（千瓦时）": Decimal(kwh), "在线率（%）": Decimal(rate)},
        )
        for n, (kwh, rate) in enumerate(months, 1)
    ]


def test_three_people_are_helped_with_three_hundred_kilograms() -> None:
    found = worth_of(policy("clean-coal-subsidy"), HOME, sales("0.1", "0.15", "0.2", "0.1"))
    assert [(one.fen, one.why) for one in found.records] == [
        (2_000, ""),
        (3_000, ""),
        (1_000, "到了全年限额，超出部分不补"),
        (0, "到了全年限额，超出部分不补"),
    ]
    assert (found.fen, found.left) == (6_000, 0)


def test_who_lives_elsewhere_is_not_helped_and_what_is_not_known_is_told() -> None:
    coal = policy("clean-coal-subsidy")
    (no,) = worth_of(coal, HOME | {"是否在洁净型煤补贴区域": False}, sales("0.1")).records
    (open_,) = worth_of(coal, {"是否在洁净型煤补贴区域": True}, sales("0.1")).records
    late = worth_of(coal, HOME, [Entry("s", dt.date(2021, 11, 28), {"购买吨数": Decimal(1)})])
    assert (no.fen, no.why) == (0, "不符合补贴条件")
    assert (open_.fen, open_.why) == (0, "还缺：家庭人数")
    assert late.records[0].why == "政策已经到期"


def test_a_pile_is_paid_by_the_month_and_capped_by_the_year() -> None:
    found = worth_of(
        policy("charging-operation"), PILE, readings(("50000", "90"), ("40000", "89.99"), ("60000", "95"))
    )
    assert [one.fen for one in found.records] == [150_000, 0, 150_000]
    assert (found.left, found.sums["单桩年充电量"]) == (0, Decimal(110_000))
    highway = {"充电设施所在领域": "高速服务区国省道城际快速路", "充电设施是否验收合格": True}
    open_end = worth_of(policy("charging-operation-highway"), highway, readings(("200000", "95")))
    assert (open_end.fen, open_end.left) == (2_000_000, None), "the source gives no cap there"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals("0.001", "0.4", places=3), min_size=1, max_size=6), st.integers(1, 8), st.data())
def test_records_add_up_to_the_year_in_any_order(tons: list[Decimal], people: int, data: Any) -> None:
    coal, home = policy("clean-coal-subsidy"), HOME | {"家庭人数": Decimal(people)}
    found = worth_of(coal, home, sales(*map(str, tons)))
    again = worth_of(coal, home, sales(*map(str, data.draw(st.permutations(tons)))))
    cap = min(sum(tons, Decimal(0)), Decimal(people) / 10, Decimal("0.5")) * 20_000
    assert sum(one.fen for one in found.records) == found.fen == again.fen
    assert abs(found.fen - cap) <= Decimal("0.5")
    assert all(one.fen >= 0 for one in found.records)


def test_years_end_on_the_day() -> None:
    recover = policy("charging-operation").settled.recover  # type: ignore[union-attr]
    assert recover is not None
    since = dt.date(2024, 2, 29)
    assert ran_too_short(recover, since, dt.date(2029, 2, 28))
    assert not ran_too_short(recover, since, dt.date(2029, 3, 1))
    assert first_day_free(recover, dt.date(2026, 5, 20)) == dt.date(2029, 5, 20)


def test_a_settlement_that_cannot_work_does_not_load() -> None:
    good = policy("clean-coal-subsidy").settled
    assert good is not None
    raw = good.model_dump(mode="json")
    steps, columns = raw["steps"], raw["columns"]
    for wrong in (
        {"steps": steps[::-1]},
        {"steps": [*steps, steps[0]]},
        {"columns": columns[1:]},
        {"columns": [{"name": "吨", "adds": True}]},
    ):
        with pytest.raises(ValidationError):
            Settled.model_validate(raw | wrong)
