# SPDX-License-Identifier: Apache-2.0
"""A small city that stands already: made once in a test run, copied for whoever wants one.

To make it takes as long as fifty copies. The first test process to ask makes it, the others wait.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support.deployed import Deployed, backed_up
from support.postgres import Server, locked


@dataclass(frozen=True)
class Filled:
    """The cities of one test run. `home`: a directory that all its processes share."""

    home: Path

    def copy_to(self, city: Deployed, server: Server | None = None) -> dict[str, Any]:
        """Put a filled city into an empty deployment; what `fill` told of it.

        Args:
            server: where the deployment's database is to be made; None for SQLite in its directory.
        """
        told = self._made(server)
        shutil.copytree(self._data(server), city.data, dirs_exist_ok=True)
        if server is not None:
            with psycopg.connect(server.url(), autocommit=True) as connection:
                name = city.database.rpartition("/")[2]
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.home.name}"')
        return told

    def backup(self) -> Path:
        """A backup of the city on SQLite, its vault's keys with it."""
        self._made(None)
        file = self.home / "backup"
        with locked(self.home):
            if not file.exists():
                backed_up(Deployed(self._data(None)), file)
        return file

    def _data(self, server: Server | None) -> Path:
        return self.home / ("sqlite" if server is None else "postgresql")

    def _made(self, server: Server | None) -> dict[str, Any]:
        data = self._data(server)
        note = data.with_suffix(".json")
        with locked(self.home):
            if not note.exists():
                data.mkdir()
                if server is not None:
                    with psycopg.connect(server.url(), autocommit=True) as connection:
                        connection.execute(f'CREATE DATABASE "{self.home.name}"')
                database = server.url(self.home.name) if server else ""
                note.write_text(json.dumps(Deployed(data, database).aside("fill")))
            told: dict[str, Any] = json.loads(note.read_text())
        return told


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Filled:
    """The run's filled cities, shared by all workers."""
    own = tmp_path_factory.getbasetemp()
    home = (own if worker_id == "master" else own.parent) / "filled"
    home.mkdir(exist_ok=True)
    return Filled(home)
