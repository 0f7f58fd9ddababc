# SPDX-License-Identifier: Apache-2.0
"""Records as they are reported: a table with one sale, or one month's reading, a line."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from yiwang.engines.benefits.settlement_kinds import Settled
from yiwang.kernel.errors import Invalid, YiwangError

from .rosters import text_of
from .sheets import read_period

NUMBER, DAY = "编号", "日期"
MOST_ROWS, MOST_BYTES, _MOST = 5_000, 2_000_000, Decimal(10) ** 9


@dataclass(frozen=True)
class Reported:
    """One line: of which unit, when, its proof, its columns (numbers as text, exact)."""

    row: int
    number: str
    day: dt.date
    proof: str
    columns: Mapping[str, str]


def heading_of(settled: Settled) -> list[str]:
    """The columns a file must have: with a proof each line has its own day, else it is for the month."""
    own = [DAY, settled.proof] if settled.proof else []
    return [NUMBER, *own, *(one.name for one in settled.columns)]


def read_records(data: bytes, settled: Settled, period: str) -> tuple[list[Reported], list[tuple[int, str]]]:
    """The lines of a CSV file (UTF-8 or GB18030), and what is wrong with which (row, words).

    Raises Invalid: it cannot be read at all.
    """
    first, last = read_period(period)
    if len(data) > MOST_BYTES:
        raise Invalid("文件太大。", mend=f"一次最多{MOST_BYTES // 1_000_000}MB。", field="file")
    rows = _rows(text_of(data))
    heading, wanted = [cell.strip() for cell in next(rows, [])], heading_of(settled)
    if sorted(heading) != sorted(wanted):
        raise Invalid("表头不对。", mend=f"要有这几列：{'、'.join(wanted)}。", field="file")
    lines, wrong, seen = [], [], set[str]()
    for at, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if at > MOST_ROWS + 1:
            raise Invalid(f"一次最多{MOST_ROWS}行。", mend="请分几次上传。", field="file")
        try:
            line = _line(at, dict(zip(heading, cells, strict=False)), settled, (first, last))
            if line.proof in seen:
                raise Invalid(f"“{line.proof}”在文件里出现了两次。", mend="请只留一行。")
        except YiwangError as error:
            wrong.append((at, f"{error.message}{error.mend}"))
            continue
        seen.add(line.proof)
        lines.append(line)
    if not lines and not wrong:
        raise Invalid("文件里没有记录。", mend="第一行是表头，从第二行起一行一笔。", field="file")
    return lines, wrong


def _rows(text: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text))
    except csv.Error:
        raise Invalid(
            "文件有一格太长，或者不是表格。", mend="请另存为 CSV 后再上传。", field="file"
        ) from None


def _line(at: int, cells: Mapping[str, str], settled: Settled, month: tuple[dt.date, dt.date]) -> Reported:
    given = {name: unicodedata.normalize("NFKC", cell).strip() for name, cell in cells.items()}
    number, day = given.get(NUMBER, ""), month[1]
    if not 1 <= len(number) <= 40:
        raise Invalid("没有写编号。", mend="请写证明或者登记的编号。")
    proof = f"{number}/{month[0]:%Y-%m}"
    if settled.proof:
        day, proof = _day(given.get(DAY, ""), month), given.get(settled.proof, "")
        if not 1 <= len(proof) <= 60:
            raise Invalid(f"没有写{settled.proof}。", mend="请对照票据填写。")
    columns = {one.name: _number(one.name, given.get(one.name, "")) for one in settled.columns}
    return Reported(at, number, day, proof, columns)


def _day(text: str, month: tuple[dt.date, dt.date]) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid("日期读不懂。", mend="请写成 2020-11-05 这样。") from None
    if not month[0] <= day <= month[1]:
        raise Invalid("日期不在这个月里。", mend="请放到它那个月的文件里。")
    return day


def _number(name: str, text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Invalid(f"“{name}”不是数。", mend="请写成数，例如 0.25。") from None
    if not value.is_finite() or not 0 <= value <= _MOST or -int(value.as_tuple().exponent) > 4:
        raise Invalid(f"“{name}”不对。", mend="请写不小于0的数，最多四位小数。")
    return str(value)


def numbers(columns: Mapping[str, str], names: Sequence[str]) -> dict[str, Decimal]:
    """Stored columns as the rules want them."""
    return {name: Decimal(columns[name]) for name in names if name in columns}
