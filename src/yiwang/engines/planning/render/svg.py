# SPDX-License-Identifier: Apache-2.0
"""The flow chart (流程图) as SVG: readable without colour, with a title and a description."""

from __future__ import annotations

from html import escape

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning.model import Plan

from .chart import (
    BOX_WIDTH,
    LANE_LABEL,
    NAME_LINE,
    NAME_SIZE,
    NOTE_LINE,
    NOTE_SIZE,
    PADDING,
    Box,
    Chart,
    Label,
    Lane,
    Line,
    edge_label,
    lay_out,
)

_INK, _LINE, _FILL, _BAND = "#1a1a1a", "#1f4e8c", "#ffffff", "#f1f4f8"
_FONT = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"


def render_svg(plan: Plan, catalogue: Catalogue) -> str:
    """The chart as one `<svg>` element; it holds its own colours and needs no style sheet."""
    chart = lay_out(plan, catalogue)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="yw-chart-title yw-chart-desc" '
        f'width="{_n(chart.width)}" height="{_n(chart.height)}" '
        f'viewBox="0 0 {_n(chart.width)} {_n(chart.height)}" font-family="{_FONT}">\n',
        f'<title id="yw-chart-title">{escape(plan.name)} 办理流程图</title>\n',
        f'<desc id="yw-chart-desc">{escape(describe(plan, catalogue))}</desc>\n',
        '<defs><marker id="yw-chart-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
        f'markerHeight="8" orient="auto"><path d="M0,0 L10,5 L0,10 z" fill="{_LINE}"/></marker></defs>\n',
        f'<rect width="{_n(chart.width)}" height="{_n(chart.height)}" fill="{_FILL}"/>\n',
        _text(LANE_LABEL + 16, 28, f"{plan.name} 办理流程图", 18, bold=True),
        *(_lane(lane, chart, number) for number, lane in enumerate(chart.lanes)),
        *(
            _text(x, 62, f"第{number}步", NAME_SIZE, bold=True)
            for number, x in enumerate(chart.columns, start=1)
        ),
        *(_line(line) for line in chart.lines),
        *(_label(label) for label in chart.labels),
        *(_box(box) for box in chart.boxes),
        _text(
            LANE_LABEL + 16,
            chart.height - 12,
            "粗框：决定总时间的事项。箭头旁：前一项办好后转给后一项的证照。",
            NOTE_SIZE,
        ),
        "</svg>\n",
    ]
    return "".join(parts)


def describe(plan: Plan, catalogue: Catalogue) -> str:
    """The chart in sentences."""
    names = {one.id: one.name for one in plan.included}
    said = [
        f"第{number}步：{'、'.join(names[code] for code in stage.items)}。"
        for number, stage in enumerate(plan.stages, start=1)
    ]
    said += [
        f"{names[edge.before]}→{names[edge.after]}（{edge_label(edge, catalogue)}）。" for edge in plan.edges
    ]
    return "".join(said)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, words: str, size: int, *, bold: bool = False, halo: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    edge = f' stroke="{_FILL}" stroke-width="3" paint-order="stroke"' if halo else ""
    place = f'x="{_n(x)}" y="{_n(y)}" font-size="{size}"'
    return f'<text {place} fill="{_INK}"{weight}{edge}>{escape(words)}</text>\n'


def _lane(lane: Lane, chart: Chart, number: int) -> str:
    fill = _BAND if number % 2 == 0 else _FILL
    band = (
        f'<rect x="0" y="{_n(lane.y)}" width="{_n(chart.width)}" height="{_n(lane.height)}" '
        f'fill="{fill}" stroke="#c9d1dc"/>\n'
    )
    first = lane.y + lane.height / 2 - (len(lane.name) - 1) * NAME_LINE / 2 + 5
    words = [
        _text(8, first + index * NAME_LINE, line, NAME_SIZE, bold=True)
        for index, line in enumerate(lane.name)
    ]
    return "".join([band, *words])


def _line(line: Line) -> str:
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in line.points)
    return (
        f'<polyline points="{points}" fill="none" stroke="{_LINE}" stroke-width="1.5" '
        'marker-end="url(#yw-chart-arrow)"/>\n'
    )


def _label(label: Label) -> str:
    return "".join(
        _text(label.x, label.y + index * NOTE_LINE, line, NOTE_SIZE, halo=True)
        for index, line in enumerate(label.lines)
    )


def _box(box: Box) -> str:
    thick = "3" if box.critical else "1.5"
    shape = (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{BOX_WIDTH}" height="{_n(box.height)}" rx="6" '
        f'fill="{_FILL}" stroke="{_LINE}" stroke-width="{thick}"/>\n'
    )
    y = box.y + PADDING + NAME_SIZE
    words = []
    for line in box.name:
        words.append(_text(box.x + PADDING, y, line, NAME_SIZE))
        y += NAME_LINE
    for note in box.notes:
        words.append(_text(box.x + PADDING, y - 2, note, NOTE_SIZE))
        y += NOTE_LINE
    return "".join([shape, *words])
