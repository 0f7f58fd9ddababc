# SPDX-License-Identifier: Apache-2.0
"""One font of a file: which characters it has, how wide they are, and their outlines.

A Noto file has 65,535 glyphs; to hold all their names and widths as Python objects takes 80 MB a font, in
each process. So the character map and the widths are looked up in the file itself, mapped into memory,
and fontTools is asked for outlines alone.
"""

from __future__ import annotations

import mmap
import struct
import threading
from array import array
from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont, TTLibError

from yiwang.kernel.errors import Unavailable

MEND = "请安装字体，例如：sudo apt-get install fonts-noto-cjk；或用 YIWANG_FONTS_DIR 指明字体所在的目录。"
_WHOLE_UNICODE = ((3, 10), (0, 6), (0, 4))
_FIRST_PLANE = ((3, 1), (0, 3))


class FontFile:
    """A font, opened when first asked; threads and forked processes may share it.

    Tables are read when they are first needed, so each look goes through a lock; the file is mapped
    into memory, because an open file's position would be shared with forked processes.
    """

    def __init__(self, path: Path, number: int, family: str, weight: int) -> None:
        self.path = path
        self.number = number
        self.family = family
        self.weight = weight
        self.key = f"{path}#{number}"
        self._lock = threading.RLock()

    def has(self, character: str) -> bool:
        """Whether the font has a glyph for the character. Raises Unavailable for a broken file."""
        with self._lock:
            return self._glyph(character) != 0

    def advance(self, character: str) -> float:
        """How wide the character is, as a share of the font size."""
        with self._lock:
            place = min(self._glyph(character), self._measured - 1)
            width: int = struct.unpack_from(">H", self._widths, 4 * place)[0]
            return width / self.units

    def draw(self, character: str, pen: Any) -> None:
        """Draw the character's outline with a pen of fontTools, in units of the font."""
        with self._lock:
            number = self._glyph(character)
            if self._outlines is not None:
                self._outlines[number].draw(pen)
            else:
                self._font.getGlyphSet()[self._font.getGlyphName(number)].draw(pen)

    def characters(self) -> list[int]:
        """Every code point the font has."""
        with self._lock:
            firsts, lasts, _ = self._ranges
            return [
                code for first, last in zip(firsts, lasts, strict=True) for code in range(first, last + 1)
            ]

    @cached_property
    def units(self) -> int:
        """Units of an em."""
        return int(self._font["head"].unitsPerEm)

    @cached_property
    def _content(self) -> mmap.mmap:
        try:
            with self.path.open("rb") as file:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise Unavailable(f"字体文件 {self.path.name} 打不开。", mend=MEND) from error

    @cached_property
    def _font(self) -> Any:
        try:
            return TTFont(self._content, fontNumber=self.number, lazy=True)
        except TTLibError as error:
            raise Unavailable(f"字体文件 {self.path.name} 打不开。", mend=MEND) from error

    def _glyph(self, character: str) -> int:
        """The glyph's number; 0 when there is none."""
        firsts, lasts, glyphs = self._ranges
        code = ord(character)
        place = bisect_right(firsts, code) - 1
        if place < 0 or code > lasts[place]:
            return 0
        return glyphs[place] + code - firsts[place]

    @cached_property
    def _ranges(self) -> tuple[array[int], array[int], array[int]]:
        """Ranges of code points (first, last) and the glyph of the first, in order."""
        data = self._font.reader["cmap"]
        tables = {}
        for place in range(struct.unpack_from(">H", data, 2)[0]):
            platform, encoding, offset = struct.unpack_from(">HHI", data, 4 + 8 * place)
            tables[platform, encoding] = offset
        for kind in _WHOLE_UNICODE:
            if kind in tables and struct.unpack_from(">H", data, tables[kind])[0] == 12:
                return _groups(data, tables[kind])
        return self._small()

    def _small(self) -> tuple[array[int], array[int], array[int]]:
        """The same for a font without a table for all of Unicode, by fontTools."""
        known = self._font.getBestCmap(cmapPreferences=(*_WHOLE_UNICODE, *_FIRST_PLANE)) or {}
        codes = array("I", sorted(known))
        return codes, codes, array("I", (self._font.getGlyphID(known[code]) for code in codes))

    @cached_property
    def _measured(self) -> int:
        return int(self._font["hhea"].numberOfHMetrics)

    @cached_property
    def _widths(self) -> bytes:
        data: bytes = self._font.reader["hmtx"]
        return data

    @cached_property
    def _outlines(self) -> Any:
        """Glyph number → outline, of a font with CFF outlines; None for others."""
        entry = self._font.reader.tables.get("CFF ")
        if entry is None:
            return None
        fonts = CFFFontSet()
        fonts.decompile(_Window(self._content, entry.offset, entry.length), self._font)
        return fonts.topDictIndex[0].CharStrings.charStringsIndex


def _groups(data: bytes, offset: int) -> tuple[array[int], array[int], array[int]]:
    count = struct.unpack_from(">I", data, offset + 12)[0]
    numbers = struct.unpack_from(f">{3 * count}I", data, offset + 16)
    return array("I", numbers[0::3]), array("I", numbers[1::3]), array("I", numbers[2::3])


class _Window:
    """A part of a mapped file, read like a file of its own."""

    def __init__(self, content: mmap.mmap, start: int, length: int) -> None:
        self._content, self._start, self._end = content, start, start + length
        self._at = start

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to `place` from the beginning, from here (1) or from the end (2)."""
        self._at = (self._start, self._at, self._end)[whence] + place
        return self.tell()

    def tell(self) -> int:
        """Where we are."""
        return self._at - self._start

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or all that are left."""
        last = self._end if size < 0 else min(self._end, self._at + size)
        data = self._content[self._at : last]
        self._at = max(self._at, last)
        return data
