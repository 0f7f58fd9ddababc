# SPDX-License-Identifier: Apache-2.0
"""One evaluation, four engines: what DuckDB says of every firm, PostgreSQL, Spark and ClickHouse say too.

    python -m benchmarks.agreement_credit [FACTS] --on postgresql|spark|clickhouse

A hundred facts a firm, as the measurements have them. PostgreSQL and Spark as in `benchmarks.agreement`;
ClickHouse is chDB, the same engine in this process: `scripts/with-extra clickhouse -m …`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .credit_facts import fill

FACTS, PER, SHOWN = 1_000_000, 100, 5
ON = dt.date(2026, 11, 1)
WORKERS_OF_SPARK = "local-cluster[2,1,1024]"
Rows = list[dict[str, Any]]


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 when nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement_credit", description=__doc__)
    parser.add_argument("facts", type=int, nargs="?", default=FACTS)
    parser.add_argument("--on", choices=["postgresql", "spark", "clickhouse"], required=True)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), chosen.facts, chosen.facts // PER)
        asked = {on: _evaluated(on, Path(folder)) for on in ("duckdb", chosen.on)}
    ours, theirs = asked["duckdb"], asked[chosen.on]
    differ = [one["subject"] for one, other in zip(ours, theirs, strict=True) if one != other]
    print(f"{len(ours):,} firms, {len(ours[0])} columns: {len(differ)} differ {differ[:SHOWN]}")
    return 1 if differ else 0


def _evaluated(on: str, folder: Path) -> Rows:
    from yiwang.engines import house
    from yiwang.engines.credit import CreditBook
    from yiwang.engines.credit.evaluation_population import evaluate_all
    from yiwang.engines.credit.store import Store

    book = CreditBook.of(house.load())
    with _tables(on, Store(folder / "store").paths()[0], str(folder / "firms.parquet")) as (
        ask,
        facts,
        firms,
    ):
        query = evaluate_all(book.evaluation("evaluation-firms"), book, facts, firms, on=ON)
        start = time.monotonic()
        found: Rows = ask(query.order_by("subject")).to_pylist()
        print(f"{len(found):,} firms on {on}: {time.monotonic() - start:.1f} s", flush=True)
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    """Numbers by their value, whatever scale an engine writes them with."""
    return value if isinstance(value, str) else value.normalize() if hasattr(value, "normalize") else value


@contextmanager
def _tables(on: str, facts: list[str], firms: str) -> Iterator[tuple[Any, Any, Any]]:
    """How to ask, and the two tables, in an engine."""
    import ibis
    import pyarrow.parquet as parquet

    if on == "duckdb":
        engine = ibis.duckdb.connect()
        yield engine.to_pyarrow, engine.read_parquet(facts), engine.read_parquet(firms)
    elif on == "postgresql":
        url = urlsplit(os.environ["YIWANG_DATABASE_URL"])
        engine = ibis.postgres.connect(
            host=url.hostname, port=url.port, user=url.username, password=url.password, database=url.path[1:]
        )
        engine.create_table("facts", parquet.read_table(facts), temp=True)
        engine.create_table("firms", parquet.read_table(firms), temp=True)
        yield engine.to_pyarrow, engine.table("facts"), engine.table("firms")
    elif on == "spark":
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        from pyspark.sql import SparkSession

        session = SparkSession.builder.master(WORKERS_OF_SPARK).appName("yiwang")
        session = session.config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
        spark = session.config("spark.sql.session.timeZone", "UTC").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        engine = ibis.pyspark.connect(spark)
        spark.read.parquet(*facts).createOrReplaceTempView("facts")
        yield engine.to_pyarrow, engine.table("facts"), engine.read_parquet(firms)
        spark.stop()
    else:
        yield from _clickhouse(facts, firms)


def _clickhouse(facts: list[str], firms: str) -> Iterator[tuple[Any, Any, Any]]:
    import ibis
    import pyarrow as pa
    import pyarrow.parquet as parquet
    from chdb.session import Session  # type: ignore[import-not-found]

    session = Session()
    made = []
    for name, paths in (("facts", facts), ("firms", [firms])):
        parts = " UNION ALL ".join(f"SELECT * FROM file('{path}', Parquet)" for path in paths)
        session.query(f"CREATE DATABASE IF NOT EXISTS kept; CREATE VIEW kept.{name} AS {parts}")
        made.append(ibis.table(ibis.Schema.from_pyarrow(parquet.read_schema(paths[0])), name=name))
    session.query("USE kept")

    def ask(query: Any) -> Any:
        told = session.query(str(ibis.to_sql(query, dialect="clickhouse")), "ArrowStream")
        return pa.ipc.open_stream(told.bytes()).read_all()

    yield ask, *made


if __name__ == "__main__":
    sys.exit(main())
