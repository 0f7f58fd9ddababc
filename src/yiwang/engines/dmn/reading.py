# SPDX-License-Identifier: Apache-2.0
"""Read a DMN model from XML (DMN 1.2 to 1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yiwang.engines.dmn.boxed import Boxes
from yiwang.engines.dmn.items import Items
from yiwang.engines.dmn.model import Element, Input, Logic, Model, Reference, Service
from yiwang.engines.dmn.xml import Node, child, children, read_xml, tag
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.wide_types import WideType

_NAMED = ("itemComponent", "variable", "formalParameter", "parameter", "column", "output", "inputData")


def read_model(data: bytes, others: Mapping[str, Model] | None = None) -> Model:
    """Read one model; `others` are the models it may import, by namespace.

    Raises RuleError for a file that is no DMN, an import that is not given, a type that contains itself.
    Logic that cannot be read does not spoil the rest: it is in `Model.problems` and gives null.
    """
    root = read_xml(data)
    namespace = root.get("namespace", "")
    imports = dict(_imports(root, others or {}))
    names = _names(root, imports)
    items = Items(root, dict(_imported_types(imports)), names)
    types = items.all()
    boxes = Boxes(names, items)
    elements = {each.id: each for node in root if (each := _element(node, boxes, namespace)) is not None}
    return Model(namespace, root.get("name", ""), elements, types, names, imports)


def imported_namespaces(data: bytes) -> tuple[str, ...]:
    """The namespaces of the DMN models a file imports. Raises RuleError as :func:`read_model`."""
    return tuple(each.get("namespace", "") for each in children(read_xml(data), "import") if _is_dmn(each))


def _is_dmn(node: Node) -> bool:
    return "/spec/DMN/" in node.get("importType", "")


def _imports(root: Node, others: Mapping[str, Model]) -> Iterator[tuple[str, Model]]:
    for each in children(root, "import"):
        space = each.get("namespace", "")
        if not _is_dmn(each):
            continue
        if space not in others:
            raise RuleError(f"缺少它引用的模型“{space}”。", mend="请把被引用的模型一起给出。")
        yield each.get("name", ""), others[space]


def _imported_types(imports: Mapping[str, Model]) -> Iterator[tuple[str, WideType]]:
    for name, model in imports.items():
        for written, found in model.types.items():
            yield (f"{name}.{written}" if name else written), found


def _names(root: Node, imports: Mapping[str, Model]) -> frozenset[str]:
    found = {each.get("name", "") for each in root.iter() if tag(each) in _NAMED}
    found.update(each.get("iteratorVariable", "") for each in root.iter() if tag(each))
    found.update(each.get("name", "") for each in root if tag(each))
    for name, model in imports.items():
        found |= {name, *model.names}
    return frozenset(" ".join(name.split()) for name in found if name.strip())


def _element(node: Node, boxes: Boxes, namespace: str) -> Element | None:
    name = " ".join(node.get("name", "").split())
    key = node.get("id") or name
    variable = child(node, "variable")
    reference = None if variable is None else variable.get("typeRef")
    if variable is not None and variable.get("name"):
        name = " ".join(variable.get("name", "").split())
    match tag(node):
        case "inputData":
            return Input(key, name, boxes.items.named(reference))
        case "decision" | "businessKnowledgeModel":
            return _logic(node, boxes, namespace, (key, name, reference))
        case "decisionService":
            inputs = [*_all(node, "inputData", namespace), *_all(node, "inputDecision", namespace)]
            outputs = _all(node, "outputDecision", namespace)
            return Service(key, name, boxes.items.named(reference), tuple(inputs), tuple(outputs))
        case _:
            return None


def _logic(node: Node, boxes: Boxes, namespace: str, named: tuple[str, str, str | None]) -> Logic:
    key, name, reference = named
    holder = child(node, "encapsulatedLogic") if tag(node) == "businessKnowledgeModel" else node
    requires = tuple(_requires(node, namespace))
    function = tag(node) == "businessKnowledgeModel"
    try:
        parameters = tuple(
            (" ".join(each.get("name", "").split()), boxes.items.named(each.get("typeRef")))
            for each in ([] if holder is None or not function else children(holder, "formalParameter"))
        )
        found = None if holder is None else boxes.inside(holder)
        if function and holder is not None and holder.get("kind", "FEEL") != "FEEL":
            raise RuleError("外部函数（Java、PMML）不运行。", mend="请改用 FEEL。")
        if function and holder is not None and found is not None:
            found = boxes.typed(found, holder.get("typeRef"))
        return Logic(
            key, name, boxes.items.named(reference), found, requires, function=function, parameters=parameters
        )
    except RuleError as error:
        return Logic(key, name, requires=requires, function=function, broken=str(error))


def _requires(node: Node, namespace: str) -> Iterator[Reference]:
    for holder in node:
        if tag(holder) in ("informationRequirement", "knowledgeRequirement"):
            for each in holder:
                if tag(each) in ("requiredInput", "requiredDecision", "requiredKnowledge"):
                    yield _reference(each.get("href", ""), namespace)


def _all(node: Node, name: str, namespace: str) -> list[Reference]:
    return [_reference(each.get("href", ""), namespace) for each in children(node, name)]


def _reference(href: str, namespace: str) -> Reference:
    space, _, key = href.rpartition("#")
    return (space or namespace, key)
