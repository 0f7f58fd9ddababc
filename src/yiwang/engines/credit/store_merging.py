# SPDX-License-Identifier: Apache-2.0
"""Merge the steps of a store: of each record the newest row alone, in few large files by five years.

The new files are written beside the old ones; then the manifest is replaced as a whole. A merge that was cut
short leaves nothing behind but files without a name in it, and the next look removes them. Exports go on
meanwhile: their steps stay as they are. Who began to read before still finds the old files for a day.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from yiwang.kernel.errors import Conflict, Unavailable
from yiwang.kernel.late import Late

from .store import GROUP_ROWS, Manifest, Store
from .store_files import (
    BATCH_ROWS,
    COLUMNS,
    Part,
    facts_part,
    firsts_of,
    placed,
    save_history,
    schema,
    written,
)

duckdb: Any = Late("duckdb")
pc: Any = Late("pyarrow.compute")
parquet: Any = Late("pyarrow.parquet")

SPAN: Final = 5
"""Years of decision in one partition of merged facts."""
AT_ONCE: Final = 1_000_000
"""Rows, about, that are held in memory at once."""
FILE_ROWS: Final = 4_000_000
KEPT: Final = dt.timedelta(days=1)
"""So long the files that were merged stay for readers that began before."""
_ABOVE_ALL: Final = "\U0010ffff"
"""Greater than every subject."""
_ROWS: Final = """
SELECT {columns} FROM read_parquet($1) AS f
WHERE subject >= $2 AND subject < $3
  AND NOT EXISTS (SELECT 1 FROM again AS a WHERE a.number = f.number AND a.last > f.step)
ORDER BY subject, decided, number
"""
_AGAIN: Final = "INSERT INTO again SELECT number, max(step) FROM read_parquet($1) GROUP BY number"


def merge(store: Store, *, now: dt.datetime) -> Manifest:
    """Merge every step there is now; the manifest that holds afterwards.

    Raises NotFound: nothing was exported yet; Conflict: it is being merged already; Unavailable: the disk has
    no room for the new files beside the old ones.
    """
    store.filled()
    with store.alone(".merging", wait=False):
        known = _tidied(store, now)
        return known if known.merged == known.step else _merged(store, known, now)


def merge_if_due(store: Store, *, now: dt.datetime, files: int, percent: int) -> bool:
    """Merge once so many files of facts came since the last merge, or of a hundred rows so many were told
    again; whether it did. What a merge that was cut short left, or was replaced a day ago, is removed.

    Raises Conflict: it is being merged already; Unavailable: no room on the disk.
    """
    if not store.manifest().parts:
        return False
    with store.alone(".merging", wait=False):
        known = _tidied(store, now)
        came = sum(one.step > known.merged for one in known.of("facts"))
        again = sum(one.rows for one in known.of("superseded"))
        if came < files and (not again or again * 100 < known.rows * percent):
            return False
        _merged(store, known, now)
        return True


def _merged(store: Store, known: Manifest, now: dt.datetime) -> Manifest:
    if shutil.disk_usage(store.directory).free < sum(one.bytes for one in known.parts):
        mend = "请腾出与这个目录现在一样大的空间；在那以前评价照常，只是慢一些。"
        raise Unavailable("磁盘空间不够，列存目录没有合并。", mend=mend)
    made = Merged(store, known.step)
    for table in _ordered(store, known):
        made.add(table)
    return put(store, known, made.finish(), now=now)


class Merged:
    """Files of merged facts being written; rows come in subject order, a subject's all at once."""

    def __init__(self, store: Store, step: int) -> None:
        """Nothing is written yet. `step`: the last one that is merged."""
        self.store, self.step = store, step
        self._parts: list[Part] = []
        self._spans: dict[int, _Span] = {}

    def add(self, table: Any) -> None:
        """Write further rows, an Arrow table with all columns of the store."""
        if not table.num_rows:
            return
        place = sum(one.kind == "history" for one in self._parts)
        part = facts_part(f"history/{self.step:06}-m{place:05}.arrow", self.step, table, kind="history")
        self._parts.append(written(self.store.directory, part, partial(save_history, table)))
        spans = pc.multiply(pc.divide(pc.year(table["decided"]), SPAN), SPAN)
        for year in sorted(pc.unique(spans).to_pylist()):
            span = self._spans.setdefault(year, _Span(self.store.directory, self.step, year))
            self._parts += span.add(table.filter(pc.equal(spans, year)))

    def finish(self) -> tuple[Part, ...]:
        """Every part, whole and on the disk."""
        for span in self._spans.values():
            self._parts += span.close()
        return tuple(self._parts)


