# SPDX-License-Identifier: Apache-2.0
"""Random well-typed rules and facts for them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from yiwang.engines.rules import BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Months, Type, list_of
from yiwang.engines.rules.nodes import (
    Against,
    And,
    Arithmetic,
    Between,
    Binding,
    Call,
    Compare,
    Expr,
    If,
    In,
    Interval,
    ListOf,
    Literal,
    Member,
    Name,
    Negative,
    Not,
    Or,
    Quantified,
)

TYPES: dict[str, Type] = {
    "面积": NUMBER,
    "项目.额": NUMBER,
    "是否设招牌": BOOLEAN,
    "已备案": BOOLEAN,
    "业态": STRING,
    "开业日": DATE,
    "期限": DAYS,
    "年限": MONTHS,
    "各额": list_of(NUMBER),
}
COMPARE = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
decimals = st.decimals(-1000, 1000, places=2, allow_nan=False)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
spans = st.integers(-900, 900).map(lambda count: timedelta(days=count))
months = st.integers(-60, 60).map(Months)
texts = st.text('餐饮零售ab"\\\n 1', max_size=5)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "面积": decimals,
    "项目.额": decimals,
    "是否设招牌": st.booleans(),
    "已备案": st.booleans(),
    "业态": texts,
    "开业日": days,
    "期限": spans,
    "年限": months,
    "各额": st.lists(decimals | st.none(), max_size=4),
}


def facts() -> st.SearchStrategy[dict[str, Any]]:
    """Some of the facts, some of them null."""
    return st.fixed_dictionaries({}, optional={name: given | st.none() for name, given in VALUES.items()})


def _names(type_: Type) -> st.SearchStrategy[Expr]:
    return st.sampled_from([Name(name) for name, found in TYPES.items() if found == type_])


def _negative(expr: Expr) -> Expr:
    if isinstance(expr, Literal) and isinstance(expr.value, Decimal):
        return Literal(-expr.value)
    return Negative(expr)


def _pair(part: st.SearchStrategy[Expr]) -> st.SearchStrategy[tuple[Expr, ...]]:
    return st.lists(part, min_size=2, max_size=3).map(tuple)


def _numbers(depth: int) -> st.SearchStrategy[Expr]:
    leaf = decimals.map(Literal) | _names(NUMBER)
    if depth == 0:
        return leaf
    deeper = st.deferred(lambda: _numbers(depth - 1))
    listed = st.lists(deeper, max_size=3).map(lambda items: ListOf(tuple(items)))
    return (
        leaf
        | st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), deeper, deeper)
        | deeper.map(_negative)
        | st.builds(If, rules(depth - 1), deeper, deeper)
        | st.builds(Call, st.sampled_from(["floor", "ceiling", "abs"]), st.tuples(deeper))
        | st.builds(Call, st.sampled_from(["min", "max", "sum", "count", "mean"]), st.tuples(listed))
        | st.builds(Call, st.sampled_from(["sum", "max", "count"]), st.tuples(_names(list_of(NUMBER))))
        | st.builds(Call, st.sampled_from(["modulo", "decimal", "round half up"]), st.tuples(deeper, deeper))
        | st.builds(Call, st.just("string length"), st.tuples(_texts(depth - 1)))
        | st.builds(Member, st.builds(Arithmetic, st.just("-"), _dates(0), _dates(0)), st.just("days"))
    )


def _texts(depth: int) -> st.SearchStrategy[Expr]:
    leaf = texts.map(Literal) | _names(STRING)
    if depth == 0:
        return leaf
    return (
        leaf
        | st.builds(Arithmetic, st.just("+"), _texts(depth - 1), _texts(depth - 1))
        | st.builds(Call, st.just("string"), st.tuples(_numbers(depth - 1)))
        | st.builds(Call, st.just("substring"), st.tuples(_texts(depth - 1), _numbers(depth - 1)))
    )


def _spans() -> st.SearchStrategy[Expr]:
    return spans.map(Literal) | months.map(Literal) | _names(DAYS) | _names(MONTHS)


def _dates(depth: int) -> st.SearchStrategy[Expr]:
    leaf = days.map(Literal) | _names(DATE)
    if depth == 0:
        return leaf
    return leaf | st.builds(Arithmetic, st.sampled_from(["+", "-"]), _dates(depth - 1), _spans())


def rules(depth: int = 3) -> st.SearchStrategy[Expr]:
    """Random conditions over TYPES."""
    leaf = _names(BOOLEAN) | st.booleans().map(Literal)
    if depth == 0:
        return leaf | st.builds(Compare, COMPARE, _names(NUMBER), decimals.map(Literal))
    deeper = st.deferred(lambda: rules(depth - 1))
    number, text, day = _numbers(depth - 1), _texts(depth - 1), _dates(depth - 1)
    interval = st.builds(Interval, number, number, st.booleans(), st.booleans())
    listed = st.lists(number, max_size=3).map(lambda items: ListOf(tuple(items)))
    test = st.builds(Against, COMPARE, number) | interval | listed | number | _names(list_of(NUMBER))
    each = st.builds(Compare, COMPARE, st.just(Name("甲")), number)
    return (
        leaf
        | st.builds(Compare, COMPARE, number, number)
        | st.builds(Compare, COMPARE, text, text)
        | st.builds(Compare, COMPARE, day, day)
        | st.builds(Between, number, number, number)
        | st.builds(In, number, st.lists(test, min_size=1, max_size=3).map(tuple))
        | st.builds(Call, st.sampled_from(["contains", "starts with"]), st.tuples(text, text))
        | st.builds(Call, st.just("list contains"), st.tuples(listed, number))
        | st.builds(Not, deeper)
        | st.builds(And, _pair(deeper))
        | st.builds(Or, _pair(deeper))
        | st.builds(If, deeper, deeper, deeper)
        | st.builds(
            Quantified,
            st.sampled_from(["some", "every"]),
            st.tuples(st.builds(Binding, st.just("甲"), listed | _names(list_of(NUMBER)))),
            each | st.builds(And, st.tuples(each, deeper)),
        )
    )


def amounts() -> st.SearchStrategy[Expr]:
    """Random numeric rules over TYPES."""
    return _numbers(3)
