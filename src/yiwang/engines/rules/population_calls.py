# SPDX-License-Identifier: Apache-2.0
"""The built-in functions over a population: those whose meaning every engine shares to the digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.population_spans import Span, either, highest, lowest
from yiwang.engines.rules.population_terms import Compiling, Term, width
from yiwang.engines.rules.population_unknown import unknown_when
from yiwang.engines.rules.types import BOOLEAN, MONTHS, Kind
from yiwang.kernel.late import Late

ibis: Any = Late("ibis")

COUNTED: Final = Span(1 - Decimal(10) ** 10, Decimal(10) ** 10 - 1)
"""More than a text has letters or a duration days."""
_ROUNDED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "floor": lambda value: value.floor(),
    "ceiling": lambda value: value.ceil(),
    "round half up": lambda value: value.round(0),
    "round up": lambda value: ibis.ifelse(value >= 0, value.ceil(), value.floor()),
    "round down": lambda value: ibis.ifelse(value >= 0, value.floor(), value.ceil()),
}


def call(compiler: Compiling, expr: nodes.Call) -> Term:
    """The compiled call. Raises PopulationError for a function that engines do not share."""
    if expr.function in _ROUNDED:
        return _rounded(compiler, expr)
    rule, arguments = _CALLS.get(expr.function), arguments_of(expr)
    if rule is None or not arguments:
        mend = f"可用的函数：{'、'.join(sorted([*_CALLS, *_ROUNDED]))}。"
        raise compiler.fail(f"函数 {expr.function} 不能对全部对象一次计算。", mend, expr)
    return rule(compiler, expr, [compiler.term(each) for each in arguments])


def arguments_of(expr: nodes.Call) -> tuple[nodes.Expr, ...]:
    """``sum([a, b])`` is ``sum(a, b)``."""
    first = expr.arguments[0]
    return first.items if len(expr.arguments) == 1 and isinstance(first, nodes.ListOf) else expr.arguments


def _rounded(compiler: Compiling, expr: nodes.Call) -> Term:
    """Shift the point, round to a whole number, shift back: exact in decimals."""
    value, places = compiler.term(expr.arguments[0]), 0
    if len(expr.arguments) > 1:
        wanted = expr.arguments[1]
        if not isinstance(wanted, nodes.Literal) or not isinstance(wanted.value, Decimal):
            raise compiler.fail("保留几位小数要写成一个数。", "请直接写位数，例如 2。", wanted)
        places = int(wanted.value)
    if places >= value.scale:
        return value
    if places >= 0 and expr.function == "round half up":
        return compiler.number(value.value.round(places), value.span.rounded(places), places, expr)
    shifted = compiler.times(value, Decimal(1).scaleb(places), expr) if places else value
    span = shifted.span.rounded(0)
    room = compiler.number(shifted.value, span, shifted.scale, expr)  # 0.99 may become 1
    whole = compiler.number(_ROUNDED[expr.function](room.value), span, 0, expr)
    return compiler.times(whole, Decimal(1).scaleb(-places), expr) if places else whole


def _sum(compiler: Compiling, expr: nodes.Call, given: list[Term]) -> Term:
    return reduce(lambda a, b: compiler.total(a, b, expr), given)


def _extreme(which: str) -> Callable[[Compiling, nodes.Call, list[Term]], Term]:
    def run(compiler: Compiling, expr: nodes.Call, given: list[Term]) -> Term:
        """Engines pass over missing values; a rule may not: with one unknown, so is the result."""
        first = given[0]
        if first.type.kind is Kind.STRING:
            raise compiler.fail("文字的先后各引擎不同。", "请改用数或日期。", expr)
        if first.type.kind is Kind.NUMBER:
            return _extreme_number(compiler, expr, given, which)
        return compiler.like(first, _best(compiler, expr, [term.value for term in given], which))

    return run


def _extreme_number(compiler: Compiling, expr: nodes.Call, given: list[Term], which: str) -> Term:
    spans, scale = [term.span for term in given], max(term.scale for term in given)
    digits = width(either(spans), scale)
    best = _best(compiler, expr, [term.cast(digits, scale) for term in given], which)
    return compiler.number(best, _SPANS[which](spans), scale, expr)


def _best(compiler: Compiling, expr: nodes.Call, values: list[Any], which: str) -> Any:
    best = getattr(ibis, which)(*values) if len(values) > 1 else values[0]
    unknown = unknown_when(compiler, zip(arguments_of(expr), values, strict=True))
    return best if unknown is None else ibis.ifelse(unknown, ibis.null(), best)


_SPANS: Final = {"least": lowest, "greatest": highest}


def _abs(compiler: Compiling, expr: nodes.Call, given: list[Term]) -> Term:
    one = given[0]
    if one.type.kind is not Kind.NUMBER:
        return compiler.like(one, one.value.abs())
    return compiler.number(one.value.abs(), one.span.size(), one.scale, expr)


def _months_between(compiler: Compiling, expr: nodes.Call, given: list[Term]) -> Term:
    start, end = (term.value for term in given)
    months = (end.year() - start.year()) * 12 + end.month() - start.month()
    back = ibis.cases(
        ((months > 0) & (end.day() < start.day()), -1), ((months < 0) & (end.day() > start.day()), 1), else_=0
    )
    return compiler.plain((months + back).cast("int64"), MONTHS)


def _on_texts(run: Callable[[Any, Any], Any]) -> Callable[[Compiling, nodes.Call, list[Term]], Term]:
    return lambda compiler, expr, given: compiler.plain(run(given[0].value, given[1].value), BOOLEAN)


def _contains(compiler: Compiling, expr: nodes.Call, given: list[Term]) -> Term:
    return compiler.plain(given[0].value.contains(given[1].value), BOOLEAN)


_CALLS: Final[Mapping[str, Callable[[Compiling, nodes.Call, list[Term]], Term]]] = {
    "sum": _sum,
    "min": _extreme("least"),
    "max": _extreme("greatest"),
    "abs": _abs,
    "years and months duration": _months_between,
    "contains": _on_texts(lambda text, part: text.contains(part)),
    "starts with": _on_texts(lambda text, part: text.startswith(part)),
    "ends with": _on_texts(lambda text, part: text.endswith(part)),
    "string length": lambda compiler, expr, given: compiler.number(given[0].value.length(), COUNTED, 0, expr),
    "list contains": _contains,
}
