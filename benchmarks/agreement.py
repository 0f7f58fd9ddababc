# SPDX-License-Identifier: Apache-2.0
"""One rule, three executions: every policy of the house for random subjects, one by one, and for all of
them at once on an SQL engine, must say the same, to the fen.

    python -m benchmarks.agreement [COUNT] [--on duckdb|postgres|spark] [--day 2023-05-04] [--from NUMBER]

PostgreSQL is the server at YIWANG_DATABASE_URL (`scripts/with-postgres …` starts one). Spark is a cluster of
two worker processes on this machine; it needs Java and the packages of `requirements/spark.in`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq

from yiwang.conf.populations import BACKENDS, Source, population, write
from yiwang.engines import house
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.population import Matching, match
from yiwang.engines.benefits.tests.random_subjects import Crowd, alone, crowd_of, disagreements

COUNT, CHUNK, SHOWN = 100_000, 2_000, 10
Rows = list[dict[str, Any]]
_ID = itemgetter("id")


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 when nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=COUNT)
    parser.add_argument("--on", choices=BACKENDS, default="duckdb")
    against = "what is asked: each subject alone, or (much faster) what DuckDB says of all"
    parser.add_argument("--against", choices=["alone", "duckdb"], default="alone", help=against)
    parser.add_argument("--day", type=dt.date.fromisoformat, default=dt.date(2023, 5, 4))
    parser.add_argument("--from", dest="first", type=int, default=0, help="number of the first subject")
    chosen = parser.parse_args(arguments)
    crowd = _crowd()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "subjects.parquet"
        subjects = [crowd.subject(chosen.first + number) for number in range(chosen.count)]
        pq.write_table(crowd.table(subjects, chosen.first), data)
        del subjects
        matching, rows = _matched(chosen.on, data, chosen.day)
        if chosen.against == "duckdb":
            return _same(matching, rows, _matched("duckdb", data, chosen.day)[1], chosen.day)
    return _compare(matching, rows, chosen.day)


def _matched(on: str, data: Path, day: dt.date) -> tuple[Matching, Rows]:
    """All subjects at once on one engine."""
    start = time.monotonic()
    with population(Source(str(data), on)) as (engine, table), tempfile.TemporaryDirectory() as folder:
        matching = match(_crowd().policies, table, _crowd().columns, on=day)
        written = write(engine, matching.query, Path(folder) / "matched.parquet")
        rows: Rows = sorted(ibis.duckdb.connect().read_parquet(written).to_pyarrow().to_pylist(), key=_ID)
    print(f"{len(rows):,} subjects on {on}: {time.monotonic() - start:.1f} s", flush=True)
    return matching, rows


def _same(matching: Matching, rows: Rows, others: Rows, day: dt.date) -> int:
    """Whether two engines say the same of everybody, column by column."""
    differ = [row["id"] for row, other in zip(rows, others, strict=True) if row != other]
    print(
        f"{len(rows):,} subjects × {len(matching.policies)} policies on {day}:"
        f" {len(differ)} differ {differ[:SHOWN]}"
    )
    return 1 if differ or matching.left_out or not rows else 0


@cache
def _crowd() -> Crowd:
    catalogue = house.load()
    policies: list[Policy] = list(catalogue.others["policies"].values())  # type: ignore[arg-type]
    return crowd_of(catalogue, policies)


def _compare(matching: Matching, rows: Rows, day: dt.date) -> int:
    """Ask for each subject alone, on all cores, and say where that differs."""
    wanted = {each.id for each in matching.policies}
    start, wrong, done = time.monotonic(), 0, 0
    chunks = [(rows[at : at + CHUNK], day, wanted) for at in range(0, len(rows), CHUNK)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(_differing, chunks):
            done += CHUNK
            for line in found[: max(0, SHOWN - wrong)]:
                print(line, flush=True)
            wrong += len(found)
            print(f"{min(done, len(rows)):,} of {len(rows):,}, {wrong} differ", end="\r", flush=True)
    took = time.monotonic() - start
    print(
        f"{len(rows):,} subjects × {len(wanted)} policies on {day}: {wrong} differ; one by one {took:.0f} s"
    )
    for policy, why in matching.left_out.items():
        print(f"left out: {policy}: {why}")
    return 1 if wrong or matching.left_out or not rows else 0


def _differing(chunk: tuple[Rows, dt.date, set[str]]) -> list[str]:
    rows, day, wanted = chunk
    crowd = _crowd()
    policies = [each for each in crowd.policies if each.id in wanted]
    return [
        f"subject {row['id']}: {words}"
        for row in rows
        for words in disagreements(policies, row, alone(crowd.policies, crowd.subject(row["id"]), day))
    ]


if __name__ == "__main__":
    sys.exit(main())
