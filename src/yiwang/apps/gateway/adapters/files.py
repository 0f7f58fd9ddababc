# SPDX-License-Identifier: Apache-2.0
"""Rows of a file that a provider puts into the folder of sources: CSV, Excel, Parquet.

A file is read once and kept in memory until it changes; a handful are kept per process.
"""

from __future__ import annotations

import hashlib
import os
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import AfterValidator, Field

from ..domain.connecting import Registered
from .base import left, malformed
from .folder import checked_path, opened
from .registering import FieldId, Registration, read_registration
from .sheets import read_csv, read_excel, read_parquet
from .tables import KEPT, TableConnector


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


class FileConnector(TableConnector):
    """A connector over one file."""

    def __init__(self, registered: Registered) -> None:
        """Raises Invalid for a bad registration."""
        self._spec = read_registration(FileRegistration, registered.config)
        self._path = checked_path(self._spec.path)
        self._limits = registered.limits
        self.columns = self._spec.columns

    def table(self, deadline: float) -> tuple[str, Any]:
        """The file's fingerprint and its content, read anew when it changed."""
        with opened(self._limits.folder, self._path, self._limits.most_file_bytes) as file:
            found = os.fstat(file.fileno())
            told = f"{found.st_dev}/{found.st_ino}/{found.st_size}/{found.st_mtime_ns}/{self._spec!r}"
            mark = hashlib.sha256(told.encode()).hexdigest()[:16]
            kept = KEPT.get(mark)
            if kept is None:
                left(deadline)
                kept = self._read(file, deadline)
                KEPT.keep(mark, kept)
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
