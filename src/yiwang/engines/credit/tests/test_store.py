# SPDX-License-Identifier: Apache-2.0
"""The store of columns: newest version wins, a cut export leaves nothing, a changed file is found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from yiwang.engines.credit.store import Store
from yiwang.engines.credit.store_files import COLUMNS, schema
from yiwang.engines.credit.store_reading import facts_of_subject, newest
from yiwang.kernel.errors import Conflict, Invalid, NotFound

DAY = dt.date(2025, 12, 31)


def rows(*given: dict[str, Any]) -> Any:
    """Rows as an export hands them in; `number` makes the record."""
    made = [
        {
            "subject": "f1", "catalogue": "credit-penalty", "class": "penalty", "severity": "一般",
            "decided": DAY, "until": None, "ended": None, "version": 1, "org": "finance",
            "record": f"r{one['number']}",
        } | one
        for one in given
    ]  # fmt: skip
    return pa.Table.from_pylist(made, schema=pa.schema([f for f in schema() if f.name != "step"]))


def numbers(store: Store) -> list[tuple[int, str, int]]:
    """(number, subject, version) of every fact that counts for an evaluation."""
    engine = ibis.duckdb.connect()
    found = engine.to_pyarrow(newest(engine, store)).to_pylist()
    assert all(set(row) == set(COLUMNS) for row in found)
    return sorted((row["number"], row["subject"], row["version"]) for row in found)


def test_rows_lie_by_year_in_subject_order(tmp_path: Path) -> None:
    store = Store(tmp_path)
    given = [
        {"number": n, "subject": f"f{9 - n}", "decided": DAY + dt.timedelta(days=n % 2)} for n in range(8)
    ]
    manifest = store.append(rows(*given), [], {"versions": 8}, after=0)
    assert [part.path.split("/")[:-1] for part in manifest.of("facts")] == [
        ["facts", "2025"],
        ["facts", "2026"],
    ]
    assert (manifest.rows, manifest.step, manifest.mark) == (8, 1, {"versions": 8})
    for part in store.manifest().of("facts"):
        subjects = parquet.read_table(tmp_path / part.path)["subject"].to_pylist()
        assert subjects == sorted(subjects)
        assert (part.first, part.last, part.rows) == (subjects[0], subjects[-1], len(subjects))


def test_only_the_batches_of_a_subject_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiwang.engines.credit.store.FILE_ROWS", 5)
    monkeypatch.setattr("yiwang.engines.credit.store_files.BATCH_ROWS", 2)
    store = Store(tmp_path)
    store.append(rows(*({"number": n, "subject": f"f{n // 3}"} for n in range(12))), [], {}, after=0)
    assert len(store.paths()[0]) == 3
    assert [len(store.manifest().of("history", f"f{n}")) for n in range(5)] == [1, 2, 1, 2, 0]
    for n in range(4):
        found = [one.record for one in facts_of_subject(store, f"f{n}")]
        assert found == [f"r{3 * n + more}" for more in range(3)] or found == ["r10", "r11", "r9"]


def test_the_newest_row_of_a_record_wins_also_across_years_and_subjects(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.append(rows({"number": 1}, {"number": 2}, {"number": 3}), [], {}, after=0)
    corrected = {"number": 2, "version": 2, "decided": DAY + dt.timedelta(days=40)}
    store.append(rows(corrected, {"number": 4}), [2], {}, after=1)
    store.append(
        rows({"number": 2, "version": 3}, {"number": 3, "subject": "f2", "version": 2}), [2, 3], {}, after=2
    )
    assert numbers(store) == [(1, "f1", 1), (2, "f1", 3), (3, "f2", 2), (4, "f1", 1)]
    assert [(one.record, one.version) for one in facts_of_subject(store, "f1")] == [
        ("r1", 1), ("r2", 3), ("r4", 1),
    ]  # fmt: skip
    assert [one.record for one in facts_of_subject(store, "f2")] == ["r3"]
    assert facts_of_subject(store, "f9") == ()


def test_a_step_cut_short_is_not_there_and_its_repetition_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.append(rows({"number": 1}), [], {"versions": 1}, after=0)
    with monkeypatch.context() as cut:
        cut.setattr(Store, "keep", lambda *_: (_ for _ in ()).throw(OSError("the power went")))
        with pytest.raises(OSError, match="power"):
            store.append(rows({"number": 2}), [], {"versions": 2}, after=1)
    assert (tmp_path / "facts/2025/000002-000.parquet").exists()
    assert store.manifest().mark == {"versions": 1}
    assert numbers(store) == [(1, "f1", 1)]
    store.append(rows({"number": 2}, {"number": 3}), [], {"versions": 3}, after=1)
    assert numbers(store) == [(1, "f1", 1), (2, "f1", 1), (3, "f1", 1)]
    assert store.wrong() == []


def test_of_two_exports_at_once_the_second_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.append(rows({"number": 1}), [], {}, after=0)
    with pytest.raises(Conflict):
        store.append(rows({"number": 2}), [], {}, after=0)


def test_a_changed_or_lost_file_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(NotFound):
        facts_of_subject(store, "f1")
    later = {"number": 2, "decided": DAY + dt.timedelta(days=1)}
    _, first, second = store.append(rows({"number": 1}, later), [], {}, after=0).parts
    content = bytearray((tmp_path / first.path).read_bytes())
    content[40] ^= 1
    (tmp_path / first.path).write_bytes(content)
    (tmp_path / second.path).unlink()
    assert [one.split("：")[0] for one in store.wrong()] == [first.path, second.path]
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(Invalid, match="清单"):
        store.manifest()
