# SPDX-License-Identifier: Apache-2.0
"""A proof's files convince bash and OpenSSL (one flipped byte in each: `tests/journeys/test_proof.py`)."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import zipfile
from pathlib import Path

import pytest
import time_machine

from yiwang.apps.journal.kit import FORM, kit_of, write_kit, zipped
from yiwang.apps.journal.models import Entry
from yiwang.apps.journal.public import Proof, close_days, proof_of, record, seal_batch, seal_days
from yiwang.engines import sealing
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.dates import BEIJING

from .sealer import Sealer

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=BEIJING)
WANG = Actor(ActorKind.PERSON, "p_wang", "王小明")
FORM_TEXT = "申请表\n申请人：王小明\n".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The proof of one of many entries of a day with many batches, and the published certificate."""
    with time_machine.travel(NOON, tick=False) as clock:
        sealer = Sealer.make(NOON)
        for batch in range(5):
            for n in range(3 + batch):
                detail = {"number": f"N{batch}{n}", "form": sealing.sm3(FORM_TEXT).hex()}
                record(WANG, "application.submitted", stream=f"case:{batch}{n}", detail=detail)
            seal_batch()
        clock.shift(dt.timedelta(days=1))
        close_days()
        seal_days(sealer.press)
    proof = proof_of(Entry.objects.get(stream_id="case:32").pk)
    assert isinstance(proof, Proof)
    write_kit(kit_of(proof, {FORM: FORM_TEXT}), tmp_path)
    (tmp_path / "root.pem").write_bytes(sealer.root.pem())
    return tmp_path


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """What the script says."""
    return subprocess.run(["bash", "check.sh"], cwd=folder, capture_output=True, text=True, timeout=60)


def test_the_kit_convinces_stock_tools(folder: Path) -> None:
    said = check(folder)
    assert said.returncode == 0, said.stderr
    assert "相符" in said.stdout
    assert "2026-03-02" in said.stdout
    assert "示例运营单位" in said.stdout
    assert len((folder / "path.txt").read_text().splitlines()) > 4


def test_without_the_form_it_still_convinces(folder: Path) -> None:
    (folder / FORM).unlink()
    assert check(folder).returncode == 0


@pytest.mark.parametrize("other", ["", "up " + "0" * 64, "left " + "0" * 63])
def test_a_path_that_is_none_is_refused(folder: Path, other: str) -> None:
    (folder / "path.txt").write_text(other + "\n")
    assert check(folder).returncode != 0


def test_a_seal_by_somebody_else_is_refused(folder: Path) -> None:
    (folder / "root.pem").write_bytes(Sealer.make(NOON).root.pem())
    said = check(folder)
    assert said.returncode != 0
    assert "root.pem" in said.stderr


def test_the_zip_has_the_same_files(folder: Path) -> None:
    files = {p.name: p.read_bytes() for p in folder.iterdir()}
    content = zipped(files, "proof-1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == {
            f"proof-1/{name}": data for name, data in files.items()
        }
    assert zipped(files, "proof-1") == content
