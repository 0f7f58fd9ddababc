# SPDX-License-Identifier: Apache-2.0
"""What is printed: every character, nothing cut, the same on PDF and OFD, and clear errors before that."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from yiwang.engines.definitions.kinds.templates import Align, Face, Template
from yiwang.engines.papers import (
    CharacterMissing,
    Fonts,
    FontsMissing,
    TooLong,
    ValueMissing,
    glyphs,
    render_ofd,
    render_pdf,
)
from yiwang.engines.papers.compose import QR, compose
from yiwang.engines.papers.fitting import SMALLEST, Space, fit
from yiwang.engines.papers.sheet import Run
from yiwang.engines.papers.typeset import literal, source
from yiwang.engines.papers.zips import read

from .support import DAY, TEMPLATE, VALUES, fonts, template

RARE = "𠮷㙍䶮𬤊𨱔"
LONG_NAME = "阿卜杜热合曼·麦麦提吐尔逊·阿布都克热木江·买买提依明·吐"
MARKUP = '#set page(width: 1mm) *粗* _斜_ $x^2$ \\ " <b>&amp;</b> #panic("x") `raw` @ref ~ -- //注'


def text_of(pdf: bytes) -> str:
    """The text of the first page, by the fonts' own ToUnicode tables."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        tables = {str(name): _characters(font) for name, font in page.Resources.Font.items()}
        found, now = "", {}
        for one in pikepdf.parse_content_stream(page):
            operator, operands = str(one.operator), one.operands
            if operator == "Tf":
                now = tables[str(operands[0])]
            for part in operands[0] if operator == "TJ" else operands if operator == "Tj" else []:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    found += "".join(now[raw[i : i + 2]] for i in range(0, len(raw), 2))
        return found


def _characters(font: pikepdf.Object) -> dict[bytes, str]:
    table = font.ToUnicode.read_bytes().decode()
    return {
        bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", table)
    }


def ofd_text(ofd: bytes) -> str:
    """The text of the first page of an OFD."""
    content = next(entry.content for entry in read(ofd) if entry.name.endswith("Page_0/Content.xml"))
    return "".join(code.text for code in etree.fromstring(content).iter("{*}TextCode"))


@pytest.mark.parametrize("value", [RARE, LONG_NAME, MARKUP, "〇々ａ①Ⅳ㎡℃"])
def test_every_character_is_printed_as_it_is_on_both(value: str) -> None:
    values = {**VALUES, "firm-name": value}
    assert value.replace(" ", "") in text_of(render_pdf(template(), values, fonts=fonts())).replace(" ", "")
    assert value.replace(" ", "") in ofd_text(render_ofd(template(), values, fonts=fonts(), on=DAY)).replace(
        " ", ""
    )


def test_the_pdf_is_archival_with_its_fonts_inside() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(template(), VALUES, fonts=fonts()))) as pdf:
        assert b"<pdfaid:part>2</pdfaid:part>" in pdf.Root.Metadata.read_bytes()
        faces = [font.DescendantFonts[0] for font in pdf.pages[0].Resources.Font.values()]
        assert len(faces) == 2
        assert all("/FontFile3" in face.FontDescriptor for face in faces)
        assert str(pdf.Root.Lang).lower() == "zh-cn"


def test_the_fonts_of_the_ofd_have_every_letter_and_open_anywhere() -> None:
    values = {**VALUES, "firm-name": RARE}
    entries = {
        entry.name: entry.content for entry in read(render_ofd(template(), values, fonts=fonts(), on=DAY))
    }
    files = [content for name, content in entries.items() if name.endswith(".ttf")]
    assert len(files) == 2
    known: set[int] = set()
    for file in files:
        font = TTFont(io.BytesIO(file), checkChecksums=2)
        for table in font.keys():  # noqa: SIM118
            assert font[table] is not None
        known |= set(font.getBestCmap())
        for name in font.getGlyphOrder()[1:]:
            assert font["hmtx"][name][0] > 0
        assert all(
            font["glyf"][font.getBestCmap()[ord(char)]].numberOfContours > 0
            for char in RARE
            if ord(char) in font.getBestCmap()
        )
    assert {
        ord(char)
        for char in "".join(VALUES[key] for key in VALUES if key != QR and key != "firm-name") + RARE
    } <= known


