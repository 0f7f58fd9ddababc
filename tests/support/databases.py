# SPDX-License-Identifier: Apache-2.0
"""The test database: migrated once in a run, copied for every process, and emptied where something is in it.

To migrate takes fifteen times as long as to copy; to empty all tables, and to write again what migrating
wrote, ten times as long as to look which tables have rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase

from support.postgres import locked


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Iterator[None]:
    """A database of this process's own; what a test committed is deleted after it."""
    own = tmp_path_factory.getbasetemp()
    with _copied(own if worker_id == "master" else own.parent, worker_id, django_db_blocker):
        with django_db_blocker.unblock():
            kept = _filled()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _empty(kept))
            yield


@contextmanager
def _copied(home: Path, worker: str, blocker: Any) -> Iterator[None]:
    """Work on a copy of the migrated database. The process that came first makes that one, and removes it
    when it leaves; whoever comes later still makes another."""
    creation, note, before = connection.creation, home / "migrated", connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(home / "tests.sqlite3")
    with blocker.unblock(), locked(home):
        first = not note.exists()
        if first:
            note.write_text(creation.create_test_db(verbosity=0, autoclobber=True, serialize=False))
        migrated = note.read_text()
        _turn_to(migrated)
        creation.clone_test_db(suffix=worker, verbosity=0, autoclobber=True)
    _turn_to(creation.get_test_db_clone_settings(worker)["NAME"])
    yield
    with blocker.unblock(), locked(home):
        creation.destroy_test_db(before, verbosity=0)
        if first:
            note.unlink()
            _turn_to(migrated)
            creation.destroy_test_db(before, verbosity=0)


def _turn_to(name: str) -> None:
    """Let this process's connections lead to another database."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _filled() -> set[str]:
    """The tables of our models that have rows."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return {name for (name,) in cursor.fetchall()}


def _empty(kept: set[str]) -> None:
    """Delete all rows, except where migrating wrote some."""
    if tables := _filled() - kept:
        sql = connection.ops.sql_flush(no_style(), sorted(tables), allow_cascade=True)
        connection.ops.execute_sql_flush(sql)
