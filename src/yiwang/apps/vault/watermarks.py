# SPDX-License-Identifier: Apache-2.0
"""Mark an export, and find out which export a table comes from (导出水印、溯源)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import secrets
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils import timezone

from yiwang.kernel.errors import Invalid

from .domain.marks import CODE_BITS, Marker, traces
from .keyring import derived
from .models import ExportMark

RECORD_NUMBER = "记录号"
"""The column of record numbers."""


@dataclass(frozen=True)
class Watermark:
    """The mark of one export. `line` is to be seen by whoever opens it."""

    code: int
    line: str
    _marker: Marker = field(repr=False)

    def number(self, row: int) -> str:
        """The record number of a row (from 0), for the column `RECORD_NUMBER`."""
        return self._marker.number(self.code, row)

    def numbers(self, start: int, count: int) -> list[str]:
        """The record numbers of `count` rows from `start` on, for columns written whole."""
        return self._marker.numbers(self.code, start, count)

    def sealed(self, start: int, count: int) -> bytes:
        """The same, sixteen bytes for each, which `"R" + hex` in capitals makes record numbers."""
        return self._marker.sealed(self.code, start, count)

    def text(self, text: str) -> str:
        """A free text (an address, a remark: nothing that is compared) with blanks that say the code."""
        return self._marker.text(self.code, text)

    def rows(
        self, rows: Iterable[Sequence[str]], *, texts: Collection[int] = (), start: int = 0
    ) -> Iterator[list[str]]:
        """Each row with its record number at the end, and the columns `texts` (by position) marked.

        Args:
            start: the number of the first row, for an export that is resumed.
        """
        marker, code, places = self._marker, self.code, frozenset(texts)
        for number, row in enumerate(rows, start=start):
            cells = list(row)
            for place in places:
                cells[place] = marker.text(code, cells[place])
            cells.append(marker.number(code, number))
            yield cells


@dataclass(frozen=True)
class Found:
    """An export that a table comes from. `chance`: at most so probable for a table that is none of it."""

    receipt: str
    receiver: str
    line: str
    at: dt.datetime
    rows: int
    texts: int
    chance: float


def watermark(*, receipt: str, receiver: str, who: str = "", grant: str = "", line: str = "") -> Watermark:
    """A new mark for an export, kept for good; in the caller's transaction.

    Args:
        receipt: the public id under which the export is on record.
        receiver: to whom it goes: an org or an officer.
        who: who exports, as they shall be named in the visible line.
        grant: under which grant, if any.
        line: the visible line, when the exporter has words of its own.
    """
    now = timezone.now()
    parts = [f"{who}于{timezone.localtime(now):%Y-%m-%d %H:%M}导出", f"回执{receipt}"]
    parts += [f"授权{grant}"] if grant else []
    line = line or "，".join(parts) + "。含个人信息或内部数据，仅限本次用途，不得外传；本表带有可追溯的水印。"
    row = ExportMark.objects.create(
        code=secrets.randbits(CODE_BITS), receipt=receipt, receiver=receiver, line=line, at=now
    )
    return Watermark(row.code, line, _marker())


def watermark_of(receipt: str) -> Watermark | None:
    """The newest mark of an export that is on record already, to go on with it; None when it has none."""
    row = ExportMark.objects.filter(receipt=receipt).order_by("-id").first()
    return Watermark(row.code, row.line, _marker()) if row else None


def read_watermark(content: bytes) -> list[Found]:
    """The exports that a table (CSV or Excel) comes from, the surest first; empty when none is found, which
    does not prove that it is none of ours. Order of rows, other columns and file format do not matter.

    Errs: a record number with 2^-48 a row; texts as told in `chance`, always below 1 in 10,000.
    Raises Invalid for a file that is no table.
    """
    rows = list(_table(content))
    marker = _marker()
    known = {one.code: one for one in ExportMark.objects.all()}
    return [
        Found(row.receipt, row.receiver, row.line, row.at, one.rows, one.texts, one.chance)
        for one in traces(marker.codes_in_numbers(rows), marker.pieces(rows), known)
        for row in [known[one.code]]
    ]


def _marker() -> Marker:
    return _marker_of(derived("watermark"))


@lru_cache(maxsize=4)
def _marker_of(key: bytes) -> Marker:
    return Marker(key)


def _table(content: bytes) -> Iterator[Sequence[object]]:
    """The rows of a file. Raises Invalid."""
    if content.startswith(b"PK"):
        from openpyxl import load_workbook  # large; only who reads a leaked workbook needs it

        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
            raise Invalid("这个文件不是 Excel 表格，或者不完整。", mend="请交 CSV 或 xlsx 文件。") from error
        for sheet in book.worksheets:
            yield from sheet.iter_rows(values_only=True)
        return
    yield from csv.reader(io.StringIO(_decoded(content)), delimiter=_delimiter(content))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid("这个文件不是表格。", mend="请交 CSV 或 xlsx 文件。")


def _delimiter(content: bytes) -> str:
    first = content.split(b"\n", 1)[0]
    return max(",\t;", key=lambda one: first.count(one.encode()))
