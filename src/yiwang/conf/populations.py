# SPDX-License-Identifier: Apache-2.0
"""Where a population lies that policies are matched over: a Parquet file or a table, on one of three engines.

DuckDB works in this process. PostgreSQL is the server of YIWANG_DATABASE_URL. Spark is a cluster of two
processes on this machine; it needs Java and the packages of `requirements/spark.in`. The rules are compiled
to each engine's own language; nothing else differs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import Invalid, Unavailable
from yiwang.kernel.late import Late

from .environment import database_settings

ibis: Any = Late("ibis")

BACKENDS = ("duckdb", "postgres", "spark")
LOCAL_CLUSTER = "local-cluster[2,1,1024]"
STREAMED = "SET preserve_insertion_order = false"
"""Rows are written as they are done: ten times the population takes no more memory. Each has its number."""


@dataclass(frozen=True)
class Source:
    """A Parquet file, or on PostgreSQL and Spark the name of a table; which column is the key."""

    data: str
    backend: str = "duckdb"
    key: str = "id"


@contextmanager
def population(source: Source) -> Iterator[tuple[Any, Any]]:
    """The engine and the population as a table in it, for as long as the block lasts.

    Raises Invalid when there is no such file, table or key; Unavailable when the engine is not there.
    """
    with {"duckdb": _duckdb, "postgres": _postgres, "spark": _spark}[source.backend]() as engine:
        try:
            table = _table(engine, source.backend, source.data)
        except Exception as error:
            raise Invalid(
                f"{source.data} 不能作为对象表读取：{type(error).__name__}。",
                mend="请核对 Parquet 文件的路径或者表名。",
            ) from None
        if source.key not in table.columns:
            raise Invalid(f"{source.data} 里没有编号列“{source.key}”。", mend="请用 --key 指明哪一列是编号。")
        yield engine, table


def _table(engine: Any, backend: str, data: str) -> Any:
    if backend != "duckdb" and not Path(data).exists():
        return engine.table(data)
    if backend != "postgres":
        return engine.read_parquet(data)
    return engine.create_table("population", ibis.duckdb.connect().read_parquet(data).to_pyarrow(), temp=True)


@contextmanager
def _duckdb() -> Iterator[Any]:
    engine = ibis.duckdb.connect()
    engine.raw_sql(STREAMED)
    yield engine


@contextmanager
def _postgres() -> Iterator[Any]:
    given = database_settings(os.environ.get("YIWANG_DATABASE_URL", ""), Path())
    if not given["ENGINE"].endswith("postgresql"):
        raise Unavailable("没有设定 PostgreSQL 数据库。", mend="请设定 YIWANG_DATABASE_URL=postgresql://…")
    engine = ibis.postgres.connect(
        host=given["HOST"],
        port=int(given["PORT"] or 5432),
        user=given["USER"],
        password=given["PASSWORD"],
        database=given["NAME"],
        **{key: value for key, value in given["OPTIONS"].items() if key != "pool"},
    )
    try:
        yield engine
    finally:
        engine.disconnect()


@contextmanager
def _spark() -> Iterator[Any]:
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise Unavailable(
            "没有安装 Spark。",
            mend="请安装 Java 17 和 requirements/spark.txt（scripts/with-extra spark …）。",
        ) from None
    builder = SparkSession.builder.master(LOCAL_CLUSTER).appName("yiwang")
    builder = builder.config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
    session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()


def write(engine: Any, query: Any, to: Path) -> str:
    """Write what a query gives as Parquet; the path or pattern by which it is read again.

    Spark writes a folder of parts. Nothing goes through floats: an amount is exact to the fen.
    """
    engine.to_parquet(query, to)
    return f"{to}/*.parquet" if to.is_dir() else str(to)
