# SPDX-License-Identifier: Apache-2.0
"""Does a rule fit its names and types? Found out when a definition loads, not when a citizen asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.compute import ARITHMETIC, PARTS, order
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.functions import FUNCTIONS
from yiwang.engines.rules.types import (
    ANY,
    BOOLEAN,
    NUMBER,
    ORDERED,
    Kind,
    Type,
    fits,
    kind_of,
    list_of,
    range_of,
)


def check(expr: nodes.Expr, types: Mapping[str, Type], *, source: str = "") -> Type:
    """The type of a rule whose names have these types.

    `types` may be flat (``{"项目.总投资额": NUMBER}``) or use contexts. Raises RuleError for an
    unknown name (with the nearest ones), operands that do not go together, a text that is not
    among the choices, an empty range; each with its place.
    """
    return _Checker(types, source).type_of(expr)


class _Checker:
    def __init__(self, types: Mapping[str, Type], source: str) -> None:
        self.types = types
        self.source = source
        self.bound: dict[str, Type] = {}

    def type_of(self, expr: nodes.Expr) -> Type:
        rule = _RULES.get(type(expr))
        if rule is None:
            raise nodes.refuse(expr)
        return rule(self, expr)

    def fail(self, what: str, mend: str, node: nodes.Node) -> RuleError:
        return RuleError(what, mend=mend, at=node.at, source=self.source)

    def boolean(self, expr: nodes.Expr, where: str) -> Type:
        found = self.type_of(expr)
        if not fits(found, BOOLEAN):
            mend = "这里要写一个条件，例如：经营面积 >= 200。"
            raise self.fail(f"{where}要的是条件，这里却是{found}。", mend, expr)
        return BOOLEAN

    def comparable(self, op: str, left: Type, right: Type, node: nodes.Node) -> None:
        """Raise unless the two types may stand on both sides of `op`."""
        if not (fits(left, right) or fits(right, left)):
            one_list = (left.kind is Kind.LIST) is not (right.kind is Kind.LIST)
            mend = (
                "列表里有没有某一项，请写 list contains(列表, 值)。" if one_list else "请让两边是同一类值。"
            )
            raise self.fail(f"{left}和{right}不能比较。", mend, node)
        unordered = next((each for each in (left, right) if not fits(each, ORDERED)), None)
        if op not in ("=", "!=") and unordered:
            raise self.fail(f"{unordered}没有大小先后，不能用“{op}”。", "请改用“=”或“!=”。", node)

    def among(self, wanted: Type, other: nodes.Expr) -> None:
        """Raise if a written text is not among the choices of the other side."""
        if not (wanted.choices and isinstance(other, nodes.Literal) and isinstance(other.value, str)):
            return
        if other.value not in wanted.choices:
            mend = f"可选的是：{'、'.join(wanted.choices)}。"
            raise self.fail(f"“{other.value}”不在可选值里。", mend, other)

    def common(self, types: Iterable[Type], nodes_: Iterable[nodes.Expr], what: str) -> Type:
        """The one type all have; raise at the first that differs."""
        result = Type(Kind.NULL)
        for found, node in zip(types, nodes_, strict=True):
            if not (fits(found, result) or fits(result, found)):
                raise self.fail(f"{what}里既有{result}又有{found}。", "请只放同一类值。", node)
            if result.kind in (Kind.NULL, Kind.ANY):
                result = found
        return ANY if result.kind is Kind.NULL else result

    def lookup(self, expr: nodes.Name) -> Type:
        parts = expr.path.split(".")
        if parts[0] in self.bound:
            return self.members(self.bound[parts[0]], parts[1:], expr)
        for length in range(len(parts), 0, -1):
            prefix = ".".join(parts[:length])
            if prefix in self.types:
                return self.members(self.types[prefix], parts[length:], expr)
        raise self.unknown(expr.path, {**self.types, **self.bound}, expr)

    def members(self, found: Type, names: list[str], node: nodes.Expr) -> Type:
        for name in names:
            found = self.member(found, name, node)
        return found

    def member(self, found: Type, name: str, node: nodes.Expr) -> Type:
        if found.kind is Kind.ANY:
            return ANY
        if found.kind is Kind.LIST:
            return list_of(self.member(found.item or ANY, name, node))
        if found.kind is Kind.CONTEXT:
            inner = found.member(name)
            if inner is None and found.members:
                raise self.unknown(name, dict(found.members), node)
            return inner or ANY
        if (found.kind, name) not in PARTS:
            parts = "、".join(part for kind, part in PARTS if kind is found.kind)
            mend = f"它只有：{parts}。" if parts else "请去掉“.”和后面的名称。"
            raise self.fail(f"{found}没有“{name}”这一部分。", mend, node)
        return NUMBER

    def unknown(self, name: str, known: Mapping[str, Any], node: nodes.Expr) -> RuleError:
        near = get_close_matches(name, known, n=3, cutoff=0.4)
        mend = f"您要写的可能是：{'、'.join(near)}。" if near else "请先在数据元里定义它。"
        return self.fail(f"没有名为“{name}”的数据项。", mend, node)


def _literal(checker: _Checker, expr: nodes.Literal) -> Type:
    value = expr.value
    if isinstance(value, datetime | time) or (isinstance(value, timedelta) and value % timedelta(days=1)):
        raise nodes.refuse(expr)
    return Type(kind_of(value))


def _negative(checker: _Checker, expr: nodes.Negative) -> Type:
    found = checker.type_of(expr.of)
    if found.kind not in (Kind.NUMBER, Kind.DAYS, Kind.MONTHS, Kind.DURATION, Kind.ANY, Kind.NULL):
        raise checker.fail(f"{found}前面不能加负号。", "负号只用于数和时长。", expr)
    return found


def _arithmetic(checker: _Checker, expr: nodes.Arithmetic) -> Type:
    left, right = checker.type_of(expr.left), checker.type_of(expr.right)
    results = {
        result
        for (op, a, b), (result, _) in ARITHMETIC.items()
        if op == expr.op and fits(left, Type(a)) and fits(right, Type(b))
    }
    if not results:
        raise checker.fail(f"{left}和{right}不能用“{expr.op}”计算。", _mend(expr.op, left, right), expr)
    return results.pop() if len(results) == 1 else ANY


def _mend(op: str, left: Type, right: Type) -> str:
    if op == "+" and Kind.STRING in (left.kind, right.kind):
        return "要把数接到文字后面，请写 string(…)。"
    if Kind.DATE in (left.kind, right.kind):
        return '日期只能加减时长，例如 duration("P30D")。'
    return "请检查两边的数据项是不是数。"


def _compare(checker: _Checker, expr: nodes.Compare) -> Type:
    left, right = checker.type_of(expr.left), checker.type_of(expr.right)
    checker.comparable(expr.op, left, right, expr)
    checker.among(left, expr.right)
    checker.among(right, expr.left)
    return BOOLEAN


def _between(checker: _Checker, expr: nodes.Between) -> Type:
    value = checker.type_of(expr.value)
    checker.comparable(">=", value, checker.type_of(expr.low), expr.low)
    checker.comparable("<=", value, checker.type_of(expr.high), expr.high)
    _not_empty(checker, expr.low, expr.high, expr)
    return BOOLEAN


def _interval(checker: _Checker, expr: nodes.Interval) -> Type:
    low, high = checker.type_of(expr.low), checker.type_of(expr.high)
    checker.comparable("<", low, high, expr)
    _not_empty(checker, expr.low, expr.high, expr)
    return range_of(high if low.kind is Kind.NULL else low)


def _not_empty(checker: _Checker, low: nodes.Expr, high: nodes.Expr, node: nodes.Expr) -> None:
    if not isinstance(low, nodes.Literal) or not isinstance(high, nodes.Literal):
        return
    if (order(low.value, high.value) or 0) > 0:
        raise checker.fail("区间的下限比上限大。", "请把两头对调。", node)


def _in(checker: _Checker, expr: nodes.In) -> Type:
    value = checker.type_of(expr.value)
    for test in expr.tests:
        if isinstance(test, nodes.Against):
            checker.comparable(test.op, value, checker.type_of(test.right), test)
            checker.among(value, test.right)
            continue
        found = checker.type_of(test)
        item = found.item or ANY if found.kind in (Kind.LIST, Kind.RANGE) else found
        if item.kind is Kind.RANGE:
            item = item.item or ANY
        if not (fits(value, item) or fits(item, value) or fits(value, found)):
            raise checker.fail(f"{value}不会在{found}里。", "请让两边是同一类值。", test)
        checker.among(item, expr.value)
        for each in test.items if isinstance(test, nodes.ListOf) else (test,):
            checker.among(value, each)
    return BOOLEAN


def _list(checker: _Checker, expr: nodes.ListOf) -> Type:
    types = [checker.type_of(item) for item in expr.items]
    return list_of(checker.common(types, expr.items, "同一个列表"))


def _connective(checker: _Checker, expr: nodes.And | nodes.Or) -> Type:
    for part in expr.parts:
        checker.boolean(part, "and" if isinstance(expr, nodes.And) else "or")
    return BOOLEAN


def _if(checker: _Checker, expr: nodes.If) -> Type:
    checker.boolean(expr.test, "if 后面")
    branches = (expr.yes, expr.no)
    return checker.common([checker.type_of(each) for each in branches], branches, "then 和 else ")


def _quantified(checker: _Checker, expr: nodes.Quantified) -> Type:
    outer = dict(checker.bound)
    for binding in expr.bindings:
        source = checker.type_of(binding.source)
        if not fits(source, list_of(ANY)):
            raise checker.fail(
                f"{expr.quantifier} 要的是列表，这里却是{source}。", "请换成列表。", binding.source
            )
        checker.bound[binding.name] = source.item or ANY
    checker.boolean(expr.satisfies, "satisfies 后面")
    checker.bound = outer
    return BOOLEAN


def _call(checker: _Checker, expr: nodes.Call) -> Type:
    function = FUNCTIONS[expr.function]
    given = tuple(checker.type_of(each) for each in expr.arguments)
    spread = function.spread and not (len(given) == 1 and fits(given[0], list_of(ANY)))
    wanted = (function.takes[0].item or ANY,) * len(given) if spread else function.takes
    for found, want, node in zip(given, wanted, expr.arguments, strict=False):
        if not fits(found, want):
            raise checker.fail(f"函数 {expr.function} 要{want}，这里却是{found}。", f"请换成{want}。", node)
    if expr.function == "list contains":
        checker.among(given[0].item or ANY, expr.arguments[1])
    if function.gives_item and spread:
        return checker.common(given, expr.arguments, f"函数 {expr.function} ")
    return function.result(given)


def _not(checker: _Checker, expr: nodes.Not) -> Type:
    return checker.boolean(expr.of, "not(…) ")


_RULES: Final[Mapping[type, Callable[[_Checker, Any], Type]]] = {
    nodes.Literal: _literal,
    nodes.Name: lambda checker, expr: checker.lookup(expr),
    nodes.Member: lambda checker, expr: checker.member(checker.type_of(expr.of), expr.name, expr),
    nodes.Negative: _negative,
    nodes.Arithmetic: _arithmetic,
    nodes.Compare: _compare,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.Interval: _interval,
    nodes.ListOf: _list,
    nodes.Not: _not,
    nodes.And: _connective,
    nodes.Or: _connective,
    nodes.If: _if,
    nodes.Quantified: _quantified,
    nodes.Call: _call,
}
