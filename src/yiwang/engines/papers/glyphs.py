# SPDX-License-Identifier: Apache-2.0
"""Small TrueType fonts with only the letters of one document, for OFD.

Subsetting a Noto file takes a second each time, because it has 65,535 glyphs. Here each letter's
outline is turned into TrueType once and kept; a font is then put together in a millisecond.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.sfnt import SFNTWriter

from yiwang.engines.papers.fontfile import FontFile
from yiwang.engines.papers.fonts import Letter

_UNITS = 1000
_ASCENT, _DESCENT = 880, -120
_ERROR = 1.0  # units a quadratic curve may be off the cubic one
_TABLES = 10


class Glyph(NamedTuple):
    """A letter as a TrueType glyph: its table entry, advance and bounds."""

    data: bytes
    advance: int
    left: int
    bounds: tuple[int, int, int, int]
    points: int
    contours: int


_NOTDEF = Glyph(b"", _UNITS, 0, (0, 0, 0, 0), 0, 0)


def subset(letters: Iterable[Letter], name: str) -> tuple[bytes, dict[str, int]]:
    """A TrueType font of these letters, and the glyph number of each character."""
    found = {letter.character: letter.font for letter in letters}
    characters = sorted(found)
    glyphs = [_NOTDEF, *(_glyph(found[character], character) for character in characters)]
    return _font(glyphs, characters, name), {char: i + 1 for i, char in enumerate(characters)}


_kept: dict[tuple[str, str], Glyph] = {}


def _glyph(font: FontFile, character: str) -> Glyph:
    key = (font.key, character)
    if key not in _kept:
        _kept[key] = _turned(font, character)
    return _kept[key]


def _turned(font: FontFile, character: str) -> Glyph:
    pen = TTGlyphPen(None)
    scale = _UNITS / font.units
    font.draw(character, Cu2QuPen(pen, _ERROR * font.units / _UNITS, reverse_direction=True))
    made: Any = pen.glyph()
    advance = round(font.advance(character) * _UNITS)
    if made.numberOfContours == 0:
        return Glyph(b"", advance, 0, (0, 0, 0, 0), 0, 0)
    made.coordinates.scale((scale, scale))
    made.coordinates.toInt()
    made.recalcBounds(None)
    bounds = (made.xMin, made.yMin, made.xMax, made.yMax)
    data: bytes = made.compile(None)
    data += b"\0" * (-len(data) % 4)
    return Glyph(data, advance, made.xMin, bounds, len(made.coordinates), made.numberOfContours)


def _font(glyphs: Sequence[Glyph], characters: Sequence[str], name: str) -> bytes:
    file = io.BytesIO()
    writer: Any = SFNTWriter(file, _TABLES, "\0\1\0\0")
    offsets = [0]
    for glyph in glyphs:
        offsets.append(offsets[-1] + len(glyph.data))
    tables = {
        "OS/2": _os2(glyphs, characters),
        "cmap": _cmap([ord(character) for character in characters]),
        "glyf": b"".join(glyph.data for glyph in glyphs) or b"\0",
        "head": _head(glyphs),
        "hhea": _hhea(glyphs),
        "hmtx": b"".join(struct.pack(">Hh", glyph.advance, glyph.left) for glyph in glyphs),
        "loca": struct.pack(f">{len(offsets)}I", *offsets),
        "maxp": _maxp(glyphs),
        "name": _name(name),
        "post": struct.pack(">IIhhIIIII", 0x00030000, 0, -100, 50, 0, 0, 0, 0, 0),
    }
    for tag in sorted(tables):
        writer[tag] = tables[tag]
    writer.close()
    return file.getvalue()


def _bounds(glyphs: Sequence[Glyph]) -> tuple[int, int, int, int]:
    boxes = [glyph.bounds for glyph in glyphs if glyph.data] or [(0, 0, 0, 0)]
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _head(glyphs: Sequence[Glyph]) -> bytes:
    when = 3_600_000_000  # any fixed day: the same letters give the same font
    numbers = (0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0x000B, _UNITS, when, when)
    return struct.pack(">IIIIHHqq", *numbers) + struct.pack(">4hHHhhh", *_bounds(glyphs), 0, 8, 2, 1, 0)


def _hhea(glyphs: Sequence[Glyph]) -> bytes:
    left, _, right, _ = _bounds(glyphs)
    widest = max(glyph.advance for glyph in glyphs)
    numbers = (_ASCENT, _DESCENT, 0, widest, left, 0, right, 1, 0, 0, 0, 0, 0, 0, 0, len(glyphs))
    return struct.pack(">I3hH11hH", 0x00010000, *numbers)


def _maxp(glyphs: Sequence[Glyph]) -> bytes:
    points, contours = max(g.points for g in glyphs), max(g.contours for g in glyphs)
    return struct.pack(">I14H", 0x00010000, len(glyphs), points, contours, 0, 0, 1, *(0,) * 8)


def _os2(glyphs: Sequence[Glyph], characters: Sequence[str]) -> bytes:
    codes = [min(ord(character), 0xFFFF) for character in characters] or [0]
    average = sum(glyph.advance for glyph in glyphs) // len(glyphs)
    sub_and_super = (650, 600, 0, 75, 650, 600, 0, 350, 50, 260)
    head = struct.pack(
        ">HhHHH10hh10s4I4s", 4, average, 400, 5, 0, *sub_and_super, 0, b"", 0, 0, 0, 0, b"YIWG"
    )
    tail = (0x40, min(codes), max(codes), _ASCENT, _DESCENT, 0, _ASCENT, -_DESCENT)
    return head + struct.pack(">HHHhhhHH", *tail) + struct.pack(">IIhhHHH", 1 << 18, 0, 500, 700, 0, 32, 1)


def _cmap(codes: Sequence[int]) -> bytes:
    """Both a table for all of Unicode and one for its first plane: readers want one or the other."""
    four, twelve = _format_4(codes), _format_12(codes)
    head = struct.pack(">HH", 0, 2)
    start = len(head) + 16
    entries = struct.pack(">HHI", 3, 1, start) + struct.pack(">HHI", 3, 10, start + len(four))
    return head + entries + four + twelve


def _format_4(codes: Sequence[int]) -> bytes:
    pairs = [(code, index + 1) for index, code in enumerate(codes) if code < 0xFFFF]
    count = len(pairs) + 1
    power = 1 << (count.bit_length() - 1)
    ends = [code for code, _ in pairs] + [0xFFFF]
    deltas = [(glyph - code) % 0x10000 for code, glyph in pairs] + [1]
    search = (2 * power, power.bit_length() - 1, 2 * (count - power))
    body = struct.pack(">4H", 2 * count, *search) + struct.pack(f">{count}H", *ends) + b"\0\0"
    body += struct.pack(f">{count}H", *ends) + struct.pack(f">{count}H", *deltas) + bytes(2 * count)
    return struct.pack(">3H", 4, len(body) + 6, 0) + body


def _format_12(codes: Sequence[int]) -> bytes:
    groups = b"".join(struct.pack(">III", code, code, index + 1) for index, code in enumerate(codes))
    return struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(codes)) + groups


@lru_cache(maxsize=64)
def _name(name: str) -> bytes:
    texts = {1: name, 2: "Regular", 3: f"{name} subset", 4: name, 5: "Version 1.0", 6: name}
    records, storage = b"", b""
    for number, text in texts.items():
        data = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, number, len(data), len(storage))
        storage += data
    return struct.pack(">3H", 0, len(texts), 6 + len(records)) + records + storage
