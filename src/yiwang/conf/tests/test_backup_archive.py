# SPDX-License-Identifier: Apache-2.0
"""The file of a backup is believed in nothing: every way to damage or forge one is refused."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support import rewrite
from yiwang.conf.backup.archive import unpack, writing
from yiwang.kernel.errors import Conflict, Invalid, Unavailable

UPLOAD = hashlib.sha256(b"paper").hexdigest()
PLACE = f"files/{UPLOAD[:2]}/{UPLOAD[2:4]}/{UPLOAD}"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with an upload, a package, and things that are half written or not ours."""
    folder = tmp_path / "data"
    for name, content in {
        PLACE: b"paper",
        "files/ab/cd/.new-x81": b"half an upload",
        "archive/2026/11/one.zip": b"package",
        "archive/2026/11/two.zip.12.tmp": b"half a package",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "files" / "link").symlink_to("/etc/passwd")
    return folder


@pytest.fixture
def backup(data: Path, tmp_path: Path) -> Path:
    """A small backup."""
    with writing(tmp_path / "backup") as writer:
        writer.add_bytes("database", b"rows" * 5_000)
        for name in ("files", "archive", "texts"):
            writer.add_folder(name, data / name)
        writer.add_bytes("manifest.json", b"{}")
    return tmp_path / "backup"


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_whole_goes_in_and_comes_out_for_us_alone(backup: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    unpack(backup, out)
    assert files(out) == {
        "database": b"rows" * 5_000,
        PLACE: b"paper",
        "archive/2026/11/one.zip": b"package",
        "manifest.json": b"{}",
    }
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.rglob("*") if p.is_file()} == {0o600}


def test_an_ordinary_tool_can_check_a_backup_too(backup: Path) -> None:
    members = rewrite.read(backup)
    lines = members.pop("SHA256SUMS").decode().splitlines()
    assert lines == [f"{hashlib.sha256(body).hexdigest()}  {name}" for name, body in members.items()]


Damage = Callable[[dict[str, bytes]], dict[str, bytes]]


def _bit(name: str) -> Damage:
    return lambda m: m | {name: bytes([m[name][0] ^ 1]) + m[name][1:]}


def _without(name: str) -> Damage:
    return lambda m: {n: c for n, c in m.items() if n != name}


def _also(name: str) -> Damage:
    return lambda m: rewrite.listed(m | {name: b"more"})


@pytest.mark.parametrize(
    "damage",
    [
        *(
            _bit(name)
            for name in ("database", PLACE, "archive/2026/11/one.zip", "manifest.json", "SHA256SUMS")
        ),
        *(_without(name) for name in ("database", PLACE, "manifest.json", "SHA256SUMS")),
        lambda m: m | {"files/unlisted": b"more"},
        lambda m: {**m, "SHA256SUMS": m["SHA256SUMS"], "texts/after the list": b"more"},
        lambda m: m | {"SHA256SUMS": m["SHA256SUMS"] + b"0  files/nothing\n"},
        *map(
            _also,
            [
                "../climbed",
                "/climbed",
                "files/../../climbed",
                "files/./climbed",
                "files//climbed",
                "files/a\\climbed",
                "files",
                "yiwang.sqlite3",
                "secret.key/climbed",
                "logs/climbed",
                ".hidden",
            ],
        ),
    ],
)
def test_a_member_changed_missing_added_or_misplaced(damage: Damage, backup: Path, tmp_path: Path) -> None:
    rewrite.write(backup, damage(rewrite.read(backup)))
    with pytest.raises(Invalid) as refused:
        unpack(backup, tmp_path / "deep" / "out")
    assert "没有恢复任何内容" in refused.value.mend
    assert not list(tmp_path.rglob("*climbed*"))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_a_member_that_is_no_plain_file(kind: bytes, backup: Path, tmp_path: Path) -> None:
    members = rewrite.listed(rewrite.read(backup) | {"files/x": b""})
    rewrite.write(backup, members, kinds={"files/x": kind})
    with pytest.raises(Invalid, match="不该有"):
        unpack(backup, tmp_path / "out")


def test_the_same_member_twice(backup: Path, tmp_path: Path) -> None:
    with gzip.open(backup) as file:
        whole = file.read()
    # A tar ends with two empty blocks; what comes before may be said again.
    body = whole.rstrip(b"\0")
    first = whole[: 512 + 20_480]
    with gzip.open(backup, "wb") as file:
        file.write(first + body + b"\0" * (-len(body) % 512) + b"\0" * 1024)
    with pytest.raises(Invalid):
        unpack(backup, tmp_path / "out")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off(share: float, backup: Path, tmp_path: Path) -> None:
    backup.write_bytes(backup.read_bytes()[: int(backup.stat().st_size * share)])
    with pytest.raises(Invalid):
        unpack(backup, tmp_path / "out")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", gzip.compress(b""), gzip.compress(b"no tar" * 200)],
    ids=["nothing", "a zip", "nothing packed", "no tar"],
)
def test_a_file_that_is_no_backup(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Invalid):
        unpack(tmp_path / "file", tmp_path / "out")


def test_a_backup_is_never_overwritten_and_never_half(backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(Conflict, match="不覆盖"), writing(backup):
        pass
    with pytest.raises(RuntimeError):
        _fail_midway(tmp_path / "next")
    assert backup.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"data", "backup"}


def _fail_midway(file: Path) -> None:
    with writing(file) as writer:
        writer.add_bytes("database", os.urandom(100_000))
        raise RuntimeError("the database went away")


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="写不了"), writing(tmp_path / "file" / "backup"):
        pass
