# SPDX-License-Identifier: Apache-2.0
"""Promises of the rule language, over random rules and facts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from yiwang.engines.rules import RuleError, check, evaluate, explain, names, parse, to_feel, words
from yiwang.engines.rules.nodes import Expr
from yiwang.engines.rules.tests.strategies import TYPES, VALUES, amounts, decimals, facts, rules
from yiwang.engines.rules.types import Kind

exprs = rules() | amounts()


@given(exprs)
def test_what_is_written_back_reads_the_same(expr: Expr) -> None:
    assert parse(to_feel(expr)) == expr


@given(exprs, facts())
def test_a_well_typed_rule_runs_on_any_facts_of_its_types(expr: Expr, given_facts: dict[str, Any]) -> None:
    value = evaluate(expr, given_facts)
    kind = _kind(expr)
    if kind is Kind.BOOLEAN:
        assert value is None or isinstance(value, bool)
    if kind is Kind.NUMBER:
        assert value is None or isinstance(value, Decimal)


def _kind(expr: Expr) -> Kind | None:
    """The kind of a generated rule, or None for the only complaint it may earn."""
    try:
        return check(expr, TYPES).kind
    except RuleError as error:
        if "下限比上限大" not in error.what:
            raise
        return None


@given(rules(), facts(), facts())
def test_learning_more_never_overturns_an_answer(
    expr: Expr, before: dict[str, Any], more: dict[str, Any]
) -> None:
    decided = evaluate(expr, before)
    assume(decided is not None)
    assert evaluate(expr, {**more, **before}) is decided


@given(exprs, facts())
def test_the_explanation_agrees_with_the_evaluation(expr: Expr, given_facts: dict[str, Any]) -> None:
    told = explain(expr, given_facts)
    assert told.value == evaluate(expr, given_facts)
    assert told.outcome == (told.value if isinstance(told.value, bool) else None)
    assert set(told.unknown_names) <= set(names(expr)) - set(given_facts)
    if told.outcome is not None:
        assert told.unknown_names == ()


@given(rules(), facts(), st.data())
def test_only_the_names_the_explanation_asks_for_can_decide(
    expr: Expr, given_facts: dict[str, Any], data: st.DataObject
) -> None:
    told = explain(expr, given_facts)
    assume(told.outcome is None)
    others = [name for name in VALUES if name not in given_facts and name not in told.unknown_names]
    more = {name: data.draw(VALUES[name]) for name in others}
    assert evaluate(expr, {**more, **given_facts}) is None


_NULL_OR_FALSE = parse("if (some 甲 in 各额 satisfies 甲 = 0) or 面积 > 1 then 是否设招牌 else false")


@given(rules(), facts())
@example(_NULL_OR_FALSE, {"面积": Decimal(0), "各额": None})
def test_the_facts_of_the_decisive_conditions_are_enough(expr: Expr, given_facts: dict[str, Any]) -> None:
    told = explain(expr, given_facts)
    assume(told.outcome is not None)
    enough = {name for each in told.decisive for name, _ in each.values}
    assert evaluate(expr, {k: v for k, v in given_facts.items() if k in enough}) is told.outcome


@given(exprs)
def test_every_rule_can_be_said_in_chinese(expr: Expr) -> None:
    assert words(expr).strip()


@given(decimals, decimals)
def test_money_adds_up_exactly(left: Decimal, right: Decimal) -> None:
    given_facts = {"a": left, "b": right}
    assert evaluate(parse("a + b"), given_facts) == left + right
    assert evaluate(parse("a * b"), given_facts) == left * right
    assert evaluate(parse("a + b - b = a"), given_facts) is True


LANGUAGE = (
    "and or not if then else some every in satisfies between true false null sum count max "
    "( ) [ ] .. . , = != < <= > >= + - * / ** // /* 且 ， “ 。 "
    '1 0.5 "a" 经营面积 a 项目 date("2026-01-01") @"P1D"'
)
tokens = st.sampled_from(LANGUAGE.split(" "))


@given(st.text(max_size=60) | st.lists(tokens, max_size=25).map(" ".join))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    error = _refusal(text)
    if error is None:
        assert parse(to_feel(parse(text))) == parse(text)
        return
    assert error.at is not None
    assert error.mend
    lines = text.split("\n")
    assert 1 <= error.at.line <= len(lines)
    assert 1 <= error.at.column <= len(lines[error.at.line - 1]) + 1


def _refusal(text: str) -> RuleError | None:
    try:
        parse(text)
    except RuleError as error:
        return error
    return None
