# SPDX-License-Identifier: Apache-2.0
"""Papers of many pages: headings, words and tables that flow from page to page; nothing is ever cut.

Beside a licence, which has one page and a template, there are papers as long as what they say (信用报告).
`lay_out` gives the sheets, `booklet_pdf` and `booklet_ofd` the files; a seal goes on the first page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from yiwang.engines.definitions.kinds.templates import Align, Drawing, Face, Page
from yiwang.engines.papers.compose import code_marks
from yiwang.engines.papers.fitting import LEADING, Space, fit
from yiwang.engines.papers.fonts import Fonts
from yiwang.engines.papers.ofd import booklet_of
from yiwang.engines.papers.ornament import base_drawing
from yiwang.engines.papers.sheet import POINT, Outline, Run, Sheet, Stroke
from yiwang.engines.papers.typeset import pages_of

_PAGE = Page(width=Decimal(210), height=Decimal(297))
_LEFT, _WIDTH = 20.0, 170.0
_TOP, _BOTTOM, _FOOT = 20.0, 272.0, 281.0
_TITLE, _HEADING, _BODY, _SMALL = 22.0, 13.0, 10.5, 9.0
_PAD, _GAP = 1.6, 3.0
_QR = 30.0
_ENDLESS = 100_000.0
_INK, _GREY, _RULE = "#000000", "#444444", "#888888"


@dataclass(frozen=True)
class Heading:
    """A heading; it never stands alone at the end of a page."""

    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells. `shares`: how wide each column is, of their sum; `head` empty: none."""

    shares: Sequence[float]
    rows: Sequence[Sequence[str]]
    head: Sequence[str] = ()


Block = Heading | Words | Table


