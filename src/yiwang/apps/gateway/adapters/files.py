# SPDX-License-Identifier: Apache-2.0
"""Rows of a file that a provider puts into the folder of sources: CSV, Excel, Parquet.

A file is read once and kept in memory until it changes; a handful are kept per process.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import AfterValidator, Field

from yiwang.kernel.errors import Invalid

from ..domain.connecting import Query, Registered, Row, SourceChanged, TablePage
from .base import BaseConnector, left, malformed, too_large, wanted_columns
from .folder import checked_path, opened
from .registering import FieldId, Registration, read_registration
from .sheets import read_csv, read_excel, read_parquet

_KEPT = 4  # tables in memory per process


def _heading(text: str) -> str:
    if not text or len(text) > 100 or not text.isprintable():
        raise ValueError("列名不对：1至100个字，不含换行")
    return text


class FileRegistration(Registration):
    """Where the file lies, how it is written, what its columns are called."""

    path: str
    format: Literal["csv", "xlsx", "parquet"]
    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    sheet: Annotated[str, AfterValidator(_heading)] | None = None
    columns: dict[FieldId, Annotated[str, AfterValidator(_heading)]] = Field(min_length=1)


class FileConnector(BaseConnector):
    """A connector over one file."""

    def __init__(self, registered: Registered) -> None:
        """Raises Invalid for a bad registration."""
        self._spec = read_registration(FileRegistration, registered.config)
        self._path = checked_path(self._spec.path)
        self._limits = registered.limits

    def fetch(self, query: Query, *, deadline: float) -> list[Row]:
        """The rows that have these keys."""
        import pyarrow.compute as pc

        if not query.keys:
            raise Invalid("没有查询条件。", mend="请至少填一项查询条件。")
        _, table = self._table(deadline)
        chosen = None
        for field, column in wanted_columns(self._spec.columns, list(query.keys)):
            same = pc.equal(_as_text(self._column(table, column)), str(query.keys[field]))
            chosen = same if chosen is None else pc.and_(chosen, same)
        found = table.filter(chosen)
        if found.num_rows > query.limit:
            raise too_large(f"符合条件的超过{query.limit}条")
        return self._named(found, query.fields).to_pylist()

    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[TablePage]:
        """All rows in the order of the file. Raises SourceChanged when it is another file than at first."""
        mark, table = self._table(deadline)
        known, _, row = (after or f"{mark}:0").partition(":")
        if known != mark:
            raise SourceChanged("数据文件在分批读取的中途换过了。", mend="请重新申请这一批交付。")
        named = self._named(table, fields)
        for start in range(int(row), named.num_rows, size):
            page = named.slice(start, size)
            yield TablePage(page, f"{mark}:{start + page.num_rows}")

    def _named(self, table: Any, fields: Sequence[str]) -> Any:
        """Only these fields, under their ids."""
        import pyarrow as pa

        columns = wanted_columns(self._spec.columns, fields)
        return pa.table({field: self._column(table, column) for field, column in columns})

    def _column(self, table: Any, column: str) -> Any:
        if column not in table.column_names:
            raise malformed(f"文件里没有“{column}”这一列")
        return table.column(column)

    def _table(self, deadline: float) -> tuple[str, Any]:
        """The file's fingerprint and its content, read anew when it changed."""
        with opened(self._limits.folder, self._path, self._limits.most_file_bytes) as file:
            found = os.fstat(file.fileno())
            told = f"{found.st_dev}/{found.st_ino}/{found.st_size}/{found.st_mtime_ns}/{self._spec!r}"
            mark = hashlib.sha256(told.encode()).hexdigest()[:16]
            kept = _tables.get(mark)
            if kept is None:
                left(deadline)
                kept = self._read(file, deadline)
                _tables.keep(mark, kept)
        return mark, kept

    def _read(self, file: BinaryIO, deadline: float) -> Any:
        spec, most = self._spec, self._limits.most_file_bytes
        if spec.format == "csv":
            table = read_csv(file, encoding=spec.encoding, delimiter=spec.delimiter)
        elif spec.format == "xlsx":
            table = read_excel(file, sheet=spec.sheet, most_bytes=most, deadline=deadline)
        else:
            table = read_parquet(file, most_bytes=most)
        names = table.column_names
        if len(set(names)) != len(names):
            raise malformed("文件里有两列同名")
        return table


class _Tables:
    """The tables used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, mark: str) -> Any:
        """A table, or None."""
        with self._lock:
            if mark in self._kept:
                self._kept.move_to_end(mark)
            return self._kept.get(mark)

    def keep(self, mark: str, table: Any) -> None:
        """Keep a table; the one that was not used for longest goes."""
        with self._lock:
            self._kept[mark] = table
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_tables = _Tables()


def _as_text(column: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return column if pa.types.is_string(column.type) else pc.cast(column, pa.string())
