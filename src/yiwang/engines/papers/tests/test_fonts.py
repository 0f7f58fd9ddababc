# SPDX-License-Identifier: Apache-2.0
"""Fonts: what they have, read from the file as fontTools reads it; further fonts for rare characters."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from yiwang.engines.papers import CharacterMissing, Face, Fonts, render_ofd, render_pdf, system_fonts
from yiwang.kernel.errors import Unavailable

from .support import DAY, VALUES, fonts, template
from .test_printing import ofd_text, text_of


def made(path: Path, character: str, *, family: str) -> None:
    """A font of one square letter."""
    pen = TTGlyphPen(None)
    for step, corner in enumerate([(100, 0), (900, 0), (900, 800), (100, 800)]):
        (pen.lineTo if step else pen.moveTo)(corner)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord(character): "square"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 100)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


@pytest.mark.parametrize("character", ["\U00030001", "ظ"])
def test_a_further_font_gives_what_noto_lacks(tmp_path: Path, character: str) -> None:
    values = {**VALUES, "holder": f"张{character}三"}
    with pytest.raises(CharacterMissing):
        render_pdf(template(), values, fonts=fonts())
    made(tmp_path / "rare.ttf", character, family="Rare Song")
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0 not a font")
    more = Fonts([tmp_path, fonts().file(Face.SONG).path.parent])
    assert f"张{character}三" in text_of(render_pdf(template(), values, fonts=more))
    assert f"张{character}三" in ofd_text(render_ofd(template(), values, fonts=more, on=DAY))


@pytest.mark.parametrize("face", list(Face))
def test_the_file_is_read_as_font_tools_reads_it(face: Face) -> None:
    file = fonts().file(face)
    whole = TTFont(file.path, fontNumber=file.number, lazy=True)
    known = whole.getBestCmap()
    assert sorted(known) == sorted(file.characters())
    outlines = whole.getGlyphSet()
    dice = random.Random(1)
    for code in [*dice.sample(sorted(known), 25), ord("国"), 0x20BB7]:
        assert file.has(chr(code))
        assert file.advance(chr(code)) == whole["hmtx"][known[code]][0] / 1000
        ours, theirs = RecordingPen(), RecordingPen()
        file.draw(chr(code), ours)
        outlines[known[code]].draw(theirs)
        assert ours.value == theirs.value
    assert not any(file.has(chr(code)) for code in (0, 0x10FFFF, 0x30001))


def test_a_font_that_vanished_says_so(tmp_path: Path) -> None:
    made(tmp_path / "rare.ttf", "ظ", family="Rare Song")
    more = Fonts([tmp_path, fonts().file(Face.SONG).path.parent])
    (tmp_path / "rare.ttf").unlink()
    with pytest.raises(Unavailable, match=r"rare\.ttf"):
        more.letter(Face.SONG, "ظ")


def test_the_fonts_of_the_machine_are_looked_for_once() -> None:
    assert system_fonts() is system_fonts()
