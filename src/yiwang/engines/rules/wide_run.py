# SPDX-License-Identifier: Apache-2.0
"""Run an expression of a DMN model: all of FEEL, where what is missing is null.

It is the evaluator of policy rules with more nodes, wider values and DMN's own reading of a missing name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules import wide_values as wide
from yiwang.engines.rules.compute import conjunction, disjunction
from yiwang.engines.rules.evaluator import RULES, Run
from yiwang.engines.rules.values import Range
from yiwang.engines.rules.wide_calls import call
from yiwang.engines.rules.wide_functions import BUILTINS
from yiwang.engines.rules.wide_loops import for_, quantified
from yiwang.engines.rules.wide_parts import member
from yiwang.engines.rules.wide_types import WideType, instance_of, read_type
from yiwang.engines.rules.wide_values import FunctionValue, HalfRange, holds, kind

MAX_CALLS: Final = 60


def evaluate_wide(
    expr: nodes.Expr, facts: Mapping[str, Any], *, types: Mapping[str, WideType] | None = None
) -> Any:
    """The value of an expression for these facts (values as :mod:`wide_values` has them); None for null.

    Raises RuleError when the work becomes too long.
    """
    return WideRun(facts, types or {}).value(expr)


class WideRun(Run):
    """One evaluation in a model: facts, local names, types of the model."""

    def __init__(self, facts: Mapping[str, Any], types: Mapping[str, WideType]) -> None:
        super().__init__(facts)
        self.types = types
        self.bound: dict[str, Any] = {}
        self.calls = 0

    def value(self, expr: nodes.Expr) -> Any:
        """The value of a node; None for null."""
        return super().value(expr)

    def lookup(self, path: str) -> Any:
        """A dotted name: local names first, then facts (the longest that fits), then built-ins."""
        parts = path.split(".")
        for scope in (self.bound, self.facts, BUILTINS):
            for length in range(len(parts), 0, -1):
                prefix = ".".join(parts[:length])
                if prefix in scope:
                    return _members(scope[prefix], parts[length:])
        return None

    @contextmanager
    def scope(self, names: Mapping[str, Any]) -> Iterator[None]:
        """Local names for a while."""
        outer = self.bound
        self.bound = {**outer, **names}
        try:
            yield
        finally:
            self.bound = outer


def _members(value: Any, names: list[str]) -> Any:
    for name in names:
        value = member(value, name)
    return value


def _compare(run: WideRun, expr: nodes.Compare) -> Any:
    left, right = run.value(expr.left), run.value(expr.right)
    if isinstance(left, FunctionValue) or isinstance(right, FunctionValue):
        return None
    return holds(expr.op, left, right)


def _negative(run: WideRun, expr: nodes.Negative) -> Any:
    return wide.arithmetic("*", run.value(expr.of), Decimal(-1))


def _arithmetic(run: WideRun, expr: nodes.Arithmetic) -> Any:
    return wide.arithmetic(expr.op, run.value(expr.left), run.value(expr.right))


def _between(run: WideRun, expr: nodes.Between) -> Any:
    value, low, high = run.value(expr.value), run.value(expr.low), run.value(expr.high)
    return conjunction((holds(">=", value, low), holds("<=", value, high)))


def _in(run: WideRun, expr: nodes.In) -> Any:
    value = run.value(expr.value)
    with run.scope({"?": value}):
        return disjunction(passes(run, value, test) for test in expr.tests)


def passes(run: WideRun, value: Any, test: nodes.Expr | nodes.Against) -> Any:
    """Whether a value passes a unary test; a test that speaks of `?` says so itself."""
    if isinstance(test, nodes.Against):
        return holds(test.op, value, run.value(test.right))
    wanted = run.value(test)
    if any(isinstance(each, nodes.Name) and each.path.split(".")[0] == "?" for each in nodes.walk(test)):
        return wanted if isinstance(wanted, bool) else None
    if isinstance(wanted, tuple):
        found = [_matches(value, item) for item in (wanted, *wanted)]
        return True if any(each is True for each in found) else _none_of(found)
    return _matches(value, wanted)


def _none_of(found: list[Any]) -> bool | None:
    return None if len(found) > 1 and all(each is None for each in found) else False


def _matches(value: Any, wanted: Any) -> bool | None:
    if isinstance(wanted, Range) and not isinstance(value, Range):
        return wide.within(value, wanted)
    return wide.equal(value, wanted)


def _interval(run: WideRun, expr: nodes.Interval) -> Any:
    low, high = run.value(expr.low), run.value(expr.high)
    if low is not None and high is not None and kind(low) != kind(high):
        return None
    return Range(low, high, expr.low_included, expr.high_included)


def _ray(run: WideRun, expr: nodes.Ray) -> Any:
    limit = run.value(expr.limit)
    match expr.op:
        case "<" | "<=":
            return HalfRange(None, limit, False, expr.op == "<=")
        case ">" | ">=":
            return HalfRange(limit, None, expr.op == ">=", False)
        case "=":
            return HalfRange(limit, limit)
        case _:
            return None


def _if(run: WideRun, expr: nodes.If) -> Any:
    test = run.value(expr.test)
    if test is not None and not isinstance(test, bool):
        return None
    return run.value(expr.yes if test is True else expr.no)


def _filter(run: WideRun, expr: nodes.Filter) -> Any:
    source = run.value(expr.of)
    items = source if isinstance(source, tuple) else () if source is None else (source,)
    if isinstance(expr.test, nodes.Literal) and isinstance(expr.test.value, Decimal):
        return _nth(items, expr.test.value)
    if not isinstance(expr.test, nodes.Against) and not _speaks_of_items(expr.test, items):
        index = run.value(expr.test)
        if isinstance(index, Decimal):
            return _nth(items, index)
    kept = []
    for item in items:
        members = dict(item) if isinstance(item, Mapping) else {}
        with run.scope({"item": item, **members}):
            outcome = (
                passes(run, item, expr.test) if isinstance(expr.test, nodes.Against) else run.value(expr.test)
            )
        if outcome is not None and not isinstance(outcome, bool):
            return None
        if outcome is True:
            kept.append(item)
    return tuple(kept)


def _speaks_of_items(test: nodes.Expr, items: tuple[Any, ...]) -> bool:
    known = {"item"}
    for item in items:
        known.update(item if isinstance(item, Mapping) else ())
    return any(name.split(".")[0] in known for name in nodes.names(test))


def _nth(items: tuple[Any, ...], index: Decimal) -> Any:
    place = int(index)
    if place != index or place == 0 or abs(place) > len(items):
        return None
    return items[place - 1 if place > 0 else place]


def _context(run: WideRun, expr: nodes.ContextOf) -> Any:
    found: dict[str, Any] = {}
    if len({entry.key for entry in expr.entries}) < len(expr.entries):
        return None
    for entry in expr.entries:
        with run.scope(found):
            found[entry.key] = run.value(entry.value)
    if expr.result is None:
        return found
    with run.scope(found):
        return run.value(expr.result)


def _function(run: WideRun, expr: nodes.FunctionOf) -> Any:
    if expr.external:
        return None
    parameters = tuple((each.name, each.type) for each in expr.parameters)
    enclosed = run.bound

    def body(*given: Any) -> Any:
        if run.calls >= MAX_CALLS:
            return None
        outer, run.bound = (
            run.bound,
            {
                **enclosed,
                **{name: value for (name, _), value in zip(parameters, given, strict=True)},
            },
        )
        run.calls += 1
        try:
            return run.value(expr.body)
        finally:
            run.bound = outer
            run.calls -= 1

    return FunctionValue(parameters, body)


def _invoke(run: WideRun, expr: nodes.Invoke) -> Any:
    function = run.value(expr.of)
    arguments = [run.value(argument) for argument in expr.arguments]
    if isinstance(function, FunctionValue):
        return call(function, arguments, expr.keys, run.types)
    return None


def _instance(run: WideRun, expr: nodes.InstanceOf) -> Any:
    wanted = read_type(expr.type, run.types)
    return None if wanted is None else instance_of(run.value(expr.value), wanted)


WIDE_RULES: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    **RULES,
    nodes.Member: lambda run, expr: member(run.value(expr.of), expr.name),
    nodes.Negative: _negative,
    nodes.Arithmetic: _arithmetic,
    nodes.Compare: _compare,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.Interval: _interval,
    nodes.Ray: _ray,
    nodes.If: _if,
    nodes.Quantified: quantified,
    nodes.For: for_,
    nodes.Filter: _filter,
    nodes.ContextOf: _context,
    nodes.FunctionOf: _function,
    nodes.Invoke: _invoke,
    nodes.InstanceOf: _instance,
}
WideRun.rules = WIDE_RULES
