# SPDX-License-Identifier: Apache-2.0
"""The commands of the guide: a system signs with OpenSSL, checks the answer, and proves the call offline."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from support import gateway as world
from support.sources import ROOT
from yiwang.apps.gateway import public as gateway
from yiwang.apps.journal.public import close_days, seal_batch, seal_days
from yiwang.apps.journal.tests.sealer import Sealer
from yiwang.conf.cli import root

pytestmark = pytest.mark.django_db
GUIDE = ROOT / "docs" / "guides" / "gateway.md"


def commands() -> list[str]:
    """The commands of the guide: make a key; sign and send; check the answer."""
    found = re.findall(r"( *)```bash\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    assert len(found) == 3
    return [re.sub(rf"^{indent}", "", text, flags=re.M) for indent, text in found]


def shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a script says in a folder."""
    return subprocess.run(
        ["bash", "-c", "set -euo pipefail\n" + script],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


CURL = """curl() { : > sent.headers; while [ $# -gt 0 ]; do
  case $1 in -H) printf '%s\\n' "$2" >> sent.headers; shift ;; esac; shift; done; : > response.json; }
"""
"""In place of curl: what it would have sent is written into a file."""


def test_a_system_signs_checks_and_proves_with_openssl_alone(tmp_path: Path) -> None:
    make_key, send, check = commands()
    world.publish()
    world.connect(world.Memory({world.number(1): world.row_of(1)}))
    grant = world.grant()
    assert shell(make_key, tmp_path).returncode == 0
    client = gateway.register_client(world.ASKING_DATA, org=world.ASKER, name="餐饮许可审批系统")
    gateway.set_client_key(world.ASKING_DATA, client, (tmp_path / "system.pub").read_text())

    told = {"GRANT": grant, "PURPOSE": world.PURPOSE, "NUMBER": world.number(1), "CASE": "驻审1"}
    signed = shell(CURL + send + '\necho "$signature" > signature', tmp_path, GATEWAY="", **told)
    assert signed.returncode == 0, signed.stderr
    headers = dict(line.split(": ", 1) for line in (tmp_path / "sent.headers").read_text().splitlines())
    kind = headers.pop("Content-Type")
    body = (tmp_path / "request.json").read_bytes()
    answer = Client().post("/api/exchange/v1/query", body, content_type=kind, headers=headers)
    assert answer.status_code == 200, answer.content
    (tmp_path / "response.json").write_bytes(answer.content)
    lines = [f"HTTP/1.1 {answer.status_code} OK", *(f"{name}: {value}" for name, value in answer.items())]
    (tmp_path / "response.headers").write_text("\r\n".join(lines) + "\r\n")
    (tmp_path / "gateway.pub").write_text(gateway.system_public_pem())
    check = "signature=$(cat signature)\n" + check
    assert shell(check, tmp_path).returncode == 0
    (tmp_path / "response.json").write_bytes(answer.content.replace(b"81.5", b"91.5"))
    assert "答复被改动" in shell(check, tmp_path).stdout
    (tmp_path / "response.json").write_bytes(answer.content)
    prove(answer.json()["receipt"], tmp_path)


def prove(receipt: str, folder: Path) -> None:
    """The day is sealed; each side's bytes are held against the proof, altered ones are found."""
    kit = folder / "kit"
    seal_batch()
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        sealer = Sealer.make(timezone.now())
        close_days()
        early = CliRunner().invoke(root, ["exchange", "proof", receipt, "--to", str(kit)])
        assert early.exit_code != 0
        seal_days(sealer.press)
        done = CliRunner().invoke(root, ["exchange", "proof", receipt, "--to", str(kit)])
    assert done.exit_code == 0, done.output
    (kit / "root.pem").write_bytes(sealer.root.pem())
    assert shell("bash call.sh", kit).returncode != 0
    for name in ("request.json", "response.json"):
        (kit / name).write_bytes((folder / name).read_bytes())
    fine = shell("bash call.sh", kit)
    assert fine.returncode == 0, fine.stderr
    assert "相符：request.json\n相符：response.json\n相符" in fine.stdout
    for name in ("request.json", "response.json", "entry.json"):
        whole = (kit / name).read_bytes()
        (kit / name).write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
        assert shell("bash call.sh", kit).returncode != 0, name
        (kit / name).write_bytes(whole)
