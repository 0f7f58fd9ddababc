# SPDX-License-Identifier: Apache-2.0
"""Read CSV, Excel and Parquet into a `pyarrow.Table`: text stays text, a formula is never worked out."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from typing import Any, BinaryIO

from .base import left, malformed, too_large

_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number; longer ones have lost their last digits
_LOOK_EVERY = 1_000  # rows between two looks at the clock


def read_csv(file: BinaryIO, *, encoding: str, delimiter: str) -> Any:
    """All columns as text; an empty cell is empty, not nothing. Raises SourceMalformed."""
    import pyarrow as pa
    from pyarrow import csv

    parse = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    try:
        heading = _heading(file, encoding, delimiter)
        file.seek(0)
        return csv.read_csv(
            file,
            read_options=csv.ReadOptions(encoding=encoding, column_names=heading, skip_rows=1),
            parse_options=parse,
            convert_options=csv.ConvertOptions(
                column_types={name: pa.string() for name in heading}, strings_can_be_null=False
            ),
        )
    except (pa.ArrowException, UnicodeError, ValueError, StopIteration):
        raise malformed("CSV 读不出来：每行的列数、引号和编码要一致，第一行是列名") from None


def _heading(file: BinaryIO, encoding: str, delimiter: str) -> list[str]:
    import csv as plain

    first = file.readline(65_536).decode("utf-8-sig" if encoding == "utf-8" else encoding)
    return next(plain.reader([first.rstrip("\r\n")], delimiter=delimiter, strict=True))


def read_excel(file: BinaryIO, *, sheet: str | None, most_bytes: int, deadline: float) -> Any:
    """A sheet, the first by default; a formula comes as its text. Raises SourceMalformed, SourceTooLarge,
    SourceSlow."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > most_bytes:
                raise too_large("Excel 文件解开后太大，请改用 CSV 或 Parquet")
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        found = book[sheet] if sheet else book.worksheets[0]
        rows = found.iter_rows(values_only=True)
        heading = ["" if cell is None else str(cell).strip() for cell in next(rows, ())]
        return _table(heading, _read_rows(rows, len(heading), deadline))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError):
        raise malformed("Excel 读不出来，或者没有登记的工作表") from None


def _read_rows(rows: Any, width: int, deadline: float) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for number, row in enumerate(rows):
        if number % _LOOK_EVERY == 0:
            left(deadline)
        if any(cell is not None for cell in row):
            found.append([_cell(cell) for cell in (*row, *[None] * (width - len(row)))][:width])
    return found


def _cell(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and len(str(abs(value))) > _EXACT_DIGITS:
        raise malformed("Excel 把长号码存成了数值，末几位已经丢失：请把号码列设为文本")
    if isinstance(value, float):
        return repr(value)
    return value


def _table(heading: list[str], rows: list[Sequence[Any]]) -> Any:
    import pyarrow as pa

    columns = zip(*rows, strict=True) if rows else [()] * len(heading)
    return pa.table([_column(pa, list(values)) for values in columns], names=heading)


def _column(pa: Any, values: list[Any]) -> Any:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) == 1 and kinds <= {bool, int}:
        return pa.array(values)
    return pa.array([None if v is None else str(v) for v in values], pa.string())


def read_parquet(file: BinaryIO, *, most_bytes: int) -> Any:
    """All columns, as the file types them. Raises SourceMalformed, SourceTooLarge."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        opened = parquet.ParquetFile(file)
        meta = opened.metadata
        if sum(meta.row_group(n).total_byte_size for n in range(meta.num_row_groups)) > most_bytes:
            raise too_large("Parquet 文件解开后太大")
        return opened.read()
    except (pa.ArrowException, OSError, ValueError):
        raise malformed("Parquet 读不出来") from None
