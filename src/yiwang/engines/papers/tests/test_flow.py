# SPDX-License-Identifier: Apache-2.0
"""A paper of many pages: nothing is cut, and a seal on its first page protects every one."""

from __future__ import annotations

import io

import pikepdf

from yiwang.engines.papers import check_file, seal_ofd, seal_pdf
from yiwang.engines.papers.flow import (
    Booklet,
    FirstPage,
    Heading,
    Table,
    Words,
    booklet_ofd,
    booklet_pdf,
    lay_out,
)
from yiwang.engines.papers.zips import Entry, read, write
from yiwang.engines.sealing.tests.samples import NOW

from .support import DAY, fonts, office

PAGES, SENTENCES = 3, 700
LONG = "".join(f"第{number}句。" for number in range(SENTENCES))
PAPER = Booklet(
    "公共信用报告",
    [("报告编号", "一号"), ("报告主体", "驻马店市驿城区老张面馆")],
    [
        Heading("一、基本情况"),
        Table([1, 2], [["名称", "老张面馆"]] * 30),
        Table([1, 4], [["许可", LONG]], ["信息", "内容"]),
        Words("说明。", small=True),
    ],
    "报告编号 一号",
    "https://zwfw.example.gov.cn/verify/7KQ2",
    "7KQ2",
    "扫码核验",
)


def test_every_character_is_on_a_page_and_inside_it() -> None:
    sheets = lay_out(PAPER, fonts())
    printed = "".join(run.text for sheet in sheets for run in sheet.runs)
    assert len(sheets) == PAGES
    assert printed.count("句") == SENTENCES
    for place, sheet in enumerate(sheets, 1):
        assert all(run.x > 15 and run.x + sum(run.advances) < 195 for run in sheet.runs)
        assert all(15 < run.y < 290 for run in sheet.runs)
        assert f"第{place}页，共{PAGES}页" in "".join(run.text for run in sheet.runs)


def test_a_seal_protects_every_page_of_a_pdf() -> None:
    one, drawn = office(), booklet_pdf(PAPER, fonts=fonts())
    data = seal_pdf(drawn, one.picture, FirstPage(), one.press)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == PAGES
    altered = bytearray(data)
    altered[len(drawn) // 2] ^= 1
    assert check_file(data, one.believed, at=NOW).ok
    assert not check_file(bytes(altered), one.believed, at=NOW).ok


def test_a_seal_protects_every_page_of_an_ofd() -> None:
    one, drawn = office(), booklet_ofd(PAPER, fonts=fonts(), on=DAY, about={})
    data = seal_ofd(drawn, one.picture, FirstPage(), one.press, seal=one.own_seal)
    entries = {entry.name: entry.content for entry in read(data)}
    last = f"Doc_0/Pages/Page_{PAGES - 1}/Content.xml"
    entries[last] = entries[last].replace("说明".encode(), "没有".encode())
    altered = write([Entry.of(name, content) for name, content in entries.items()])
    assert check_file(data, one.believed, at=NOW).ok
    assert not check_file(altered, one.believed, at=NOW).ok
