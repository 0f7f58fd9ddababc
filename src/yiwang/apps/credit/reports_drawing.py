# SPDX-License-Identifier: Apache-2.0
"""Draw and seal a credit report: PDF and OFD, both or none, checked as anybody would check them; and keep
the files, locked, each under its own SHA-256. They are never removed: what was handed out stays provable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yiwang.apps.licences.public import status_url, written_check_code
from yiwang.apps.seals import public as seals
from yiwang.apps.vault.public import FolderLock
from yiwang.engines import papers
from yiwang.engines.papers.flow import (
    Block,
    Booklet,
    FirstPage,
    Heading,
    Table,
    Words,
    booklet_ofd,
    booklet_pdf,
)
from yiwang.kernel.contents import ContentStore
from yiwang.kernel.errors import Conflict, Unavailable

from .models import Report
from .reports_contents import Section

SEAL_PURPOSE = "credit-report"
"""What the standing approval of the system's seal is for."""

FOLDER = "credit-reports"
_store = ContentStore(lambda: Path(settings.DATA_DIR) / FOLDER, FolderLock(FOLDER))
add, read = _store.add, _store.read

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Drawing:
    """What is drawn: the title, the facts beside the code, the parts."""

    title: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    check_code: str


def hand() -> seals.SystemPress:
    """The seal for credit reports. Raises Unavailable when none is set up."""
    found = seals.system_press(SEAL_PURPOSE)
    if found is None:
        raise Unavailable(
            "信用报告用的电子印章还没有启用，现在不能出具。",
            mend="请稍后再试；急用请到政务服务大厅信用窗口。",
        )
    return found


def sealed(drawing: Drawing, press: seals.SystemPress, *, about: str) -> Mapping[str, bytes]:
    """The report as sealed files, by form.

    Raises SealRefused; Conflict when a file would not verify; CharacterMissing, Unavailable.
    """
    fonts, booklet, now = papers.system_fonts(), _booklet(drawing), timezone.now()
    pdf = booklet_pdf(booklet, fonts=fonts)
    ofd = booklet_ofd(booklet, fonts=fonts, on=timezone.localdate(now), about={})
    with press.in_hand() as pressed:

        def stamp(digest: bytes, document_property: str) -> bytes:
            return pressed(digest, document_property, about=SEAL_PURPOSE, case=about)

        files = {
            "pdf": papers.seal_pdf(pdf, pressed.picture, FirstPage(), stamp),
            "ofd": papers.seal_ofd(ofd, pressed.picture, FirstPage(), stamp),
        }
        for form, data in files.items():
            if failed := papers.check_file(data, seals.trust(), at=timezone.now()).failed:
                raise Conflict(
                    f"{form.upper()} 报告盖章后核验不通过（{failed.name}：{failed.why}），没有出具。",
                    mend="请印章管理员核对印章证书和信任的颁发机构。",
                )
    return files


def _booklet(drawing: Drawing) -> Booklet:
    code = written_check_code(drawing.check_code)
    blocks: list[Block] = []
    for place, section in enumerate(drawing.sections):
        blocks.append(Heading(f"{_numeral(place)}、{section.title}"))
        if section.rows:
            blocks.append(Table(section.shares, section.rows, section.head))
        blocks += [Words(one) for one in section.words]
    blocks.append(Words(_LAST, small=True))
    return Booklet(
        title=drawing.title,
        facts=[("查验码", code), *drawing.facts],
        blocks=blocks,
        running=f"{drawing.title}　查验码 {code}",
        address=status_url(drawing.check_code),
        code=code,
        caption="扫码核验本报告",
    )


_LAST = (
    "本报告只说明制作当天本平台记录的情况，不是对主体的保证。认为有错的，可以在“我的信用”提出异议；"
    "真伪请扫描首页的二维码，或者在“证照核验”输入查验码、上传文件核验。"
)


def _numeral(place: int) -> str:
    if place < len(_NUMERALS):
        return _NUMERALS[place]
    return f"十{_NUMERALS[place - len(_NUMERALS)]}"


def file_of(report: Report, form: str) -> bytes:
    """A sealed file of a report. Raises Unavailable when it is gone or was altered."""
    content = read(report.pdf if form == "pdf" else report.ofd)
    if content is None:
        raise Unavailable("报告文件缺失或已损坏，没有提供。", mend="请重新出具一份；并请运维人员从备份恢复。")
    return content


def stored_digests(using: str = "default") -> Iterator[str]:
    """The SHA-256 of every sealed report, in the database with this alias."""
    rows: Iterable[tuple[str, str]] = (
        Report.objects.using(using).order_by("id").values_list("pdf", "ofd").iterator(chunk_size=10_000)
    )
    for pdf, ofd in rows:
        yield pdf
        yield ofd
