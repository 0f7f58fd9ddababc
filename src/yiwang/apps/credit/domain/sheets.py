# SPDX-License-Identifier: Apache-2.0
"""Files as units send them: CSV or Excel, whole or not at all. The last line says how many there are, so
that a file cut in the middle is known by itself."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yiwang.kernel.errors import Invalid

from .lines import plain_text

TOTAL = "合计"
MOST_BYTES, MOST_UNPACKED = 30_000_000, 300_000_000
_ZIP = b"PK\x03\x04"
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number; longer ones have lost their last digits


@dataclass(frozen=True)
class Sheet:
    """The heading and the rows of a file, as text. A row's place in the file is its index plus 2."""

    heading: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def read_sheet(data: bytes, *, most_rows: int) -> Sheet:
    """Read CSV (UTF-8, GB18030) or Excel.

    Raises Invalid: cannot be read, cut off, too long, or a heading with one name twice.
    """
    if len(data) > MOST_BYTES:
        raise _wrong("文件太大。", f"一次最多{MOST_BYTES // 1_000_000}MB，请分几次报送。")
    lines = _excel(data) if data.startswith(_ZIP) else _csv(data)
    rows = [row for row in (_plain(line) for line in lines) if any(row)]
    if not rows:
        raise _wrong("文件里没有内容。", "第一行是表头，从第二行起一行一条，最后一行写“合计”和条数。")
    heading, *body = rows
    while heading and not heading[-1]:
        heading = heading[:-1]
    if len(set(heading)) != len(heading) or "" in heading:
        raise _wrong("表头有重复或者空着的列。", "每一列写一个名称，只写一次。")
    width = len(heading)
    for at, row in enumerate(body, 2):
        if any(row[width:]):
            raise _wrong(f"第{at}行比表头多出几格。", "请对齐各列后重新上传整份文件。")
    return Sheet(heading, _whole([row[:width] for row in body], most_rows))


def _whole(body: list[tuple[str, ...]], most_rows: int) -> list[tuple[str, ...]]:
    """The rows without the total. Raises Invalid when the total is missing or does not agree."""
    if not body or body[-1][0] != TOTAL:
        raise _wrong(
            "文件不完整：最后一行不是“合计”。",
            "可能传输中断了。请在最后一行写“合计”和条数，重新上传整份文件。",
        )
    *rows, total = body
    said = total[1] if len(total) > 1 else ""
    if not said.isdecimal() or int(said) != len(rows):
        raise _wrong(
            f"文件不完整：合计写的是“{said[:10]}”条，读到{len(rows)}条。", "请核对后重新上传整份文件。"
        )
    if len(rows) > most_rows:
        raise _wrong(f"超过{most_rows}条。", "请分几次报送。")
    return rows


def _csv(data: bytes) -> Iterator[Sequence[object]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            yield from csv.reader(io.StringIO(text), strict=True)
        except csv.Error:
            raise _wrong("CSV 读不出来，可能有引号没有成对。", "请用 Excel 重新另存为“CSV UTF-8”。") from None
        return
    raise _wrong("文件读不懂：文字编码不对，或者文件不完整。", "请用 Excel 另存为“CSV UTF-8”后重新上传。")


def _excel(data: bytes) -> Iterator[Sequence[object]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise _wrong("Excel 文件解开后太大。", "请改用 CSV。")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        yield from book.worksheets[0].iter_rows(values_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError):
        raise _wrong("Excel 文件打不开，可能没有传完。", "请重新上传整份文件，或改用 CSV。") from None


def _plain(line: Iterable[object]) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in line)


def _text(cell: object) -> str:
    if type(cell) is str:
        return plain_text(cell)
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()[:10]
    if isinstance(cell, int | float):
        if abs(cell) >= _EXACT:
            raise _wrong(
                "有一格是很长的数字，Excel 已经丢了后几位。", "请把代码、号码所在的列设为“文本”格式后重填。"
            )
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return plain_text(str(cell))


def _wrong(what: str, mend: str) -> Invalid:
    return Invalid(what, mend=mend, field="file")


def write_sheet(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file as Excel opens it, with the total as its last line; no cell is worked out as a formula."""
    out = io.StringIO()
    writer, count = csv.writer(out), 0
    writer.writerow(heading)
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in row])
        count += 1
    writer.writerow([TOTAL, str(count)])
    return out.getvalue().encode("utf-8-sig")
