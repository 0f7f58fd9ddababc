# SPDX-License-Identifier: Apache-2.0
"""Facts of public credit as columns: Parquet parts by year of decision, rows in subject order, never changed.

    manifest.json                      what belongs to the store, with rows and digests
    facts/2026/000007-000.parquet      facts decided in 2026 that the seventh step brought
    superseded/000007.parquet          records that the seventh step told again

A record told again (corrected, repaired, objected to with success) is written anew; of its rows the newest
counts. A file that the manifest does not name is not part of the store: a step that was cut
short leaves nothing behind but such files, and its repetition writes over them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.late import Late

pa: Any = Late("pyarrow")
pc: Any = Late("pyarrow.compute")
parquet: Any = Late("pyarrow.parquet")

FORM: Final = 1
COLUMNS: Final[Mapping[str, str]] = {
    "subject": "string",
    "catalogue": "string",
    "class": "string",
    "severity": "string",
    "decided": "date32",
    "until": "date32",
    "ended": "date32",
    "version": "int32",
    "org": "string",
    "record": "string",
    "number": "int64",
    "step": "int32",
}
"""`class`: the sort of information. `until`: the record's own last day. `ended`: from this day on it does not
count. `record`: public id; `number`: the same as a number, by which rows are quickly told apart. `step`:
which step brought the row. A degree that is not stated is empty."""
GROUP_ROWS: Final = 20_000
"""Rows of a row group: the least an engine reads to find one subject."""
FILE_ROWS: Final = 1_000_000
"""Rows of a file: of a year, only the file that a subject lies in is opened for it."""
_MANIFEST: Final = "manifest.json"
_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class Part:
    """One file of the store. `first`, `last`: the subjects its rows lie between."""

    path: str
    kind: str
    step: int
    rows: int
    bytes: int
    sm3: str
    year: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Manifest:
    """What the store is made of. `mark`: how far its source has been read, in the source's own words."""

    parts: tuple[Part, ...] = ()
    step: int = 0
    mark: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of facts, old ones of records told again counted too."""
        return sum(part.rows for part in self.parts if part.kind == "facts")


class Store:
    """A directory of facts. One process writes at a time; readers need no lock."""

    def __init__(self, directory: Path) -> None:
        """Name it; nothing is made or read."""
        self.directory = directory

    def manifest(self) -> Manifest:
        """What is in the store; of one never written to, nothing. Raises Invalid when it cannot be read."""
        try:
            told = json.loads((self.directory / _MANIFEST).read_bytes())
            if told["form"] != FORM:
                raise ValueError(told["form"])
            return Manifest(tuple(Part(**one) for one in told["parts"]), told["step"], told["mark"])
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
        with self._alone():
            return self._append(rows, again, mark, after)

    def _append(self, rows: Any, again: Sequence[int], mark: Mapping[str, int], after: int) -> Manifest:
        known = self.manifest()
        if known.step != after:
            raise Conflict("列存目录已被别的导出写过。", mend="请等那次导出结束，再运行一次。")
        step = after + 1
        parts = [*known.parts, *self._facts(rows, step)]
        if again:
            parts.append(self._superseded(again, step))
        made = Manifest(tuple(parts), step, dict(mark))
        self._keep(made)
        return made

    def _facts(self, rows: Any, step: int) -> Iterable[Part]:
        stepped = rows.append_column("step", pa.array([step] * rows.num_rows, pa.int32()))
        table = stepped.select(list(COLUMNS)).cast(schema())
        years = pc.year(table["decided"])
        order = [("subject", "ascending"), ("decided", "ascending"), ("number", "ascending")]
        for year in sorted(pc.unique(years).to_pylist()):
            found = table.filter(pc.equal(years, year)).sort_by(order)
            for place, start in enumerate(range(0, found.num_rows, FILE_ROWS)):
                some = found.slice(start, FILE_ROWS)
                path = f"facts/{year}/{step:06}-{place:03}.parquet"
                between = some["subject"][0].as_py(), some["subject"][-1].as_py()
                yield self._write(Part(path, "facts", step, some.num_rows, 0, "", year, *between), some)

    def _superseded(self, again: Sequence[int], step: int) -> Part:
        numbers = sorted(set(again))
        table = pa.table(
            {"number": pa.array(numbers, pa.int64()), "step": pa.array([step] * len(numbers), pa.int32())}
        )
        return self._write(
            Part(f"superseded/{step:06}.parquet", "superseded", step, len(numbers), 0, ""), table
        )

    def _write(self, part: Part, table: Any) -> Part:
        path = self.directory / part.path
        self._make(path.parent)
        draft = path.with_suffix(".part")
        parquet.write_table(table, draft, row_group_size=GROUP_ROWS, compression="zstd")
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        told = asdict(part) | {"bytes": draft.stat().st_size, "sm3": digest_of(draft)}
        draft.replace(path)
        return Part(**told)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process of this machine writes."""
        self._make(self.directory)
        with (self.directory / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _make(self, directory: Path) -> None:
        """A directory that nobody else of this machine reads: facts about people lie in it."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _keep(self, manifest: Manifest) -> None:
        said = {
            "form": FORM,
            "step": manifest.step,
            "mark": dict(manifest.mark),
            "parts": [asdict(one) for one in manifest.parts],
        }
        draft = self.directory / f"{_MANIFEST}.part"
        self._make(self.directory)
        with draft.open("w", encoding="utf-8") as file:
            json.dump(said, file, ensure_ascii=False, indent=1)
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

    def paths(self, subject: str | None = None) -> tuple[list[str], list[str]]:
        """Where the facts lie (only those that may tell of `subject`), and what was told again.

        Raises NotFound when nothing was exported yet.
        """
        parts = self.manifest().parts
        if not parts:
            raise NotFound("列存目录里还没有信用信息。", mend="请先运行 yiwang credit export。")
        facts = [
            one
            for one in parts
            if one.kind == "facts" and (subject is None or one.first <= subject <= one.last)
        ]
        again = [one for one in parts if one.kind == "superseded"]
        facts_at, again_at = ([str(self.directory / one.path) for one in kind] for kind in (facts, again))
        return facts_at, again_at


def schema() -> Any:
    """The columns as Arrow knows them."""
    return pa.schema([(name, getattr(pa, kind)()) for name, kind in COLUMNS.items()])


def digest_of(path: Path) -> str:
    """SM3 of a file, in hexadecimal."""
    digest = hashlib.new("sm3")
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
