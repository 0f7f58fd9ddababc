# SPDX-License-Identifier: Apache-2.0
"""Write rows of several tables in one go, past the models (docs/decisions/0027).

On PostgreSQL as parts of one statement, which commits by itself in one trip to the server: the rows travel
as one JSON document, `it` of the part `given`, so that the statement has one text whatever it writes, and
is planned once per connection. On SQLite as bare statements. Columns and their types come from the models.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from .models import Entry, Stream
from .own import Chain
from .rows import columns_of

Row = dict[str, Any]
"""Column → value: text, number, truth, moment, or what a JSON column keeps."""


def rows_of(model: type[models.Model], found: Sequence[object]) -> list[Row]:
    """Models, or whatever has their attributes, as rows."""
    names = [(one.column, one.attname) for one in columns_of(model)]
    return [{column: row[name] for column, name in names} for row in map(vars, found)]


def chain_rows(chain: Chain) -> Row:
    """What growing a stream needs: where it stood, where it will stand, `entries`."""
    last = chain.rows[-1]
    return {
        **{"stream": chain.stream, "length": chain.length, "head": chain.head},
        **{"seq": last["seq"], "digest": last["digest"], "entries": chain.rows},
    }


# -- PostgreSQL

GIVEN = "given AS MATERIALIZED (SELECT %s::jsonb AS it)"


def document(rows: Mapping[str, Any]) -> str:
    """What `given` takes."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=_moment)


def _moment(value: Any) -> str:
    if not isinstance(value, dt.datetime):
        raise TypeError(f"{type(value).__name__} has no place in a document")
    return value.isoformat()


def rows_from(name: str, types: Mapping[str, str]) -> str:
    """The rows under a name of the document, for FROM. `types`: column → SQL type."""
    columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    return f"given, jsonb_to_recordset(it->'{name}') AS x({columns})"


def types_of(model: type[models.Model]) -> dict[str, str]:
    """Column → SQL type of a model, without its key; the column itself sees to the length of a text."""
    found = {one.column: str(one.rel_db_type(connection)) for one in columns_of(model)}
    return {name: _SHORT.get(kind.partition("(")[0], kind) for name, kind in found.items()}


_SHORT = {"varchar": "text", "timestamp with time zone": "timestamptz"}
"""A statement of up to 4096 characters is taken apart by psycopg once, a longer one each time."""


def insert_part(model: type[models.Model], name: str) -> str:
    """Store all rows under a name of the document; they name every column but the key."""
    types = types_of(model)
    columns = ", ".join(f'"{column}"' for column in types)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT x.* FROM {rows_from(name, types)}'  # noqa: S608


def chain_parts() -> dict[str, str]:
    """The parts that grow a stream: `moved` has a row if its head was the remembered one."""
    moved = (
        f"UPDATE \"{Stream._meta.db_table}\" SET length = (it->>'seq')::int, head = it->>'digest' FROM given"  # noqa: S608
        " WHERE key = it->>'stream' AND length = (it->>'length')::int AND head = it->>'head' RETURNING 1"
    )
    return {"moved": moved, "entries": insert_part(Entry, "entries")}


# -- SQLite


@cache
def insert_bare(model: type[models.Model], more: str = "") -> str:
    """An INSERT of one row, its values named like its columns. `more`: what follows the values."""
    names = [one.column for one in columns_of(model)]
    columns, values = ", ".join(f'"{one}"' for one in names), ", ".join(f":{one}" for one in names)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({values}){more}'  # noqa: S608


def bare(rows: Sequence[Row]) -> list[Row]:
    """Rows as SQLite keeps them."""
    return [{name: _BARE.get(type(one), _same)(one) for name, one in row.items()} for row in rows]


def _same(value: Any) -> Any:
    return value


def _utc(value: dt.datetime) -> str:
    return str(value.astimezone(dt.UTC).replace(tzinfo=None))


_BARE: Mapping[type, Callable[[Any], Any]] = {dt.datetime: _utc, dict: json.dumps, list: json.dumps}


def grow_bare(file: Any, rows: Mapping[str, Any]) -> bool:
    """Grow a stream; False if its head was not the remembered one."""
    moved = f'UPDATE "{Stream._meta.db_table}" SET length = :seq, head = :digest'  # noqa: S608
    place = {name: rows[name] for name in ("seq", "digest", "stream", "length", "head")}
    if (
        file.execute(f"{moved} WHERE key = :stream AND length = :length AND head = :head", place).rowcount
        != 1
    ):
        return False
    file.executemany(insert_bare(Entry), bare(rows["entries"]))
    return True
