# SPDX-License-Identifier: Apache-2.0
"""From the parser's tree to the nodes: literals become values, calls are looked up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.builder_wide import WideRules
from yiwang.engines.rules.dialect import Dialect
from yiwang.engines.rules.errors import Position, RuleError
from yiwang.engines.rules.functions import FUNCTIONS
from yiwang.engines.rules.values import MAX_DIGITS, Months, read_date, read_duration

# Words FEEL keeps for itself (DMN 1.5, 10.3.1.2) for which this house has no use yet.
RESERVED: Final = frozenset({"for", "return", "function", "external", "instance", "of"})
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)


def build(tree: Any, source: str, dialect: Dialect = Dialect.POLICY) -> nodes.Expr:
    """The nodes of a parse tree. Raises RuleError for a bad literal, name or call."""
    return _Builder(source, dialect).expr(tree.children[0])


class _Builder(WideRules):
    """One method ``on_…`` per grammar rule; `tree` is lark's, whose children are untyped."""

    def __init__(self, source: str, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect

    def expr(self, tree: Any) -> nodes.Expr:
        method: Callable[..., nodes.Expr] = getattr(self, f"on_{tree.data.rstrip('_')}")
        return method(tree.children, Position(tree.meta.line, tree.meta.column))

    def exprs(self, trees: list[Any]) -> tuple[nodes.Expr, ...]:
        return tuple(self.expr(tree) for tree in trees)

    def fail(self, what: str, mend: str, at: Position) -> RuleError:
        return RuleError(what, mend=mend, at=at, source=self.source)

    # --- logic

    def on_group(self, parts: list[Any], at: Position) -> nodes.Expr:
        return self.expr(parts[0])

    def on_disjunction(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.Or(self.exprs(parts), at=at)

    def on_conjunction(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.And(self.exprs(parts), at=at)

    def on_if(self, parts: list[Any], at: Position) -> nodes.Expr:
        test, yes, no = self.exprs(parts)
        return nodes.If(test, yes, no, at=at)

    def on_some(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.Quantified("some", self.bindings(parts[0]), self.expr(parts[1]), at=at)

    def on_every(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.Quantified("every", self.bindings(parts[0]), self.expr(parts[1]), at=at)

    def bindings(self, tree: Any) -> tuple[nodes.Binding, ...]:
        return tuple(
            nodes.Binding(
                self.name(each.children[0]), self.source_of(each.children), at=_at(each.children[0])
            )
            for each in tree.children
        )

    def source_of(self, parts: list[Any]) -> nodes.Expr:
        if len(parts) == 2:
            return self.expr(parts[1])
        self.wide(_at(parts[2]))
        return nodes.Span(self.expr(parts[1]), self.expr(parts[3]), at=_at(parts[2]))

    # --- tests

    def on_compare(self, parts: list[Any], at: Position) -> nodes.Expr:
        left, op, right = parts
        return nodes.Compare(_op(op), self.expr(left), self.expr(right), at=at)

    def on_between(self, parts: list[Any], at: Position) -> nodes.Expr:
        value, low, high = self.exprs(parts)
        return nodes.Between(value, low, high, at=at)

    def on_in(self, parts: list[Any], at: Position) -> nodes.Expr:
        value, tests = parts
        return nodes.In(self.expr(value), tuple(self.test(each) for each in tests.children), at=at)

    def test(self, tree: Any) -> nodes.Expr | nodes.Against:
        if tree.data != "against":
            return self.expr(tree)
        op, right = tree.children
        return nodes.Against(_op(op), self.expr(right), at=_at(op))

    def on_interval(self, parts: list[Any], at: Position) -> nodes.Expr:
        opening, low, _, high, closing = parts  # `..` stands between
        return nodes.Interval(self.expr(low), self.expr(high), opening == "[", closing == "]", at=at)

    # --- arithmetic

    def on_arithmetic(self, parts: list[Any], at: Position) -> nodes.Expr:
        left, op, right = parts
        return nodes.Arithmetic(_op(op), self.expr(left), self.expr(right), at=at)

    def on_signed(self, parts: list[Any], at: Position) -> nodes.Expr:
        sign, tree = parts
        if sign == "+" and self.dialect is Dialect.POLICY:
            raise self.fail("数的前面不能写“+”。", "请删去这个“+”。", at)
        inner = self.expr(tree)
        if sign == "+":
            return inner
        if isinstance(inner, nodes.Literal) and isinstance(inner.value, Decimal):
            return nodes.Literal(-inner.value, at=at)
        return nodes.Negative(inner, at=at)

    # --- names, calls, lists

    def name(self, token: Any) -> str:
        word = str(token)
        if word in RESERVED or word == "not":
            raise self.fail(f"“{word}”是语言的保留字，不能作名称。", "请换一个名称。", _at(token))
        return word

    def on_name(self, parts: list[Any], at: Position) -> nodes.Expr:
        if self.dialect is Dialect.POLICY:
            return nodes.Name(self.name(parts[0]), at=at)
        return nodes.Name(str(parts[0]), at=at)

    def on_member(self, parts: list[Any], at: Position) -> nodes.Expr:
        of = self.expr(parts[0])
        if isinstance(of, nodes.Name) and parts[0].data != "group":
            return nodes.Name(f"{of.path}.{parts[1]}", at=of.at)
        return nodes.Member(of, str(parts[1]), at=at)

    def on_list(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.ListOf(self.exprs(parts), at=at)

    def on_invoke(self, parts: list[Any], at: Position) -> nodes.Expr:
        if self.dialect is Dialect.DMN:
            return self.called(self.expr(parts[0]), parts[1].children, at)
        if parts[0].data != "name":
            self.wide(at)
        return self.builtin(" ".join(str(parts[0].children[0]).split()), parts[1].children, at)

    def builtin(self, name: str, given: list[Any], at: Position) -> nodes.Expr:
        arguments = self.exprs(given)
        if name == "not":
            if len(arguments) != 1:
                raise self.fail("not(…) 里要写且只写一个条件。", "几个条件请用 and 或 or 连接。", at)
            return nodes.Not(arguments[0], at=at)
        function = FUNCTIONS.get(name)
        if function is None:
            near = get_close_matches(name, FUNCTIONS, n=1)
            mend = f"您要用的可能是 {near[0]}(…)。" if near else f"可用的函数：{'、'.join(FUNCTIONS)}。"
            raise self.fail(f"没有名为“{name}”的函数。", mend, at)
        if not function.accepts(len(arguments)) or (name == "date" and len(arguments) == 2):
            what = f"函数 {name} 的参数个数不对（写了{len(arguments)}个）。"
            raise self.fail(what, f"它要{function.arity}个参数。", at)
        return self.folded(name, arguments, at)

    def folded(self, name: str, arguments: tuple[nodes.Expr, ...], at: Position) -> nodes.Expr:
        """``date("…")`` and ``duration("…")`` with a written text are values, checked here."""
        first = arguments[0]
        if name not in ("date", "duration") or len(arguments) != 1 or not isinstance(first, nodes.Literal):
            return nodes.Call(name, arguments, at=at)
        text = first.value if isinstance(first.value, str) else ""
        return self.moment(text, read_date(text) if name == "date" else read_duration(text), at)

    # --- literals

    def moment(self, text: str, value: date | timedelta | Months | None, at: Position) -> nodes.Expr:
        if value is None:
            raise self.fail(
                f"“{text}”不是日期，也不是时长。",
                '日期请写 date("2026-01-31")，时长请写 duration("P10D")（天）或 duration("P1Y6M")（年月）。',
                at,
            )
        return nodes.Literal(value, at=at)

    def on_moment(self, parts: list[Any], at: Position) -> nodes.Expr:
        text = str(parts[0])[2:-1]
        if self.dialect is Dialect.DMN:
            return self.wide_moment(text, at)
        return self.moment(text, read_date(text) or read_duration(text), at)

    def on_number(self, parts: list[Any], at: Position) -> nodes.Expr:
        if self.dialect is Dialect.DMN:
            return self.wide_number(str(parts[0]), at)
        value = Decimal(str(parts[0]))
        if len(value.as_tuple().digits) > MAX_DIGITS or len(parts[0]) > 2 * MAX_DIGITS:
            raise self.fail("这个数的位数太多。", f"数最多{MAX_DIGITS}位有效数字。", at)
        return nodes.Literal(value, at=at)

    def on_string(self, parts: list[Any], at: Position) -> nodes.Expr:
        def unescaped(match: re.Match[str]) -> str:
            code = match[1]
            if len(code) > 1 and int(code[1:], 16) <= 0x10FFFF:
                return chr(int(code[1:], 16))
            if code not in _ESCAPES and self.dialect is Dialect.DMN:
                return match[0]
            if code not in _ESCAPES:
                raise self.fail(f"文字里的“\\{code}”读不懂。", "反斜杠本身请写成“\\\\”。", at)
            return _ESCAPES[code]

        text = _ESCAPE.sub(unescaped, str(parts[0])[1:-1])
        try:  # two escapes may be the halves of one character beyond \uFFFF
            whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            mend = "请把 \\uD800 至 \\uDFFF 成对写，或直接写这个字。"
            raise self.fail("文字里有半个字符。", mend, at) from None
        return nodes.Literal(whole, at=at)

    def on_true(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.Literal(True, at=at)

    def on_false(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.Literal(False, at=at)

    def on_null(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.Literal(None, at=at)


def _at(token: Any) -> Position:
    return Position(token.line, token.column)


def _op(token: Any) -> Any:
    return str(token)
