# SPDX-License-Identifier: Apache-2.0
"""A finished case is exported and proven again on another machine: without our database, and by hand."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.utils import timezone

from yiwang.apps.casework import public as casework
from yiwang.apps.casework.tests import town as t
from yiwang.apps.casework.tests.small import small_catalogue
from yiwang.apps.journal.public import looks_at
from yiwang.conf.cli_archive import archive


@pytest.fixture
def town(db: Any) -> Iterator[t.Town]:
    """A small city; undone after the test."""
    with transaction.atomic():
        t.publish(small_catalogue())
        yield t.build()
        transaction.set_rollback(True)


def exported(town: t.Town, to: Path) -> str:
    """A finished case, exported by its number; what the command said."""
    made = t.submitted(town, t.Errand(items=("alpha", "gamma")))
    for item in ("alpha", "gamma"):
        t.bring(made, item)
    casework.run_timers()
    number = casework.application_view(town["owner"], made).row.number
    said = CliRunner().invoke(archive, ["export", number, "--to", str(to), "--as", "档案员"])
    assert said.exit_code == 0, said.output
    return said.output


def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command on a machine that has nothing of ours but the program."""
    clean = {"PATH": os.environ["PATH"], "YIWANG_DATA_DIR": "/nonexistent"}
    command = [sys.executable, "-m", "yiwang", "archive", *arguments]
    return subprocess.run(command, env=clean, capture_output=True, text=True, check=False)


def test_a_case_is_exported_and_proven_elsewhere(town: t.Town, tmp_path: Path) -> None:
    file = tmp_path / "case.zip"
    output = exported(town, file)
    digest = output.split("SHA-256 ")[1].split()[0]
    assert f"保管至{timezone.localdate().year + 30}-12-31" in output
    assert file.stat().st_mode & 0o777 == 0o600
    assert "归档包" in looks_at(town["owner"].id)[0]["purpose"]
    good = alone("verify", str(file), "--sha256", digest)
    assert (good.returncode, good.stderr) == (0, "")
    assert "9. 登记的摘要：通过，与登记的摘要相符" in good.stdout
    for place in (0, file.stat().st_size // 2, file.stat().st_size - 1):
        content = bytearray(file.read_bytes())
        content[place] ^= 1
        other = tmp_path / "other.zip"
        other.write_bytes(content)
        assert alone("verify", str(other), "--sha256", digest).returncode == 1
    folder = tmp_path / "by-hand"
    with zipfile.ZipFile(file) as package:
        package.extractall(folder)
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    commands = [line.strip() for line in readme.splitlines() if line.startswith("  ")]
    assert len(commands) == 2
    for command in commands:
        assert subprocess.run(["sh", "-c", command], cwd=folder, check=False).returncode == 0, command


def test_what_cannot_be_exported_says_why(town: t.Town, tmp_path: Path) -> None:
    unknown = CliRunner().invoke(archive, ["export", "没有", "--to", str(tmp_path / "a.zip")])
    assert "没有编号为“没有”的办件" in str(unknown.exception)
    assert not (tmp_path / "a.zip").exists()
