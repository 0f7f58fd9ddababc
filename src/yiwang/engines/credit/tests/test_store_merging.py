# SPDX-License-Identifier: Apache-2.0
"""Merging: whatever was told in whatever steps, the merged store says the same; killed anywhere, nothing is
half; who began to read before reads on."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from yiwang.engines.credit.store import Store
from yiwang.engines.credit.store_merging import Merged, merge, merge_if_due
from yiwang.engines.credit.store_reading import facts_of_subject
from yiwang.kernel.errors import Conflict, Unavailable

from .test_store import numbers, rows

NOW = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)
_KILLED = """
import datetime as dt, os, pathlib, signal, sys
import duckdb, numpy, pyarrow.compute, pyarrow.parquet
from yiwang.engines.credit.store import Store
from yiwang.engines.credit.store_merging import merge
replace, left = pathlib.Path.replace, 0
def killed(self, target):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
for folder in sys.argv[1:]:
    if os.fork() == 0:
        left, pathlib.Path.replace = int(folder.rpartition("-")[2]), killed
        merge(Store(pathlib.Path(folder)), now=dt.datetime.now(dt.UTC))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bound is met by a few rows."""
    monkeypatch.setattr("yiwang.engines.credit.store_files.BATCH_ROWS", 4)
    monkeypatch.setattr("yiwang.engines.credit.store_merging.BATCH_ROWS", 4)
    monkeypatch.setattr("yiwang.engines.credit.store_merging.AT_ONCE", 16)
    monkeypatch.setattr("yiwang.engines.credit.store_merging.FILE_ROWS", 30)


Told = dict[int, tuple[str, int]]
"""Number of a record → whose it is, number of its version."""


def tell(store: Store, known: Told, chance: random.Random) -> None:
    """A step of new records and of some told before, which may go to somebody else."""
    again = chance.sample(sorted(known), min(len(known), chance.randrange(8)))
    new = range(len(known), len(known) + chance.randrange(1, 40))
    given: list[dict[str, Any]] = []
    for number in [*again, *new]:
        owner = f"f{chance.randrange(12):02}"
        known[number] = (owner, known.get(number, ("", 0))[1] + 1)
        day = dt.date(2012 + chance.randrange(15), 1, 1 + chance.randrange(28))
        given.append({"number": number, "subject": owner, "decided": day, "version": known[number][1]})
    store.append(rows(*given), again, {}, after=store.manifest().step)


def says(store: Store, known: Told) -> None:
    """The store says of everybody, and of each, what was told."""
    assert numbers(store) == sorted((number, *said) for number, said in known.items())
    for which in range(13):
        found = {(one.record, one.version) for one in facts_of_subject(store, f"f{which:02}")}
        expected = {(f"r{n}", version) for n, (owner, version) in known.items() if owner == f"f{which:02}"}
        assert found == expected
    assert store.wrong() == []


@pytest.mark.parametrize("seed", range(2))
def test_a_merged_store_says_what_its_steps_said(tmp_path: Path, seed: int) -> None:
    chance, store = random.Random(seed), Store(tmp_path)
    known: Told = {}
    for _ in range(2):
        for _ in range(chance.randrange(1, 4)):
            tell(store, known, chance)
        made = merge(store, now=NOW)
        assert made.rows == len(known)
        assert made.of("superseded") == made.of("again") == []
        says(store, known)
    for part in store.manifest().of("facts"):
        first = int(part.path.split("/")[1][:4])
        told = parquet.read_table(tmp_path / part.path).to_pylist()
        assert all(first <= row["decided"].year < first + 5 for row in told)
        assert [row["subject"] for row in told] == sorted(row["subject"] for row in told)
    assert merge(store, now=NOW) == store.manifest()


def test_killed_anywhere_nothing_is_half(tmp_path: Path) -> None:
    chance, whole = random.Random(7), Store(tmp_path / "whole")
    known: Told = {}
    for _ in range(3):
        tell(whole, known, chance)
    files = 1 + 4  # a history, the columns of 2010, 2015, 2020, 2025; then the manifest
    folders = [tmp_path / f"killed-{after}" for after in (0, 2, files, files + 1)]
    for folder in folders:
        shutil.copytree(whole.directory, folder)
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, *map(str, folders)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["-9", "-9", "-9", "0"]
    for folder in folders[:-1]:
        store = Store(folder)
        assert store.manifest() == whole.manifest()
        assert store.wrong() == []
        merge(store, now=dt.datetime.now(dt.UTC))
        assert store.manifest().rows == len(known)
        assert not list(folder.glob("**/*.part"))
    says(store, known)
    says(Store(folders[-1]), known)


def test_an_export_meanwhile_and_a_reader_from_before_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, store = random.Random(1), Store(tmp_path)
    known: Told = {}
    tell(store, known, chance)
    before, _ = store.paths()
    whole = Merged.finish

    def meanwhile(merged: Merged) -> Any:
        with pytest.raises(Conflict, match="正在合并"):
            merge(store, now=NOW)
        tell(store, known, chance)
        return whole(merged)

    with monkeypatch.context() as patched:
        patched.setattr(Merged, "finish", meanwhile)
        made = merge(store, now=NOW)
    assert (made.step, made.merged) == (2, 1)
    says(store, known)
    assert all(Path(path).exists() for path in before)
    merge(store, now=NOW + dt.timedelta(hours=25))
    says(store, known)
    assert not any(Path(path).exists() for path in before)


def test_it_is_merged_by_itself_once_enough_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, day = Store(tmp_path), dt.date(2020, 1, 1)

    def look(*, after: dt.timedelta = dt.timedelta(0), files: int = 3, percent: int = 10) -> bool:
        return merge_if_due(store, now=NOW + after, files=files, percent=percent)

    def told(*given: int, again: tuple[int, ...] = ()) -> None:
        new = rows(*({"number": one, "subject": "f", "decided": day} for one in (*again, *given)))
        store.append(new, again, {}, after=store.manifest().step)

    assert look(files=1) is False
    assert not [*tmp_path.iterdir()]  # nothing was exported yet
    told(*range(5))
    told(*range(5, 18))
    assert look() is False
    told(18)
    assert (look(), look()) == (True, False)  # the third file
    told(again=(3,))
    assert look() is False  # 1 of 20
    told(again=(4,))
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
        with pytest.raises(Unavailable, match="空间"):
            look(percent=9)
    assert (look(percent=9), look(percent=9)) == (True, False)  # 2 of 21
    (tmp_path / "facts" / "2020-2024" / "left.parquet.part").touch()
    old = set(store.manifest().retired)
    assert old
    assert look(after=dt.timedelta(hours=25)) is False
    assert store.manifest().retired == {}
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/**/*") if path.is_file()}
    assert files == {one.path for one in store.manifest().parts}
    says(store, dict.fromkeys(range(19), ("f", 1)))
