# SPDX-License-Identifier: Apache-2.0
"""Run a measurement on SQLite and on PostgreSQL, each in a process of its own.

Both keep their promise of durability: SQLite with `synchronous=FULL` as the settings have it,
PostgreSQL with `fsync` and `synchronous_commit` on.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .measure import Line

ROOT = Path(__file__).resolve().parent.parent
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "512MB"}


def on_each(name: str) -> list[Line]:
    """The lines of `benchmarks.<name>.measure()` on each database."""
    lines = _in_child(name, "")
    sys.path.insert(0, str(ROOT / "tests"))
    from support.postgres import PostgresMissing, running

    try:
        with running(DURABLE) as server:
            lines += _in_child(name, server.url())
    except PostgresMissing as missing:
        print(f"{name}: not measured on PostgreSQL: {missing}", file=sys.stderr)
    return lines


def _in_child(name: str, url: str) -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        env = {k: v for k, v in os.environ.items() if not k.startswith("YIWANG_")}
        env |= {"YIWANG_DATA_DIR": folder, "YIWANG_DATABASE_URL": url, "YIWANG_LOG_LEVEL": "ERROR"}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.databases", name],
            env=env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return [Line.from_json(json.loads(row)) for row in done.stdout.splitlines() if row.startswith("{")]


def start() -> None:
    """Start Django on this process's database and make the tables."""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    make_tables()


def make_tables() -> None:
    """Make the tables in the database in use."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def label() -> str:
    """The database in use, for a line."""
    from django.db import connection

    return "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"


@contextmanager
def using(name: str) -> Iterator[None]:
    """Work on another database of the same kind: a SQLite file or PostgreSQL database of this name."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def make_database(name: str) -> str:
    """Make one more database beside the one in use, with tables; returns the name for `using`."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        name = str(settings.DATA_DIR / f"{name}.sqlite3")
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    with using(name):
        make_tables()
    return name


class Table:
    """A table to be filled: a row is what the model says by default, and what is given.

    Columns that are locked and bound to their row are locked as a model does it.
    """

    def __init__(self, model: Any) -> None:
        from django.db import connection

        fields = model._meta.concrete_fields
        self.connection, self.name = connection, model._meta.db_table
        self.columns = ", ".join(f'"{field.column}"' for field in fields)
        self._places = {field.attname: place for place, field in enumerate(fields)}
        bound = [field for field in fields if getattr(field, "row", "")]
        self._locked = [(self._places[one.attname], self._places[one.row], one) for one in bound]
        self._defaults = [
            field.get_default() if field in bound else field.get_db_prep_save(field.get_default(), connection)
            for field in fields
        ]

    def row(self, **given: Any) -> list[Any]:
        """One row; values as the database takes them."""
        found = self._defaults.copy()
        for name, value in given.items():
            found[self._places[name]] = value
        for place, row, field in self._locked:
            if not field.is_open(found[place]):
                found[place] = field.closed(found[place], SimpleNamespace(**{field.row: found[row]}))
        return found

    def store(self, rows: Sequence[Sequence[Any]]) -> None:
        """Store rows the quickest way the database has."""
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "sqlite":
                marks = ", ".join(["%s"] * len(self._places))
                cursor.executemany(f"INSERT INTO {self.name} ({self.columns}) VALUES ({marks})", rows)
                return
            with cursor.cursor.copy(f"COPY {self.name} ({self.columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


if __name__ == "__main__":
    start()
    for line in importlib.import_module(f"benchmarks.{sys.argv[1]}").measure():
        print(json.dumps(line.as_json(), ensure_ascii=False))
