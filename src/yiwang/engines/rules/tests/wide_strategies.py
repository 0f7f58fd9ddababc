# SPDX-License-Identifier: Apache-2.0
"""Random expressions of DMN models, typed or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from yiwang.engines.rules.nodes import (
    Against,
    And,
    Arithmetic,
    Binding,
    Compare,
    ContextOf,
    Entry,
    Expr,
    Filter,
    For,
    FunctionOf,
    If,
    In,
    InstanceOf,
    Interval,
    Invoke,
    ListOf,
    Literal,
    Name,
    Not,
    Parameter,
    Quantified,
    Ray,
    Span,
)

names = st.sampled_from(["a", "b", "c.d", "x"])
bound = st.sampled_from(["x", "y"])
keys = st.sampled_from(["k", "k 2", "a-b"])
compared = st.sampled_from(["=", "<", ">=", "!="])
TYPES = ["number", "list<number>", "date and time", "context<a: number>", "function<number>->string"]
CALLED = ["count", "string length", "flatten", "days", "date and time", "sort", "context put", "x"]
literals = st.sampled_from(
    [
        Decimal(3),
        Decimal("-0.5"),
        "文 字",
        True,
        None,
        timedelta(hours=1, seconds=0.5),
        datetime(2026, 5, 1, 10, 30, tzinfo=UTC),
        datetime(2026, 5, 1, 10, 30, tzinfo=timezone(timedelta(hours=8))).timetz(),
    ]
).map(Literal)


def _many(part: st.SearchStrategy[Expr], least: int = 0) -> st.SearchStrategy[tuple[Expr, ...]]:
    return st.lists(part, min_size=least, max_size=3).map(tuple)


def _context(part: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    entry = st.builds(Entry, keys, part)
    return st.lists(entry, max_size=2).map(lambda entries: ContextOf(tuple(entries)))


def _looped(part: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    bindings = st.tuples(st.builds(Binding, bound, part | st.builds(Span, part, part)))
    return st.builds(For, bindings, part) | st.builds(
        Quantified, st.sampled_from(["some", "every"]), bindings, part
    )


def models(depth: int = 3) -> st.SearchStrategy[Expr]:
    """Random expressions with every node a model may have."""
    leaf = literals | names.map(Name)
    if depth == 0:
        return leaf
    part = st.deferred(lambda: models(depth - 1))
    called = st.sampled_from(CALLED).map(Name)
    parameters = st.lists(st.builds(Parameter, bound, st.sampled_from(["", *TYPES])), max_size=2).map(tuple)
    return (
        leaf
        | _looped(part)
        | _context(part)
        | _many(part).map(ListOf)
        | st.builds(Filter, part, part | st.builds(Against, compared, part))
        | st.builds(FunctionOf, parameters, part)
        | st.builds(Invoke, called, _many(part))
        | st.builds(Invoke, called, st.tuples(part), st.just(("a key",)))
        | st.builds(InstanceOf, part, st.sampled_from(TYPES))
        | st.builds(Ray, compared, part)
        | st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), part, part)
        | st.builds(Compare, compared, part, part)
        | st.builds(In, part, st.tuples(st.builds(Interval, part, part)))
        | st.builds(If, part, part, part)
        | st.builds(And, _many(part, 2))
        | part.map(Not)
    )
