# SPDX-License-Identifier: Apache-2.0
"""The plan as BPMN 2.0 with diagram interchange: other tools can show it and run it.

One pool, a lane for the one counter (one acceptance, one delivery) and one for each department.
Between items only the waiting that is not implied by other waiting is drawn; where several lines
leave or meet, a parallel gateway stands, so every path is run exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml.etree import SubElement

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import duration_words
from yiwang.engines.planning.model import Plan

from .chart import departments

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_PREFIXES = {"bpmn": _BPMN, "bpmndi": _DI, "dc": _DC, "di": _DD}

_COUNTER = "综合窗口"
_SIZES = {"userTask": (160, 76), "parallelGateway": (48, 48), "startEvent": (36, 36), "endEvent": (36, 36)}
_LEFT, _COLUMN, _ROW, _LABEL = 190, 340, 116, 30


@dataclass(frozen=True)
class _Node:
    """A flow node and where it stands: a column (in quarters), a row, a lane."""

    id: str
    kind: str
    name: str
    lane: str
    column: float
    row: int
    words: str = ""

    @property
    def box(self) -> tuple[float, float, float, float]:
        width, height = _SIZES[self.kind]
        x = _LEFT + self.column * _COLUMN - width / 2
        y = self.row * _ROW + (_ROW - height) / 2
        return x, y, width, height


@dataclass(frozen=True)
class _Flow:
    id: str
    source: str
    target: str


@dataclass(frozen=True)
class _Graph:
    nodes: Mapping[str, _Node]
    flows: tuple[_Flow, ...]
    lanes: Mapping[str, tuple[int, int]]  # name → first row, number of rows


def render_bpmn(plan: Plan, catalogue: Catalogue) -> str:
    """The process as an XML document."""
    graph = _graph(plan, catalogue)
    process_id = f"process-{plan.life_event}"
    about = {
        "id": f"definitions-{plan.life_event}",
        "targetNamespace": "urn:yiwang:plan",
        "exporter": "yiwang",
    }
    root = etree.Element(f"{{{_BPMN}}}definitions", about, nsmap=_PREFIXES)
    collaboration = SubElement(root, f"{{{_BPMN}}}collaboration", {"id": "collaboration"})
    SubElement(
        collaboration,
        f"{{{_BPMN}}}participant",
        {"id": "pool", "name": plan.name, "processRef": process_id},
    )
    _process(SubElement(root, f"{{{_BPMN}}}process", {"id": process_id, "isExecutable": "true"}), plan, graph)
    _diagram(SubElement(root, f"{{{_DI}}}BPMNDiagram", {"id": "diagram"}), graph)
    text = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def reduced_waits(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Item → the items it waits for, without those that these already wait for."""
    direct: dict[str, set[str]] = {one.id: set() for one in plan.included}
    for edge in plan.edges:
        direct[edge.after].add(edge.before)
    above: dict[str, set[str]] = {}
    for stage in plan.stages:
        for code in stage.items:
            above[code] = direct[code].union(*(above[one] for one in direct[code]))
    return {
        code: tuple(
            one.id
            for one in plan.included
            if one.id in waits and not any(one.id in above[other] for other in waits)
        )
        for code, waits in direct.items()
    }


def _graph(plan: Plan, catalogue: Catalogue) -> _Graph:
    waits = reduced_waits(plan)
    follows = {code: [other for other, before in waits.items() if code in before] for code in waits}
    stage = {code: number for number, one in enumerate(plan.stages) for code in one.items}
    lanes: dict[str, tuple[int, int]] = {_COUNTER: (0, 1)}
    nodes: dict[str, _Node] = {}
    row = 1
    for department, codes in departments(plan).items():
        lanes[department] = (row, len(codes))
        for code in codes:
            item = catalogue.items[code]
            words = f"{department}；承诺时限{duration_words(item.promised_limit)}"
            at = stage[code] + 1.0
            _add(nodes, _Node(f"item-{code}", "userTask", item.name, department, at, row, words))
            if len(waits[code]) > 1:
                _add(nodes, _Node(f"join-{code}", "parallelGateway", "", department, at - 0.36, row))
            if len(follows[code]) > 1:
                _add(nodes, _Node(f"split-{code}", "parallelGateway", "", department, at + 0.36, row))
            row += 1
    first = [code for code in waits if not waits[code]]
    last = [code for code in waits if not follows[code]]
    _ends(nodes, plan, len(first), len(last))
    return _Graph(nodes, _flows(waits, follows, first, last), lanes)


def _add(nodes: dict[str, _Node], node: _Node) -> None:
    nodes[node.id] = node


