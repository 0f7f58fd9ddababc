# SPDX-License-Identifier: Apache-2.0
"""Boxed expressions of DMN as nodes of the rule language: a context is a context, a boxed `for` a `for`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from yiwang.engines.dmn.items import Items, limited
from yiwang.engines.dmn.model import TableOf, Typed
from yiwang.engines.dmn.xml import Node, child, child_text, children, tag
from yiwang.engines.rules import nodes
from yiwang.engines.rules.dialect import Dialect
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.parser import parse
from yiwang.engines.rules.table_reading import read_test
from yiwang.engines.rules.tables import Hit, Output, Row, Table
from yiwang.engines.rules.values import Value
from yiwang.engines.rules.wide_run import WideRun
from yiwang.engines.rules.wide_types import ANY

NULL: Final = nodes.Literal(None)
MAX_DEPTH: Final = 40
_HITS: Final[Mapping[str, Hit]] = {
    "UNIQUE": Hit.UNIQUE, "FIRST": Hit.FIRST, "PRIORITY": Hit.PRIORITY, "ANY": Hit.ANY,
    "COLLECT": Hit.COLLECT, "RULE ORDER": Hit.RULE_ORDER, "OUTPUT ORDER": Hit.OUTPUT_ORDER,
}  # fmt: skip
_COLLECTED: Final[Mapping[str, Hit]] = {
    "SUM": Hit.SUM, "MIN": Hit.LEAST, "MAX": Hit.MOST, "COUNT": Hit.COUNT,
}  # fmt: skip


class Boxes:
    """Turns the boxed expressions of one model into nodes. Every method raises RuleError."""

    def __init__(self, names: frozenset[str], items: Items) -> None:
        self.names = names
        self.items = items
        self.depth = 0

    def inside(self, holder: Node) -> nodes.Expr | None:
        """The expression an element holds; None if it holds none."""
        found = next((each for each in holder if tag(each) in _BOXES), None)
        return None if found is None else self.expr(found)

    def required(self, holder: Node | None) -> nodes.Expr:
        """As `inside`, where nothing counts as null."""
        found = None if holder is None else self.inside(holder)
        return NULL if found is None else found

    def expr(self, box: Node) -> nodes.Expr:
        """One boxed expression, fitted to its type if it has one."""
        if self.depth >= MAX_DEPTH:
            raise RuleError("框式表达式嵌套太深。", mend="请拆成几个决策。")
        self.depth += 1
        try:
            built = _BOXES[tag(box)](self, box)
        finally:
            self.depth -= 1
        reference = box.get("typeRef")
        return self.typed(built, reference) if reference and tag(box) != "functionDefinition" else built

    def typed(self, expr: nodes.Expr, reference: str | None) -> nodes.Expr:
        """An expression fitted to the type a reference names."""
        found = self.items.named(reference)
        wrapped: Any = Typed(expr, found)
        return expr if found == ANY else wrapped

    def feel(self, text: str) -> nodes.Expr:
        """FEEL text as nodes."""
        return parse(text.strip(), dialect=Dialect.DMN, names=self.names)


def _literal(boxes: Boxes, box: Node) -> nodes.Expr:
    text = child_text(box, "text")
    return boxes.feel(text) if text.strip() else NULL


def _context(boxes: Boxes, box: Node) -> nodes.Expr:
    entries: list[nodes.Entry] = []
    for each in children(box, "contextEntry"):
        variable = child(each, "variable")
        value = boxes.required(each)
        if variable is None:
            return nodes.ContextOf(tuple(entries), value)
        name = " ".join(variable.get("name", "").split())
        entries.append(nodes.Entry(name, boxes.typed(value, variable.get("typeRef"))))
    return nodes.ContextOf(tuple(entries))


def _list(boxes: Boxes, box: Node) -> nodes.Expr:
    return nodes.ListOf(tuple(boxes.expr(each) for each in box if tag(each) in _BOXES))


def _relation(boxes: Boxes, box: Node) -> nodes.Expr:
    columns = [(each.get("name", ""), each.get("typeRef")) for each in children(box, "column")]
    rows = []
    for row in children(box, "row"):
        cells = [boxes.expr(each) for each in row if tag(each) in _BOXES]
        pairs = zip(columns, cells, strict=False)
        rows.append(
            nodes.ContextOf(tuple(nodes.Entry(name, boxes.typed(cell, of)) for (name, of), cell in pairs))
        )
    return nodes.ListOf(tuple(rows))


def _invocation(boxes: Boxes, box: Node) -> nodes.Expr:
    called = boxes.required(box)
    keys, arguments = [], []
    for binding in children(box, "binding"):
        parameter = child(binding, "parameter")
        keys.append("" if parameter is None else " ".join(parameter.get("name", "").split()))
        reference = None if parameter is None else parameter.get("typeRef")
        arguments.append(boxes.typed(boxes.required(binding), reference))
    return nodes.Invoke(called, tuple(arguments), tuple(keys))


def _function(boxes: Boxes, box: Node) -> nodes.Expr:
    parameters = tuple(
        nodes.Parameter(" ".join(each.get("name", "").split()), each.get("typeRef", ""))
        for each in children(box, "formalParameter")
    )
    if box.get("kind", "FEEL") != "FEEL":
        return nodes.FunctionOf(parameters, NULL, external=True)
    body = boxes.required(box)
    reference = box.get("typeRef")
    return nodes.FunctionOf(parameters, boxes.typed(body, reference) if reference else body)


def _conditional(boxes: Boxes, box: Node) -> nodes.Expr:
    test, yes, no = (boxes.required(child(box, part)) for part in ("if", "then", "else"))
    return nodes.If(test, yes, no)


def _filter(boxes: Boxes, box: Node) -> nodes.Expr:
    return nodes.Filter(boxes.required(child(box, "in")), boxes.required(child(box, "match")))


def _binding(boxes: Boxes, box: Node) -> tuple[nodes.Binding, ...]:
    return (nodes.Binding(box.get("iteratorVariable", ""), boxes.required(child(box, "in"))),)


def _for(boxes: Boxes, box: Node) -> nodes.Expr:
    return nodes.For(_binding(boxes, box), boxes.required(child(box, "return")))


def _some(boxes: Boxes, box: Node) -> nodes.Expr:
    return nodes.Quantified("some", _binding(boxes, box), boxes.required(child(box, "satisfies")))


def _every(boxes: Boxes, box: Node) -> nodes.Expr:
    return nodes.Quantified("every", _binding(boxes, box), boxes.required(child(box, "satisfies")))


def _table(boxes: Boxes, box: Node) -> nodes.Expr:
    inputs = tuple(_input(boxes, each) for each in children(box, "input"))
    outputs = children(box, "output")
    rows = tuple(_row(boxes, each, inputs) for each in children(box, "rule"))
    hit = _HITS.get(box.get("hitPolicy", "UNIQUE"), Hit.UNIQUE)
    if hit is Hit.COLLECT:
        hit = _COLLECTED.get(box.get("aggregation", ""), hit)
    table = Table(inputs, tuple(_output(boxes, each) for each in outputs), rows, hit)
    defaulted = any(child(each, "defaultOutputEntry") is not None for each in outputs)
    limits = tuple(_limits(boxes, each) for each in children(box, "input"))
    made: Any = TableOf(table, defaulted, limits)
    return _fitted(boxes, made, outputs, hit)


def _fitted(boxes: Boxes, made: Any, outputs: list[Node], hit: Hit) -> nodes.Expr:
    """The result of a table with one output of a type, fitted to it."""
    reference = outputs[0].get("typeRef") if len(outputs) == 1 and hit.single else None
    result: nodes.Expr = boxes.typed(made, reference) if reference else made
    return result


def _limits(boxes: Boxes, written: Node) -> Any:
    allowed = child(written, "inputValues")
    return ANY if allowed is None else limited(ANY, child_text(allowed, "text"), boxes.names)


def _input(boxes: Boxes, written: Node) -> nodes.Expr:
    expression = child(written, "inputExpression")
    if expression is None:
        return NULL
    return boxes.typed(_literal(boxes, expression), expression.get("typeRef"))


def _output(boxes: Boxes, written: Node) -> Output:
    values = child(written, "outputValues")
    default = child(written, "defaultOutputEntry")
    priorities: tuple[Value, ...] = ()
    if values is not None:
        listed = boxes.feel(f"[{child_text(values, 'text')}]")
        found = WideRun({}, {}).value(listed)
        priorities = found if isinstance(found, tuple) else ()
    otherwise = NULL if default is None else _literal(boxes, default)
    return Output(written.get("name", ""), priorities, otherwise)


def _row(boxes: Boxes, written: Node, inputs: tuple[nodes.Expr, ...]) -> Row:
    cells = [child_text(each, "text").strip() or "-" for each in children(written, "inputEntry")]
    tests = tuple(
        read_test(cell, tested, dialect=Dialect.DMN, names=boxes.names)
        for cell, tested in zip(cells, inputs, strict=False)
    )
    results = tuple(_literal(boxes, each) for each in children(written, "outputEntry"))
    return Row(tests, results)


_BOXES: Final[Mapping[str, Callable[[Boxes, Node], nodes.Expr]]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _some,
    "every": _every,
    "decisionTable": _table,
}
