# SPDX-License-Identifier: Apache-2.0
"""`yiwang archive verify` says its steps and ends with a status, and needs no database."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from yiwang.conf.cli_archive import archive
from yiwang.engines.archives import Member, Retention, pack


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A good package."""
    sheets = {"application.json": {"number": "一"}, "items.json": [], "documents.json": []}
    contents = {**sheets, "results.json": [], "journal.json": []}
    members = {name: Member(json.dumps(value).encode(), "登记") for name, value in contents.items()}
    path = tmp_path / "package.zip"
    path.write_bytes(pack(members, {"number": "一"}, Retention(30, dt.date(2027, 1, 1), "某规定")))
    return path


def test_a_good_package_is_told_step_by_step(package: Path) -> None:
    said = CliRunner().invoke(archive, ["verify", str(package)])
    assert said.exit_code == 0
    assert [line.split(".")[0] for line in said.output.splitlines()[:9]] == list("123456789")
    assert "归档包完好" in said.output


def test_a_changed_one_ends_with_a_status_at_its_step(package: Path) -> None:
    package.write_bytes(package.read_bytes()[:-3])
    said = CliRunner().invoke(archive, ["verify", str(package)])
    assert said.exit_code == 1
    assert "1. 打得开：不通过" in said.output
    assert "不能采信" in said.output


def test_another_package_than_the_one_noted_is_refused(package: Path) -> None:
    said = CliRunner().invoke(archive, ["verify", str(package), "--sha256", "0" * 64])
    assert said.exit_code == 1
    assert "9. 登记的摘要：不通过" in said.output


def test_it_runs_where_there_is_no_database_and_no_setting(package: Path) -> None:
    alone = {"PATH": os.environ["PATH"], "YIWANG_DATA_DIR": "/nonexistent"}
    command = [sys.executable, "-m", "yiwang", "archive", "verify", str(package)]
    done = subprocess.run(command, env=alone, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_export_never_overwrites(package: Path) -> None:
    said = CliRunner().invoke(archive, ["export", "一", "--to", str(package)])
    assert said.exit_code == 2
    assert "没有覆盖" in said.output
