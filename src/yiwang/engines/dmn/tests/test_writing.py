# SPDX-License-Identifier: Apache-2.0
"""What is written as DMN and read back decides as before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.engines.dmn import Evaluation, Model, read_model, write_model
from yiwang.engines.rules import BOOLEAN, NUMBER, Months, RuleError, choice, evaluate, parse
from yiwang.engines.rules.nodes import Expr
from yiwang.engines.rules.table_reading import read_table
from yiwang.engines.rules.tables import Hit, Output, decide
from yiwang.engines.rules.tests.strategies import TYPES, VALUES, rules

SPACE = "urn:yiwang:test"


def run(model: Model, name: str, facts: dict[str, Any]) -> Any:
    inputs: dict[tuple[str, str], Any] = {}
    for each in model.elements.values():
        inner = {
            key.partition(".")[2]: value for key, value in facts.items() if key.startswith(f"{each.name}.")
        }
        if each.name in facts or inner:
            inputs[SPACE, each.id] = facts.get(each.name, inner)
    element = model.element(name)
    assert element is not None
    return Evaluation(model, inputs).value((SPACE, element.id))


def plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@settings(max_examples=60)
@given(rules(2), st.fixed_dictionaries(VALUES))
def test_a_rule_decides_alike_here_and_in_a_model(expr: Expr, facts: dict[str, Any]) -> None:
    facts = {name: plain(value) for name, value in facts.items()}
    data = write_model("规则", {"结果": expr}, namespace=SPACE, inputs=TYPES)
    model = read_model(data)
    assert not model.problems
    assert run(model, "结果", facts) == evaluate(expr, facts)


TABLE = read_table(
    inputs=["年龄", "业态"],
    outputs=[Output("级", ("甲", "乙", "丙"), parse('"丙"')), Output("额")],
    rows=[
        (["< 18, > 60", '"餐饮"'], ['"甲"', "年龄 * 10"], "第三条"),
        (["[18..60]", '"餐饮", "零售"'], ['"乙"', "5"], ""),
        (["-", 'not("餐饮")'], ['"丙"', "0.5"], ""),
    ],
    hit=Hit.FIRST,
)
INPUTS = {"年龄": NUMBER, "业态": choice("餐饮", "零售", "其他")}


@given(st.integers(0, 99), st.sampled_from(["餐饮", "零售", "其他"]))
def test_a_table_decides_alike_here_and_in_a_model(age: int, trade: str) -> None:
    model = read_model(write_model("表", {"定级": TABLE}, namespace=SPACE, inputs=INPUTS))
    facts = {"年龄": Decimal(age), "业态": trade}
    assert run(model, "定级", facts) == decide(TABLE, facts).value


def test_clauses_and_choices_are_written_too() -> None:
    text = write_model("表", {"定级": TABLE}, namespace=SPACE, inputs=INPUTS).decode()
    assert "<description>第三条</description>" in text
    assert '<text>"餐饮", "零售", "其他"</text>' in text
    assert "<text>&lt; 18, &gt; 60</text>" in text


def test_a_name_that_is_no_input_is_refused() -> None:
    with pytest.raises(RuleError, match="不在输入里"):
        write_model("表", {"定级": parse("面积 > 1")}, namespace=SPACE, inputs={"招牌": BOOLEAN})


def test_months_are_written_as_a_duration() -> None:
    expr = parse('年限 >= duration("P2Y")')
    model = read_model(write_model("年", {"够": expr}, namespace=SPACE, inputs={"年限": TYPES["年限"]}))
    assert run(model, "够", {"年限": Months(24)}) is True
