# SPDX-License-Identifier: Apache-2.0
"""Write a tree back as FEEL text: ``parse(to_feel(expr)) == expr`` for every parsed policy rule.

For the tree of a DMN model too, save that a date or duration of whole days comes back as the call
``date("…")`` or ``duration("…")``, which has the same value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.values import Months, duration_text
from yiwang.engines.rules.wide_temporal import temporal_text

# How tightly each node binds; a part that binds less tightly than its place needs brackets.
_LOOSE, _OR, _AND, _TEST, _SUM, _PRODUCT, _POWER, _UNARY, _TIGHT = range(9)
_BINDS: Final[Mapping[type, int]] = {
    nodes.If: _LOOSE,
    nodes.Quantified: _LOOSE,
    nodes.For: _LOOSE,
    nodes.FunctionOf: _LOOSE,
    nodes.InstanceOf: _TEST,
    nodes.Or: _OR,
    nodes.And: _AND,
    nodes.Compare: _TEST,
    nodes.Between: _TEST,
    nodes.In: _TEST,
    nodes.Negative: _UNARY,
}
_ARITHMETIC: Final = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def to_feel(expr: nodes.Expr) -> str:
    """The rule as FEEL text on one line, with only the brackets it needs."""
    prints = _PRINTS.get(type(expr))
    if prints is None:
        raise nodes.refuse(expr)
    return prints(expr)


def _binds(expr: nodes.Expr) -> int:
    if isinstance(expr, nodes.Arithmetic):
        return _ARITHMETIC[expr.op]
    if isinstance(expr, nodes.Literal) and isinstance(expr.value, Decimal) and expr.value.is_signed():
        return _UNARY
    return _BINDS.get(type(expr), _TIGHT)


def _in_place(expr: nodes.Expr, needed: int) -> str:
    text = to_feel(expr)
    return text if _binds(expr) >= needed else f"({text})"


def _literal(expr: nodes.Literal) -> str:
    match expr.value:
        case None:
            return "null"
        case bool():
            return "true" if expr.value else "false"
        case Decimal():
            return format(expr.value, "f")
        case str():
            return f'"{expr.value.translate(_ESCAPES)}"'
        case datetime() | time():
            return f'@"{temporal_text(expr.value)}"'
        case date():
            return f'date("{expr.value.isoformat()}")'
        case timedelta() if expr.value.seconds or expr.value.microseconds:
            return f'@"{temporal_text(expr.value)}"'
        case timedelta() | Months():
            return f'duration("{duration_text(expr.value)}")'


def _arithmetic(expr: nodes.Arithmetic) -> str:
    level = _ARITHMETIC[expr.op]
    return f"{_in_place(expr.left, level)} {expr.op} {_in_place(expr.right, level + 1)}"


def _test(test: nodes.Expr | nodes.Against) -> str:
    return f"{test.op} {_in_place(test.right, _SUM)}" if isinstance(test, nodes.Against) else to_feel(test)


def _in(expr: nodes.In) -> str:
    tests = ", ".join(_test(test) for test in expr.tests)
    bare = len(expr.tests) == 1 and isinstance(expr.tests[0], nodes.ListOf | nodes.Interval | nodes.Name)
    return f"{_in_place(expr.value, _SUM)} in {tests if bare else f'({tests})'}"


def _interval(expr: nodes.Interval) -> str:
    opening, closing = "[" if expr.low_included else "(", "]" if expr.high_included else ")"
    high = _in_place(expr.high, _SUM)
    if any(isinstance(each, nodes.Filter) for each in nodes.walk(expr.high)):
        high = f"({high})"  # a bare `[` there would close the range
    return f"{opening}{_in_place(expr.low, _SUM)}..{high}{closing}"


def _bindings(bindings: tuple[nodes.Binding, ...]) -> str:
    return ", ".join(f"{each.name} in {_source(each.source)}" for each in bindings)


def _source(source: nodes.Expr) -> str:
    if isinstance(source, nodes.Span):
        return f"{to_feel(source.low)}..{to_feel(source.high)}"
    return to_feel(source)


def _quantified(expr: nodes.Quantified) -> str:
    bindings = _bindings(expr.bindings)
    return f"{expr.quantifier} {bindings} satisfies {to_feel(expr.satisfies)}"


def _member(expr: nodes.Member) -> str:
    inner = to_feel(expr.of)
    return f"{inner if isinstance(expr.of, nodes.Call) else f'({inner})'}.{expr.name}"


def _filter(expr: nodes.Filter) -> str:
    return f"{_head(expr.of)}[{_test(expr.test)}]"


def _head(expr: nodes.Expr) -> str:
    """What a filter or call is put behind: in brackets unless it is a name, call or list."""
    text = to_feel(expr)
    tight = nodes.Name | nodes.Invoke | nodes.Filter | nodes.ListOf | nodes.ContextOf
    return text if isinstance(expr, tight) else f"({text})"


def _context(expr: nodes.ContextOf) -> str:
    if expr.result is not None:
        raise nodes.refuse(expr)
    entries = (f"{_key(each.key)}: {to_feel(each.value)}" for each in expr.entries)
    return f"{{{', '.join(entries)}}}"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[^\W\d]\w*", key) else f'"{key}"'


def _function(expr: nodes.FunctionOf) -> str:
    given = ", ".join(f"{each.name}: {each.type}" if each.type else each.name for each in expr.parameters)
    return f"function({given}) {'external ' if expr.external else ''}{to_feel(expr.body)}"


def _invoke(expr: nodes.Invoke) -> str:
    given = [to_feel(argument) for argument in expr.arguments]
    if expr.keys:
        given = [f"{key}: {value}" for key, value in zip(expr.keys, given, strict=True)]
    return f"{_head(expr.of)}({', '.join(given)})"


def _each(items: tuple[nodes.Expr, ...]) -> str:
    return ", ".join(to_feel(item) for item in items)


_PRINTS: Final[Mapping[type, Callable[[Any], str]]] = {
    nodes.Literal: _literal,
    nodes.Name: lambda expr: str(expr.path),
    nodes.Member: _member,
    nodes.Negative: lambda expr: f"-{_in_place(expr.of, _UNARY)}",
    nodes.Arithmetic: _arithmetic,
    nodes.Compare: lambda expr: f"{_in_place(expr.left, _SUM)} {expr.op} {_in_place(expr.right, _SUM)}",
    nodes.Between: lambda expr: (
        f"{_in_place(expr.value, _SUM)} between {_in_place(expr.low, _SUM)} and {_in_place(expr.high, _SUM)}"
    ),
    nodes.In: _in,
    nodes.Interval: _interval,
    nodes.ListOf: lambda expr: f"[{_each(expr.items)}]",
    nodes.Not: lambda expr: f"not({to_feel(expr.of)})",
    nodes.And: lambda expr: " and ".join(_in_place(part, _TEST) for part in expr.parts),
    nodes.Or: lambda expr: " or ".join(_in_place(part, _AND) for part in expr.parts),
    nodes.If: lambda expr: f"if {to_feel(expr.test)} then {to_feel(expr.yes)} else {to_feel(expr.no)}",
    nodes.Quantified: _quantified,
    nodes.For: lambda expr: f"for {_bindings(expr.bindings)} return {to_feel(expr.gives)}",
    nodes.Filter: _filter,
    nodes.ContextOf: _context,
    nodes.FunctionOf: _function,
    nodes.Invoke: _invoke,
    nodes.InstanceOf: lambda expr: f"{_in_place(expr.value, _SUM)} instance of {expr.type}",
    nodes.Ray: lambda expr: f"({expr.op} {_in_place(expr.limit, _SUM)})",
    nodes.Call: lambda expr: f"{expr.function}({_each(expr.arguments)})",
}
