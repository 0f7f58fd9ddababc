# SPDX-License-Identifier: Apache-2.0
"""A real source for the tests of deliveries: a SQLite file in a folder of sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from support import gateway as world
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.adapters import CONNECTORS

COUNT = 23


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The folder of sources, for this test alone."""
    settings.ENV = settings.ENV | {"SOURCES_DIR": str(tmp_path)}
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path


@pytest.fixture
def houses(db: None, folder: Path) -> Iterator[Path]:
    """The houses of 23 people in a SQLite file, registered as the source of the one resource."""
    world.publish()
    path = folder / "houses.sqlite3"
    with closing(sqlite3.connect(path)) as db_, db_:
        db_.execute("CREATE TABLE house (owner, number TEXT PRIMARY KEY, address, area, debt)")
        rows = [world.row_of(n) for n in range(1, COUNT + 1)]
        db_.executemany("INSERT INTO house VALUES (:owner, :number, :address, :area, :debt)", rows)
    gateway.use_connectors(CONNECTORS)
    columns = {name: name for name in ("owner", "number", "address", "area", "debt")}
    config = {"dialect": "sqlite", "path": path.name, "table": "house", "columns": columns, "order": "number"}
    gateway.save_source(world.BUREAU, gateway.NewSource("house", "sql", config))
    gateway.forget_sources()
    yield path
    gateway.forget_sources()
