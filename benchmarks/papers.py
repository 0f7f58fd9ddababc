# SPDX-License-Identifier: Apache-2.0
"""What a seal costs: a sealed licence of one page, against drawing the page alone.

Drawn and sealed afresh in each round, with another number on it, so that nothing is merely remembered.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

from yiwang.engines import house
from yiwang.engines.papers import (
    QR,
    check_file,
    draw_seal,
    render_ofd,
    render_pdf,
    seal_ofd,
    seal_pdf,
    system_fonts,
)
from yiwang.engines.sealing import (
    NewCertificate,
    NewCrl,
    NewSeal,
    SealKind,
    TrustStore,
    generate,
    issue_certificate,
    issue_crl,
    make_name,
    make_seal,
    sign_document,
)

from .measure import Line, in_turns, table

ROUNDS = 100
TARGET = 5.0
NOW = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
_FROM, _TO = NOW - dt.timedelta(days=30), NOW + dt.timedelta(days=900)
_VALUES = {
    "firm-name": "驻马店市驿城区老张面馆（个体工商户）",
    "firm-uscc": "92411702MA3X12345X",
    "firm-kind": "个体工商户",
    "legal-representative-name": "张三",
    "business-scope": "餐饮服务；小餐饮、小食杂、食品小作坊经营；食品销售（仅销售预包装食品）；外卖递送服务",
    "firm-address": "河南省驻马店市驿城区解放大道中段128号院3号楼1单元101铺",
    "发证机关": "驻马店市市场监督管理局",
    "发证日期": "2026年6月1日",
}


class Office:
    """A seal and the key that uses it."""

    def __init__(self) -> None:
        keys = [generate() for _ in range(3)]
        names = [make_name(name) for name in ("示例认证机构", "示例制章单位", "驻马店市市场监督管理局")]
        root = issue_certificate(
            NewCertificate(names[0], keys[0].public, _FROM, _TO, authority=True), keys[0].sign
        )
        maker, self.holder = (
            issue_certificate(NewCertificate(names[i], keys[i].public, _FROM, _TO, root), keys[0].sign)
            for i in (1, 2)
        )
        crl = issue_crl(NewCrl(root, 1, _FROM, _TO, ()), keys[0].sign)
        self.key, self.trust = keys[2], TrustStore((root,), (crl,))
        self.picture = draw_seal(SealKind.UNIT, "驻马店市市场监督管理局", "行政审批专用章")
        name = "驻马店市市场监督管理局行政审批专用章"
        new = NewSeal("41170000000001", name, SealKind.UNIT, (self.holder,), self.picture, _FROM, _TO, _FROM)
        self.seal = make_seal(new, maker=maker, signer=keys[1].sign)

    def press(self, digest: bytes, about: str) -> bytes:
        """The seal under a digest."""
        return sign_document(
            seal=self.seal,
            digest=digest,
            document_property=about,
            at=NOW,
            certificate=self.holder,
            signer=self.key.sign,
        )


def run() -> list[Line]:
    """Sealed PDF and OFD against the page alone; checking them, for information."""
    template = house.load().template_of("business-licence", NOW.date())
    assert template is not None
    office, fonts, numbers = Office(), system_fonts(), itertools.count(1)

    def pdf() -> bytes:
        return render_pdf(template, _numbered(numbers), fonts=fonts)

    def ofd() -> bytes:
        return render_ofd(template, _numbered(numbers), fonts=fonts, on=NOW.date())

    def sealed_pdf() -> bytes:
        return seal_pdf(pdf(), office.picture, template.seal, office.press)

    def sealed_ofd() -> bytes:
        return seal_ofd(ofd(), office.picture, template.seal, office.press, seal=office.seal)

    return [
        _line("PDF", sealed_pdf, pdf, TARGET),
        _line("OFD", sealed_ofd, ofd, TARGET),
        _checked("PDF", sealed_pdf(), office, pdf),
        _checked("OFD", sealed_ofd(), office, ofd),
    ]


def _numbered(numbers: itertools.count[int]) -> dict[str, str]:
    number = f"41170200{next(numbers):07d}"
    return {**_VALUES, "证照编号": number, QR: f"https://zwfw.example.gov.cn/v/{number}"}


def _line(form: str, ours: Callable[[], bytes], alone: Callable[[], bytes], target: float) -> Line:
    mine, theirs = in_turns(ours, alone, rounds=ROUNDS)
    ratio = mine.median / theirs.median
    return Line(
        f"sealed {form} of one page", f"the same page as {form}, not sealed", mine, theirs, ratio, target
    )


def _checked(form: str, data: bytes, office: Office, alone: Callable[[], bytes]) -> Line:
    def check() -> None:
        assert check_file(data, office.trust, at=NOW).ok

    mine, theirs = in_turns(check, alone, rounds=ROUNDS)
    ratio = mine.median / theirs.median
    return Line(f"check of a sealed {form}", f"drawing the page as {form}", mine, theirs, ratio, None)


if __name__ == "__main__":
    print(table(run()))
