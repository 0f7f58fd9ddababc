# SPDX-License-Identifier: Apache-2.0
"""Many rows into a table the quickest way the database has: COPY on PostgreSQL, one statement on SQLite.

Inside the caller's transaction, with the database's own constraints; nothing is sent back by the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from django.db import connection, models
from django.db.models import Max

from yiwang.apps.vault.public import Locked


class Bulk:
    """A table that takes many rows, made ready a column at a time."""

    def __init__(self, model: type[models.Model]) -> None:
        """Locked columns are locked with the key that is current now."""
        self._model, self._table = model, model._meta.db_table
        self._fields = model._meta.concrete_fields
        self._defaults = {
            field.attname: field.get_db_prep_save(field.get_default(), connection) for field in self._fields
        }
        self._locks: dict[str, Callable[[Any], Any]] = {
            field.attname: field.closing() for field in self._fields if isinstance(field, Locked)
        }
        self._times: dict[str, dict[Any, Any]] = {
            field.attname: {} for field in self._fields if isinstance(field, models.DateField)
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

    def store(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store rows. Each says what is other than the model's defaults, of the same columns as the first.

        Raises IntegrityError.
        """
        ready = list(zip(*(self._column(field, rows) for field in self._fields), strict=False))
        columns = ", ".join(f'"{field.column}"' for field in self._fields)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                marks = ", ".join(["%s"] * len(self._fields))
                statement = f'INSERT INTO "{self._table}" ({columns}) VALUES ({marks})'  # noqa: S608 — our names
                cursor.executemany(statement, ready)
                return
            copying = f'COPY "{self._table}" ({columns}) FROM STDIN'
            with connection.wrap_database_errors, cursor.cursor.copy(copying) as copy:
                for row in ready:
                    copy.write_row(row)

    def _column(self, field: models.Field[Any, Any], rows: Sequence[Mapping[str, Any]]) -> Iterable[Any]:
        """The values of one column, as the database takes them; a default is repeated without end."""
        name = field.attname
        if name not in rows[0]:
            return repeat(self._defaults[name])
        given = [row[name] for row in rows]
        if name in self._locks:
            return map(self._locks[name], given)
        if name in self._times:  # days and moments, the same again and again
            known = self._times[name]
            for value in set(given).difference(known):
                known[value] = field.get_db_prep_save(value, connection)
            return [known[value] for value in given]
        return given
