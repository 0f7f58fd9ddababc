# SPDX-License-Identifier: Apache-2.0
"""The demo twins of the departments' systems: databases, a web service, files, made from the sample city.

| department | what stands in for its system |
|---|---|
| 公安 population | a SQLite file; a web service that takes corrections (`corrections`) |
| 市场监管 registration | PostgreSQL where the house runs on it, else a SQLite file |
| 民政 marriages | a web service on loopback (`provider`), a process of its own |
| 不动产 | CSV in GB18030 |
| 卫健 births | CSV in UTF-8 |
| 人社、医保 | Parquet |
| 公积金 | Excel |
| 县区 homesteads, village collectives | a SQLite file: a table of all counties, a view for each list |
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from yiwang.apps.catalogue.public import current
from yiwang.apps.gateway import public as gateway
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Actor

from . import county_rows, provider
from .city import Invented
from .provider import Provider
from .source_rows import Row, rows_of

POLICE, _REGISTRY = "gongan.sqlite3", "shichang.sqlite3"
"""Files of public security and of market regulation."""
_COUNTIES = "xianqu.sqlite3"
_SCHEMA = "demo_registry"
_IN_SQLITE = {"household-population": POLICE, "kinship": POLICE}
_IN_REGISTRY = ("firm-registration-record", "sole-trader-record")
_FILES = {
    "real-estate-register": ("real-estate.csv", "gb18030"),
    "family-homes": ("homes.csv", "gb18030"),
    "birth-certificate-record": ("births.csv", "utf-8"),
    "social-insurance-person": ("social-insurance.parquet", ""),
    "medical-insurance-person": ("medical-insurance.parquet", ""),
    "housing-fund-person": ("housing-fund.xlsx", ""),
}
_MARRIAGES = "marriage-registration"


def make_sources(city: Invented, directory: Path) -> None:
    """Write what the departments know of the city into `directory` (the folder of sources), and into
    PostgreSQL where the house runs on it. What is there already is replaced."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = rows_of(current().catalogue, city)
    for name in (POLICE, _REGISTRY):
        (directory / name).unlink(missing_ok=True)
    for resource, file in _IN_SQLITE.items():
        _into_sqlite(directory / file, resource, rows[resource])
    for resource in _IN_REGISTRY:
        if _server() is None:
            _into_sqlite(directory / _REGISTRY, resource, rows[resource])
        else:
            _into_server(resource, rows[resource])
    for resource, (file, encoding) in _FILES.items():
        _into_file(directory / file, encoding, rows[resource])
    _into_counties(directory / _COUNTIES, city)
    said = [provider.as_said(row) for row in rows[_MARRIAGES]]
    (directory / provider.FILE).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def register_sources(actor: Actor, marriages: Provider | None = None) -> int:
    """Register the twins as the data bureau does; returns how many. Once registered, only the address of the
    web service is brought up to date, since it changes with each start.

    Args:
        marriages: the web service that runs; None: marriages are left out.
    """
    found = {resource: gateway.NewSource(resource, *config) for resource, config in _configs().items()}
    if marriages is not None:
        config = {
            "url": marriages.url,
            "rows": "data.rows",
            "columns": provider.COLUMNS,
            "parameters": provider.KEYS,
            "page": "from",
            "next_page": "next",
        }
        secret = {"Authorization": f"Bearer {marriages.token}"}
        found[_MARRIAGES] = gateway.NewSource(_MARRIAGES, "http", config, secret)
    count = 0
    for resource, new in found.items():
        known = gateway.source_view(actor, resource)
        if known is None or resource == _MARRIAGES:
            version = known.version if known else 0
            gateway.save_source(
                actor, gateway.NewSource(resource, new.kind, new.config, new.secret, version=version)
            )
            count += 1
    return count


def _configs() -> dict[str, tuple[str, dict[str, Any], Mapping[str, str] | None]]:
    """Resource → kind, registration, secret."""
    found: dict[str, tuple[str, dict[str, Any], Mapping[str, str] | None]] = {}
    for resource, file in _IN_SQLITE.items():
        found[resource] = ("sql", {"dialect": "sqlite", "path": file, **_table(resource)}, None)
    for resource in county_rows.lists(current().catalogue):
        found[resource] = ("sql", {"dialect": "sqlite", "path": _COUNTIES, **_table(resource)}, None)
    server = _server()
    for resource in _IN_REGISTRY:
        if server is None:
            found[resource] = ("sql", {"dialect": "sqlite", "path": _REGISTRY, **_table(resource)}, None)
        else:
            at, password = server
            config = {"dialect": "postgresql", "schema": _SCHEMA, **at, **_table(resource)}
            found[resource] = ("sql", config, {"password": password})
    for resource, (file, encoding) in _FILES.items():
        form = file.rpartition(".")[2]
        config = {"path": file, "format": form, "columns": _columns(resource)}
        if encoding:
            config["encoding"] = encoding
        found[resource] = ("file", config, None)
    return found


