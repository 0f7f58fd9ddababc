# SPDX-License-Identifier: Apache-2.0
"""A whole submission against bare inserts of the same rows.

Ours: `casework.submit` of a filled-in draft of six items: plan it anew with what is on record,
check every field, take a number, write items, documents, moves, journal, letter and outbox.
Theirs: insert as many rows into tables of the same shape (columns, keys, indexes; no foreign keys)
through the same connection in one transaction, one statement a row. Both end with a durable commit.
A second line shows the hardest peer there is, one statement a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from .databases import label, on_each
from .measure import Line, in_turns

ROUNDS = 150
TARGET = 4.0
_UPDATED = ("casework_application", "casework_numberseries", "journal_stream")
"""Tables in which a submission changes a row that is there; each counts as one row written."""


def run() -> list[Line]:
    """The lines on SQLite and on PostgreSQL."""
    return on_each("submit")


def measure() -> list[Line]:
    """The lines on the database of this process."""
    from support import city as small

    city = small.build()
    submit = submitter(city)
    shapes = shapes_of(submit)
    rows = sum(len(shape.rows) for shape in shapes)
    what = f"{label()}: submit six items ({rows} rows)"
    lines = []
    for peer, target in ((one_by_one, TARGET), (table_by_table, None)):
        ours, theirs = in_turns(submit, bare(shapes, peer), rounds=ROUNDS)
        against = f"insert the rows, one statement a {'row' if target else 'table'}"
        lines.append(Line(what, against, ours, theirs, ours.median / theirs.median, target))
    return lines


def submitter(city: Any) -> Callable[[], object]:
    """A call that submits a draft nobody has submitted; drafts are made between the calls' timings
    in bulk, so that they do not count."""
    from support import city as small
    from yiwang.apps.casework import public as casework

    owner, number = city["owner"], count(1)
    ready: Iterator[str] = iter([small.draft(city) for _ in range(2 * (ROUNDS + 5) + 10)])
    return lambda: casework.submit(owner, next(ready), key=f"bench-key-{next(number)}")


_SERIAL = count(10**9)


@dataclass
class Shape:
    """One table: what a submission writes into it, and its empty twin."""

    table: str
    columns: list[str]
    rows: list[list[Any]]
    varied: list[int] = field(default_factory=list)
    """Columns that must differ from row to row, because a key is over them."""

    @property
    def insert(self) -> str:
        """The statement for one row."""
        listed = ", ".join(f'"{name}"' for name in self.columns)
        return f"INSERT INTO bench_{self.table} ({listed}) VALUES {self.marks}"

    @property
    def marks(self) -> str:
        """The placeholders of one row."""
        return "(" + ", ".join(["%s"] * len(self.columns)) + ")"

    def fresh(self) -> list[list[Any]]:
        """The rows with new values where a key asks for them."""
        rows = [list(row) for row in self.rows]
        for row in rows:
            for place in self.varied:
                number = next(_SERIAL)
                row[place] = number if isinstance(row[place], int) else f"bench-{number}"
        return rows


def shapes_of(submit: Callable[[], object]) -> list[Shape]:
    """What one submission writes, found by counting before and after one; twins are made for it."""
    from django.db import connection

    tables = [
        name
        for name in sorted(connection.introspection.table_names())
        if name.split("_")[0] not in ("bench", "django")
    ]
    before = {name: _count(name) for name in tables}
    submit()
    written = {name: _count(name) - before[name] + (name in _UPDATED) for name in tables}
    return [_shape(name, rows) for name, rows in written.items() if rows]


def _count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _shape(table: str, rows: int) -> Shape:
    from django.db import connection

    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table)
        own = connection.introspection.get_primary_key_column(cursor, table)
        cursor.execute(f'SELECT * FROM {table} ORDER BY "{own}" DESC LIMIT {rows}')
        names = [column[0] for column in cursor.description]
        found = [list(row) for row in cursor.fetchall()]
        _make_twin(cursor, table)
    kept = [place for place, name in enumerate(names) if name != "id"]
    columns = [names[place] for place in kept]
    keys = {
        c["columns"][0]
        for c in constraints.values()
        if (c["unique"] or c["primary_key"]) and c["columns"] != ["id"]
    }
    varied = [place for place, name in enumerate(columns) if name in keys]
    return Shape(table, columns, [[row[place] for place in kept] for row in found], varied)


def _make_twin(cursor: Any, table: str) -> None:
    if cursor.db.vendor == "postgresql":
        cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
        return
    cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table])
    for (sql,) in cursor.fetchall():
        twin = re.sub(r' REFERENCES "\w+" \("\w+"\)( DEFERRABLE INITIALLY DEFERRED)?', "", sql)
        twin = twin.replace(f'"{table}"', f'"bench_{table}"')
        cursor.execute(re.sub(r'^CREATE (UNIQUE )?INDEX "', r'CREATE \1INDEX "bench_', twin))


def bare(shapes: list[Shape], peer: Callable[[Any, Shape, list[list[Any]]], None]) -> Callable[[], object]:
    """A call that inserts the rows of all shapes in one transaction."""
    from django.db import connection, transaction

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for shape in shapes:
                peer(cursor, shape, shape.fresh())

    return work


def one_by_one(cursor: Any, shape: Shape, rows: list[list[Any]]) -> None:
    """One statement a row."""
    for row in rows:
        cursor.execute(shape.insert, row)


def table_by_table(cursor: Any, shape: Shape, rows: list[list[Any]]) -> None:
    """One statement a table."""
    sql = shape.insert + f", {shape.marks}" * (len(rows) - 1)
    cursor.execute(sql, [value for row in rows for value in row])
