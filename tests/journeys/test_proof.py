# SPDX-License-Identifier: Apache-2.0
"""A citizen checks a receipt with the commands of the guide; one flipped byte in any file is noticed."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from support import city as town
from support.city import City
from support.sources import ROOT
from yiwang import wiring
from yiwang.apps.casework import public as casework
from yiwang.apps.journal.public import check_script, close_days, days_so_far, seal_batch, seal_days
from yiwang.apps.journal.tests.sealer import Sealer
from yiwang.conf.cli import root
from yiwang.kernel.errors import Conflict

pytestmark = pytest.mark.django_db
GUIDE = ROOT / "docs" / "guides" / "proof.md"


def commands() -> str:
    """The commands of the guide."""
    found = re.findall(r"```bash\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    assert len(found) == 1
    return str(found[0])


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """What they say in this folder."""
    return subprocess.run(["bash", "-c", commands()], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def city() -> City:
    """The small city."""
    return town.build()


@pytest.fixture
def owner(city: City) -> Client:
    """The applicant's browser."""
    client = Client()
    client.force_login(city.account("owner"))
    return client


@pytest.fixture
def receipt(city: City) -> Iterator[tuple[str, Sealer]]:
    """An application handed in among others, and the seal that will seal its day; the clock stands."""
    with time_machine.travel(timezone.now(), tick=False):
        mine = town.submitted(city)
        seal_batch()
        town.submitted(city, "agent", subject=city.firm)
        seal_batch()
        yield mine, Sealer.make(timezone.now())


def next_day() -> time_machine.travel:
    """The clock a day later."""
    return time_machine.travel(timezone.now() + timedelta(days=1), tick=False)


def test_a_citizen_checks_a_receipt_and_notices_every_flipped_byte(
    city: City, owner: Client, receipt: tuple[str, Sealer], tmp_path: Path
) -> None:
    application, sealer = receipt
    page = f"/applications/{application}/receipt"
    assert "最早" in owner.get(page).content.decode()
    assert owner.get(f"/applications/{application}/proof")["Location"] == page
    with next_day():
        close_days()
        assert "还在等签章" in owner.get(page).content.decode()
        seal_days(sealer.press)
        text = owner.get(page).content.decode()
        assert "下载这份回执的存证" in text
        answer = owner.get(f"/applications/{application}/proof")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "proof"
    (folder / "root.pem").write_bytes(sealer.root.pem())
    said = check(folder)
    assert said.returncode == 0, said.stderr
    number = casework.application_view(city["owner"], application).row.number
    assert f'"number":"{number}"' in (folder / "entry.json").read_text()
    assert "申请人声明" in (folder / "form.txt").read_text()
    _nothing_of_others(city, folder)
    _every_flipped_byte_is_noticed(folder)


def _nothing_of_others(city: City, folder: Path) -> None:
    whole = b"".join(path.read_bytes() for path in folder.iterdir())
    for persona in ("agent", "other"):
        assert city[persona].id.encode() not in whole


def _every_flipped_byte_is_noticed(folder: Path) -> None:
    files = [path for path in sorted(folder.iterdir()) if path.name not in ("check.sh", "CHECK.md")]
    checked = [path for path in files if not path.name.endswith(".pub")]  # those the commands write
    assert len(checked) == 11
    for path in checked:
        content = path.read_bytes()
        changed = bytearray(content)
        changed[len(content) // 2] ^= 1
        path.write_bytes(changed)
        said = check(folder)
        assert said.returncode != 0, path.name
        assert "相符。" not in said.stdout
        path.write_bytes(content)


def test_the_commands_of_the_guide_are_those_of_the_kit() -> None:
    assert commands() == check_script()


def test_nobody_else_gets_the_proof(city: City, receipt: tuple[str, Sealer]) -> None:
    for persona, status in (("other", 404), ("counter", 403)):
        client = Client()
        client.force_login(city.account(persona))
        assert client.get(f"/applications/{receipt[0]}/proof").status_code == status


@pytest.mark.storage
def test_the_command_line_verifies_and_proves(
    city: City, receipt: tuple[str, Sealer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, sealer = receipt
    entry = casework.declaration_of(city["owner"], application).entry
    runner = CliRunner()
    early = runner.invoke(root, ["journal", "proof", str(entry), "--to", str(tmp_path / "kit")])
    assert early.exception is not None
    with next_day():
        close_days()
        unsealed = runner.invoke(root, ["journal", "verify"])
        assert unsealed.exit_code == 0
        assert "还没有签章" in unsealed.output
        seal_days(sealer.press)
        monkeypatch.setattr("yiwang.wiring.check_day_seal", lambda: sealer.check)
        assert "日志完好" in runner.invoke(root, ["journal", "verify"]).output
        made = runner.invoke(root, ["journal", "proof", str(entry), "--to", str(tmp_path / "kit")])
        assert made.exit_code == 0, made.output
        monkeypatch.setattr("yiwang.wiring.check_day_seal", lambda: Sealer.make(timezone.now()).check)
        other = runner.invoke(root, ["journal", "verify"])
    assert other.exit_code == 1
    assert "验证不通过" in other.output
    (tmp_path / "kit" / "root.pem").write_bytes(sealer.root.pem())
    assert check(tmp_path / "kit").returncode == 0


def test_a_seal_that_is_refused_is_not_asked_with_every_round_of_the_worker(
    receipt: tuple[str, Sealer], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refusing(digest: bytes, name: str) -> bytes:
        asked.append(name)
        raise Conflict("没有盖章：批准的用印期限已经过了。")

    monkeypatch.setattr(wiring, "_refused_at", [])
    monkeypatch.setattr("yiwang.apps.seals.public.system_press", lambda purpose: refusing)
    with next_day() as clock:
        with pytest.raises(Conflict):
            wiring.end_journal_days()
        wiring.end_journal_days()
        assert asked == ["day.txt"]
        assert days_so_far().unsealed == 1
        clock.shift(timedelta(minutes=11))
        monkeypatch.setattr("yiwang.apps.seals.public.system_press", lambda purpose: receipt[1].press)
        wiring.end_journal_days()
    assert days_so_far().unsealed == 0


def test_the_public_page_shows_how_and_whom_to_trust() -> None:
    text = Client().get("/proof").content.decode()
    assert "bash check.sh" in text
    assert "openssl pkeyutl" in text