def _ends(nodes: dict[str, _Node], plan: Plan, first: int, last: int) -> None:
    """Acceptance and delivery, in the counter's lane."""
    end = len(plan.stages) + 1.0
    _add(nodes, _Node("start", "startEvent", "一窗受理", _COUNTER, 0.0, 0))
    _add(nodes, _Node("end", "endEvent", "统一出件", _COUNTER, end, 0))
    if first > 1:
        _add(nodes, _Node("split-start", "parallelGateway", "", _COUNTER, 0.4, 0))
    if last > 1:
        _add(nodes, _Node("join-end", "parallelGateway", "", _COUNTER, end - 0.4, 0))


def _flows(
    waits: Mapping[str, tuple[str, ...]],
    follows: Mapping[str, list[str]],
    first: list[str],
    last: list[str],
) -> tuple[_Flow, ...]:
    pairs: list[tuple[str, str]] = []

    def enters(code: str) -> str:
        return f"join-{code}" if len(waits[code]) > 1 else f"item-{code}"

    def leaves(code: str) -> str:
        return f"split-{code}" if len(follows[code]) > 1 else f"item-{code}"

    opening = "split-start" if len(first) > 1 else "start"
    closing = "join-end" if len(last) > 1 else "end"
    pairs += [("start", "split-start")] if len(first) > 1 else []
    pairs += [(opening, f"item-{code}") for code in first]
    for code, before in waits.items():
        pairs += [(f"join-{code}", f"item-{code}")] if len(before) > 1 else []
        pairs += [(leaves(one), enters(code)) for one in before]
        pairs += [(f"item-{code}", f"split-{code}")] if len(follows[code]) > 1 else []
    pairs += [(f"item-{code}", closing) for code in last]
    pairs += [("join-end", "end")] if len(last) > 1 else []
    return tuple(_Flow(f"flow-{number}", *pair) for number, pair in enumerate(pairs, start=1))


def _process(process: Any, plan: Plan, graph: _Graph) -> None:
    lane_set = SubElement(process, f"{{{_BPMN}}}laneSet", {"id": "lanes"})
    for number, name in enumerate(graph.lanes):
        lane = SubElement(lane_set, f"{{{_BPMN}}}lane", {"id": f"lane-{number}", "name": name})
        for node in graph.nodes.values():
            if node.lane == name:
                SubElement(lane, f"{{{_BPMN}}}flowNodeRef").text = node.id
    for node in graph.nodes.values():
        attributes = {"id": node.id} | ({"name": node.name} if node.name else {})
        found = SubElement(process, f"{{{_BPMN}}}{node.kind}", attributes)
        if node.words:
            SubElement(found, f"{{{_BPMN}}}documentation").text = node.words
        for flow in graph.flows:
            if flow.target == node.id:
                SubElement(found, f"{{{_BPMN}}}incoming").text = flow.id
        for flow in graph.flows:
            if flow.source == node.id:
                SubElement(found, f"{{{_BPMN}}}outgoing").text = flow.id
    for flow in graph.flows:
        ends = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target}
        SubElement(process, f"{{{_BPMN}}}sequenceFlow", ends)


def _diagram(diagram: Any, graph: _Graph) -> None:
    plane = SubElement(diagram, f"{{{_DI}}}BPMNPlane", {"id": "plane", "bpmnElement": "collaboration"})
    width = max(node.box[0] + node.box[2] for node in graph.nodes.values()) + 60
    rows = sum(count for _, count in graph.lanes.values())
    _shape(plane, "pool", (0, 0, width, rows * _ROW), horizontal=True)
    for number, (first, count) in enumerate(graph.lanes.values()):
        bounds = (_LABEL, first * _ROW, width - _LABEL, count * _ROW)
        _shape(plane, f"lane-{number}", bounds, horizontal=True)
    for node in graph.nodes.values():
        _shape(plane, node.id, node.box)
    for flow in graph.flows:
        edge = SubElement(plane, f"{{{_DI}}}BPMNEdge", {"id": f"{flow.id}-di", "bpmnElement": flow.id})
        for x, y in _way(graph.nodes[flow.source], graph.nodes[flow.target]):
            SubElement(edge, f"{{{_DD}}}waypoint", {"x": _n(x), "y": _n(y)})


def _shape(
    plane: Any, element: str, bounds: tuple[float, float, float, float], *, horizontal: bool = False
) -> None:
    attributes = {"id": f"{element}-di", "bpmnElement": element}
    attributes |= {"isHorizontal": "true"} if horizontal else {}
    shape = SubElement(plane, f"{{{_DI}}}BPMNShape", attributes)
    x, y, width, height = (_n(one) for one in bounds)
    SubElement(shape, f"{{{_DC}}}Bounds", {"x": x, "y": y, "width": width, "height": height})


def _way(source: _Node, target: _Node) -> list[tuple[float, float]]:
    x, y, width, height = source.box
    end_x, end_y, _, end_height = target.box
    start, end = (x + width, y + height / 2), (end_x, end_y + end_height / 2)
    if source.row == target.row:
        return [start, end]
    bend = start[0] + 16
    return [start, (bend, start[1]), (bend, end[1]), end]


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
