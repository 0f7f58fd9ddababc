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
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from support import city
from support.workshop import PASSPHRASE, open_workshop
from yiwang.apps.casework import public as casework
from yiwang.apps.casework.tests import town as t
from yiwang.apps.casework.tests.small import small_catalogue
from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import looks_at
from yiwang.apps.licences import public as licences
from yiwang.conf.cli_archive import archive
from yiwang.engines.archives import verify
from yiwang.kernel.actor import Actor, ActorKind, Post, Role


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


def test_sealed_results_come_into_a_later_package(
    db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    with open_workshop(tmp_path, monkeypatch) as workshop:
        applicant = Actor(ActorKind.PERSON, workshop.holder, "申请人")
        city.give_papers(workshop.holder, 9)
        new = casework.NewDraft(
            city.EVENT, workshop.holder, workshop.holder, city.HERE, city.ANSWERS, ("health-check",)
        )
        made = casework.start_draft(applicant, new)
        casework.save_form(applicant, made, city.form(current().catalogue))
        casework.save_delivery(applicant, made, method="electronic")
        casework.submit(applicant, made, key="sealed-later")
        (result,) = _granted(made)
        casework.run_timers()
        first = casework.archive_package(t.SETUP, made)
        assert _results(tmp_path, first) == []
        sealed = licences.seal_licences(
            workshop.custodian, [result], seal=workshop.seal, use=workshop.use, passphrase=PASSPHRASE
        )
        assert sealed.left == []
        casework.run_timers()
        later = casework.archive_package(t.SETUP, made)
    assert later.sha256 != first.sha256
    assert _results(tmp_path, later) == [f"results/{result}/1.{form}" for form in ("json", "ofd", "pdf")]


def _granted(application: str) -> list[str]:
    """Grant the one item of an application; what it issued."""
    posts = [Post(role, "health", city.HERE) for role in (Role.HANDLER, Role.APPROVER)]
    officer = Actor(ActorKind.OFFICER, "o-health", "卫健", tuple(posts))
    (item,) = casework.application_view(t.SETUP, application).items
    casework.accept(officer, item.id)
    casework.begin_review(officer, item.id)
    casework.propose(officer, item.id, opinion="符合条件")
    return casework.grant(officer, item.id, opinion="同意")


def _results(folder: Path, package: casework.Package) -> list[str]:
    """The sealed files in a package, which proves itself."""
    file = folder / "package.zip"
    file.write_bytes(package.content)
    assert verify(file, sha256=package.sha256).ok
    with zipfile.ZipFile(file) as opened:
        return [name for name in opened.namelist() if name.startswith("results/")]
