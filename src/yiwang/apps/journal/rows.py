# SPDX-License-Identifier: Apache-2.0
"""Read and write rows as their models describe them, without building each statement from expressions,
which takes longer than the database needs for it. Columns and converters are found once per model; no
signals are sent. For what many people wait for; everything else is said with the models' own queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models

_M = TypeVar("_M", bound=models.Model)


def read_rows(model: type[_M], rest: str, values: Sequence[Any]) -> list[_M]:
    """The rows of a table as instances. `rest`: the statement behind the table's name (WHERE, ORDER BY), with
    a mark `%s` for each value."""
    names, selection, converters = _reading(model)
    with connection.cursor() as cursor:
        cursor.execute(selection + rest, values)
        rows = [[*row] for row in cursor.fetchall()]
    for place, column, convert in converters:
        for row in rows:
            row[place] = convert(row[place], column, connection)
    return [model.from_db(connection.alias, names, row) for row in rows]


@cache
def _reading(model: type[models.Model]) -> tuple[list[str], str, list[tuple[int, Any, Any]]]:
    """The attributes of a row, how they are selected, and which are converted (place, column, converter)."""
    unopened = connection.copy()  # knows the kind of database, and keeps no connection alive
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{one.column}"' for one in fields)
    converters = [
        (place, one.cached_col, convert)
        for place, one in enumerate(fields)
        for convert in (*unopened.ops.get_db_converters(one.cached_col), *one.get_db_converters(unopened))
    ]
    return [one.attname for one in fields], f'SELECT {columns} FROM "{model._meta.db_table}" ', converters  # noqa: S608


def for_update() -> str:
    """What locks the rows read until the transaction ends; SQLite has one writer anyway."""
    return connection.ops.for_update_sql() if connection.features.has_select_for_update else ""


def marks_for(values: Collection[Any]) -> str:
    """The marks of a collection, for `IN`. Raises ValueError for none, which no database takes."""
    if not values:
        raise ValueError("nothing to look for")
    return f"({', '.join(['%s'] * len(values))})"


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new rows (attribute → value) with one statement. Their keys are not read back, nothing else
    is written; in the caller's transaction, if there is one."""
    columns = [(name, field) for name, _, field in _shape(model)]
    values = [
        row[name] if field is None or row[name] is None else field.get_db_prep_save(row[name], connection)
        for row in rows
        for name, field in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insertion(model, len(rows)), values)


def store(rows: Iterable[models.Model], *, once: Sequence[str] = (), change: Sequence[str] = ()) -> None:
    """Store new instances of one model in the caller's transaction, and give them their keys.

    Args:
        once: the columns of a unique key. A row that is there already stays as it is, or takes the new
            values of the columns `change`; then no instance is given its key.
    """
    listed = list(rows)
    if not listed:
        return
    model = type(listed[0])
    tail = _unless_there(once, change) if once else _RETURNING.format(model._meta.pk.column)
    size = max(1, connection.ops.bulk_batch_size(columns_of(model), listed))
    with connection.cursor() as cursor:
        for some in (listed[at : at + size] for at in range(0, len(listed), size)):
            values = [value for row in some for value in _values(row, _shape(model), add=True)]
            cursor.execute(_insertion(model, len(some)) + tail, values)
            if not once:
                for row, (key,) in zip(some, cursor.fetchall(), strict=True):
                    row.pk, row._state.adding, row._state.db = key, False, connection.alias


def store_changes(row: models.Model, names: Sequence[str]) -> None:
    """Store some attributes of a row that is there. Raises DatabaseError when it is not."""
    columns = [one for one in _shape(type(row)) if one[0] in names]
    setting = ", ".join(f'"{column}" = %s' for _, column, _ in columns)
    statement = f'UPDATE "{row._meta.db_table}" SET {setting} WHERE "{row._meta.pk.column}" = %s'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_values(row, columns, add=False), row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row._meta.db_table}: no row {row.pk}")


@cache
def columns_of(model: type[models.Model]) -> tuple[Any, ...]:
    """The columns of a model but the key."""
    return tuple(column for column in model._meta.concrete_fields if not column.primary_key)


@cache
def _shape(model: type[models.Model]) -> list[tuple[str, str, Any]]:
    """Attribute and column, and the field if it converts: texts, numbers and truths go as they are."""
    return [(one.attname, one.column, None if _as_it_is(one) else one) for one in columns_of(model)]


def _as_it_is(column: Any) -> bool:
    target = column.target_field if column.is_relation else column
    return type(target) in _PLAIN


_PLAIN = {
    *(models.CharField, models.TextField, models.BooleanField),
    *(models.BigAutoField, models.IntegerField, models.PositiveIntegerField),
}
_RETURNING = ' RETURNING "{}"'


def _values(row: models.Model, columns: Iterable[tuple[str, str, Any]], *, add: bool) -> list[Any]:
    """What an instance keeps in these columns; a locked column is locked for its row."""
    held, database = row.__dict__, connections[DEFAULT_DB_ALIAS]  # itself: what stands for it costs more
    return [
        held[name]
        if field is None or held[name] is None
        else field.get_db_prep_save(field.pre_save(row, add), database)
        for name, _, field in columns
    ]


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model], rows: int) -> str:
    columns = ", ".join(f'"{one.column}"' for one in columns_of(model))
    marks = "(" + ", ".join(["%s"] * len(columns_of(model))) + ")"
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ' + ", ".join([marks] * rows)  # noqa: S608


def _unless_there(once: Sequence[str], change: Sequence[str]) -> str:
    taken = ", ".join(f'"{name}" = excluded."{name}"' for name in change)
    return f" ON CONFLICT ({', '.join(once)}) DO " + (f"UPDATE SET {taken}" if change else "NOTHING")
