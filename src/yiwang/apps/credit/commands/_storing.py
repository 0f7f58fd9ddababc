# SPDX-License-Identifier: Apache-2.0
"""Many rows into a table the quickest way the database has: COPY on PostgreSQL, one statement on SQLite.

Inside the caller's transaction, with the database's own constraints; nothing is sent back by the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Max

from yiwang.apps.vault.public import Locked


class Bulk:
    """A table that takes many rows. A row says what is other than the model's defaults."""

    def __init__(self, model: type[models.Model]) -> None:
        """Locked columns are locked with the key that is current now."""
        fields = model._meta.concrete_fields
        self._model, self._table = model, model._meta.db_table
        self._columns = [field.column for field in fields]
        self._defaults = [field.get_db_prep_save(field.get_default(), connection) for field in fields]
        self._places = {field.attname: place for place, field in enumerate(fields)}
        self.key = self._places["id"]
        self._locks: dict[str, Callable[[Any], Any]] = {
            field.attname: field.closing() for field in fields if isinstance(field, Locked)
        }

    def reserve(self, count: int) -> Sequence[int]:
        """Keys for so many rows. On SQLite by the lock that the transaction has had since it began."""
        if connection.vendor == "sqlite":
            last = self._model._default_manager.aggregate(most=Max("pk"))["most"] or 0
            return range(last + 1, last + 1 + count)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [self._table, count],
            )
            return [row[0] for row in cursor.fetchall()]

    def row(self, given: Mapping[str, Any]) -> list[Any]:
        """One row, as the database takes it."""
        found = self._defaults.copy()
        for name, value in given.items():
            if type(value) is dt.date:
                value = value.isoformat()
            elif name in self._locks:
                value = self._locks[name](value)
            found[self._places[name]] = value
        return found

    def store(self, rows: Sequence[Sequence[Any]]) -> None:
        """Store them. Raises IntegrityError."""
        columns = ", ".join(f'"{name}"' for name in self._columns)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                marks = ", ".join(["%s"] * len(self._columns))
                statement = f'INSERT INTO "{self._table}" ({columns}) VALUES ({marks})'  # noqa: S608 — our names
                cursor.executemany(statement, rows)
                return
            copying = f'COPY "{self._table}" ({columns}) FROM STDIN'
            with connection.wrap_database_errors, cursor.cursor.copy(copying) as copy:
                for row in rows:
                    copy.write_row(row)


def moment(at: dt.datetime) -> Any:
    """A moment as the database takes it."""
    return connection.ops.adapt_datetimefield_value(at)
