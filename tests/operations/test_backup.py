# SPDX-License-Identifier: Apache-2.0
"""A backup is whole and consistent while the city works; a restore is complete or changes nothing.

Every step is the command an operator types, in a process of its own, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import re
import sqlite3
import stat
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support.deployed import Deployed, backed_up, empty
from support.filled import Filled
from support.postgres import Server


@dataclass(frozen=True)
class Kind:
    """Databases of one kind to be made on the fly."""

    server: Server | None
    made: list[str]

    def named(self) -> str:
        """The URL of a database that is still to be made; empty for SQLite in the data directory."""
        if self.server is None:
            return ""
        self.made.append(f"backup_{uuid.uuid4().hex[:12]}")
        return self.server.url(self.made[-1])

    def new(self) -> str:
        """The URL of an empty database; empty for SQLite in the data directory."""
        url = self.named()
        if self.server is not None:
            with psycopg.connect(self.server.url(), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{self.made[-1]}"')
        return url

    def drop(self) -> None:
        """Drop them all."""
        for name in self.made:
            assert self.server is not None
            with psycopg.connect(self.server.url(), autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> Iterator[Kind]:
    """The kind of database that is tested."""
    on_server = request.param == "postgresql"
    made = Kind(request.getfixturevalue("postgres_server") if on_server else None, [])
    yield made
    made.drop()


@dataclass
class City(Deployed):
    """A city with cases, uploads and archive packages. `told`: a token, and what it may send."""

    told: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def city(kind: Kind, filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """One city for all tests: they read it, or add to it."""
    made = City(tmp_path_factory.mktemp("city"), kind.named())
    made.told = filled.copy_to(made, kind.server)
    yield made
    made.kill()


@pytest.fixture
def other(tmp_path: Path, kind: Kind) -> Iterator[Deployed]:
    """An empty machine."""
    made = empty(tmp_path / "other", kind.new())
    yield made
    made.kill()


def send(server: Deployed, told: dict[str, Any], key: str) -> str:
    """One application over the API; its number."""
    headers = {"Authorization": f"Bearer {told['token']}", "Idempotency-Key": key}
    status, answer = server.call("POST", "/api/applications", told["body"], headers)
    assert status == 201, answer
    return str(answer["number"])


def running_number(number: str) -> int:
    return int(number.split("-")[2])


def test_a_restored_city_is_the_city_and_goes_on(city: City, other: Deployed, tmp_path: Path) -> None:
    before = city.aside("look")
    assert before["packages"]
    assert before["files"]
    file = tmp_path / "backups" / "one.tar.gz"
    said = backed_up(city, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    digest = re.search(r"SHA-256：([0-9a-f]{64})", said)
    assert digest

    code, out, err = other.run("restore", file, "--sha256", digest[1])
    assert (code, err) == (0, ""), err
    assert "日志核对无误" in out
    after = other.aside("look")
    assert after == before
    assert all(after["packages"].values())
    assert after["found"]
    assert after["problems"] == []
    assert sorted(one.name for one in other.data.iterdir() if not one.name.startswith("yiwang.sqlite3")) == [
        "archive",
        "files",
        "secret.key",
        "vault",
    ]
    assert other.run("journal", "verify")[0] == 0

    other.start()
    number = send(other, city.told, "after-the-restore")
    assert number not in before["numbers"]
    assert running_number(number) == max(map(running_number, before["numbers"])) + 1


def test_a_backup_under_load_holds_whole_applications_only(
    city: City, other: Deployed, tmp_path: Path
) -> None:
    half = city.aside("inspect", "support.served")["half"]  # what was made in other ways
    with _somebody_reading(city):
        _try_under_load(city, other, tmp_path / "one", half)


@contextmanager
def _somebody_reading(city: City) -> Iterator[None]:
    """A long read, so that SQLite must keep in its log (WAL) all that is written meanwhile."""
    if city.database:
        yield
        return
    reader = sqlite3.connect(city.data / "yiwang.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM casework_application").fetchone()[0] > 0
    yield
    reader.close()


def _try_under_load(city: City, other: Deployed, file: Path, half: Any) -> None:
    city.start()
    told: dict[str, str] = {}
    stop = threading.Event()

    def client() -> None:
        while not stop.is_set():
            key = uuid.uuid4().hex
            told[key] = send(city, city.told, key)

    clients = [threading.Thread(target=client) for _ in range(3)]
    for one in clients:
        one.start()
    try:
        while len(told) < 3:
            assert any(one.is_alive() for one in clients)
            time.sleep(0.02)
        promised = dict(told)  # acknowledged before the backup began
        backed_up(city, file)
    finally:
        stop.set()
        for one in clients:
            one.join()
        city.kill()
    assert len(told) > len(promised), "nothing was written beside the backup"

    code, _, err = other.run("restore", file)
    assert code == 0, err
    kept = other.aside("inspect", "support.served")
    assert kept["half"] == half
    assert promised.items() <= kept["keys"].items()
    found = other.aside("look")
    assert found["problems"] == []
    for series, last in found["series"].items():
        numbers = [running_number(n) for n in found["numbers"] if n.startswith(f"{series}-")]
        assert numbers == [] or sorted(numbers) == list(range(1, last + 1))
    other.start()
    again = {key: send(other, city.told, key) for key in promised}
    assert again == promised


def test_what_holds_data_is_never_overwritten(city: City, other: Deployed, tmp_path: Path) -> None:
    backed_up(city, tmp_path / "one")
    before = city.aside("look")
    code, _, err = city.run("restore", tmp_path / "one")
    assert code == 1
    assert "已经有数据" in err
    assert city.aside("look") == before
    (other.data / "files" / "ab").mkdir(parents=True)
    (other.data / "files" / "ab" / "somebody's").write_bytes(b"paper")
    code, _, err = other.run("restore", tmp_path / "one")
    assert code == 1
    assert "已经有文件" in err
    assert (other.data / "files" / "ab" / "somebody's").read_bytes() == b"paper"
