# SPDX-License-Identifier: Apache-2.0
"""Stock OpenSSL, alone with the files of the kit, says what we say."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiwang.engines.sealing import SealingError, write_openssl_kit
from yiwang.engines.sealing.tests.samples import World
from yiwang.engines.sealing.tests.test_vectors import EXPECTED, FOLDER

W = World()
pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the system has no openssl: make test installs it"
)


def accepts(commands: list[str], directory: Path) -> bool:
    """Whether every command ends well, run as a citizen would."""
    return all(
        subprocess.run(command, shell=True, cwd=directory, capture_output=True, check=False).returncode == 0
        for command in commands
    )


def flipped(path: Path, at: int) -> Iterator[None]:
    """The file with one bit turned over, for as long as one looks."""
    kept = path.read_bytes()
    changed = bytearray(kept)
    changed[at % len(kept)] ^= 1
    path.write_bytes(changed)
    yield
    path.write_bytes(kept)


@pytest.fixture(scope="module", params=["seal", "signature"])
def kit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    """The commands and the folder of a kit."""
    folder = tmp_path_factory.mktemp("kit")
    data = W.seal() if request.param == "seal" else W.signature()
    return write_openssl_kit(data, folder), folder


def test_openssl_accepts(kit: tuple[list[str], Path]) -> None:
    commands, folder = kit
    assert accepts(commands, folder)


@pytest.mark.parametrize("what", ["signed", "signature"])
@pytest.mark.parametrize("at", [0, 7, -1])
def test_openssl_refuses_after_one_flipped_bit(kit: tuple[list[str], Path], what: str, at: int) -> None:
    commands, folder = kit
    for path in folder.glob(f"*.{what}.der"):
        for _ in flipped(path, at):
            assert not accepts(commands, folder)
    assert accepts(commands, folder)


@pytest.mark.parametrize("wrong", ["", "ALICE123@YAHOO.COM"])
def test_openssl_refuses_with_another_signer_id(kit: tuple[list[str], Path], wrong: str) -> None:
    commands, folder = kit
    assert not accepts([command.replace("1234567812345678", wrong) for command in commands], folder)


def test_a_kit_of_every_seal_that_others_made(tmp_path: Path) -> None:
    for name in EXPECTED:
        folder = tmp_path / name
        assert accepts(write_openssl_kit((FOLDER / name).read_bytes(), folder), folder), name


def test_there_is_no_kit_of_rubbish(tmp_path: Path) -> None:
    with pytest.raises(SealingError):
        write_openssl_kit(b"rubbish", tmp_path)
