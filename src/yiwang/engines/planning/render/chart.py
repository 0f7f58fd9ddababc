# SPDX-License-Identifier: Apache-2.0
"""Where everything stands on the flow chart (流程图): lanes are departments, columns are steps.

Every item has a row of its own, so a line that runs along a row meets no box but the one it leads
to; lines change rows only in the gutters between the columns, right of the words that stand
there. Nothing can overlap, however many items there are. Lengths are pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import duration_words
from yiwang.engines.planning.model import Edge, EdgeKind, Plan

NAME_SIZE, NAME_LINE = 15, 21
NOTE_SIZE, NOTE_LINE = 12, 17
BOX_WIDTH, PADDING = 184, 9
LANE_LABEL = 116
ROW_GAP, HEAD = 14, 76
TRUNK, ARROW_ROOM = 14, 22
LABEL_WIDTH = 110
_CLOSING = "）、。，；：”’》」)"


@dataclass(frozen=True)
class Box:
    """An item on the chart."""

    item: str
    stage: int
    x: float
    y: float
    height: float
    name: tuple[str, ...]
    notes: tuple[str, ...]
    critical: bool

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + BOX_WIDTH

    @property
    def middle(self) -> float:
        """The height at which lines arrive."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Lane:
    """A department's band."""

    name: tuple[str, ...]
    y: float
    height: float


@dataclass(frozen=True)
class Line:
    """A line from one item to others that wait for it, and what goes along it."""

    edge: Edge
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Label:
    """What an item hands on, beside its box."""

    x: float
    y: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """Everything with its place."""

    width: float
    height: float
    columns: tuple[float, ...]
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class _Port:
    """One thing that an item hands on, and to whom."""

    before: str
    words: tuple[str, ...]
    edges: tuple[Edge, ...]

    @property
    def height(self) -> float:
        return len(self.words) * NOTE_LINE + 8


def wrap(text: str, size: int, width: float) -> tuple[str, ...]:
    """Lines of about `width` pixels; a CJK character is as wide as the type size.

    No line begins with a closing mark: it hangs at the end of the line before.
    """
    lines: list[str] = []
    line, used = "", 0.0
    for char in text:
        wide = size * (1.0 if ord(char) > 0x2E7F or char in "“”‘’…—" else 0.58)
        if line and used + wide > width and char not in _CLOSING:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + char, used + wide
    return (*lines, line) if line else tuple(lines)


def edge_label(edge: Edge, catalogue: Catalogue) -> str:
    """What goes along an edge."""
    if edge.kind is EdgeKind.LICENCE:
        return catalogue.materials[edge.what].name
    if edge.kind is EdgeKind.ELEMENT:
        return catalogue.elements[edge.what].name
    return "依法在其后办理"


def lay_out(plan: Plan, catalogue: Catalogue) -> Chart:
    """The chart of a plan."""
    stage = {code: number for number, one in enumerate(plan.stages) for code in one.items}
    ports = _ports(plan, catalogue)
    columns, trunks, width = _columns(plan, stage, ports)
    lanes, boxes = _rows(plan, catalogue, stage, ports, columns)
    place = {box.item: box for box in boxes}
    lines: list[Line] = []
    labels: list[Label] = []
    arrived: dict[str, int] = {}
    incoming = {code: sum(edge.after == code for edge in plan.edges) for code in stage}
    for port, y in _port_places(ports, place):
        box = place[port.before]
        labels.append(Label(box.right + 6, y - 5 - NOTE_LINE * (len(port.words) - 1), port.words))
        trunk = trunks[port.before, port.words]
        for edge in port.edges:
            number = arrived.get(edge.after, 0)
            arrived[edge.after] = number + 1
            end = place[edge.after]
            at = end.middle + _spread(number, incoming[edge.after], end.height)
            lines.append(Line(edge, ((box.right, y), (trunk, y), (trunk, at), (end.x, at))))
    height = lanes[-1].y + lanes[-1].height + 34 if lanes else HEAD
    return Chart(width, height, columns, lanes, boxes, tuple(lines), tuple(labels))


