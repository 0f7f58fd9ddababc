# SPDX-License-Identifier: Apache-2.0
"""`yiwang seal verify`: what it prints, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiwang.conf.cli_seal import group
from yiwang.engines.papers import seal_json
from yiwang.engines.sealing import Revoked, sign_document, sm3
from yiwang.engines.sealing.tests.samples import DOCUMENT, NOW, World

W = World()
AT = ["--at", NOW.isoformat()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A seal, a signature, its document and a folder of what is believed."""
    (tmp_path / "believed").mkdir()
    (tmp_path / "believed/root.pem").write_bytes(W.root.pem())
    (tmp_path / "believed/list.crl").write_bytes(W.crl().der)
    (tmp_path / "believed/README").write_text("not a certificate")
    (tmp_path / "seal.esl").write_bytes(W.seal())
    (tmp_path / "signature.dat").write_bytes(W.signature())
    (tmp_path / "document").write_bytes(DOCUMENT)
    (tmp_path / "revoked.der").write_bytes(W.crl(Revoked(W.holder.serial, NOW)).der)
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    """The command, run in the folder; names of files there stand for their paths."""
    given = [str(folder / word) if (folder / word).exists() else word for word in arguments]
    return CliRunner().invoke(group, ["verify", *given])


def test_a_seal_passes(folder: Path) -> None:
    result = run(folder, "seal.esl", "--trust", "believed", *AT)
    assert result.exit_code == 0, result.output
    assert "10. 通过　 印章有效期" in result.output
    assert result.output.rstrip().endswith("结论：通过。")


@pytest.mark.parametrize("how", [["--document", "document"], ["--digest", sm3(DOCUMENT).hex()]])
def test_a_signature_passes_with_its_document(folder: Path, how: list[str]) -> None:
    result = run(folder, "signature.dat", *how, "--trust", "believed", *AT)
    assert result.exit_code == 0, result.output


def test_a_signature_fails_with_another_document(folder: Path) -> None:
    result = run(folder, "signature.dat", "--document", "seal.esl", "--trust", "believed", *AT)
    assert result.exit_code == 1
    assert "结论：不通过，止于第 20 步“原文杂凑值”。" in result.output


def test_a_list_given_beside_the_folder_counts(folder: Path) -> None:
    arguments = ("signature.dat", "--document", "document", "--trust", "believed", "--crl", "revoked.der")
    result = run(folder, *arguments, *AT)
    assert result.exit_code == 1
    assert "签章者证书撤销状态" in result.output
    assert "未检查 原文杂凑值" in result.output


def test_without_trust_it_says_what_to_give(folder: Path) -> None:
    result = run(folder, "seal.esl", *AT)
    assert result.exit_code == 1
    assert "--trust" in result.output


def test_a_sealed_file_brings_its_document_along(folder: Path) -> None:
    def press(digest: bytes, about: str) -> bytes:
        return sign_document(
            seal=W.seal(),
            digest=digest,
            document_property=about,
            at=NOW,
            certificate=W.holder,
            signer=W.holder_key.sign,
        )

    sealed = seal_json('{"证照": "食品经营许可证"}'.encode(), press)
    (folder / "licence.json").write_bytes(sealed)
    (folder / "changed.json").write_bytes(sealed.replace("食品".encode(), "药品".encode()))
    assert run(folder, "licence.json", "--trust", "believed", *AT).exit_code == 0
    assert run(folder, "changed.json", "--trust", "believed", *AT).exit_code == 1
    assert run(folder, "licence.json", "--document", "document", *AT).exit_code == 2


def test_rubbish_is_refused_not_misused(folder: Path) -> None:
    (folder / "rubbish").write_bytes(b"rubbish")
    (folder / "cut.esl").write_bytes(W.seal()[:-1])
    for name in ("rubbish", "cut.esl"):
        assert run(folder, name, "--trust", "believed", *AT).exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["signature.dat"],
        ["signature.dat", "--digest", "abc"],
        ["signature.dat", "--digest", "00" * 32, "--document", "document"],
        ["seal.esl", "--document", "document"],
        ["seal.esl", "--at", "yesterday"],
        ["seal.esl", "--trust", "document"],
        ["no-such-file"],
    ],
    ids=" ".join,
)
def test_misuse_ends_with_two(folder: Path, arguments: list[str]) -> None:
    assert run(folder, *arguments).exit_code == 2