class _Span:
    """The files of five years."""

    def __init__(self, directory: Path, step: int, year: int) -> None:
        self._directory, self._step = directory, step
        self._folder, self._place = f"facts/{year}-{year + SPAN - 1}", 0
        self._writer: Any = None
        self._part: Part | None = None

    def add(self, table: Any) -> Iterator[Part]:
        told = facts_part(self._name(), self._step, table)
        if self._writer is None:
            (self._directory / self._folder).mkdir(mode=0o700, parents=True, exist_ok=True)
            self._writer = parquet.ParquetWriter(self._draft(), schema(), compression="zstd")
            self._part = told
        else:
            assert self._part is not None
            rows = self._part.rows + told.rows
            self._part = Part(told.path, told.kind, told.step, rows, 0, "", self._part.first, told.last)
        self._writer.write_table(table, row_group_size=GROUP_ROWS)
        if self._part.rows >= FILE_ROWS:
            yield from self.close()

    def close(self) -> Iterator[Part]:
        if self._writer is None or self._part is None:
            return
        self._writer.close()
        yield placed(self._directory, self._part, self._draft())
        self._writer, self._part, self._place = None, None, self._place + 1

    def _name(self) -> str:
        return f"{self._folder}/{self._step:06}-m{self._place:05}.parquet"

    def _draft(self) -> Path:
        return self._directory / f"{self._name()}.part"


def put(store: Store, before: Manifest, parts: tuple[Part, ...], *, now: dt.datetime) -> Manifest:
    """Let merged parts hold in place of those of `before`; what came since stays.

    Raises Conflict when those are no longer there: the store was filled anew.
    """
    with store.alone():
        known = store.manifest()
        gone = set(before.parts)
        if not gone <= set(known.parts):
            raise Conflict("列存目录在合并时被换过。", mend="请再运行一次合并。")
        since = [one for one in known.parts if one not in gone]
        retired = _still_kept(known, now) | {one.path: now.isoformat() for one in before.parts}
        made = Manifest((*parts, *since), known.step, known.mark, before.step, retired)
        store.keep(made)
        _sweep(store.directory, made)
        return made


def _tidied(store: Store, now: dt.datetime) -> Manifest:
    """The manifest, once nothing lies there that it need not name; by whoever alone merges."""
    with store.alone():
        known = store.manifest()
        if (kept := _still_kept(known, now)) != known.retired:
            known = replace(known, retired=kept)
            store.keep(known)
        _sweep(store.directory, known)
        return known


def _still_kept(known: Manifest, now: dt.datetime) -> dict[str, str]:
    return {path: at for path, at in known.retired.items() if dt.datetime.fromisoformat(at) > now - KEPT}


def _sweep(directory: Path, known: Manifest) -> None:
    """Remove what a manifest does not name: retired long ago, or left by a run that was cut short."""
    named = {one.path for one in known.parts} | set(known.retired)
    for folder in ("facts", "history", "superseded"):
        for path in (directory / folder).glob("**/*.*"):
            if path.is_file() and path.relative_to(directory).as_posix() not in named:
                path.unlink()


def _ordered(store: Store, known: Manifest) -> Iterator[Any]:
    """The newest rows in subject order, about `AT_ONCE` at a time and never a subject cut."""
    columns = ", ".join(f'f."{name}"' for name in COLUMNS)
    engine = duckdb.connect()
    try:
        engine.execute("CREATE TEMP TABLE again (number BIGINT, last INTEGER)")
        if told := [str(store.directory / one.path) for one in known.of("superseded")]:
            engine.execute(_AGAIN, [told])
        for first, stop in pairwise(["", *_cuts(store, known), _ABOVE_ALL]):
            near = [one for one in known.of("facts") if one.last >= first and one.first < stop]
            paths = [str(store.directory / one.path) for one in near]
            if paths:
                found = engine.sql(_ROWS.format(columns=columns), params=[paths, first, stop])
                yield found.to_arrow_table().cast(schema())
    finally:
        engine.close()


def _cuts(store: Store, known: Manifest) -> list[str]:
    """Subjects at which the rows are cut into pieces of about `AT_ONCE`."""
    firsts: list[str] = []
    for one in known.of("history"):
        firsts += firsts_of(store.directory / one.path)
    firsts.sort()
    every = max(1, AT_ONCE // BATCH_ROWS)
    return sorted(set(firsts[every::every]))
