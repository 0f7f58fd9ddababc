# SPDX-License-Identifier: Apache-2.0
"""Write policy rules and decision tables as a DMN 1.5 model that other tools read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from yiwang.engines.dmn.xml import Node
from yiwang.engines.rules import nodes
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.printer import to_feel
from yiwang.engines.rules.tables import ALWAYS, Hit, Output, Row, Table
from yiwang.engines.rules.types import Kind, Type

MODEL: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"
_TYPES: Final[Mapping[Kind, str]] = {
    Kind.NUMBER: "number", Kind.STRING: "string", Kind.BOOLEAN: "boolean", Kind.DATE: "date",
    Kind.DAYS: "days and time duration", Kind.MONTHS: "years and months duration",
}  # fmt: skip
_HITS: Final[Mapping[Hit, tuple[str, str]]] = {
    Hit.UNIQUE: ("UNIQUE", ""), Hit.ANY: ("ANY", ""), Hit.PRIORITY: ("PRIORITY", ""),
    Hit.FIRST: ("FIRST", ""), Hit.RULE_ORDER: ("RULE ORDER", ""), Hit.OUTPUT_ORDER: ("OUTPUT ORDER", ""),
    Hit.COLLECT: ("COLLECT", ""), Hit.SUM: ("COLLECT", "SUM"), Hit.LEAST: ("COLLECT", "MIN"),
    Hit.MOST: ("COLLECT", "MAX"), Hit.COUNT: ("COLLECT", "COUNT"),
}  # fmt: skip


def write_model(
    name: str,
    decisions: Mapping[str, nodes.Expr | Table],
    *,
    namespace: str,
    inputs: Mapping[str, Type],
) -> bytes:
    """The model as XML: each decision a rule or a table, each input with its type.

    An input may be dotted (`项目.总投资额`): it becomes a component of `项目`. Raises RuleError for a name a
    decision uses that is no input, and for a cell that is no test of its column.
    """
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap={None: MODEL})
    root.set("name", name)
    root.set("namespace", namespace)
    root.set("id", "model")
    whole = _grouped(inputs)
    for input_name, found in whole.items():
        _item(root, "itemDefinition", f"t{input_name}", found)
    for number, input_name in enumerate(whole, 1):
        held = _add(root, "inputData", name=input_name, id=f"input{number}")
        _add(held, "variable", name=input_name, typeRef=f"t{input_name}")
    places = {input_name: f"#input{number}" for number, input_name in enumerate(whole, 1)}
    for number, (decision, logic) in enumerate(decisions.items(), 1):
        _decision(root, (decision, f"decision{number}"), logic, places)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _grouped(inputs: Mapping[str, Type]) -> dict[str, Type]:
    """Dotted names put together as contexts."""
    members: dict[str, dict[str, Type]] = {}
    found: dict[str, Type] = {}
    for name, of in inputs.items():
        first, dot, rest = name.partition(".")
        if dot:
            members.setdefault(first, {})[rest] = of
            found[first] = of
        else:
            found[name] = of
    for first, inner in members.items():
        found[first] = Type(Kind.CONTEXT, members=tuple(_grouped(inner).items()))
    return found


def _item(parent: Node, tag: str, name: str, of: Type) -> None:
    item = _add(parent, tag, name=name)
    if of.kind is Kind.LIST:
        item.set("isCollection", "true")
        of = of.item or Type(Kind.ANY)
    if of.members:
        for member, inner in of.members:
            _item(item, "itemComponent", member, inner)
        return
    _add(item, "typeRef").text = _TYPES.get(of.kind, "Any")
    if of.choices:
        texts = ", ".join(to_feel(nodes.Literal(choice)) for choice in of.choices)
        _add(_add(item, "allowedValues"), "text").text = texts


def _decision(
    root: Node, named: tuple[str, str], logic: nodes.Expr | Table, places: Mapping[str, str]
) -> None:
    name, key = named
    decision = _add(root, "decision", name=name, id=key)
    _add(decision, "variable", name=name)
    used = dict.fromkeys(each.split(".")[0] for each in _names(logic))
    for each in used:
        if each not in places:
            raise RuleError(f"“{name}”用到的“{each}”不在输入里。", mend="请把它和它的类型一起写进 inputs。")
        requirement = _add(decision, "informationRequirement")
        _add(requirement, "requiredInput", href=places[each])
    if isinstance(logic, Table):
        _table(decision, logic)
    else:
        _text(decision, "literalExpression", to_feel(logic))


def _names(logic: nodes.Expr | Table) -> Iterator[str]:
    if not isinstance(logic, Table):
        yield from nodes.names(logic)
        return
    for expr in logic.inputs:
        yield from nodes.names(expr)
    for row in logic.rows:
        for expr in (*row.tests, *row.results):
            yield from nodes.names(expr)
    for output in logic.outputs:
        yield from nodes.names(output.otherwise)


def _table(decision: Node, table: Table) -> None:
    policy, aggregation = _HITS[table.hit]
    written = _add(decision, "decisionTable", hitPolicy=policy)
    if aggregation:
        written.set("aggregation", aggregation)
    for expr in table.inputs:
        _text(_add(written, "input"), "inputExpression", to_feel(expr))
    for output in table.outputs:
        _output(written, output, named=len(table.outputs) > 1)
    for row in table.rows:
        _row(written, table, row)


def _output(written: Node, output: Output, *, named: bool) -> None:
    column = _add(written, "output")
    if named:
        column.set("name", output.name)
    if output.priorities:
        texts = [to_feel(nodes.Literal(each)) for each in output.priorities if not isinstance(each, tuple)]  # type: ignore[arg-type]
        _text(column, "outputValues", ", ".join(texts))
    if output.otherwise != nodes.Literal(None):
        _text(column, "defaultOutputEntry", to_feel(output.otherwise))


def _row(written: Node, table: Table, row: Row) -> None:
    rule = _add(written, "rule")
    if row.note:
        _add(rule, "description").text = row.note
    for tested, test in zip(table.inputs, row.tests, strict=True):
        _text(rule, "inputEntry", cell_text(test, tested))
    for result in row.results:
        _text(rule, "outputEntry", to_feel(result))


def cell_text(test: nodes.Expr, tested: nodes.Expr) -> str:
    """A condition as a cell of its column. Raises RuleError for one that is no test of this input."""
    if test == ALWAYS:
        return "-"
    if isinstance(test, nodes.Not):
        return f"not({cell_text(test.of, tested)})"
    if not isinstance(test, nodes.In) or test.value != tested:
        raise RuleError("这一格不是对本列输入的条件。", mend="请把条件写成对本列的比较。", at=test.at)
    inner = to_feel(nodes.In(nodes.Name("被测值"), test.tests))
    found = re.fullmatch(r"被测值 in (?:\((.*)\)|(.*))", inner, re.DOTALL)
    if found is None or (len(test.tests) == 1 and isinstance(test.tests[0], nodes.Interval)):
        return inner.removeprefix("被测值 in ")
    return found[1] if found[1] is not None else found[2]


def _text(parent: Node, tag: str, text: str) -> None:
    _add(_add(parent, tag), "text").text = text


def _add(parent: Node, tag: str, **attributes: str) -> Node:
    return etree.SubElement(parent, f"{{{MODEL}}}{tag}", attributes)
