# SPDX-License-Identifier: Apache-2.0
"""From a template and the values of one licence to a sheet: everything drawn, nothing cut.

Everything that could go wrong goes wrong here, before a file is made: a value that is missing, one
that does not fit, a character no font has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import segno

from yiwang.engines.definitions.kinds.templates import Align, Face, Lettering, Template, TemplateField
from yiwang.engines.papers.fitting import Space, fit
from yiwang.engines.papers.fonts import Fonts
from yiwang.engines.papers.ornament import base_drawing
from yiwang.engines.papers.sheet import Outline, Run, Sheet, Stroke, rectangle
from yiwang.kernel.errors import Invalid

QR = "二维码"
"""The key of what the QR code says: the address of the public check."""

CODE = "查验码"
"""The key of the check code, printed below the QR code for who types it; may be left out."""

_QUIET = 2  # modules of white around the code, beside the paper's own
_CAPTION = 6.5
_LINE = 3.2


class ValueMissing(Invalid):
    """A field that must be printed has no value."""


def compose(template: Template, values: Mapping[str, str], fonts: Fonts) -> Sheet:
    """The sheet of one licence.

    `values` are keyed by data element id, by fact (证照编号 …) and `QR`; dates and amounts are given as
    they are printed. Raises ValueMissing, TooLong, CharacterMissing.
    """
    sheet = Sheet(
        title=template.title.text,
        base=base_drawing(template.drawing, template.page),
    )
    for words in (template.title, *template.words):
        sheet.runs += fit(words.text, _space(words), fonts, where=words.text)
    for field in template.fields:
        sheet.runs += _field(field, values, fonts)
    _qr(sheet, template, values, fonts)
    return sheet


def _field(field: TemplateField, values: Mapping[str, str], fonts: Fonts) -> list[Run]:
    name = field.label or field.key
    text = values.get(field.key, "").strip()
    if not text and field.required:
        raise ValueMissing(f"没有“{name}”的内容，没有制证。", mend=f"请先补上“{name}”。", field=field.key)
    runs: list[Run] = []
    tall = float(max(field.size, field.label_size or field.size))
    if field.label:
        look = field.model_copy(
            update={
                "face": field.label_face or field.face,
                "align": field.label_align,
                "colour": field.label_colour or field.colour,
            }
        )
        size = float(field.label_size or field.size)
        runs += fit(
            field.label, _space(look, width=_label_room(field), size=size, line=tall), fonts, where=name
        )
    if text or field.empty:
        start = float(field.label_width) + (_GAP if field.label else 0.0)
        runs += fit(text or field.empty, _space(field, start=start, line=tall), fonts, where=name)
    return runs


_GAP = 3.0
"""Between a label and its value, in millimetres."""


def _label_room(field: TemplateField) -> float:
    return float(field.label_width)


def _space(
    box: Lettering,
    *,
    start: float = 0.0,
    width: float | None = None,
    size: float | None = None,
    line: float | None = None,
) -> Space:
    """The box, or a part of it; `line` is the size whose baseline the first line shares."""
    own = float(box.size) if size is None else size
    lower = ((line or own) - own) * 0.88 * 25.4 / 72
    return Space(
        x=float(box.x) + start,
        y=float(box.y) + lower,
        width=float(box.width) - start if width is None else width,
        height=float(box.height) - lower,
        size=own,
        face=box.face,
        align=box.align,
        colour=box.colour,
    )


def _qr(sheet: Sheet, template: Template, values: Mapping[str, str], fonts: Fonts) -> None:
    place = template.qr
    if place is None:
        return
    text = values.get(QR, "")
    if not text:
        raise ValueMissing("没有二维码的内容，没有制证。", mend="请给出本证照的核验网址。", field=QR)
    square = (float(place.x), float(place.y), float(place.size))
    marks, runs = code_marks(square, text, (place.caption or "", values.get(CODE, "")), fonts)
    sheet.marks += marks
    sheet.runs += runs


def code_marks(
    square: tuple[float, float, float], text: str, below: Sequence[str], fonts: Fonts
) -> tuple[list[Stroke], list[Run]]:
    """A QR code in its square (x, y, side) and the lines below it; empty ones are left out."""
    x, y, size = square
    white = Stroke(rectangle(x, y, size, size), None, 0.1, "#ffffff")
    runs: list[Run] = []
    down = y + size + 0.8
    for line in filter(None, below):
        space = Space(x - 6, down, size + 12, _LINE, _CAPTION, Face.HEI, Align.CENTER, "#333333")
        runs += fit(line, space, fonts, where=line)
        down += _LINE
    return [white, Stroke(_modules(text, x, y, size), None, 0.1, "#000000")], runs


def _modules(text: str, x: float, y: float, size: float) -> Outline:
    """The dark modules, joined along each row."""
    rows: Any = segno.make(text, micro=False, error="m").matrix
    side = size / (len(rows) + 2 * _QUIET)
    outline: Outline = []
    for number, row in enumerate(rows):
        column = 0
        while column < len(row):
            length = 0
            while column + length < len(row) and row[column + length]:
                length += 1
            if length:
                left, top = x + (column + _QUIET) * side, y + (number + _QUIET) * side
                outline += rectangle(left, top, length * side, side)
            column += max(1, length)
    return outline
