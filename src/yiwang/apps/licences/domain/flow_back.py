# SPDX-License-Identifier: Apache-2.0
"""A package of licences that flows back (证照回流): index records as JSON or CSV, and their files. Pure.

A ZIP with `index.json` (a list, or `{"records": […]}`) or `index.csv`, and files beside it. A record
carries the names of `index_record`; `照面信息` holds what is printed, by label; `文件` names its file.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.errors import Invalid

INDEX_JSON, INDEX_CSV = "index.json", "index.csv"
FACE, FILE = "照面信息", "文件"
MOST_RECORDS = 1_000  # taken in one transaction: other writers wait for it
_MOST_UNPACKED = 300_000_000  # bytes
_MOST_FILE = 20_000_000  # bytes of one licence file
_MEND = "请核对回流数据包，或请对方重新导出。"

_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError)
"""What reading a part of a broken ZIP raises (NotImplementedError is a RuntimeError)."""
_AS_COLUMN = {
    "证照名称": "证照类型",
    "证照有效期起始日期": "有效期起始日期",
    "证照有效期截止日期": "有效期截止日期",
}
"""Names of the metadata standard → columns of a sheet."""
_TAKEN = ("证照编号", "持证主体", "持证主体代码", "证照状态", *_AS_COLUMN)


@dataclass(frozen=True)
class Returned:
    """One record: the cells of a sheet's row, who issued it, its type code and its file."""

    place: int
    cells: Mapping[str, object]
    issuer: str
    type_code: str
    file: str


class Package:
    """An opened package. Raises Invalid for what is no package or beyond the limits."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError) as error:
            raise Invalid("这不是 ZIP 数据包。", mend=_MEND) from error
        infos = self._zip.infolist()
        if sum(info.file_size for info in infos) > _MOST_UNPACKED or len(infos) > 2 * MOST_RECORDS:
            raise Invalid("数据包解压后太大。", mend="请对方分成几个包。")
        self._sizes = {info.filename: info.file_size for info in infos}

    def records(self) -> list[Returned]:
        """Every record of the index. Raises Invalid."""
        rows = self._from_json() if INDEX_JSON in self._sizes else self._from_csv()
        if len(rows) > MOST_RECORDS:
            raise Invalid(f"数据包超过 {MOST_RECORDS} 条。", mend="请对方分成几个包。")
        return [_returned(place, row) for place, row in enumerate(rows, start=1)]

    def file(self, name: str) -> bytes | None:
        """A file of the package; None when there is none of this name. Raises Invalid when too large."""
        if name not in self._sizes or name in (INDEX_JSON, INDEX_CSV):
            return None
        if self._sizes[name] > _MOST_FILE:
            raise Invalid(f"证照文件超过 {_MOST_FILE // 1_000_000} MB。", mend=_MEND)
        return self._read(name)

    def _read(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except (
            zipfile.BadZipFile,
            OSError,
            RuntimeError,
            NotImplementedError,
            EOFError,
            ValueError,
        ) as error:
            raise Invalid("数据包里的文件读不出来。", mend=_MEND) from error

    def _from_json(self) -> list[Mapping[str, Any]]:
        try:
            found = json.loads(self._read(INDEX_JSON).decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise Invalid("index.json 读不出来。", mend=_MEND) from error
        rows = found.get("records") if isinstance(found, dict) else found
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Invalid("index.json 应当是记录的列表。", mend=_MEND)
        return rows

    def _from_csv(self) -> list[Mapping[str, Any]]:
        if INDEX_CSV not in self._sizes:
            raise Invalid("数据包里没有 index.json 或 index.csv。", mend=_MEND)
        try:
            text = self._read(INDEX_CSV).decode("utf-8-sig")
            return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        except (ValueError, csv.Error) as error:
            raise Invalid("index.csv 读不出来。", mend="请用 UTF-8 编码的 CSV。") from error


def _returned(place: int, row: Mapping[str, Any]) -> Returned:
    cells: dict[str, object] = {
        _AS_COLUMN.get(name, name): _plain(row[name]) for name in _TAKEN if row.get(name) not in (None, "")
    }
    face = row.get(FACE)
    if isinstance(face, dict):
        cells |= {str(label): _plain(value) for label, value in face.items()}
    known = {*_TAKEN, FACE, FILE}
    if not isinstance(face, dict):  # in a CSV the labels are columns of their own
        cells |= {name: value for name, value in row.items() if name and name not in known and value}
    cells.setdefault("有效期截止日期", "长期")
    return Returned(
        place,
        cells,
        issuer=str(row.get("证照颁发机构") or "").strip(),
        type_code=str(row.get("证照类型代码") or "").strip(),
        file=str(row.get(FILE) or "").strip(),
    )


def _plain(value: object) -> object:
    return "、".join(map(str, value)) if isinstance(value, list) else value


METADATA = frozenset(
    {
        *("索引编号", "状态序号", "证照标识", "证照类型代码", "证照颁发机构", "证照颁发机构代码"),
        *("证照颁发日期", "持证主体代码类型", "持证主体代码类型代码", "状态生效日期"),
    }
)
"""What an index record says beside the columns of a sheet."""


def printed(cells: Mapping[str, object], columns: Sequence[str]) -> dict[str, object]:
    """The cells without what only the index says, headings in the order of `columns` first."""
    order = [*(name for name in columns if name in cells), *(name for name in cells if name not in columns)]
    return {name: cells[name] for name in order if name not in METADATA}


def carries_seal(form: str, content: bytes) -> bool:
    """Whether a file shows any sign of a seal, sound or not: then it must verify. What cannot be looked
    into counts as sealed, and fails the verification."""
    if form == "pdf":
        return b"/ByteRange" in content or b"/Sig" in content
    if form != "ofd":
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return any("sign" in name.lower() for name in package.namelist())
    except (zipfile.BadZipFile, ValueError):
        return True
