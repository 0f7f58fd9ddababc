# SPDX-License-Identifier: Apache-2.0
"""Borders and background patterns, drawn by the house: waves, rosettes, frames. No emblem."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from yiwang.engines.definitions.kinds.templates import Border, BorderStyle, Drawing, Page, PatternStyle
from yiwang.engines.papers.sheet import Drawn, Outline, Stroke, circle, rectangle

# A quarter of a sine wave as a cubic curve; the error is below 0.0006 of the amplitude.
_Q1, _Q2, _QUARTER = 0.5122866232565924, 1.0023136857678986, math.pi / 2


@lru_cache(maxsize=64)
def _drawn(drawing_json: str, width: float, height: float) -> Drawn:
    drawing = Drawing.model_validate_json(drawing_json)
    strokes = [Stroke(rectangle(0, 0, width, height), None, 0.1, drawing.paper)]
    if drawing.pattern:
        strokes += _pattern(drawing, width, height)
    if drawing.border:
        strokes += _BORDERS[drawing.border.style](drawing.border, width, height)
    for one in drawing.rectangles:
        outline = rectangle(
            float(one.x), float(one.y), float(one.width), float(one.height), float(one.radius)
        )
        strokes.append(Stroke(outline, one.line, float(one.line_width), one.fill))
    for line in drawing.lines:
        ends: Outline = [("M", float(line.x1), float(line.y1)), ("L", float(line.x2), float(line.y2))]
        strokes.append(Stroke(ends, line.colour, float(line.width)))
    return Drawn(width, height, tuple(strokes))


def base_drawing(drawing: Drawing, page: Page) -> Drawn:
    """The base drawing (底图) of a page: paper, pattern, border, rectangles, lines."""
    return _drawn(drawing.model_dump_json(), float(page.width), float(page.height))


def _pattern(drawing: Drawing, width: float, height: float) -> list[Stroke]:
    pattern, border = drawing.pattern, drawing.border
    assert pattern is not None
    edge = float(border.inset + border.width) + 1.5 if border else 0.0
    strokes: list[Stroke] = []
    if pattern.style in (PatternStyle.WAVES, PatternStyle.WAVES_ROSETTE):
        strokes += _waves(edge, edge, width - 2 * edge, height - 2 * edge, pattern.colour)
    if pattern.style in (PatternStyle.ROSETTE, PatternStyle.WAVES_ROSETTE):
        strokes += _rosette(width / 2, height / 2, min(width, height) * 0.3, pattern.colour)
    return strokes


def _waves(x: float, y: float, width: float, height: float, colour: str) -> list[Stroke]:
    """Lines of waves, each shifted against the one above it: the ground of security paper."""
    rows, period, amplitude = max(2, round(height / 3.2)), 27.0, 2.6
    waves = max(1, round(width / period))
    outline: Outline = []
    for row in range(rows + 1):
        level = y + amplitude + row * (height - 2 * amplitude) / rows
        sign = 1 if row % 2 else -1
        outline += _sine(x, level, width, waves=waves, amplitude=sign * amplitude)
    return [Stroke(outline, colour, 0.16)]


def _sine(x: float, y: float, width: float, *, waves: int, amplitude: float, down: bool = False) -> Outline:
    """Whole sine waves from (x, y) rightwards, or downwards: `width` is then a height."""
    unit = width / waves / (4 * _QUARTER)
    points: Outline = [("M", x, y)]

    def at(along: float, across: float) -> tuple[float, float]:
        return (x + across, y + along) if down else (x + along, y + across)

    for quarter in range(4 * waves):
        start, up = quarter * _QUARTER, quarter % 4
        a = amplitude if up in (0, 1) else -amplitude
        if up in (0, 2):
            curve = [(_Q1, _Q1 * a), (_Q2, a), (_QUARTER, a)]
        else:
            curve = [(_QUARTER - _Q2, a), (_QUARTER - _Q1, _Q1 * a), (_QUARTER, 0.0)]
        (ax, ay), (bx, by), (cx, cy) = (at((start + t) * unit, v) for t, v in curve)
        points.append(("B", ax, ay, bx, by, cx, cy))
    return points


def _rosette(x: float, y: float, radius: float, colour: str) -> list[Stroke]:
    """A guilloche rosette: closed curves that turn against each other."""
    strokes: list[Stroke] = []
    for turn in range(6):
        shift = turn * math.pi / 36
        strokes.append(Stroke(_petals(x, y, radius, 12, shift), colour, 0.18))
    for turn in range(3):
        strokes.append(Stroke(_petals(x, y, radius * 0.42, 12, turn * math.pi / 18), colour, 0.18))
    return strokes


def _petals(x: float, y: float, radius: float, count: int, shift: float) -> Outline:
    def place(turn: float) -> tuple[float, float]:
        reach = radius * (0.72 + 0.28 * math.cos(count * turn + shift * count))
        return x + reach * math.cos(turn), y + reach * math.sin(turn)

    return _smooth(place, count * 16)


def _smooth(place: Callable[[float], tuple[float, float]], steps: int) -> Outline:
    """A closed smooth curve through `steps` points of a turn (Catmull-Rom as cubic curves)."""
    points = [place(2 * math.pi * step / steps) for step in range(steps)]
    outline: Outline = [("M", *points[0])]
    for index in range(steps):
        before, here = points[index - 1], points[index]
        there, after = points[(index + 1) % steps], points[(index + 2) % steps]
        first = [here[i] + (there[i] - before[i]) / 6 for i in (0, 1)]
        second = [there[i] - (after[i] - here[i]) / 6 for i in (0, 1)]
        outline.append(("B", *first, *second, *there))  # type: ignore[arg-type]
    return outline


def _plain(border: Border, width: float, height: float) -> list[Stroke]:
    inset = float(border.inset)
    return [Stroke(rectangle(inset, inset, width - 2 * inset, height - 2 * inset), border.colour, 0.6)]


def _double(border: Border, width: float, height: float) -> list[Stroke]:
    outer, inner = float(border.inset), float(border.inset + border.width)
    return [
        Stroke(rectangle(outer, outer, width - 2 * outer, height - 2 * outer), border.colour, 1.0),
        Stroke(rectangle(inner, inner, width - 2 * inner, height - 2 * inner), border.colour, 0.3),
    ]


def _ornate(border: Border, width: float, height: float) -> list[Stroke]:
    """Two frames with waves running between them, and a rosette in each corner."""
    inset, band, colour = float(border.inset), float(border.width), border.colour
    strokes = _double(border, width, height)
    middle, reach = inset + band / 2, band / 2 - 1.0
    across, down = width - 2 * (inset + band), height - 2 * (inset + band)
    for amplitude in (reach, -reach, reach * 0.55, -reach * 0.55):
        strokes.append(Stroke(_frame_waves(border, width, height, middle, amplitude), colour, 0.22))
    for level in (inset + 0.9, inset + band - 0.9):
        strokes.append(Stroke(rectangle(level, level, width - 2 * level, height - 2 * level), colour, 0.18))
    dots: Outline = []
    for x, y in _along(inset + band, middle, across, band, width, height):
        dots += circle(x, y, 0.42)
    for y, x in _along(inset + band, middle, down, band, height, width):
        dots += circle(x, y, 0.42)
    strokes.append(Stroke(dots, None, 0.2, colour))
    for x in (middle, width - middle):
        for y in (middle, height - middle):
            strokes += _corner(x, y, band / 2, colour)
    return strokes


def _frame_waves(border: Border, width: float, height: float, middle: float, amplitude: float) -> Outline:
    edge, band = float(border.inset + border.width), float(border.width)
    across, down = width - 2 * edge, height - 2 * edge
    outline: Outline = []
    for y in (middle, height - middle):
        outline += _sine(edge, y, across, waves=_count(across, band), amplitude=amplitude)
    for x in (middle, width - middle):
        outline += _sine(x, edge, down, waves=_count(down, band), amplitude=amplitude, down=True)
    return outline


def _count(length: float, band: float) -> int:
    return max(1, round(length / (band * 1.25)))


def _along(
    start: float, middle: float, length: float, band: float, whole: float, other: float
) -> list[tuple[float, float]]:
    """The middles of the eyes between the waves, on both opposite sides."""
    eyes = 2 * _count(length, band)
    step = length / eyes
    spots = [start + step * (index + 0.5) for index in range(eyes)]
    return [(spot, side) for side in (middle, other - middle) for spot in spots if spot < whole]


def _corner(x: float, y: float, half: float, colour: str) -> list[Stroke]:
    square = rectangle(x - half + 0.2, y - half + 0.2, 2 * half - 0.4, 2 * half - 0.4)
    return [
        Stroke(square, colour, 0.4, "#ffffff"),
        Stroke(_petals(x, y, half - 0.8, 8, 0.0), colour, 0.25),
        Stroke(_petals(x, y, half - 0.8, 8, math.pi / 8), colour, 0.25),
        Stroke(circle(x, y, half * 0.28), None, 0.2, colour),
    ]


_BORDERS: dict[BorderStyle, Callable[[Border, float, float], list[Stroke]]] = {
    BorderStyle.PLAIN: _plain,
    BorderStyle.DOUBLE: _double,
    BorderStyle.ORNATE: _ornate,
}
