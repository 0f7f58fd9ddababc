# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a backup, its keys or the place it goes to is told, and nothing is changed."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import rewrite
from support.deployed import backed_up, empty
from support.filled import Filled
from support.postgres import Server

OTHER_KEY = "another-key-0123456789-another-key-0123456789-another-key"


@pytest.fixture(scope="session")
def good(filled: Filled) -> Path:
    """A backup of the small city on SQLite."""
    return filled.backup()


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
    other = empty(tmp_path / "other", "")
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
    other = empty(tmp_path / "other", "")
    code, _, err = other.run("restore", good, "--sha256", "0" * 64)
    assert code == 1
    assert "SHA-256 与所给的不同" in err


@pytest.mark.postgres
def test_a_backup_goes_back_into_its_own_kind_of_database_only(
    good: Path, tmp_path: Path, postgres_server: Server
) -> None:
    other = empty(tmp_path / "other", postgres_server.url())
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
    other = empty(tmp_path / "other", "")
    code, _, err = other.run("restore", file)
    assert code == 1
    assert says in err


def test_the_key_that_finds_people_comes_back_or_nothing_does(good: Path, tmp_path: Path) -> None:
    other = empty(tmp_path / "other", "")
    code, _, err = other.run("restore", good, SECRET_KEY=OTHER_KEY)
    assert code == 1
    assert "请取消 YIWANG_SECRET_KEY" in err

    by_environment = empty(tmp_path / "environment", "")
    assert by_environment.run("setup", SECRET_KEY=OTHER_KEY)[0] == 0
    code, out, _ = by_environment.run("backup", tmp_path / "keyless", SECRET_KEY=OTHER_KEY)
    assert code == 0
    assert "YIWANG_SECRET_KEY 给出，不在备份里" in out
    with tarfile.open(tmp_path / "keyless") as tar:
        assert "secret.key" not in tar.getnames()
    third = empty(tmp_path / "third", "")
    code, _, err = third.run("restore", tmp_path / "keyless")
    assert code == 1
    assert "请把 YIWANG_SECRET_KEY 设成备份时的值" in err
    assert third.run("restore", tmp_path / "keyless", SECRET_KEY=OTHER_KEY)[0] == 0


def test_without_the_keys_of_the_vault_nothing_is_restored(filled: Filled, tmp_path: Path) -> None:
    city, other = empty(tmp_path / "city", ""), empty(tmp_path / "other", "")
    filled.copy_to(city)
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
    other = empty(tmp_path / "other", "")
    (other.data / "secret.key").write_text(OTHER_KEY)
    assert other.run("restore", good)[0] == 0
    aside = [one for one in other.data.iterdir() if one.name.startswith("secret.key.before-")]
    assert [one.read_text() for one in aside] == [OTHER_KEY]


def test_a_damaged_journal_in_a_backup_is_told(filled: Filled, tmp_path: Path) -> None:
    city = empty(tmp_path / "city", "")
    filled.copy_to(city)
    with sqlite3.connect(city.data / "yiwang.sqlite3") as database:
        database.execute("UPDATE journal_entry SET actor_name = '别人' WHERE id = 5")
    database.close()
    backed_up(city, tmp_path / "tampered")
    code, _, err = empty(tmp_path / "other", "").run("restore", tmp_path / "tampered")
    assert code == 1
    assert "日志有 1 处问题" in err


def test_an_upload_that_is_lost_is_told_and_the_rest_restored(filled: Filled, tmp_path: Path) -> None:
    city = empty(tmp_path / "city", "")
    filled.copy_to(city)
    next(one for one in (city.data / "files").rglob("*") if one.is_file()).unlink()
    said = backed_up(city, tmp_path / "less")
    assert "1 个上传或签章的文件在数据目录中缺失" in said
    code, out, _ = empty(tmp_path / "other", "").run("restore", tmp_path / "less")
    assert code == 0
    assert "1 个上传或签章的文件备份时就已不在" in out


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    city = empty(tmp_path / "city", "")
    code, _, err = city.run("backup", tmp_path / "early")
    assert code == 1
    assert "yiwang setup" in err
    assert city.run("setup")[0] == 0
    (tmp_path / "a file").touch()
    code, _, err = city.run("backup", tmp_path / "a file" / "backup")
    assert code == 1
    assert "备份写不了" in err
    assert not (tmp_path / "early").exists()
