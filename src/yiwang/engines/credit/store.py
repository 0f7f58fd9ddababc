# SPDX-License-Identifier: Apache-2.0
"""Facts of public credit as columns: dated Parquet parts, rows in subject order, never changed.

    manifest.json                          what belongs to the store, with rows and digests
    facts/2026/000007-000.parquet          facts decided in 2026 that the seventh step brought
    facts/2025-2029/000007-m000.parquet    facts decided in these years, merged at the seventh step
    history/000007-000.arrow               the same rows of all years, for reading one subject
    superseded/000007.parquet, .arrow      records that the seventh step told again

A record told again (corrected, repaired, objected to with success) is written anew; of its rows the newest
counts. A file that the manifest does not name is not part of the store: a step that was cut
short leaves nothing behind but such files, and its repetition writes over them.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.late import Late

from .store_files import (
    COLUMNS,
    ORDER,
    Part,
    as_told,
    digest_of,
    facts_part,
    save_again,
    save_history,
    schema,
    written,
)

pa: Any = Late("pyarrow")
pc: Any = Late("pyarrow.compute")
parquet: Any = Late("pyarrow.parquet")

FORM: Final = 2
GROUP_ROWS: Final = 122_880
"""Rows of a row group: what an engine gives to one of its threads."""
FILE_ROWS: Final = 1_000_000
"""Rows of a file of one step."""
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What the store is made of. `mark`: how far its source has been read, in the source's own words.

    `merged`: the step up to which the parts are merged. `retired`: files that no longer belong to the store
    and since when (ISO), kept for readers that began before.
    """

    parts: tuple[Part, ...] = ()
    step: int = 0
    mark: Mapping[str, int] = field(default_factory=dict)
    merged: int = 0
    retired: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of facts, old ones of records told again counted too."""
        return sum(part.rows for part in self.parts if part.kind == "facts")

    def of(self, kind: str, subject: str | None = None) -> list[Part]:
        """Its parts of a kind, those alone that may tell of a subject."""
        return [one for one in self.parts if one.kind == kind and one.may_tell_of(subject)]


class Store:
    """A directory of facts. One process writes at a time; readers need no lock."""

    def __init__(self, directory: Path) -> None:
        """Name it; nothing is made or read."""
        self.directory = directory

    def manifest(self) -> Manifest:
        """What is in the store; of one never written to, nothing. Raises Invalid when it cannot be read."""
        path = self.directory / _MANIFEST
        try:
            is_now = path.stat()
            return _read(path, (is_now.st_ino, is_now.st_mtime_ns, is_now.st_size))
        except FileNotFoundError:
            return Manifest()
        except (ValueError, KeyError, TypeError) as error:
            mend = "请从备份恢复这个文件；或者换一个空目录重新导出。"
            raise Invalid(f"列存目录的清单读不懂：{type(error).__name__}。", mend=mend) from None

    def append(self, rows: Any, again: Sequence[int], mark: Mapping[str, int], *, after: int) -> Manifest:
        """Add a step: an Arrow table with the columns but `step`, one row a record; `again`: the numbers of
        those that earlier steps told already. Returns the manifest that now holds.

        Raises Conflict when the store is no longer at the step `after`: somebody else wrote.
        """
        with self.alone():
            known = self.manifest()
            if known.step != after:
                raise Conflict("列存目录已被别的导出写过。", mend="请等那次导出结束，再运行一次。")
            step = after + 1
            parts = [*known.parts, *self._facts(rows, step), *self._superseded(again, step)]
            made = Manifest(tuple(parts), step, dict(mark), known.merged, known.retired)
            self.keep(made)
            return made

    def _facts(self, rows: Any, step: int) -> Iterable[Part]:
        stepped = rows.append_column("step", pa.array([step] * rows.num_rows, pa.int32()))
        table = stepped.select(list(COLUMNS)).cast(schema()).sort_by(list(ORDER))
        for place, some in _slices(table):
            part = facts_part(f"history/{step:06}-{place:03}.arrow", step, some, kind="history")
            yield written(self.directory, part, partial(save_history, some))
        years = pc.year(table["decided"])
        for year in sorted(pc.unique(years).to_pylist()):
            for place, some in _slices(table.filter(pc.equal(years, year))):
                part = facts_part(f"facts/{year}/{step:06}-{place:03}.parquet", step, some)
                yield written(self.directory, part, partial(save_columns, some))

    def _superseded(self, again: Sequence[int], step: int) -> Iterable[Part]:
        if not again:
            return
        numbers = pc.unique(pa.array(again, pa.int64())).sort()
        table = pa.table({"number": numbers, "step": pa.array([step] * len(numbers), pa.int32())})
        for kind, end, save in (("superseded", "parquet", save_columns), ("again", "arrow", save_again)):
            part = Part(f"superseded/{step:06}.{end}", kind, step, len(numbers))
            yield written(self.directory, part, partial(save, table))

    @contextmanager
    def alone(self, name: str = ".lock", *, wait: bool = True) -> Iterator[None]:
        """No other process of this machine does the same. Raises Conflict when it should not wait."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.directory / name).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Conflict("这个列存目录正在合并。", mend="请等那次合并结束。") from None
            yield

    def keep(self, manifest: Manifest) -> None:
        """Let a manifest hold from now on, whole or not at all; by whoever is alone."""
        said = {
            "form": FORM,
            "step": manifest.step,
            "mark": dict(manifest.mark),
            "merged": manifest.merged,
            "retired": dict(manifest.retired),
            "parts": [as_told(one) for one in manifest.parts],
        }
        draft = self.directory / f"{_MANIFEST}.part"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(said, file, ensure_ascii=False, separators=(",", ":"))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.directory / _MANIFEST)

    def wrong(self) -> list[str]:
        """Which files are missing or other than the manifest says, in words; none: the store is whole."""
        found = []
        for part in self.manifest().parts:
            path = self.directory / part.path
            if not path.is_file():
                found.append(f"{part.path}：文件不在")
            elif path.stat().st_size != part.bytes or digest_of(path) != part.sm3:
                found.append(f"{part.path}：内容与清单的摘要不符")
        return found

    def paths(self) -> tuple[list[str], list[str]]:
        """Where the facts lie as columns, and what was told again.

        Raises NotFound when nothing was exported yet.
        """
        known = self.filled()
        facts, again = ([str(self.directory / one.path) for one in known.of(kind)] for kind in _COLUMNAR)
        return facts, again

    def filled(self) -> Manifest:
        """The manifest. Raises NotFound when nothing was exported yet."""
        known = self.manifest()
        if not known.parts:
            raise NotFound("列存目录里还没有信用信息。", mend="请先运行 yiwang credit export。")
        return known


_COLUMNAR: Final = ("facts", "superseded")


@lru_cache(maxsize=8)
def _read(path: Path, _as_of: tuple[int, int, int]) -> Manifest:
    """A manifest is replaced, never changed: one seen before is not read again."""
    told = json.loads(path.read_bytes())
    if told["form"] != FORM:
        raise ValueError(told["form"])
    parts = tuple(Part(**one) for one in told["parts"])
    return Manifest(parts, told["step"], told["mark"], told["merged"], told["retired"])


def save_columns(table: Any, path: Path) -> None:
    """Write rows as Parquet."""
    parquet.write_table(table, path, row_group_size=GROUP_ROWS, compression="zstd")


def _slices(table: Any) -> Iterator[tuple[int, Any]]:
    for place, start in enumerate(range(0, table.num_rows, FILE_ROWS)):
        yield place, table.slice(start, FILE_ROWS)