def _spread(number: int, count: int, height: float) -> float:
    step = min(10.0, (height - 12) / max(count, 1))
    return (number - (count - 1) / 2) * step


def _ports(plan: Plan, catalogue: Catalogue) -> dict[str, list[_Port]]:
    grouped: dict[tuple[str, str], list[Edge]] = {}
    for edge in plan.edges:
        edges = grouped.setdefault((edge.before, edge_label(edge, catalogue)), [])
        if all(one.after != edge.after for one in edges):
            edges.append(edge)
    ports: dict[str, list[_Port]] = {}
    for (before, label), edges in grouped.items():
        words = wrap(label, NOTE_SIZE, LABEL_WIDTH)
        ports.setdefault(before, []).append(_Port(before, words, tuple(edges)))
    return ports


def _columns(
    plan: Plan, stage: dict[str, int], ports: dict[str, list[_Port]]
) -> tuple[tuple[float, ...], dict[tuple[str, tuple[str, ...]], float], float]:
    """Left edges of the columns, the x of each port's vertical line, and the whole width."""
    x = float(LANE_LABEL + 16)
    columns: list[float] = []
    trunks: dict[tuple[str, tuple[str, ...]], float] = {}
    for number in range(len(plan.stages)):
        columns.append(x)
        x += BOX_WIDTH
        here = [port for code in plan.stages[number].items for port in ports.get(code, [])]
        if here:
            x += LABEL_WIDTH + 12
            for port in here:
                trunks[port.before, port.words] = x
                x += TRUNK
        x += ARROW_ROOM
    return tuple(columns), trunks, x


def _rows(
    plan: Plan,
    catalogue: Catalogue,
    stage: dict[str, int],
    ports: dict[str, list[_Port]],
    columns: Sequence[float],
) -> tuple[tuple[Lane, ...], tuple[Box, ...]]:
    joint = {code for visit in plan.visits for code in visit.items}
    lanes: list[Lane] = []
    boxes: list[Box] = []
    y = float(HEAD)
    for department, codes in departments(plan).items():
        top = y
        y += ROW_GAP / 2
        for code in codes:
            name = wrap(catalogue.items[code].name, NAME_SIZE, BOX_WIDTH - 2 * PADDING)
            limit = duration_words(catalogue.items[code].promised_limit)
            notes: tuple[str, ...] = (limit, "联合踏勘") if code in joint else (limit,)
            height = 2 * PADDING + len(name) * NAME_LINE + NOTE_LINE * len(notes)
            room = max(height, sum(port.height for port in ports.get(code, [])))
            critical = code in plan.timetable.critical_path
            boxes.append(
                Box(
                    code,
                    stage[code],
                    columns[stage[code]],
                    y + (room - height) / 2,
                    height,
                    name,
                    notes,
                    critical,
                )
            )
            y += room + ROW_GAP
        y += -ROW_GAP / 2
        label = wrap(department, NAME_SIZE, LANE_LABEL - 16)
        y = max(y, top + len(label) * NAME_LINE + 12)
        lanes.append(Lane(label, top, y - top))
    return tuple(lanes), tuple(boxes)


def departments(plan: Plan) -> dict[str, list[str]]:
    """Department → its items, in the order of the steps."""
    found: dict[str, list[str]] = {}
    for one in plan.stages:
        for department, codes in one.departments:
            found.setdefault(department, []).extend(codes)
    return found


def _port_places(ports: dict[str, list[_Port]], place: dict[str, Box]) -> list[tuple[_Port, float]]:
    """Each port with the height at which its line leaves the box."""
    found: list[tuple[_Port, float]] = []
    for code, box in place.items():
        mine = ports.get(code, [])
        y = box.middle - sum(port.height for port in mine) / 2
        for port in mine:
            y += port.height
            found.append((port, y - 2))
    return found