def _table(resource: str) -> dict[str, Any]:
    return {"table": resource.replace("-", "_"), "columns": _columns(resource), "order_column": "row_number"}


def _columns(resource: str) -> dict[str, str]:
    fields = resources(current().catalogue)[resource].fields
    return {one.id: one.id.replace("-", "_") for one in fields}


def _server() -> tuple[dict[str, Any], str] | None:
    """Where the house's own PostgreSQL is and its password; None when it runs on another database, or
    reaches its server in a way a source is not asked."""
    if connection.vendor != "postgresql":
        return None
    given = connection.get_connection_params()
    host = str(given.get("host") or "")
    if not host or host.startswith("/"):
        return None
    local = host in ("127.0.0.1", "::1", "localhost") or host in settings.ENV["SOURCES_PLAIN_HOSTS"]
    at = {
        "host": host,
        "port": int(given.get("port") or 5432),
        "database": given["dbname"],
        "user": given["user"],
        "tls": "disable" if local else "verify-full",
    }
    return at, str(given.get("password") or "")


def _into_sqlite(path: Path, resource: str, rows: Sequence[Row]) -> None:
    names = list(_columns(resource).items())
    columns = ", ".join(f"[{column}]" for _, column in names)
    marks = ", ".join("?" * len(names))
    table = resource.replace("-", "_")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"CREATE TABLE [{table}] (row_number INTEGER PRIMARY KEY, {columns})")
        db.executemany(
            f"INSERT INTO [{table}] ({columns}) VALUES ({marks})",  # noqa: S608  # nosec B608 - our own names
            [[row[name] for name, _ in names] for row in rows],
        )
        for number, name in enumerate(_keys(resource)):
            db.execute(f"CREATE INDEX [{table}_{number}] ON [{table}] ([{name.replace('-', '_')}])")


def _into_counties(path: Path, city: Invented) -> None:
    """One table for each register, in which each row says of which county it is; a county's resource is a
    view of its own rows."""
    path.unlink(missing_ok=True)
    catalogue = current().catalogue
    with closing(sqlite3.connect(path)) as db, db:
        for register, rows in county_rows.registers(catalogue, city).items():
            names = list(rows[0])
            columns = ", ".join(f"[{name.replace('-', '_')}]" for name in names)
            table, marks = register.replace("-", "_"), ", ".join("?" * len(names))
            db.execute(f"CREATE TABLE [{table}] (row_number INTEGER PRIMARY KEY, {columns})")
            db.executemany(
                f"INSERT INTO [{table}] ({columns}) VALUES ({marks})",  # noqa: S608  # nosec B608 - our own names
                [[row[name] for name in names] for row in rows],
            )
        for resource, (register, known) in county_rows.lists(catalogue).items():
            view, table = resource.replace("-", "_"), register.replace("-", "_")
            places = ", ".join(f"'{place}'" for place in known.places)
            db.execute(
                f"CREATE VIEW [{view}] AS SELECT * FROM [{table}] WHERE [{county_rows.COUNTY}] IN ({places})"  # noqa: S608  # nosec B608 - our own names
            )


def _into_server(resource: str, rows: Sequence[Row]) -> None:
    from psycopg import sql

    names = list(_columns(resource).items())
    table = sql.Identifier(_SCHEMA, resource.replace("-", "_"))
    columns = sql.SQL(", ").join(sql.Identifier(column) for _, column in names)
    kinds = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_kind(rows, name))) for name, column in names
    )
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as own:
        own.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(_SCHEMA)))
        own.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
        own.execute(sql.SQL("CREATE TABLE {} (row_number serial PRIMARY KEY, {})").format(table, kinds))
        with own.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)) as copy:
            for row in rows:
                copy.write_row([row[name] for name, _ in names])
        for name in _keys(resource):
            column = sql.Identifier(name.replace("-", "_"))
            own.execute(sql.SQL("CREATE INDEX ON {} ({})").format(table, column))


def _kind(rows: Sequence[Row], name: str) -> str:
    value = next((row[name] for row in rows if row[name] is not None), "")
    return "boolean" if isinstance(value, bool) else "bigint" if isinstance(value, int) else "text"


def _keys(resource: str) -> tuple[str, ...]:
    return resources(current().catalogue)[resource].keys


def _into_file(path: Path, encoding: str, rows: Sequence[Row]) -> None:
    names = list(rows[0])
    heading = [name.replace("-", "_") for name in names]
    if encoding:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([heading, *([row[name] for name in names] for row in rows)])
    elif path.suffix == ".xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("缴存")
        for line in (heading, *([row[name] for name in names] for row in rows)):
            sheet.append(line)
        book.save(path)
    else:
        import pyarrow as pa
        from pyarrow import parquet

        columns = [pa.array([row[name] for row in rows]) for name in names]
        parquet.write_table(pa.table(columns, names=heading), path)
