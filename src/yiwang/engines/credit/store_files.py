# SPDX-License-Identifier: Apache-2.0
"""The files of a store of facts: written whole under another name first; how they are read for one subject.

Columns (Parquet) are for whoever reads many subjects, with any engine. Beside them the same rows lie once
more in subject order as Arrow batches of a few thousand rows, which are found by their first subject and read
without opening anything else: that is what one subject's history is read from.
"""

from __future__ import annotations

import hashlib
import json
import os
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from yiwang.kernel.late import Late

pa: Any = Late("pyarrow")
pc: Any = Late("pyarrow.compute")
np: Any = Late("numpy")

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
ORDER: Final = (("subject", "ascending"), ("decided", "ascending"), ("number", "ascending"))
BATCH_ROWS: Final = 4_096
"""Rows of a batch: what is read to find one subject."""
_FEW: Final = ("catalogue", "class", "severity", "org")
"""Columns with few values: kept as numbers of a list."""
_FIRSTS: Final = b"firsts"
_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class Part:
    """One file of the store. `first`, `last`: the subjects its rows lie between. `kind`: facts and superseded
    (Parquet), history and again (the same for one subject, as Arrow batches)."""

    path: str
    kind: str
    step: int
    rows: int
    bytes: int = 0
    sm3: str = ""
    first: str = ""
    last: str = ""

    def may_tell_of(self, subject: str | None) -> bool:
        """Whether a subject may lie in it."""
        return subject is None or self.first <= subject <= self.last


def schema() -> Any:
    """The columns as Arrow knows them."""
    return pa.schema([(name, getattr(pa, kind)()) for name, kind in COLUMNS.items()])


def facts_part(path: str, step: int, table: Any, *, kind: str = "facts") -> Part:
    """What the manifest will say of rows in subject order."""
    between = table["subject"][0].as_py(), table["subject"][-1].as_py()
    return Part(path, kind, step, table.num_rows, 0, "", *between)


def written(directory: Path, part: Part, save: Callable[[Path], object]) -> Part:
    """Have `save` write a file, and bring it to its place when it is whole and safe on the disk."""
    path = directory / part.path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    save(draft)
    return placed(directory, part, draft)


def placed(directory: Path, part: Part, draft: Path) -> Part:
    """Bring a written file to its place; the part with its size and digest."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    made = replace(part, bytes=draft.stat().st_size, sm3=digest_of(draft))
    draft.replace(directory / part.path)
    return made


def digest_of(path: Path) -> str:
    """SM3 of a file, in hexadecimal."""
    digest = hashlib.new("sm3")
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def save_history(table: Any, path: Path) -> None:
    """Write rows that are in subject order, so that one subject's are found at once."""
    coded = table.combine_chunks()
    for name in _FEW:
        column = coded[name].combine_chunks().dictionary_encode()
        coded = coded.set_column(coded.schema.get_field_index(name), name, column)
    firsts = coded["subject"].take(list(range(0, coded.num_rows, BATCH_ROWS))).to_pylist()
    kept = coded.schema.with_metadata({_FIRSTS: json.dumps(firsts).encode()})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, kept, options=options) as writer:
        writer.write_table(coded, max_chunksize=BATCH_ROWS)


def firsts_of(path: Path) -> list[str]:
    """The first subject of each batch of a history."""
    with pa.memory_map(str(path)) as file:
        found: list[str] = json.loads(pa.ipc.open_file(file).schema.metadata[_FIRSTS])
        return found


def read_history(path: Path, subject: str) -> Iterator[dict[str, Any]]:
    """The rows of one subject: only the batches it lies in are read."""
    with pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(use_threads=False))
        firsts = json.loads(reader.schema.metadata[_FIRSTS])
        at = max(0, bisect_left(firsts, subject) - 1)
        while at < len(firsts) and firsts[at] <= subject:
            batch = reader.get_batch(at)
            yield from batch.filter(pc.equal(batch["subject"], subject)).to_pylist()
            at += 1


def save_again(table: Any, path: Path) -> None:
    """Write numbers of records in their order, as they lie in memory."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def among(path: Path, numbers: Collection[int]) -> set[int]:
    """Which of some records a file of `save_again` names; it is not read whole."""
    with pa.memory_map(str(path)) as file:
        kept = pa.ipc.open_file(file).get_batch(0)["number"].to_numpy()
        asked = np.fromiter(numbers, dtype=np.int64)
        places = np.minimum(np.searchsorted(kept, asked), len(kept) - 1)
        return set(asked[kept[places] == asked].tolist())


def as_told(part: Part) -> dict[str, Any]:
    """A part as the manifest writes it, without what is empty."""
    return {name: value for name, value in asdict(part).items() if value not in ("", 0)}
