# SPDX-License-Identifier: Apache-2.0
"""What is written out checks with stock OpenSSL, and one flipped byte anywhere is refused."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from support.workshop import PASSPHRASE, SYSTEM, Workshop, open_workshop
from yiwang.apps.journal.public import looks_at
from yiwang.apps.licences.models import Licence
from yiwang.apps.licences.public import Standing, change_standing, file_of, seal_licences
from yiwang.apps.seals.public import trust
from yiwang.conf.cli_licence import group
from yiwang.kernel.errors import Conflict, NotFound, YiwangError

pytestmark = pytest.mark.django_db
_BLOCK = re.compile(r"^([^\n]+)：\n\n```sh\n(.*?)```", re.MULTILINE | re.DOTALL)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(group, list(arguments))
    if isinstance(done.exception, YiwangError):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def workshop(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    settings.DATA_DIR = tmp_path
    with open_workshop(tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
def sealed(workshop: Workshop) -> str:
    public_id = workshop.issue("豫YC-2026-001")
    seal_licences(
        workshop.custodian, [public_id], seal=workshop.seal, use=workshop.use, passphrase=PASSPHRASE
    )
    return public_id


@pytest.fixture
def kit(sealed: str, tmp_path: Path) -> Path:
    code, said = run("export", "豫YC-2026-001", "--to", str(tmp_path / "kit"), "--purpose", "法院调取")
    assert code == 0, said
    return tmp_path / "kit"


def checks(kit: Path) -> dict[str, bool]:
    """The blocks of CHECK.md, each run as it is written: which of them pass."""
    found = {}
    for number, (_, commands) in enumerate(_BLOCK.findall((kit / "CHECK.md").read_text(encoding="utf-8"))):
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", commands],
            cwd=kit,
            capture_output=True,
            text=True,
            check=False,
        )
        found[f"{number}: {commands.splitlines()[0]}"] = done.returncode == 0
    return found


def test_the_commands_of_the_page_accept_what_was_sealed(kit: Path, workshop: Workshop) -> None:
    results = checks(kit)
    assert len(results) == 9
    assert all(results.values()), results
    (look, *_) = looks_at(workshop.holder)
    assert (look["purpose"], look["action"]) == ("法院调取", "licence.look")
    for path in kit.rglob("*.pem"):
        assert path.with_name(path.name.replace(".pem", ".der")).exists() or path.name.endswith(".key.pem")


@pytest.mark.parametrize(
    "victim",
    [
        "licence.pdf",
        "licence.json",
        "pdf/document.signed.der",
        "pdf/document.signature.der",
        "pdf/seal.signed.der",
        "pdf/seal.signature.der",
        "pdf/document.pdf.protected",
        "ofd/Signature.xml",
        "ofd/00-*",
        "json/document.json",
    ],
)
def test_one_flipped_byte_is_refused(kit: Path, tmp_path: Path, victim: str) -> None:
    bad = shutil.copytree(kit, tmp_path / "bad")
    (path,) = bad.glob(victim)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    assert not all(checks(bad).values())


def test_nothing_is_written_over_and_what_is_not_there_is_told(kit: Path, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="没有覆盖"):
        run("export", "豫YC-2026-001", "--to", str(kit), "--purpose", "x")
    with pytest.raises(NotFound):
        run("export", "没有", "--to", str(tmp_path / "new"), "--purpose", "x")
    assert not (tmp_path / "new").exists()


def test_a_file_is_checked_step_by_step_with_and_without_the_database(sealed: str, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(b"".join(one.pem() for one in (*trust().anchors, *trust().intermediates)))
    lists = [tmp_path / f"{n}.crl" for n, _ in enumerate(trust().crls)]
    for path, crl in zip(lists, trust().crls, strict=True):
        path.write_bytes(crl.der)
    given = [word for path in lists for word in ("--crl", str(path))]
    for form in ("pdf", "ofd", "json"):
        path = tmp_path / f"x.{form}"
        path.write_bytes(file_of(sealed, form))
        code, said = run("verify", str(path))
        assert code == 0, said
        assert "证照现在的状态：有效" in said
        code, said = run("verify", str(path), "--trust", str(root), *given)
        assert code == 0, said
        assert "请扫证照上的二维码" in said
        code, said = run("verify", str(path), "--trust", str(root), *given, "--at", "2000-01-01T00:00")
        assert code == 1
        assert "不通过" in said
    path.write_bytes(path.read_bytes().replace(b"licence", b"licenze"))
    code, said = run("verify", str(path))
    assert code == 1
    assert "查不到它现在的状态" in said
    assert run("verify", str(path), "--at", "2000-01-01")[0] == 2
    change_standing(SYSTEM, sealed, Standing.REVOKED, reason="x")
    path.write_bytes(file_of(sealed, "pdf"))
    assert "证照现在的状态：撤销" in run("verify", str(path))[1]


def test_the_audit_ends_with_one_when_a_row_was_changed(sealed: str) -> None:
    assert run("audit", "--files") == (0, "日志完好，证照与日志一致，签章文件都在。\n")
    Licence.objects.update(number="别的号")
    code, said = run("audit")
    assert code == 1
    assert sealed in said
