# SPDX-License-Identifier: Apache-2.0
"""Run a rule on the facts of one subject.

Three-valued: a fact nobody has given is unknown and makes what depends on it unknown, except
where ``and``, ``or``, ``in``, ``some`` and ``every`` are decided by what is known. So an answer,
once True or False, stays when more facts become known. A given ``None`` is DMN's null.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.compute import (
    arithmetic,
    compared,
    conjunction,
    disjunction,
    member,
    negation,
    within,
)
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.functions import FUNCTIONS
from yiwang.engines.rules.types import Kind, value_fits
from yiwang.engines.rules.values import UNKNOWN, Inner, Range, Value, known, normal, settled

# A step is one node, or one item of a list or 64 characters of a text that it hands on.
MAX_STEPS: Final = 500_000


def evaluate(expr: nodes.Expr, facts: Mapping[str, Any]) -> Value:
    """The value of a rule for these facts; None where it is null or not yet known.

    Facts may be flat (``{"项目.总投资额": 1}``) or nested (``{"项目": {"总投资额": 1}}``).
    Raises RuleError for a fact the language cannot hold, and when lists make the work too long.
    """
    return known(Run(facts).value(expr))


class Run:
    """One evaluation: the facts, the names bound by ``some`` and ``every``, the steps left."""

    rules: Mapping[type, Callable[[Any, Any], Inner]] = MappingProxyType({})

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts
        self.read: dict[str, Value] = {}
        self.bound: dict[str, Inner] = {}
        self.steps = MAX_STEPS

    def value(self, expr: nodes.Expr) -> Inner:
        """The value of a node, possibly unknown. Raises RuleError as :func:`evaluate` does."""
        rule = self.rules.get(type(expr))
        if rule is None:
            raise nodes.refuse(expr)
        result = rule(self, expr)
        self.steps -= 1
        if isinstance(result, tuple):
            self.steps -= len(result)
        elif isinstance(result, str):
            self.steps -= len(result) // 64
        if self.steps < 0:
            raise RuleError("规则要算的步数太多。", mend="请缩短列表，或减少嵌套的 some、every。", at=expr.at)
        return result

    def lookup(self, path: str) -> Inner:
        """The value of a dotted name: the longest given prefix, then its members."""
        parts = path.split(".")
        if parts[0] in self.bound:
            return _members(self.bound[parts[0]], parts[1:])
        for length in range(len(parts), 0, -1):
            prefix = ".".join(parts[:length])
            if prefix in self.facts:
                if prefix not in self.read:
                    self.read[prefix] = normal(self.facts[prefix], name=prefix)
                return _members(self.read[prefix], parts[length:])
        return UNKNOWN


def _members(value: Inner, names: list[str]) -> Inner:
    if not names:
        return value
    if isinstance(value, tuple):  # of a list: the list of the members of its items
        return tuple(_members(item, names) for item in value)
    if value is UNKNOWN or (isinstance(value, Mapping) and names[0] not in value):
        return UNKNOWN
    return _members(member(value, names[0]), names[1:])


def _literal(run: Run, expr: nodes.Literal) -> Inner:
    return expr.value


def _name(run: Run, expr: nodes.Name) -> Inner:
    return run.lookup(expr.path)


def _member(run: Run, expr: nodes.Member) -> Inner:
    return _members(run.value(expr.of), [expr.name])


def _negative(run: Run, expr: nodes.Negative) -> Inner:
    value = run.value(expr.of)
    return arithmetic("*", value, Decimal(-1)) if settled(value) else UNKNOWN


def _arithmetic(run: Run, expr: nodes.Arithmetic) -> Inner:
    left, right = run.value(expr.left), run.value(expr.right)
    return arithmetic(expr.op, left, right) if settled(left) and settled(right) else UNKNOWN


def _compare(run: Run, expr: nodes.Compare) -> Inner:
    return compared(expr.op, run.value(expr.left), run.value(expr.right))


def _between(run: Run, expr: nodes.Between) -> Inner:
    value = run.value(expr.value)
    low, high = run.value(expr.low), run.value(expr.high)
    return conjunction((compared(">=", value, low), compared("<=", value, high)))


def _in(run: Run, expr: nodes.In) -> Inner:
    value = run.value(expr.value)
    return disjunction(_passes(run, value, test) for test in expr.tests)


def _passes(run: Run, value: Inner, test: nodes.Expr | nodes.Against) -> Inner:
    if isinstance(test, nodes.Against):
        return compared(test.op, value, run.value(test.right))
    if isinstance(test, nodes.Interval):
        low = compared(">=" if test.low_included else ">", value, run.value(test.low))
        high = compared("<=" if test.high_included else "<", value, run.value(test.high))
        return conjunction((low, high))
    wanted = run.value(test)
    if isinstance(wanted, tuple):
        return disjunction(_matches(value, item) or False for item in (wanted, *wanted))
    return _matches(value, wanted)


def _matches(value: Inner, wanted: Inner) -> Inner:
    if not settled(value) or not settled(wanted):
        return UNKNOWN
    if isinstance(wanted, Range):
        return within(value, wanted)
    return compared("=", value, wanted)


def _interval(run: Run, expr: nodes.Interval) -> Inner:
    low, high = run.value(expr.low), run.value(expr.high)
    if not settled(low) or not settled(high):
        return UNKNOWN
    return Range(low, high, expr.low_included, expr.high_included)


def _list(run: Run, expr: nodes.ListOf) -> Inner:
    return tuple(run.value(item) for item in expr.items)


def _not(run: Run, expr: nodes.Not) -> Inner:
    return negation(run.value(expr.of))


def _and(run: Run, expr: nodes.And) -> Inner:
    return conjunction(run.value(part) for part in expr.parts)


def _or(run: Run, expr: nodes.Or) -> Inner:
    return disjunction(run.value(part) for part in expr.parts)


def _if(run: Run, expr: nodes.If) -> Inner:
    return chosen(run.value(expr.test), lambda: run.value(expr.yes), lambda: run.value(expr.no))


def chosen(test: Inner, yes: Callable[[], Inner], no: Callable[[], Inner]) -> Inner:
    """The branch a test chooses; while the test is unknown, the value both branches agree on."""
    if test is not UNKNOWN:
        return yes() if test is True else no()
    either = yes()
    return either if compared("=", either, no()) is True else UNKNOWN


def _quantified(run: Run, expr: nodes.Quantified) -> Inner:
    combine = disjunction if expr.quantifier == "some" else conjunction
    with closing(_outcomes(run, expr, 0)) as outcomes:
        return combine(outcomes)


def _outcomes(run: Run, expr: nodes.Quantified, index: int) -> Generator[Inner]:
    if index == len(expr.bindings):
        yield run.value(expr.satisfies)
        return
    binding = expr.bindings[index]
    source = run.value(binding.source)
    if source is UNKNOWN or source is None:
        yield source
        return
    hidden = run.bound.get(binding.name)
    was_bound = binding.name in run.bound
    try:
        for item in source if isinstance(source, tuple) else (source,):
            run.bound[binding.name] = item
            yield from _outcomes(run, expr, index + 1)
    finally:
        if was_bound:
            run.bound[binding.name] = hidden
        else:
            run.bound.pop(binding.name, None)


def _call(run: Run, expr: nodes.Call) -> Inner:
    function = FUNCTIONS[expr.function]
    given = tuple(run.value(argument) for argument in expr.arguments)
    if function.spread and not (len(given) == 1 and (given[0] is UNKNOWN or isinstance(given[0], tuple))):
        given = (given,)
    for value, wanted in zip(given, function.takes, strict=False):
        if value is UNKNOWN or not (function.open or settled(value)):
            return UNKNOWN
        if value is None and wanted.kind is not Kind.ANY:
            return None
        if not value_fits(value, wanted):
            return None
    result: Inner = function.run(*given)
    return result


RULES: Final[Mapping[type, Callable[[Run, Any], Inner]]] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Member: _member,
    nodes.Negative: _negative,
    nodes.Arithmetic: _arithmetic,
    nodes.Compare: _compare,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.Interval: _interval,
    nodes.ListOf: _list,
    nodes.Not: _not,
    nodes.And: _and,
    nodes.Or: _or,
    nodes.If: _if,
    nodes.Quantified: _quantified,
    nodes.Call: _call,
}
Run.rules = RULES
