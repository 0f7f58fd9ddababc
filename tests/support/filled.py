# SPDX-License-Identifier: Apache-2.0
"""Deployments that stand already: made once in a test run, copied for whoever wants one.

To make one takes as long as fifty copies. The first test process to ask makes it, the others wait.
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
from support.served import Served

SETUP, PREPARE, FILL = "setup", "prepare", "fill"
"""Empty tables; people and a catalogue in force; a small city with cases."""
_BY = {PREPARE: "support.served", FILL: "support.deployed"}


@dataclass(frozen=True)
class Filled:
    """The deployments of one test run. `home`: a directory that all its processes share."""

    home: Path

    def copy_to(self, city: Served, server: Server | None = None, *, what: str = FILL) -> dict[str, Any]:
        """Put what stands into an empty deployment; what was told of it when it was made.

        Args:
            server: where the deployment's database is to be made; None for SQLite in its directory.
            what: SETUP, PREPARE or FILL.
        """
        told = self._made(server, what)
        self._copy(city, server, what)
        return told

    def backup(self) -> Path:
        """A backup of the city on SQLite, its vault's keys with it."""
        self._made(None, FILL)
        file = self.home / "backup"
        with locked(self.home):
            if not file.exists():
                backed_up(Deployed(self._data(None, FILL)), file)
        return file

    def _data(self, server: Server | None, what: str) -> Path:
        return self.home / f"{what}-{'sqlite' if server is None else 'postgresql'}"

    def _made(self, server: Server | None, what: str) -> dict[str, Any]:
        if what != SETUP:
            self._made(server, SETUP)
        data = self._data(server, what)
        note = data.with_suffix(".json")
        with locked(self.home):
            if not note.exists():
                made = Deployed(data, server.url(data.name) if server else "")
                note.write_text(json.dumps(self._make(made, server, what)))
            told: dict[str, Any] = json.loads(note.read_text())
        return told

    def _make(self, city: Deployed, server: Server | None, what: str) -> dict[str, Any]:
        if what != SETUP:
            self._copy(city, server, SETUP)
            return city.aside(what, _BY[what])
        city.data.mkdir()
        _new_database(city, server)
        code, _, err = city.run("setup")
        assert code == 0, err
        return {}

    def _copy(self, city: Served, server: Server | None, what: str) -> None:
        data = self._data(server, what)
        shutil.copytree(data, city.data, dirs_exist_ok=True)
        _new_database(city, server, f'TEMPLATE "{data.name}"')


def _new_database(city: Served, server: Server | None, how: str = "") -> None:
    if server is not None:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{city.database.rpartition("/")[2]}" {how}')


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Filled:
    """The run's deployments, shared by all workers."""
    own = tmp_path_factory.getbasetemp()
    home = (own if worker_id == "master" else own.parent) / "filled"
    home.mkdir(exist_ok=True)
    return Filled(home)
