# SPDX-License-Identifier: Apache-2.0
"""Copy a database in one consistent state while the city goes on writing; load a copy.

SQLite is copied through its own backup interface, PostgreSQL by `pg_dump` in an exported snapshot.
`snapshot` also opens the very state that was copied, so that it can be counted and asked.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction

from yiwang.kernel.errors import Invalid, Unavailable

_ALIAS = "snapshot"
_LIBPQ = ("dbname", "user", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")


@contextmanager
def snapshot(target: Path) -> Iterator[str]:
    """Copy the database into the file `target`; in the block, the alias of a connection to that state.

    Raises Unavailable when the database or its tools do not answer, Invalid when it is damaged.
    """
    if connection.vendor == "sqlite":
        _copy_sqlite(target)
        with _alias({"NAME": str(target), "OPTIONS": {}}):
            yield _ALIAS
    else:
        with _dumped(target):
            yield _ALIAS


@contextmanager
def _alias(changes: dict[str, Any]) -> Iterator[None]:
    """A second connection, like the first one but for `changes`."""
    connections.databases[_ALIAS] = deepcopy(connection.settings_dict) | changes
    try:
        yield
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS], connections.databases[_ALIAS]


def _copy_sqlite(target: Path) -> None:
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=30)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)  # in one step: writers go on beside it (WAL), and none of it is half
        copy.execute("PRAGMA journal_mode=DELETE")  # the copy is one file
        if (found := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise Invalid(f"数据库文件已损坏：{found}。", mend="请停止服务，从最近一份完好的备份恢复。")


@contextmanager
def _dumped(target: Path) -> Iterator[None]:
    from psycopg import IsolationLevel

    options = {name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "pool"}
    options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    with (
        _alias({"OPTIONS": options}),
        transaction.atomic(using=_ALIAS),
        connections[_ALIAS].cursor() as cursor,
    ):
        cursor.execute("SELECT pg_export_snapshot()")
        state = f"--snapshot={cursor.fetchone()[0]}"
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", state, f"--file={target}")
        yield


def counts(alias: str = "default") -> dict[str, int]:
    """Every table and how many rows it has."""
    found = {}
    with connections[alias].cursor() as cursor:
        for table in sorted(connections[alias].introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connections[alias].ops.quote_name(table)}")  # noqa: S608 # nosec B608 - names of tables, quoted
            found[table] = int(cursor.fetchone()[0])
    return found


def load(copy: Path) -> None:
    """Load a copy into the empty database, all or nothing. Raises Unavailable."""
    connection.close()
    if connection.vendor == "sqlite":
        _place(copy, Path(connection.settings_dict["NAME"]))
        return
    _run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", _conninfo(), str(copy))


def gather_statistics() -> None:
    """Let a freshly loaded PostgreSQL know its own tables, or the first day is slow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _place(copy: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(copy, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        for leftover in target.parent.glob(f"{target.name}-*"):  # of the empty database that was there
            leftover.unlink()
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _conninfo() -> str:
    """How PostgreSQL's programs find the database: everything but the password, which others could see."""
    from psycopg.conninfo import make_conninfo

    known = connection.get_connection_params()
    return f"--dbname={make_conninfo(**{name: known[name] for name in _LIBPQ if known.get(name)})}"


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program) or _newest(program)
    if found is None:
        raise Unavailable(f"没有找到 {program}。", mend="请安装 PostgreSQL 客户端工具（postgresql-client）。")
    password = connection.settings_dict["PASSWORD"]
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    where = [] if any(one.startswith("--dbname=") for one in arguments) else [_conninfo()]
    done = subprocess.run(
        [found, "--no-password", *where, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Unavailable(f"{program} 没有成功。", mend=done.stderr.strip()[:500])


def _newest(program: str) -> str | None:
    """The newest PostgreSQL tool where Debian keeps them off the PATH."""
    found = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    return max(found, key=lambda path: float(path.parts[-3]), default=Path()).as_posix().strip(".") or None
