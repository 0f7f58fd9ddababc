# SPDX-License-Identifier: Apache-2.0
"""Parts of one PostgreSQL statement that writes rows of several tables, and so commits by itself in one
trip to the server (docs/decisions/0027).

The rows travel as one JSON document, `it` of the part `given`, so that the statement has one text whatever
it writes, and is planned once per connection. Columns and their types come from the models.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

from .models import Entry, Stream
from .own import Chain, columns_of

GIVEN = "given AS MATERIALIZED (SELECT %s::jsonb AS it)"


def document(rows: Mapping[str, Any]) -> str:
    """What `given` takes: text, numbers, moments, lists and mappings."""
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
    """Column → SQL type of a model, without its key."""
    return {
        one.column: str(one.rel_db_type(connection) if one.is_relation else one.db_type(connection))
        for one in columns_of(model)
    }


def insert_part(model: type[models.Model], name: str) -> str:
    """Store all rows under a name of the document; they name every column but the key."""
    types = types_of(model)
    columns = ", ".join(f'"{column}"' for column in types)
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {rows_from(name, types)}'  # noqa: S608


def rows_of(found: Sequence[models.Model]) -> list[dict[str, Any]]:
    """Models as rows of the document."""
    if not found:
        return []
    names = [(one.column, one.attname) for one in columns_of(type(found[0]))]
    return [{column: row[name] for column, name in names} for row in map(vars, found)]


def chain_parts() -> dict[str, str]:
    """The parts that grow a stream: `moved` has a row if its head was the remembered one."""
    moved = (
        f"UPDATE \"{Stream._meta.db_table}\" SET length = (it->>'seq')::int, head = it->>'digest' FROM given"  # noqa: S608
        " WHERE key = it->>'stream' AND length = (it->>'length')::int AND head = it->>'head' RETURNING 1"
    )
    return {"moved": moved, "entries": insert_part(Entry, "entries")}


def chain_document(chain: Chain) -> dict[str, Any]:
    """What `chain_parts` needs of the document."""
    last = chain.rows[-1]
    return {
        **{"stream": chain.stream, "length": chain.length, "head": chain.head},
        **{"seq": last["seq"], "digest": last["digest"], "entries": chain.rows},
    }
