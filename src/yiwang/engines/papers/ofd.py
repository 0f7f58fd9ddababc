# SPDX-License-Identifier: Apache-2.0
"""A sheet as OFD (GB/T 33190—2016): a package of XML files with the letters' fonts inside.

Chapters: 7.4 main entry (OFD.xml), 7.5 document, 7.9 resources, 7.7 pages, 9 paths, 11 text.
What we write, file by file: `docs/formats/ofd.md`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from yiwang.engines.definitions.kinds.templates import Template
from yiwang.engines.papers.compose import compose
from yiwang.engines.papers.fonts import CharacterMissing, Fonts
from yiwang.engines.papers.glyphs import subset
from yiwang.engines.papers.metadata import metadata_of
from yiwang.engines.papers.sheet import POINT, Drawn, Run, Sheet, Stroke
from yiwang.engines.papers.typeset import number, path_data
from yiwang.engines.papers.zips import Entry, write

NAMESPACE = "http://www.ofdspec.org/2016"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XMLNS = f'xmlns:ofd="{NAMESPACE}"'

PAGE_ID, _BASE, _BASE_LAYER, _TEXT_LAYER, _FONT_ID = 1, 2, 3, 4, 10
_FIRST = 100  # ids of what is drawn, one after the other
_BMP = 0xFFFF
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_ofd(
    template: Template, values: Mapping[str, str], *, fonts: Fonts, on: dt.date | None = None
) -> bytes:
    """One licence as OFD, dated `on` (default: today). `values`: see `compose`.

    Raises ValueMissing, TooLong, CharacterMissing.
    """
    day = on or dt.datetime.now(dt.UTC).date()
    return ofd_of(compose(template, values, fonts), on=day, about=metadata_of(template, values))


def ofd_of(sheet: Sheet, *, on: dt.date, about: Mapping[str, str]) -> bytes:
    """A sheet as OFD, dated `on`, with metadata by name."""
    return booklet_of([sheet], on=on, about=about)


def booklet_of(sheets: Sequence[Sheet], *, on: dt.date, about: Mapping[str, str]) -> bytes:
    """Sheets over one base drawing as the pages of one OFD, dated `on`, with metadata by name."""
    return write(_entries(sheets, on, about))


def _entries(sheets: Sequence[Sheet], on: dt.date, about: Mapping[str, str]) -> list[Entry]:
    sheet = sheets[0]
    fonts = _embedded([run for one in sheets for run in one.runs])
    base, last = sheet.base.kept(_base)
    pages: dict[int, str] = {}
    for one in sheets:
        identity, layer, first = (last, last + 1, last + 2) if pages else (PAGE_ID, _TEXT_LAYER, last)
        pages[identity], last = _page(one, fonts, first, layer)
    files = {
        "Doc_0/Document.xml": _document(sheet, list(pages), last),
        "Doc_0/PublicRes.xml": _resources(fonts),
    } | {f"Doc_0/Pages/Page_{at}/Content.xml": content for at, content in enumerate(pages.values())}
    entries = [Entry.of(name, text.encode()) for name, text in files.items()]
    entries.append(base)
    entries += [Entry.of(f"Doc_0/Res/{font.file}", font.data) for font in fonts.values()]
    digest = hashlib.sha256(b"".join(hashlib.sha256(entry.content).digest() for entry in entries))
    main = _main(sheet, digest.hexdigest()[:32], on, about)
    return [Entry.of("OFD.xml", main.encode()), *entries]


class _Embedded:
    """A font of the document: the letters of one font file."""

    def __init__(self, identity: int, runs: Sequence[Run]) -> None:
        self.id = identity
        self.family = runs[0].font.family
        self.bold = runs[0].font.weight >= 700
        self.file = f"font_{identity}.ttf"
        name = f"Yiwang{identity}"
        self.data, self.glyphs = subset((letter for run in runs for letter in run.letters), name)


def _embedded(runs: Iterable[Run]) -> dict[str, _Embedded]:
    by_font: dict[str, list[Run]] = {}
    for run in runs:
        by_font.setdefault(run.font.key, []).append(run)
    return {key: _Embedded(_FONT_ID + i, by_font[key]) for i, key in enumerate(sorted(by_font))}


def _main(sheet: Sheet, identity: str, on: dt.date, about: Mapping[str, str]) -> str:
    data = "".join(
        f"<ofd:CustomData Name={quoteattr(name)}>{_written(text, name)}</ofd:CustomData>"
        for name, text in sorted(about.items())
    )
    info = (
        f"<ofd:DocID>{identity}</ofd:DocID><ofd:Title>{escape(sheet.title)}</ofd:Title>"
        f"<ofd:CreationDate>{on.isoformat()}</ofd:CreationDate><ofd:Creator>Yiwang</ofd:Creator>"
        f"<ofd:CustomDatas>{data}</ofd:CustomDatas>"
    )
    return (
        f'{HEAD}<ofd:OFD {_XMLNS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>{info}</ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )


def _written(text: str, where: str) -> str:
    """Text that is not printed, and so was not looked at before. Raises CharacterMissing."""
    if found := _NOT_XML.search(text):
        raise CharacterMissing(found.group(), where)
    return escape(text)


def _document(sheet: Sheet, pages: Sequence[int], last: int) -> str:
    listed = "".join(
        f'<ofd:Page ID="{identity}" BaseLoc="Pages/Page_{at}/Content.xml"/>'
        for at, identity in enumerate(pages)
    )
    box = f"0 0 {number(sheet.width)} {number(sheet.height)}"
    return (
        f"{HEAD}<ofd:Document {_XMLNS}><ofd:CommonData><ofd:MaxUnitID>{last}</ofd:MaxUnitID>"
        f"<ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        f'<ofd:TemplatePage ID="{_BASE}" ZOrder="Background" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
        "</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )


def _resources(fonts: Mapping[str, _Embedded]) -> str:
    listed = "".join(
        f'<ofd:Font ID="{font.id}" FontName={quoteattr(font.family)} FamilyName={quoteattr(font.family)}'
        f' Bold="{str(font.bold).lower()}"><ofd:FontFile>{font.file}</ofd:FontFile></ofd:Font>'
        for font in fonts.values()
    )
    return f'{HEAD}<ofd:Res {_XMLNS} BaseLoc="Res"><ofd:Fonts>{listed}</ofd:Fonts></ofd:Res>'


def _base(drawn: Drawn) -> tuple[Entry, int]:
    """The base drawing as a template page (7.6), and the next id."""
    content = (
        f'{HEAD}<ofd:Page {_XMLNS}><ofd:Content><ofd:Layer ID="{_BASE_LAYER}" Type="Background">'
        f"{_paths(drawn, _FIRST)}</ofd:Layer></ofd:Content></ofd:Page>"
    )
    return Entry.of("Doc_0/Tpls/Tpl_0/Content.xml", content.encode()), _FIRST + len(drawn.strokes)


def _page(sheet: Sheet, fonts: Mapping[str, _Embedded], identity: int, layer: int) -> tuple[str, int]:
    """The content of the page, with ids from `identity` on; and the next id."""
    marks = _paths(Drawn(sheet.width, sheet.height, tuple(sheet.marks)), identity)
    identity += len(sheet.marks)
    texts: list[str] = []
    for run in sheet.runs:
        for part in _parts(run):
            texts.append(_text(part, fonts[run.font.key], identity))
            identity += 1
    return (
        f'{HEAD}<ofd:Page {_XMLNS}><ofd:Template TemplateID="{_BASE}" ZOrder="Background"/><ofd:Content>'
        f'<ofd:Layer ID="{layer}" Type="Body">{marks}{"".join(texts)}</ofd:Layer>'
        "</ofd:Content></ofd:Page>"
    ), identity


def _paths(drawn: Drawn, first: int) -> str:
    return "".join(_path(drawn, stroke, first + index) for index, stroke in enumerate(drawn.strokes))


def _path(drawn: Drawn, stroke: Stroke, identity: int) -> str:
    """A path in the coordinates of the page."""
    width, height = number(drawn.width), number(drawn.height)
    how = f'Stroke="{str(stroke.line is not None).lower()}" Fill="{str(stroke.fill is not None).lower()}"'
    fill = f"<ofd:FillColor {_colour(stroke.fill)}/>" if stroke.fill else ""
    line = f"<ofd:StrokeColor {_colour(stroke.line)}/>" if stroke.line else ""
    data = path_data(stroke, "B")
    return (
        f'<ofd:PathObject ID="{identity}" Boundary="0 0 {width} {height}" LineWidth="{number(stroke.width)}" '
        f"{how}>{line}{fill}<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def _colour(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f'Value="{red} {green} {blue}"'


def _parts(run: Run) -> list[Run]:
    """The run cut so that a character beyond the first plane stands alone: readers count it as one
    or as two, and a glyph that is named outright suits both."""
    parts: list[Run] = []
    x, start = run.x, 0
    advances = run.advances
    rare = [ord(letter.character) > _BMP for letter in run.letters]
    for index in range(1, len(run.letters) + 1):
        if index == len(run.letters) or rare[index] or rare[start]:
            parts.append(Run(x, run.y, run.size, run.colour, run.font, run.letters[start:index], run.gap))
            x += sum(advances[start:index])
            start = index
    return parts


def _text(run: Run, font: _Embedded, identity: int) -> str:
    size = run.size * POINT
    advances = run.advances
    up = size * 0.95
    boundary = (run.x, run.y - up, max(sum(advances), size * 0.1), size * 1.25)
    moves = " ".join(number(advance) for advance in advances[:-1])
    delta = f' DeltaX="{moves}"' if moves else ""
    glyphs = ""
    if ord(run.letters[0].character) > _BMP:
        named = f"<ofd:Glyphs>{font.glyphs[run.letters[0].character]}</ofd:Glyphs>"
        glyphs = f'<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1">{named}</ofd:CGTransform>'
    return (
        f'<ofd:TextObject ID="{identity}" Boundary="{" ".join(map(number, boundary))}" Font="{font.id}" '
        f'Size="{number(size)}"><ofd:FillColor {_colour(run.colour)}/>{glyphs}'
        f'<ofd:TextCode X="0" Y="{number(up)}"{delta}>{escape(run.text)}</ofd:TextCode></ofd:TextObject>'
    )