@dataclass(frozen=True)
class Booklet:
    """A paper of as many pages as it needs.

    Attributes:
        facts: what stands beside the code on the first page, label and words.
        running: the line at the foot of each page, before the number of the page.
        address, code, caption: what the QR code says, the code for who types it, the line below.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    running: str
    address: str
    code: str
    caption: str


@dataclass(frozen=True)
class FirstPage:
    """Where the middle of the seal stands: over the facts, to the left of the code."""

    x: float = 128.0
    y: float = 60.0


_Lines = list[list[Run]]
"""Lines of one text, from the top; places are those of a text at the origin."""


@dataclass
class _Flow:
    fonts: Fonts
    title: str
    sheets: list[Sheet] = field(default_factory=list)
    y: float = _TOP

    def turn(self) -> Sheet:
        """A new page."""
        self.sheets.append(Sheet(self.title, base_drawing(Drawing(), _PAGE)))
        self.y = _TOP
        return self.sheets[-1]

    def room(self, height: float) -> None:
        """Turn the page unless `height` is left on it."""
        if self.y + height > _BOTTOM:
            self.turn()

    def lines(self, text: str, width: float, size: float, *, bold: bool = False) -> _Lines:
        """A text broken into lines, letters as large as asked for."""
        face = Face.HEI_BOLD if bold else Face.SONG
        space = Space(0.0, 0.0, width, _ENDLESS, size, face, Align.LEFT, _INK)
        found: dict[float, list[Run]] = {}
        for run in fit(text, space, self.fonts, where=self.title):
            found.setdefault(run.y, []).append(run)
        return [found[y] for y in sorted(found)]

    def put(self, line: Sequence[Run], x: float, top: float, size: float) -> None:
        """One line of text on the page, its upper edge at `top`."""
        self.sheets[-1].runs += [replace(one, x=x + one.x, y=top + size * POINT) for one in line]

    def rule(self, outline: Outline) -> None:
        """A thin line."""
        self.sheets[-1].marks.append(Stroke(outline, _RULE, 0.15))


def lay_out(booklet: Booklet, fonts: Fonts) -> list[Sheet]:
    """The pages of a paper. Raises CharacterMissing."""
    flow = _Flow(fonts, booklet.title)
    _first_page(flow, booklet)
    for place, block in enumerate(booklet.blocks):
        if isinstance(block, Heading):
            flow.y += _GAP
            flow.room(_needed(booklet.blocks[place + 1 : place + 2]))
            _lines(flow, flow.lines(block.text, _WIDTH, _HEADING, bold=True), _HEADING)
            flow.y += 1.0
        elif isinstance(block, Words):
            size = _SMALL if block.small else _BODY
            _lines(flow, flow.lines(block.text, _WIDTH, size), size)
            flow.y += 1.2
        else:
            _table(flow, block)
    for number, sheet in enumerate(flow.sheets, 1):
        sheet.runs += _foot(fonts, booklet.running, f"第{number}页，共{len(flow.sheets)}页")
    return flow.sheets


def booklet_pdf(booklet: Booklet, *, fonts: Fonts) -> bytes:
    """The paper as PDF/A-2b. Raises CharacterMissing, Unavailable."""
    return pages_of(lay_out(booklet, fonts), fonts)


def booklet_ofd(booklet: Booklet, *, fonts: Fonts, on: dt.date, about: Mapping[str, str]) -> bytes:
    """The paper as OFD, dated `on`, with metadata by name. Raises CharacterMissing."""
    return booklet_of(lay_out(booklet, fonts), on=on, about=about)


def _first_page(flow: _Flow, booklet: Booklet) -> None:
    sheet = flow.turn()
    title = Space(_LEFT, flow.y, _WIDTH, 14.0, _TITLE, Face.SONG_BOLD, Align.CENTER, _INK)
    sheet.runs += fit(booklet.title, title, flow.fonts, where=booklet.title)
    flow.y += 16.0
    top = flow.y
    marks, runs = code_marks(
        (_LEFT + _WIDTH - _QR, top, _QR),
        booklet.address,
        (booklet.caption, booklet.code),
        flow.fonts,
    )
    sheet.marks += marks
    sheet.runs += runs
    for label, words in booklet.facts:
        lines = flow.lines(words, _WIDTH - _QR - 40.0, _BODY)
        flow.put(flow.lines(label, 28.0, _BODY, bold=True)[0], _LEFT, flow.y, _BODY)
        for line in lines:
            flow.put(line, _LEFT + 28.0, flow.y, _BODY)
            flow.y += _step(_BODY)
        flow.y += 0.6
    flow.y = max(flow.y, top + _QR + 9.0)


def _lines(flow: _Flow, lines: _Lines, size: float) -> None:
    for line in lines:
        flow.room(_step(size))
        flow.put(line, _LEFT, flow.y, size)
        flow.y += _step(size)


def _table(flow: _Flow, table: Table) -> None:
    whole = sum(table.shares)
    widths = [_WIDTH * share / whole for share in table.shares]
    if table.head:
        _row(flow, table.head, widths, bold=True)
    for row in table.rows:
        _row(flow, row, widths)
    flow.y += 1.5


def _row(flow: _Flow, cells: Sequence[str], widths: Sequence[float], *, bold: bool = False) -> None:
    """A row; one that is higher than what is left begins on a new page, one higher than a page goes on."""
    texts = [
        flow.lines(cell, width - 2 * _PAD, _SMALL, bold=bold)
        for cell, width in zip(cells, widths, strict=True)
    ]
    most, step = max(1, *map(len, texts)), _step(_SMALL)
    if most * step + 2 * _PAD <= _BOTTOM - _TOP:
        flow.room(most * step + 2 * _PAD)
    done = 0
    while done < most:
        fits = min(most - done, int((_BOTTOM - flow.y - 2 * _PAD) / step))
        if fits < 1:
            flow.turn()
            continue
        _strip(flow, [text[done : done + fits] for text in texts], widths, fits * step + 2 * _PAD)
        done += fits


def _strip(flow: _Flow, texts: Sequence[_Lines], widths: Sequence[float], height: float) -> None:
    x, top, bottom = _LEFT, flow.y, flow.y + height
    flow.rule([("M", _LEFT, top), ("L", _LEFT + _WIDTH, top)])
    flow.rule([("M", _LEFT, bottom), ("L", _LEFT + _WIDTH, bottom)])
    for text, width in zip(texts, widths, strict=True):
        flow.rule([("M", x, top), ("L", x, bottom)])
        for number, line in enumerate(text):
            flow.put(line, x + _PAD, top + _PAD + number * _step(_SMALL), _SMALL)
        x += width
    flow.rule([("M", x, top), ("L", x, bottom)])
    flow.y = bottom


def _needed(after: Sequence[Block]) -> float:
    """The height a heading asks for: its own, and the beginning of what follows."""
    lines = 3 if after and isinstance(after[0], Table) else 2
    return _step(_HEADING) + 1.0 + lines * (_step(_BODY) + 2 * _PAD)


def _foot(fonts: Fonts, running: str, page: str) -> list[Run]:
    left = Space(_LEFT, _FOOT, _WIDTH - 40.0, 6.0, 8.0, Face.SONG, Align.LEFT, _GREY)
    right = Space(_LEFT + _WIDTH - 38.0, _FOOT, 38.0, 6.0, 8.0, Face.SONG, Align.RIGHT, _GREY)
    return fit(running, left, fonts, where=running) + fit(page, right, fonts, where=page)


def _step(size: float) -> float:
    return LEADING * size * POINT
