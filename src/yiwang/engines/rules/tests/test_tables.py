# SPDX-License-Identifier: Apache-2.0
"""Decision tables: every hit policy, what is not known, overlaps and gaps, one rule in every execution."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.rules import NUMBER, STRING, RuleError, choice, evaluate, explain, parse
from yiwang.engines.rules.coverage import coverage
from yiwang.engines.rules.table_reading import read_table, read_test
from yiwang.engines.rules.tables import Decision, Hit, Output, Table, as_rule, check_table, decide

TYPES = {"投资额": NUMBER, "行业": choice("制造", "物流", "商贸"), "户籍": STRING}
D = Decimal


def tiers(
    hit: str = "U", *, rows: list[tuple[list[str], list[str], str]] | None = None, **given: Any
) -> Table:
    """Grants by investment, in ten thousand yuan: at least 1,000, from 5,000, from 10,000 on."""
    return read_table(
        inputs=["投资额"],
        outputs=[Output("补助", **given)],
        rows=rows
        or [
            (["[1000..5000)"], ["10"], "第一档"),
            (["[5000..10000)"], ["50"], "第二档"),
            ([">= 10000"], ["投资额 * 0.01"], "第三档"),
        ],
        hit=hit,
    )


@pytest.mark.parametrize(
    ("investment", "grant", "row"),
    [
        ("999.99", None, ()),
        ("1000", D(10), (1,)),
        ("4999.99", D(10), (1,)),
        ("5000", D(50), (2,)),
        ("12000", D("120.00"), (3,)),
    ],
)
def test_a_tier_ends_where_the_next_begins(
    investment: str, grant: Decimal | None, row: tuple[int, ...]
) -> None:
    assert decide(tiers(), {"投资额": D(investment)}) == Decision(grant, row)


def test_what_is_not_given_leaves_it_open_and_says_which_rows() -> None:
    assert decide(tiers(), {}) == Decision(None, (), (1, 2, 3))


def test_what_every_open_row_agrees_on_is_known() -> None:
    table = read_table(
        inputs=["行业", "投资额"],
        outputs=[Output("档", otherwise=parse("1"))],
        rows=[(['"制造"', "> 5"], ["1"], ""), (['not("制造")', "-"], ["2"], "")],
    )
    assert decide(table, {"行业": "制造"}).value == 1
    assert decide(table, {"行业": "物流"}) == Decision(D(2), (2,))
    assert decide(table, {}) == Decision(None, (), (1, 2))


OVERLAPPING = [([">= 1"], ["3"], ""), ([">= 2"], ["1"], ""), ([">= 3"], ["2"], "")]


@pytest.mark.parametrize(
    ("hit", "value"),
    [
        ("F", D(3)), ("P", D(1)), ("R", (D(3), D(1), D(2))), ("O", (D(1), D(2), D(3))),
        ("C", (D(3), D(1), D(2))),
        ("C+", D(6)), ("C<", D(1)), ("C>", D(3)), ("C#", D(3)),
    ],
)  # fmt: skip
def test_every_hit_policy(hit: str, value: Any) -> None:
    table = tiers(hit, rows=OVERLAPPING, priorities=(D(1), D(2), D(3)))
    assert decide(table, {"投资额": D(9)}).value == value


@pytest.mark.parametrize("hit", ["U", "A"])
def test_rows_that_contradict_each_other_are_told(hit: str) -> None:
    with pytest.raises(RuleError, match="同时成立"):
        decide(tiers(hit, rows=OVERLAPPING), {"投资额": D(9)})


def test_several_outputs_are_a_record() -> None:
    table = read_table(
        inputs=["投资额"],
        outputs=[Output("补助"), Output("名称")],
        rows=[(["> 5"], ["1", '"甲"'], ""), (["<= 5"], ["2", '"乙"'], "")],
    )
    assert decide(table, {"投资额": D(6)}).value == {"补助": D(1), "名称": "甲"}


def test_an_overlap_is_named_with_an_example() -> None:
    table = tiers(rows=[(["[1000..5000]"], ["10"], ""), ([">= 5000"], ["50"], ""), (["< 1000"], ["0"], "")])
    assert [each.text for each in coverage(table, TYPES)] == ["第1行和第2行同时成立：投资额5000。"]


def test_a_gap_is_named_with_an_example_unless_something_is_given_otherwise() -> None:
    rows = [(["< 1000"], ["0"], ""), (["(1000..5000)"], ["10"], ""), ([">= 5000"], ["50"], "")]
    assert [each.text for each in coverage(tiers(rows=rows), TYPES)] == ["没有一行管这种情况：投资额1000。"]
    assert coverage(tiers(rows=rows, otherwise=parse("0")), TYPES) == []


def test_two_columns_are_searched_together() -> None:
    table = read_table(
        inputs=["行业", "投资额"],
        outputs=[Output("档")],
        rows=[
            (['"制造"', "-"], ["1"], ""),
            (['"物流", "商贸"', "< 5"], ["2"], ""),
            (['"物流"', ">= 5"], ["3"], ""),
        ],
    )
    assert [each.text for each in coverage(table, TYPES)] == ["没有一行管这种情况：行业“商贸”，投资额5。"]


def test_a_column_against_computed_limits_is_said_to_be_unclear() -> None:
    table = tiers(rows=[(["> 投资额 * 2"], ["1"], "")])
    assert [each.kind for each in coverage(table, TYPES)] == ["gap"]
    other = read_table(
        inputs=["投资额"], outputs=[Output("档")], rows=[(["> string length(户籍)"], ["1"], "")]
    )
    assert [each.kind for each in coverage(other, TYPES)] == ["unclear"]


def test_a_cell_that_cannot_be_read_is_named_by_row_and_column() -> None:
    with pytest.raises(RuleError, match="第2行第1列，第1行第3个字"):
        tiers(rows=[(["> 1"], ["1"], ""), (["> （"], ["1"], "")])
    with pytest.raises(RuleError, match="第1行有0个条件"):
        tiers(rows=[([], ["1"], "")])


def test_types_and_priorities_are_checked() -> None:
    with pytest.raises(RuleError, match=r"不能比较|不会在"):
        check_table(tiers(rows=[(['"甲"'], ["1"], "")]), TYPES)
    with pytest.raises(RuleError, match="既有数又有文字"):
        check_table(tiers(rows=[(["> 1"], ["1"], ""), (["<= 1"], ['"甲"'], "")]), TYPES)
    with pytest.raises(RuleError, match="优先次序"):
        check_table(tiers("P", rows=OVERLAPPING, priorities=(D(1),)), TYPES)


def test_the_reason_for_a_refusal_is_the_limit_that_was_missed() -> None:
    told = explain(as_rule(tiers()), {"投资额": D(900)})
    assert told.value is None
    assert "差100" in told.text


@given(st.decimals(0, 20_000, places=2), st.sampled_from(["F", "U", "C+", "C#"]))
def test_a_table_and_its_rule_say_the_same(investment: Decimal, hit: str) -> None:
    table = tiers(hit)
    alone, rule = (
        decide(table, {"投资额": investment}).value,
        evaluate(as_rule(table), {"投资额": investment}),
    )
    assert alone == rule or (hit == Hit.SUM and alone is None and rule == 0)


def test_not_reaches_over_a_half_open_range() -> None:
    test = read_test("not([1..2))", parse("甲"))
    assert [evaluate(test, {"甲": value}) for value in (1, 2)] == [False, True]
