# SPDX-License-Identifier: Apache-2.0
"""A rule over a population says of each row what the same rule says of that subject alone."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings

from yiwang.engines.rules import NUMBER, STRING, Expr, Months, RuleError, check, evaluate, explain, parse
from yiwang.engines.rules.population import Column, PopulationError, compile_rule
from yiwang.engines.rules.population_reasons import compile_conditions, reason_code

from . import strategies

TYPES = {name: found for name, found in strategies.TYPES.items() if name != "各额"}
COLUMNS = {name: Column(found) for name, found in TYPES.items()}
ROWS = 120


def some_subjects() -> list[dict[str, Any]]:
    """Subjects of all sorts; of each, some facts nobody has given."""
    dice = random.Random(20261121)
    day = dt.date(1990, 1, 31)
    subjects = []
    for _ in range(ROWS):
        facts = {
            "面积": Decimal(dice.randint(-100_000, 100_000)) / 100,
            "项目.额": Decimal(dice.randint(-300, 300)) / 100,
            "是否设招牌": dice.random() < 0.5,
            "已备案": dice.random() < 0.5,
            "业态": dice.choice(["餐", "饮零售", "ab", ""]),
            "开业日": day + dt.timedelta(dice.randint(0, 25_000)),
            "期限": dt.timedelta(dice.randint(-900, 900)),
            "年限": Months(dice.randint(-60, 60)),
        }
        subjects.append({name: value for name, value in facts.items() if dice.random() > 0.2})
    return subjects


SUBJECTS = some_subjects()


def _plain(value: Any) -> Any:
    """A duration as the whole number that a column holds."""
    if isinstance(value, dt.timedelta):
        return value.days
    return value.count if isinstance(value, Months) else value


def _table() -> Any:
    kinds = {
        "面积": pa.decimal128(18, 2),
        "项目.额": pa.decimal128(18, 2),
        "期限": pa.int64(),
        "年限": pa.int64(),
    }
    columns = {
        name: pa.array([_plain(facts.get(name)) for facts in SUBJECTS], kinds.get(name)) for name in TYPES
    }
    return ibis.memtable(pa.table({"n": list(range(ROWS)), **columns}))


TABLE, ENGINE = _table(), ibis.duckdb.connect()


def over_all(column: Any) -> list[Any]:
    """The column's value for each subject."""
    rows = ENGINE.to_pyarrow(TABLE.select(n=TABLE.n, value=column).order_by("n"))
    return list(rows["value"].to_pylist())


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.rules(3) | strategies.amounts())
@example(parse("round half up(面积 * 0.035, 0) * 100"))
@example(parse("if 面积 > 0 then 面积 * 0.3 else 项目.额"))
@example(parse("min(面积 * 0.3, 500.00)"))
@example(parse('开业日 + duration("P1M") <= date("2024-02-29")'))
@example(parse('years and months duration(开业日, date("2026-11-21")) >= duration("P60Y")'))
def test_each_row_is_as_the_subject_alone(rule: Expr) -> None:
    try:
        check(rule, TYPES)
        column = compile_rule(rule, TABLE, COLUMNS)
    except RuleError:
        return
    alone = [_plain(evaluate(rule, facts)) for facts in SUBJECTS]
    assert over_all(column) == alone


def test_most_rules_that_people_write_can_be_run() -> None:
    for text in (
        '业态 in ("餐", "饮零售") and 面积 between 10 and 200 and not(已备案)',
        "面积 * 0.3 + 项目.额 / 4 > 100 or 是否设招牌 = true",
        "max(面积, 项目.额, 0) * 12 <= 5000",
        '(开业日 - date("2020-01-01")).days >= 30 and 开业日.year < 2030',
        'starts with(业态, "饮") and string length(业态) <= 3',
        "floor(面积, -1) + ceiling(项目.额, 1)",
    ):
        rule = parse(text)
        check(rule, TYPES)
        assert over_all(compile_rule(rule, TABLE, COLUMNS)) == [evaluate(rule, facts) for facts in SUBJECTS]


def test_the_reason_is_the_condition_that_the_explanation_names_first() -> None:
    rule = parse("面积 >= 0 and 是否设招牌 and 项目.额 < 2")
    codes = over_all(reason_code(compile_conditions(rule, TABLE, COLUMNS)))
    assert set(codes) == {0, 1, 2, 3, -1, -2, -3}
    for facts, code in zip(SUBJECTS, codes, strict=True):
        told = explain(rule, facts)
        decisive = [number for number, each in enumerate(told.conditions, 1) if each.decisive]
        assert code == {True: 0, False: decisive[0], None: -decisive[0]}[told.outcome]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("面积 / 项目.额 >= 0.1", "除法"),
        ("面积 / 3 >= 0.1", "除法"),
        ('业态 < "b"', "先后"),
        ("面积 = null", "null"),
        ("decimal(面积, 1) > 2", "decimal"),
        ("round half up(面积, 项目.额) > 1", "位数"),
        ("some 甲 in [1, 2] satisfies 甲 > 面积", "一次计算"),
        ("面积 * 面积 * 面积 > 1", "算不准"),
        ("min([]) = 1", "min"),
    ],
)
def test_what_engines_do_not_share_is_refused_with_its_place(text: str, why: str) -> None:
    with pytest.raises(PopulationError, match=why) as refused:
        compile_rule(parse(text), TABLE, COLUMNS)
    assert refused.value.mend
    assert "第1行" in refused.value.message


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(PopulationError, match="没有“营业收入”"):
        compile_rule(parse("营业收入 > 1"), TABLE, COLUMNS)


def test_money_stays_exact_where_binary_numbers_would_not() -> None:
    rule, columns = parse("额 * 0.1 + 额 * 0.2 = 额 * 0.3"), {"额": Column(NUMBER, digits=17, scale=2)}
    table = ibis.memtable(pa.table({"额": pa.array([Decimal("123456789012345.67")], pa.decimal128(17, 2))}))
    assert ENGINE.to_pyarrow(table.select(v=compile_rule(rule, table, columns)))["v"].to_pylist() == [True]


@pytest.mark.parametrize("rule", ["额 * 亩 * 0.3", "亩 * 额", "额 * 额"])
def test_a_product_of_two_columns_keeps_more_digits_than_a_machine_word(rule: str) -> None:
    columns = {"额": Column(NUMBER, digits=16, scale=2), "亩": Column(NUMBER, digits=16, scale=4)}
    facts = {"额": Decimal("14759723.82"), "亩": Decimal("445742.1776")}
    types = {"额": pa.decimal128(16, 2), "亩": pa.decimal128(16, 4)}
    table = ibis.memtable(pa.table({name: pa.array([facts[name]], types[name]) for name in facts}))
    found = ENGINE.to_pyarrow(table.select(v=compile_rule(parse(rule), table, columns)))["v"].to_pylist()
    assert found == [evaluate(parse(rule), facts)]


def test_a_text_holds_nothing_that_the_engine_runs() -> None:
    rule = parse("""业态 = "'; DROP TABLE p; --" """)
    table = ibis.memtable(pa.table({"业态": ["'; DROP TABLE p; --", "餐"]}))
    column = compile_rule(rule, table, {"业态": Column(STRING)})
    assert ENGINE.to_pyarrow(table.select(v=column))["v"].to_pylist() == [True, False]
