# SPDX-License-Identifier: Apache-2.0
"""A template, a licence's values, fonts and a press, shared by the tests of papers."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from yiwang.engines.definitions.kinds.templates import Template
from yiwang.engines.papers import (
    QR,
    Fonts,
    check_file,
    draw_seal,
    licence_json,
    render_ofd,
    render_pdf,
    seal_json,
    seal_ofd,
    seal_pdf,
    system_fonts,
)
from yiwang.engines.papers.zips import Entry, read, write
from yiwang.engines.sealing import Picture, Report, SealKind, TrustStore, sign_document
from yiwang.engines.sealing.tests.samples import NOW, World

SIGN = "Doc_0/Signs/Sign_0"
DAY = dt.date(2026, 6, 1)
CITE = {"doc": "setting", "at": "本市自行设定"}
TEMPLATE: dict[str, Any] = {
    "id": "food-licence-1",
    "name": "食品经营许可证",
    "material": "food-licence",
    "version": 1,
    "type": {"cite": CITE, "definer": "国家市场监督管理总局"},
    "cite": CITE,
    "page": {"width": 210, "height": 148},
    "drawing": {
        "border": {"style": "double", "inset": 5, "width": 4, "colour": "#3f7d4e"},
        "rectangles": [{"x": 20, "y": 30, "width": 100, "height": 90, "line": "#3f7d4e", "radius": 2}],
        "lines": [{"x1": 20, "y1": 125, "x2": 190, "y2": 125}],
    },
    "title": {
        "x": 40,
        "y": 12,
        "width": 130,
        "height": 16,
        "size": 30,
        "align": "spread",
        "text": "食品经营许可证",
    },
    "fields": [
        {
            "element": "firm-name",
            "label": "名称",
            "label_width": 20,
            "x": 22,
            "y": 34,
            "width": 96,
            "height": 16,
        },
        {"element": "holder", "x": 22, "y": 52, "width": 60, "height": 8},
        {"element": "scope", "x": 22, "y": 62, "width": 96, "height": 40, "required": False, "empty": "/"},
        {"fact": "证照编号", "x": 125, "y": 34, "width": 60, "height": 8, "face": "hei"},
        {"fact": "发证机关", "x": 125, "y": 90, "width": 60, "height": 8},
    ],
    "seal": {"x": 160, "y": 100},
    "qr": {"x": 125, "y": 50, "size": 20, "caption": "扫码核验"},
}
VALUES = {
    "firm-name": "驻马店市驿城区老张面馆",
    "holder": "张三",
    "scope": "热食类食品制售",
    "证照编号": "JY24117020000001",
    "发证机关": "驻马店市市场监督管理局",
    QR: "https://zwfw.example.gov.cn/v/7KQ29F3M",
}


def template(**changed: Any) -> Template:
    """The template with some keys changed."""
    return Template.model_validate({**TEMPLATE, **changed})


@lru_cache(maxsize=1)
def fonts() -> Fonts:
    """The fonts of this machine, opened once for all tests."""
    return system_fonts()


class Office(World):
    """Somebody with a seal."""

    def __init__(self) -> None:
        super().__init__()
        name = "驻马店市市场监督管理局"
        self.picture: Picture = draw_seal(SealKind.UNIT, name, "行政审批专用章", fonts=fonts())
        self.own_seal = self.seal(picture=self.picture)
        self.pressed: list[str] = []

    def press(self, digest: bytes, document_property: str) -> bytes:
        """Put the seal under a digest."""
        self.pressed.append(document_property)
        return sign_document(
            seal=self.own_seal,
            digest=digest,
            document_property=document_property,
            at=NOW,
            certificate=self.holder,
            signer=self.holder_key.sign,
        )

    @property
    def believed(self) -> TrustStore:
        """The authority of this office."""
        return self.trust()


@lru_cache(maxsize=1)
def office() -> Office:
    """One office for all tests."""
    return Office()


@lru_cache(maxsize=8)
def sealed(form: str) -> bytes:
    """A sealed licence: pdf, ofd or json."""
    one, sheet = office(), template()
    if form == "pdf":
        return seal_pdf(render_pdf(sheet, VALUES, fonts=fonts()), one.picture, sheet.seal, one.press)
    if form == "ofd":
        ofd = render_ofd(sheet, VALUES, fonts=fonts(), on=DAY)
        return seal_ofd(ofd, one.picture, sheet.seal, one.press, seal=one.own_seal)
    return seal_json(licence_json(sheet, VALUES), one.press)


def checked(data: bytes) -> Report:
    """What the check says to those who believe the office's authority."""
    return check_file(data, office().believed, at=NOW)


def refused(data: bytes, step: str) -> str:
    """The file is refused at this step; why."""
    report = checked(data)
    assert report.failed is not None, "it passed"
    assert step in report.failed.name, (report.failed, step)
    assert report.failed.why.endswith("。")
    assert [one.number for one in report.steps] == list(range(1, len(report.steps) + 1))
    return report.failed.why


def package() -> dict[str, bytes]:
    """The files of the sealed OFD."""
    return {entry.name: entry.content for entry in read(sealed("ofd"))}


def packed(files: dict[str, bytes]) -> bytes:
    """A package of these files."""
    return write(Entry.of(name, content) for name, content in files.items())
