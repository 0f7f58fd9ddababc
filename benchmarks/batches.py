# SPDX-License-Identifier: Apache-2.0
"""A delivery of 1,000,000 rows, against a plain export of the same rows.

Ours reads in pages, checks every value against the catalogue, masks, names the receiver, locks each file on
the disk and puts its digest on record. The plain exports do none of that: one uses the same connector and
the same writer, the other is what a script would do (PostgreSQL's own COPY to a file; SQLite's rows through
Python's csv module).
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from .databases import label, on_each
from .measure import Line, in_turns

ROWS = int(os.environ.get("BATCH_ROWS", "1000000"))
ROUNDS, TARGET = 3, 2.0
_COLUMNS = ("owner", "number", "address", "area")
_NAME = "bench_house"


def run() -> list[Line]:
    """On each database: the same kind of database is the source and keeps the house's own tables."""
    return on_each("batches")


def measure() -> list[Line]:
    """In a child process, Django being ready."""
    from django.conf import settings

    from support import gateway as world
    from yiwang.apps.gateway import public as gateway
    from yiwang.apps.gateway.adapters import CONNECTORS

    folder = Path(settings.DATA_DIR) / "sources"
    folder.mkdir(parents=True)
    world.publish()
    gateway.use_connectors(CONNECTORS)
    config, script = (_in_sqlite if label() == "SQLite" else _in_postgres)(folder)
    gateway.save_source(world.BUREAU, gateway.NewSource("house", "sql", config))
    grant = world.grant(batch=True, plain={})
    plain = folder / "plain.csv"
    delivered: list[str] = []

    def ours() -> None:
        made = gateway.ask_batch(world.ASKING_DATA, gateway.NewBatch(grant, gateway.Form.CSV))
        delivered.append(made)
        assert sum(gateway.run_batch(made)) == ROWS

    def same_way() -> None:
        _export(plain)

    def by_script() -> None:
        script(plain)

    lines = [
        _line(ours, same_way, "the same connector and writer, nothing checked, masked or locked"),
        _line(ours, by_script, "a script" + (": COPY to a file" if label() != "SQLite" else ": csv module")),
    ]
    view = gateway.batch_view(world.ASKING_DATA, delivered[-1])
    assert (view.state, view.rows) == (gateway.BatchState.READY, ROWS)
    return lines


def _line(ours: Callable[[], None], theirs: Callable[[], None], against: str) -> Line:
    mine, other = in_turns(ours, theirs, rounds=ROUNDS, warm_up=1)
    rate = ROWS / mine.median * 1000
    return Line(
        f"{ROWS:,} rows delivered in files, masked ({label()})",
        f"plain export by {against}",
        mine,
        other,
        mine.median / other.median,
        TARGET,
        f"{rate:,.0f} rows/s",
    )


def _export(path: Path) -> None:
    """All rows through the connector's pages into one plain file."""
    from pyarrow import csv as arrow

    from yiwang.apps.catalogue.public import current
    from yiwang.apps.gateway.batches_run import batch_limits
    from yiwang.apps.gateway.models import Source
    from yiwang.apps.gateway.sources_kept import figure, open_source

    catalogue = current().catalogue
    source = open_source(Source.objects.get(), batch_limits(catalogue))
    size = figure(catalogue, "batch-part-rows")
    with path.open("wb") as file:
        writer = None
        for page in source.connector.tables(_COLUMNS, after=None, size=size, deadline=time.monotonic() + 600):
            writer = writer or arrow.CSVWriter(file, page.table.schema)
            writer.write_table(page.table)
        assert isinstance(writer, arrow.CSVWriter)
        writer.close()
        file.flush()
        os.fsync(file.fileno())
    source.connector.close()


def _rows() -> Iterator[tuple[str, str, str, str]]:
    from yiwang.kernel.ids import make_id_number

    surnames, roads = (
        "王李张刘陈杨赵黄周吴",
        ("雪松", "解放", "文明", "置地", "天中山", "驿城", "开源", "前进"),
    )
    first = dt.date(1950, 1, 1)
    for n in range(ROWS):
        number = make_id_number("411702", first + dt.timedelta(days=n // 900), n % 900)
        owner = f"{surnames[n % 10]}{chr(0x4E00 + n % 500)}{chr(0x4E00 + n % 311) if n % 3 else ''}"
        address = f"河南省驻马店市驿城区{roads[n % 8]}路{n % 399 + 1}号{n % 18 + 1}号楼{n % 30 + 1:02d}室"
        yield owner, number, address, f"{60 + n % 100}.{n % 100:02d}"


def _in_sqlite(folder: Path) -> tuple[dict[str, Any], Callable[[Path], None]]:
    place = folder / "house.sqlite3"
    with closing(sqlite3.connect(place)) as db, db:
        db.execute(f"CREATE TABLE {_NAME} (owner TEXT, number TEXT PRIMARY KEY, address TEXT, area TEXT)")
        db.executemany(f"INSERT INTO {_NAME} VALUES (?, ?, ?, ?)", _rows())

    def script(path: Path) -> None:
        with closing(sqlite3.connect(place)) as db, path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(db.execute(f"SELECT * FROM {_NAME} ORDER BY number"))
            file.flush()
            os.fsync(file.fileno())

    return {"dialect": "sqlite", "path": place.name, **_mapping()}, script


def _in_postgres(folder: Path) -> tuple[dict[str, Any], Callable[[Path], None]]:
    import psycopg
    from django.db import connection

    given = connection.get_connection_params()
    at = {"host": given["host"], "port": int(given["port"]), "dbname": given["dbname"], "user": given["user"]}
    with psycopg.connect(**at) as own:
        own.execute(f"CREATE TABLE {_NAME} (owner text, number text PRIMARY KEY, address text, area text)")
        with own.cursor().copy(f"COPY {_NAME} FROM STDIN") as copy:
            for row in _rows():
                copy.write_row(row)
        own.execute(f"ANALYZE {_NAME}")

    def script(path: Path) -> None:
        statement = f"COPY (SELECT * FROM {_NAME} ORDER BY number) TO STDOUT (FORMAT csv)"
        with psycopg.connect(**at) as own, path.open("wb") as file, own.cursor().copy(statement) as copy:
            for block in copy:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    server = {"host": at["host"], "port": at["port"], "database": at["dbname"], "user": at["user"]}
    return {"dialect": "postgresql", **server, "tls": "disable", **_mapping()}, script


def _mapping() -> dict[str, Any]:
    return {"table": _NAME, "columns": {name: name for name in _COLUMNS}, "order": "number"}


if __name__ == "__main__":
    from .measure import table

    sys.stdout.write(f"{table(run())}\n")
