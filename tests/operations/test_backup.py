# SPDX-License-Identifier: Apache-2.0
"""A backup is whole and consistent while the city works; a restore is complete or changes nothing.

Every step is the command an operator types, in a process of its own, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import stat
import tarfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support import rewrite
from support.deployed import Deployed
from support.filled import Filled
from support.postgres import Server

OTHER_KEY = "another-key-0123456789-another-key-0123456789-another-key"


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
    made = _empty(tmp_path / "other", kind.new())
    yield made
    made.kill()


def _empty(data: Path, database: str) -> Deployed:
    data.mkdir()
    return Deployed(data, database)


def backed_up(city: Deployed, file: Path) -> str:
    """Back up; what the command said."""
    code, out, err = city.run("backup", file, "--with-vault-keys")
    assert (code, err) == (0, "")
    return out


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


@pytest.fixture(scope="module")
def good(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a city on SQLite."""
    folder = tmp_path_factory.mktemp("good")
    city = _empty(folder / "city", "")
    filled.copy_to(city)
    backed_up(city, folder / "backup")
    return folder / "backup"


def cut_off(file: Path) -> None:
    """As a disk that ran full leaves it."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def changed(file: Path) -> None:
    """One bit of the database, everything else as it was."""
    members = rewrite.read(file)
    members["database"] = members["database"][:-1] + bytes([members["database"][-1] ^ 1])
    rewrite.write(file, members)


def climbing(file: Path) -> None:
    """A member that wants out of the directory, with a list that fits."""
    members = rewrite.read(file)
    rewrite.write(file, rewrite.listed(members | {"files/../../climbed": b"here"}))


@pytest.mark.parametrize("damage", [cut_off, changed, climbing])
def test_a_damaged_or_forged_file_changes_nothing(
    damage: Callable[[Path], None], good: Path, tmp_path: Path
) -> None:
    file = tmp_path / "damaged"
    shutil.copyfile(good, file)
    damage(file)
    other = _empty(tmp_path / "other", "")
    code, out, err = other.run("restore", file)
    assert code == 1
    assert "没有恢复任何内容" in err
    assert "Traceback" not in err
    assert out == ""
    assert {one.name for one in other.data.iterdir()} <= {"secret.key", "yiwang.sqlite3"}
    assert not list(tmp_path.rglob("climbed"))
    if damage is changed:  # nothing is in the way of the good one
        code, _, err = other.run("restore", good)
        assert code == 0, err


def test_a_digest_noted_elsewhere_tells_a_swapped_backup(good: Path, tmp_path: Path) -> None:
    other = _empty(tmp_path / "other", "")
    code, _, err = other.run("restore", good, "--sha256", "0" * 64)
    assert code == 1
    assert "SHA-256 与所给的不同" in err


@pytest.mark.postgres
def test_a_backup_goes_back_into_its_own_kind_of_database_only(
    good: Path, tmp_path: Path, postgres_server: Server
) -> None:
    other = _empty(tmp_path / "other", postgres_server.url())
    code, _, err = other.run("restore", good)
    assert code == 1
    assert "备份来自 sqlite，现在的数据库是 postgresql" in err


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": "yiwang-backup/9"}, "只认 yiwang-backup/1"),
        ({"migrations": [["casework", "0999_from_the_future"]]}, "更新的版本"),
    ],
)
def test_a_backup_of_another_version_is_refused(
    changes: dict[str, Any], says: str, good: Path, tmp_path: Path
) -> None:
    file = tmp_path / "changed"
    shutil.copyfile(good, file)
    members = rewrite.read(file)
    manifest = json.loads(members["manifest.json"]) | changes
    rewrite.write(file, rewrite.listed(members | {"manifest.json": json.dumps(manifest).encode()}))
    other = _empty(tmp_path / "other", "")
    code, _, err = other.run("restore", file)
    assert code == 1
    assert says in err


def test_the_key_that_finds_people_comes_back_or_nothing_does(good: Path, tmp_path: Path) -> None:
    other = _empty(tmp_path / "other", "")
    code, _, err = other.run("restore", good, SECRET_KEY=OTHER_KEY)
    assert code == 1
    assert "请取消 YIWANG_SECRET_KEY" in err

    by_environment = _empty(tmp_path / "environment", "")
    assert by_environment.run("setup", SECRET_KEY=OTHER_KEY)[0] == 0
    code, out, _ = by_environment.run("backup", tmp_path / "keyless", SECRET_KEY=OTHER_KEY)
    assert code == 0
    assert "YIWANG_SECRET_KEY 给出，不在备份里" in out
    with tarfile.open(tmp_path / "keyless") as tar:
        assert "secret.key" not in tar.getnames()
    third = _empty(tmp_path / "third", "")
    code, _, err = third.run("restore", tmp_path / "keyless")
    assert code == 1
    assert "请把 YIWANG_SECRET_KEY 设成备份时的值" in err
    assert third.run("restore", tmp_path / "keyless", SECRET_KEY=OTHER_KEY)[0] == 0


def test_without_the_keys_of_the_vault_nothing_is_restored(good: Path, tmp_path: Path) -> None:
    city, other = _empty(tmp_path / "city", ""), _empty(tmp_path / "other", "")
    assert city.run("restore", good)[0] == 0
    before, keys = city.aside("look"), (city.data / "vault" / "keys.json").read_bytes()
    code, out, _ = city.run("backup", tmp_path / "sealed")
    assert code == 0
    assert "不在备份里，请另行保管" in out
    with tarfile.open(tmp_path / "sealed") as tar:
        assert "vault/keys.json" not in tar.getnames()
    place = other.data / "vault" / "keys.json"
    for wrong in (None, keys.replace(b'"master": "', b'"master": "AAAA')[:-8] + keys[-4:]):
        if wrong is not None:
            place.parent.mkdir(mode=0o700)
            place.write_bytes(wrong)
            place.chmod(0o600)
        code, _, err = other.run("restore", tmp_path / "sealed")
        assert code == 1
        assert "没有这份备份的数据加密密钥" in err or "不完整或被改动" in err
        assert not (other.data / "files").exists()
    place.write_bytes(keys)
    assert other.run("restore", tmp_path / "sealed")[0] == 0
    assert other.aside("look") == before


def test_a_key_that_was_there_before_is_kept_aside(good: Path, tmp_path: Path) -> None:
    other = _empty(tmp_path / "other", "")
    (other.data / "secret.key").write_text(OTHER_KEY)
    assert other.run("restore", good)[0] == 0
    aside = [one for one in other.data.iterdir() if one.name.startswith("secret.key.before-")]
    assert [one.read_text() for one in aside] == [OTHER_KEY]


def test_a_damaged_journal_in_a_backup_is_told(good: Path, tmp_path: Path) -> None:
    city = _empty(tmp_path / "city", "")
    assert city.run("restore", good)[0] == 0
    with sqlite3.connect(city.data / "yiwang.sqlite3") as database:
        database.execute("UPDATE journal_entry SET actor_name = '别人' WHERE id = 5")
    database.close()
    backed_up(city, tmp_path / "tampered")
    code, _, err = _empty(tmp_path / "other", "").run("restore", tmp_path / "tampered")
    assert code == 1
    assert "日志有 1 处问题" in err


def test_an_upload_that_is_lost_is_told_and_the_rest_restored(good: Path, tmp_path: Path) -> None:
    city = _empty(tmp_path / "city", "")
    assert city.run("restore", good)[0] == 0
    next(one for one in (city.data / "files").rglob("*") if one.is_file()).unlink()
    said = backed_up(city, tmp_path / "less")
    assert "1 个上传或签章的文件在数据目录中缺失" in said
    code, out, _ = _empty(tmp_path / "other", "").run("restore", tmp_path / "less")
    assert code == 0
    assert "1 个上传或签章的文件备份时就已不在" in out


def test_a_backup_that_cannot_be_written_leaves_nothing(good: Path, tmp_path: Path) -> None:
    city = _empty(tmp_path / "city", "")
    code, _, err = city.run("backup", tmp_path / "early")
    assert code == 1
    assert "yiwang setup" in err
    assert city.run("setup")[0] == 0
    (tmp_path / "a file").touch()
    code, _, err = city.run("backup", tmp_path / "a file" / "backup")
    assert code == 1
    assert "备份写不了" in err
    assert not (tmp_path / "early").exists()
