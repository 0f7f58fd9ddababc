# SPDX-License-Identifier: Apache-2.0
"""docs/formats/seal.md: its steps are the steps, and its commands do what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from yiwang.engines.sealing.tests.test_vectors import FOLDER
from yiwang.engines.sealing.verifying import DOCUMENT_STEP, SEAL_STEPS, SIGNATURE_STEPS

PAGE = (FOLDER.parents[2] / "docs/formats/seal.md").read_text(encoding="utf-8")
COMMANDS = re.search(r"```sh\n(.*?)```", PAGE, re.DOTALL)

NEEDS_OPENSSL = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the system has no openssl: make test installs it"
)


def rows(part: str) -> list[str]:
    """The Chinese first cells of the tables in a part."""
    return re.findall(r"^\| ([\u4e00-\u9fff]+) \|", part, re.MULTILINE)


def test_the_page_names_every_step_in_order() -> None:
    seal, signature = PAGE.split("A seal signature (`verify_signature`")
    assert rows(seal) == [name for name, _ in SEAL_STEPS]
    first = re.findall(r"[\u4e00-\u9fff]{2,}", signature.split("|")[0])
    steps = [name for name, _ in (*SIGNATURE_STEPS, DOCUMENT_STEP)]
    assert [*first, *rows(seal), *rows(signature)] == steps


@NEEDS_OPENSSL
@pytest.mark.parametrize("spoilt", ["", "document.xml", "signature-v4.dat", "root.pem"])
def test_the_commands_of_the_page(spoilt: str, tmp_path: Path) -> None:
    assert COMMANDS
    folder = Path(shutil.copytree(FOLDER, tmp_path / "seals"))
    if spoilt:
        changed = bytearray((folder / spoilt).read_bytes())
        changed[len(changed) // 2] ^= 1
        (folder / spoilt).write_bytes(changed)
    done = subprocess.run(
        ["/bin/sh", "-ec", COMMANDS[1]], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is (not spoilt), done.stderr


@NEEDS_OPENSSL
def test_without_the_signer_id_openssl_refuses(tmp_path: Path) -> None:
    assert COMMANDS
    folder = Path(shutil.copytree(FOLDER, tmp_path / "seals"))
    command = COMMANDS[1].replace("-pkeyopt distid:1234567812345678", "")
    done = subprocess.run(
        ["/bin/sh", "-ec", command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
