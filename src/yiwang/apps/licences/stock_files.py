# SPDX-License-Identifier: Apache-2.0
"""Sheets as files: kept under their digest, opened as rows of cells, within limits.

CSV in UTF-8 or GB 18030, XLSX read row by row. A sheet that would grow beyond the limits when it is
unpacked, that defines entities or that cannot be read is refused with the reason.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from xml.etree.ElementTree import ParseError

from lxml import etree

from yiwang.kernel.errors import Invalid, NotFound

from .kept import SHEETS

MOST_ROWS = 200_000
_MOST_UNPACKED = 300_000_000  # bytes of an XLSX when unpacked
_MOST_COLUMNS = 100
_MOST_CELL = 4_000
_LOOK = 2_000  # bytes at the start of each part that are searched for a document type
_MEND = "请另存为“CSV UTF-8”或者 XLSX 后重新上传。"

_UNREADABLE = (
    *(csv.Error, zipfile.BadZipFile, zlib.error, ParseError, etree.XMLSyntaxError),
    *(KeyError, ValueError, IndexError, TypeError, AttributeError, OSError, RuntimeError, EOFError),
)
"""What a broken file makes its readers raise."""

Row = tuple[int, Sequence[object]]
"""The number of a row in its sheet (the headings are row 1) and its cells."""


def form_of(content: bytes) -> str:
    """`xlsx` or `csv`, by content. Raises Invalid for what is neither."""
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid("这是旧版的 XLS 文件。", mend=_MEND)
    if not content.strip() or b"\x00" in content[:10_000]:
        raise Invalid("文件是空的，或者不是表格。", mend=_MEND)
    return "csv"


def keep(content: bytes) -> str:
    """Keep a sheet in the data directory; returns its SHA-256. Readable by us alone, whole or not at all."""
    return SHEETS.add(content)


def is_kept(digest: str) -> bool:
    """Whether the file of a sheet is still there."""
    return SHEETS.has(digest)


def forget(digest: str) -> None:
    """Remove a kept sheet: it holds personal data and was kept only to be looked at again."""
    SHEETS.remove(digest)


@contextmanager
def opened(digest: str, form: str) -> Iterator[Iterator[Row]]:
    """The rows of a kept sheet, headings first; rows without any content are left out.

    Raises NotFound when the file is gone or was altered. Invalid, also while rows are read: it cannot
    be read or is beyond the limits.
    """
    content = SHEETS.read(digest)
    if content is None:
        raise NotFound("表格文件不在了，或者被改动过。", mend="请重新上传原来的表格。")
    rows = _from_xlsx(content) if form == "xlsx" else _from_csv(content)
    try:
        yield _within_limits(rows)
    except _UNREADABLE as error:
        raise Invalid(f"表格读不出来（{type(error).__name__}）。", mend=_MEND) from error


def _within_limits(rows: Iterator[Sequence[object]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Invalid(f"表格超过 {MOST_ROWS} 行。", mend="请分成几个表格，分别上传。")
        if len(cells) > _MOST_COLUMNS:
            raise Invalid(f"第{number}行超过 {_MOST_COLUMNS} 列。", mend="请删去右边多余的列。")
        if any(isinstance(cell, str) and len(cell) > _MOST_CELL for cell in cells):
            raise Invalid(f"第{number}行有一格超过 {_MOST_CELL} 个字。", mend="请核对引号是否成对。")
        if any(cell not in (None, "") for cell in cells):
            yield number, cells


def _from_csv(content: bytes) -> Iterator[Sequence[object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise Invalid("文字的编码认不出来。", mend=_MEND) from None
    yield from csv.reader(io.StringIO(text, newline=""), strict=True)


def _from_xlsx(content: bytes) -> Iterator[Sequence[object]]:
    _refuse_bombs(content)
    import openpyxl  # takes its time, and few processes ever read a sheet

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        if sheet is None:
            raise Invalid("文件里没有工作表。", mend=_MEND)
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
        if len(parts) > 1_000 or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise Invalid("表格解压后太大。", mend="请删去图片和多余的工作表，或分成几个表格。")
        for part in parts:
            with package.open(part) as opened_part:
                if b"<!DOCTYPE" in opened_part.read(_LOOK).replace(b"\x00", b"").upper():
                    raise Invalid("表格里有不该有的定义，可能是恶意文件。", mend="请从原系统重新导出。")