def test_a_character_beyond_the_first_plane_names_its_glyph() -> None:
    values = {**VALUES, "firm-name": "𠮷祥"}
    content = ofd_text(render_ofd(template(), values, fonts=fonts(), on=DAY))
    assert "𠮷" in content
    entries = {
        entry.name: entry.content for entry in read(render_ofd(template(), values, fonts=fonts(), on=DAY))
    }
    page = etree.fromstring(entries["Doc_0/Pages/Page_0/Content.xml"])
    names = {"ofd": "http://www.ofdspec.org/2016"}
    [alone] = page.xpath("//ofd:TextObject[ofd:TextCode='𠮷']", namespaces=names)
    glyph = int(alone.findtext("ofd:CGTransform/ofd:Glyphs", namespaces=names))
    font = TTFont(io.BytesIO(entries[f"Doc_0/Res/font_{alone.get('Font')}.ttf"]))
    assert font.getGlyphID(font.getBestCmap()[ord("𠮷")]) == glyph


@pytest.mark.parametrize("character", ["\U00030001", "ظ", "\u200b", "\ufeff", "\x07", "\ud800"])
def test_a_character_no_font_has_is_named_before_anything_is_made(character: str) -> None:
    with pytest.raises(CharacterMissing) as caught:
        compose(template(), {**VALUES, "holder": f"张{character}三"}, fonts())
    assert f"U+{ord(character):04X}" in caught.value.message
    assert "没有制证" in caught.value.message
    assert "YIWANG_FONTS_DIR" in caught.value.mend


def test_a_machine_without_fonts_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"not a font")
    with pytest.raises(FontsMissing) as caught:
        Fonts([tmp_path])
    assert "Noto CJK" in caught.value.message
    assert "fonts-noto-cjk" in caught.value.mend


def test_a_missing_value_is_named() -> None:
    with pytest.raises(ValueMissing, match="名称") as caught:
        compose(template(), {**VALUES, "firm-name": "  "}, fonts())
    assert caught.value.field == "firm-name"
    with pytest.raises(ValueMissing, match="二维码"):
        compose(template(), {key: value for key, value in VALUES.items() if key != QR}, fonts())


def test_a_field_that_may_be_empty_says_so() -> None:
    values = {key: value for key, value in VALUES.items() if key != "scope"}
    assert "/" in text_of(render_pdf(template(), values, fonts=fonts()))


def ends(run: Run) -> float:
    """Where the last letter of a run ends."""
    return run.x + sum(run.advances) - run.gap


def space(width: float = 60, height: float = 8, align: Align = Align.LEFT) -> Space:
    return Space(10, 20, width, height, 14, Face.SONG, align, "#000000")


def test_a_long_name_is_made_smaller_and_never_cut() -> None:
    runs = fit(LONG_NAME, space(), fonts(), where="姓名")
    assert "".join(run.text for run in runs) == LONG_NAME
    assert SMALLEST <= runs[0].size < 14
    assert all(ends(run) <= 70.01 for run in runs)
    assert max(run.y for run in runs) <= 28.01


def test_what_does_not_fit_at_all_is_refused() -> None:
    with pytest.raises(TooLong, match="经营范围"):
        fit("字" * 2000, space(), fonts(), where="经营范围")


@settings(max_examples=60, deadline=None)
@given(
    text=st.text("驻马店市𠮷·，。（）《》；AZaz09 -./", min_size=1, max_size=80).filter(str.strip),
    width=st.floats(12, 120),
    align=st.sampled_from(Align),
)
def test_whatever_fits_stands_inside_its_box_in_order(text: str, width: float, align: Align) -> None:
    box = Space(10, 20, width, 40, 14, Face.SONG, align, "#000000")
    runs = fit(text, box, fonts(), where="栏目")
    assert "".join(run.text for run in runs).replace(" ", "") == text.replace(" ", "")
    assert all(run.x >= 10 - 0.01 and ends(run) <= 10 + width + 0.01 for run in runs)
    assert all(20 <= run.y <= 60 for run in runs)


