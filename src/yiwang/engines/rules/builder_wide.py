# SPDX-License-Identifier: Apache-2.0
"""The grammar rules only a DMN model uses, built into nodes; in a policy rule each is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from yiwang.engines.rules import nodes
from yiwang.engines.rules.dialect import Dialect
from yiwang.engines.rules.errors import Position, RuleError
from yiwang.engines.rules.wide_temporal import read_temporal


class WideRules:
    """Part of the builder: one method ``on_…`` per grammar rule."""

    dialect: Dialect

    if TYPE_CHECKING:

        def expr(self, tree: Any) -> nodes.Expr: ...
        def name(self, token: Any) -> str: ...
        def fail(self, what: str, mend: str, at: Position) -> RuleError: ...
        def bindings(self, tree: Any) -> tuple[nodes.Binding, ...]: ...

    def wide(self, at: Position) -> None:
        """Raise in a policy rule."""
        if self.dialect is Dialect.POLICY:
            raise self.fail("这种写法只用于 DMN 模型，政策规则里不能用。", "请改用规则语言说明里的写法。", at)

    def on_for(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.For(self.bindings(parts[1]), self.expr(parts[3]), at=at)

    def on_function(self, parts: list[Any], at: Position) -> nodes.Expr:
        parameters = []
        for each in parts[1].children:
            key, *given = each.children
            parameters.append(nodes.Parameter(str(key), str(given[0]) if given else ""))
        external = any(getattr(each, "type", "") == "EXTERNAL" for each in parts)
        return nodes.FunctionOf(tuple(parameters), self.expr(parts[-1]), external, at=at)

    def on_instance(self, parts: list[Any], at: Position) -> nodes.Expr:
        return nodes.InstanceOf(self.expr(parts[0]), str(parts[2]), at=at)

    def on_ray(self, parts: list[Any], at: Position) -> nodes.Expr:
        op, limit = parts[0].children
        self.wide(Position(op.line, op.column))
        return nodes.Ray(_op(op), self.expr(limit), at=at)

    def on_filter(self, parts: list[Any], at: Position) -> nodes.Expr:
        of, test = parts
        self.wide(Position(test.meta.line, test.meta.column) if not test.meta.empty else at)
        if test.data == "against":
            op, right = test.children
            inner: nodes.Expr | nodes.Against = nodes.Against(_op(op), self.expr(right), at=at)
        else:
            inner = self.expr(test)
        return nodes.Filter(self.expr(of), inner, at=at)

    def on_context(self, parts: list[Any], at: Position) -> nodes.Expr:
        entries = []
        for each in parts:
            key, value = each.children
            text = str(key)
            if text.startswith('"') and text.endswith('"') and len(text) > 1:
                text = text[1:-1]
            entries.append(nodes.Entry(text, self.expr(value), at=Position(key.line, key.column)))
        return nodes.ContextOf(tuple(entries), at=at)

    def called(self, of: nodes.Expr, arguments: list[Any], at: Position) -> nodes.Expr:
        """A call in a DMN model: what is called is found out when it runs."""
        keys = tuple(str(each.children[0]) for each in arguments if each.data == "named")
        if keys and len(keys) != len(arguments):
            raise self.fail("参数要么都写名称，要么都不写。", "请统一写法。", at)
        values = tuple(self.expr(each.children[1] if keys else each) for each in arguments)
        if of == nodes.Name("not") and len(values) == 1 and not keys:
            return nodes.Not(values[0], at=at)
        return nodes.Invoke(of, values, keys, at=at)

    def wide_moment(self, text: str, at: Position) -> nodes.Expr:
        """``@"…"`` of a model; what is no date, time or duration is null."""
        return nodes.Literal(read_temporal(text), at=at)

    def wide_number(self, text: str, at: Position) -> nodes.Expr:
        return nodes.Literal(Decimal(text), at=at)


def _op(token: Any) -> Any:
    return str(token)
