# SPDX-License-Identifier: Apache-2.0
"""A sheet as PDF (PDF/A-2b), set by typst.

Values go into the source as string literals, so what looks like markup in them prints as it is.
Places of letters are ours (fitting.py): typst must not squeeze Chinese punctuation, which it leaves alone
in the style of Taiwan and beside a box; the shapes stay those of the mainland, as `locl` is off.
One compiler is kept for each set of fonts: the first page costs some 50 ms, the next ones a few.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import typst

from yiwang.engines.definitions.kinds.templates import Template
from yiwang.engines.papers.compose import compose
from yiwang.engines.papers.fonts import Fonts
from yiwang.engines.papers.sheet import Drawn, Run, Sheet, Stroke
from yiwang.kernel.errors import Unavailable

_HEAD = """\
#set page(width: {width}mm, height: {height}mm, margin: 0mm)
#set document(title: {title})
#set text(lang: "zh", region: "cn", top-edge: "baseline", bottom-edge: "baseline", fallback: false,
  cjk-latin-spacing: none, kerning: false, ligatures: false, hyphenate: false, overhang: false)
#set par(leading: 0pt, spacing: 0pt, justify: false)
#let t(x, y, s, f, w, c, g, k) = place(top + left, dx: x * 1mm, dy: y * 1mm,
  box(width: 2000mm, text(font: f, weight: w, size: s * 1pt, fill: rgb(c), tracking: g * 1mm,
    region: "tw", features: (locl: 0), box() + k + box())))
#let svg(s) = place(top + left, image(bytes(s), format: "svg", width: {width}mm, height: {height}mm))
"""

_BREAK = "#pagebreak()\n"

_compilers: WeakKeyDictionary[Fonts, tuple[typst.Compiler, threading.Lock]] = WeakKeyDictionary()
_making = threading.Lock()


def render_pdf(template: Template, values: Mapping[str, str], *, fonts: Fonts) -> bytes:
    """One licence as PDF/A-2b. `values`: see `compose`. Raises ValueMissing, TooLong, CharacterMissing."""
    return pdf_of(compose(template, values, fonts), fonts)


def pdf_of(sheet: Sheet, fonts: Fonts) -> bytes:
    """A sheet as PDF/A-2b. Raises Unavailable when typst refuses it."""
    return pages_of([sheet], fonts)


def pages_of(sheets: Sequence[Sheet], fonts: Fonts) -> bytes:
    """Sheets of one size as the pages of one PDF/A-2b. Raises Unavailable when typst refuses them."""
    text = _BREAK.join([source(sheets[0]), *map(_body, sheets[1:])])
    pdf: bytes = compiled(text, fonts, format="pdf", pdf_standards=["a-2b"], pdf_tags=False)
    return pdf


def compiled(text: str, fonts: Fonts, **options: Any) -> bytes:
    """What typst makes of its source `text`. Raises Unavailable when it refuses."""
    with _making:
        if fonts not in _compilers:
            _compilers[fonts] = (typst.Compiler(font_paths=fonts.typst), threading.Lock())
    compiler, lock = _compilers[fonts]
    try:
        with lock:
            made, warnings = compiler.compile_with_warnings(text.encode(), **options)
    except typst.TypstError as error:
        raise Unavailable(
            f"版面没有排成：{error}。", mend="请把这段话交给管理员；证照没有制成，可以稍后再试。"
        ) from error
    if warnings:  # an unknown font would leave its words out
        raise Unavailable(
            f"版面没有排好：{warnings[0].message}。", mend="请把这段话交给管理员；证照没有制成。"
        )
    assert isinstance(made, bytes)
    return made


def source(sheet: Sheet) -> str:
    """The sheet in typst's language."""
    head = _HEAD.format(
        width=number(sheet.width),
        height=number(sheet.height),
        title=literal(sheet.title),
    )
    return f"{head}\n{_body(sheet)}"


def _body(sheet: Sheet) -> str:
    base = sheet.base.kept(_picture)
    marks = _picture(Drawn(sheet.width, sheet.height, tuple(sheet.marks)))
    return "\n".join([base, marks, *(_run(run) for run in sheet.runs), ""])


def literal(text: str) -> str:
    """`text` as a string literal of typst, whatever is in it."""
    if text.isprintable():  # nearly always, and then much faster
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return '"' + "".join(_ESCAPES.get(char) or _plain(char) for char in text) + '"'


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _plain(char: str) -> str:
    return char if char.isprintable() else f"\\u{{{ord(char):x}}}"


def _run(run: Run) -> str:
    place = f"{number(run.x)}, {number(run.y)}, {number(run.size)}"
    font = f"{literal(run.font.family)}, {run.font.weight}"
    return f"#t({place}, {font}, {literal(run.colour)}, {number(run.gap)}, {literal(run.text)})"


def _picture(drawn: Drawn) -> str:
    """A drawing as a picture over the whole page, in typst's language."""
    width, height = number(drawn.width), number(drawn.height)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
    view = f'viewBox="0 0 {width} {height}">'
    return f"#svg({literal(head + view + ''.join(map(_path, drawn.strokes)) + '</svg>')})"


def _path(stroke: Stroke) -> str:
    line = f' stroke="{stroke.line}" stroke-width="{number(stroke.width)}"' if stroke.line else ""
    return f'<path d="{path_data(stroke)}" fill="{stroke.fill or "none"}"{line}/>'


def path_data(stroke: Stroke, curve: str = "C") -> str:
    """The outline in the letters of SVG; OFD says B for a curve."""
    return " ".join(
        f"{curve if command[0] == 'B' else command[0]} {' '.join(map(number, command[1:]))}"
        for command in stroke.outline
    )


def number(value: float) -> str:
    """A length with at most three decimals."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