def test_no_line_begins_with_a_comma_or_ends_with_an_opening_bracket() -> None:
    runs = fit("甲乙丙丁，甲乙（丙丁）甲乙丙。丁" * 4, space(width=24.7, height=80), fonts(), where="栏目")
    lines = [run.text for run in runs]
    assert len(lines) > 8
    assert not [line for line in lines if line[0] in "，。）"]
    assert not [line for line in lines if line[-1] == "（"]


def test_numbers_and_words_stay_together() -> None:
    runs = fit("编号是92411702MA3X12345X号", space(width=62, height=30), fonts(), where="栏目")
    assert [run.text for run in runs] == ["编号是", "92411702MA3X12345X号"]


def test_letters_of_a_spread_title_reach_both_edges() -> None:
    [run] = fit("营业执照", space(width=100, align=Align.SPREAD), fonts(), where="标题")
    assert (run.x, round(ends(run), 3)) == (10, 110)


def test_nothing_in_a_value_is_code() -> None:
    hostile = 'a"); #import "x" \\u{41}\n\x01\u2028'
    text = literal(hostile)
    assert text.startswith('"')
    inner = text[1:-1]
    assert re.fullmatch(r'(?:[^"\\\n]|\\.)*', inner)
    sheet = compose(template(), {**VALUES, "firm-name": MARKUP}, fonts())
    assert literal(MARKUP.split()[0]) not in source(sheet).replace(f"{literal(MARKUP)}", "")


def test_metadata_stand_in_the_ofd_and_are_looked_at_too() -> None:
    values = {**VALUES, "持证主体代码": "<92411702MA3X12345X>"}
    main = next(
        e.content for e in read(render_ofd(template(), values, fonts=fonts(), on=DAY)) if e.name == "OFD.xml"
    )
    told = {one.get("Name"): one.text for one in etree.fromstring(main).iter("{*}CustomData")}
    assert told["CertificateHolderCode"] == "<92411702MA3X12345X>"
    assert told["CertificateNumber"] == VALUES["证照编号"]
    for character in ("\x07", "\ud800", "\uffff"):
        with pytest.raises(CharacterMissing, match="CertificateHolderCode"):
            render_ofd(template(), {**VALUES, "持证主体代码": character}, fonts=fonts(), on=DAY)


def test_the_same_licence_gives_the_same_ofd() -> None:
    first, second = (render_ofd(template(), VALUES, fonts=fonts(), on=DAY) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("style", ["ornate", "double", "plain"])
@pytest.mark.parametrize("pattern", [None, "waves", "rosette", "waves-rosette"])
def test_every_border_and_pattern_draws_on_the_page(style: str, pattern: str | None) -> None:
    drawing = {
        "border": {"style": style, "inset": 5, "width": 7, "colour": "#b8862b"},
        "pattern": {"style": pattern, "colour": "#f6e3bd"} if pattern else None,
    }
    sheet = compose(template(drawing=drawing), VALUES, fonts())
    for stroke in sheet.base.strokes:
        numbers = [point for command in stroke.outline for point in command[1:]]
        assert all(-0.01 <= x <= 210.01 for x in numbers[0::2])
        assert all(-0.01 <= y <= 148.01 for y in numbers[1::2])
    assert render_pdf(template(drawing=drawing), VALUES, fonts=fonts()).startswith(b"%PDF-")


def test_a_template_survives_being_written_down() -> None:
    one = template()
    assert Template.model_validate_json(one.model_dump_json()) == one
    assert TEMPLATE["id"] == one.id


def test_many_threads_print_the_same_as_one() -> None:
    fresh = Fonts()
    names = [f"{letter}祥面馆" for letter in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"]

    def drawn(name: str) -> bytes:
        return render_ofd(template(), {**VALUES, "firm-name": name}, fonts=fresh, on=DAY)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(drawn, names))
    glyphs._kept.clear()
    assert together == [
        render_ofd(template(), {**VALUES, "firm-name": name}, fonts=fonts(), on=DAY) for name in names
    ]
