# SPDX-License-Identifier: Apache-2.0
"""One file of a delivery, from columns: CSV, Parquet or Excel, naming who receives it.

The headings are the names of the items. Where the format has a place for it (Parquet: metadata; Excel:
properties and foot of the page), the watermark stands there; a CSV has none, so it is the heading of the
last column. The cells of that column are record numbers (`apps/vault`): rows that turn up elsewhere, in any
order and file, say which delivery they came from.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yiwang.apps.vault.public import RECORD_NUMBER, Watermark

from .domain.deliveries import Form

WATERMARK = "水印"
_HEX = np.frombuffer("".join(f"{one:02X}" for one in range(256)).encode(), dtype=np.uint16)
"""Byte → its two hexadecimal digits, side by side."""


def write(table: Any, form: Form, *, mark: Watermark, start: int) -> bytes:
    """The file's bytes. `start`: the number of its first row within the delivery."""
    flat = pa.table({name: _flat(table.column(name)) for name in table.column_names})
    numbers, watermark = record_numbers(mark, start, table.num_rows), mark.line
    if form is Form.CSV:
        return _csv(flat.append_column(f"{WATERMARK}：{watermark}", numbers))
    marked = flat.append_column(RECORD_NUMBER, numbers)
    return (_parquet if form is Form.PARQUET else _excel)(marked, watermark)


def record_numbers(mark: Watermark, start: int, count: int) -> Any:
    """The column of record numbers, as `Watermark.numbers` gives them one by one."""
    sealed = np.frombuffer(mark.sealed(start, count), dtype=np.uint8).reshape(count, -1)
    said = np.full((count, 1 + 2 * sealed.shape[1]), ord("R"), dtype=np.uint8)
    said[:, 1:] = _HEX[sealed].view(np.uint8)
    places = np.arange(0, said.size + 1, said.shape[1], dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(places), pa.py_buffer(said.reshape(-1)))


def _flat(column: Any) -> Any:
    """Several choices become one text."""
    return pc.binary_join(column, "、") if pa.types.is_list(column.type) else column


def _csv(table: Any) -> bytes:
    from pyarrow import csv

    out = io.BytesIO()
    csv.write_csv(table, out)
    return out.getvalue()


def _parquet(table: Any, watermark: str) -> bytes:
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({WATERMARK: watermark}), out, compression="zstd")
    return out.getvalue()


def _excel(table: Any, watermark: str) -> bytes:
    """Every text is written as text: what looks like a formula is none."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.oddFooter.center.text = watermark.replace("&", "&&")
    book.properties.description = watermark
    sheet.append(table.column_names)
    columns = [table.column(name).to_pylist() for name in table.column_names]
    for row in zip(*columns, strict=True):
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return value
    if not value.startswith("=") and value.isprintable():
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))
    cell.data_type = "s"
    return cell
