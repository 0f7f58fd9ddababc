# SPDX-License-Identifier: Apache-2.0
"""A backup holds the sealed files of licences, and says which of them were gone."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.workshop import PASSPHRASE, Workshop, open_workshop
from yiwang.apps.licences.public import seal_licences, stored_digests
from yiwang.conf.backup.archive import FOLDERS, Writer
from yiwang.conf.backup.contents import contents_among, named_contents

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    settings.DATA_DIR = tmp_path
    with open_workshop(tmp_path, monkeypatch) as found:
        yield found


def held(folder: Path) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(), mode="w") as tar:
        writer = Writer(tar)
        for name in FOLDERS:
            writer.add_folder(name, folder / name)
    return contents_among(writer.sums)


def test_sealed_files_are_in_a_backup_and_missed_when_they_are_gone(
    workshop: Workshop, tmp_path: Path
) -> None:
    one = workshop.issue("1")
    seal_licences(workshop.custodian, [one], seal=workshop.seal, use=workshop.use, passphrase=PASSPHRASE)
    named = {f"licences/{digest}" for digest in stored_digests()}
    assert len(named) == 3
    assert named_contents() == named
    assert named - held(tmp_path) == set()
    gone = sorted(named)[0]
    next(tmp_path.rglob(gone.partition("/")[2])).unlink()
    assert named_contents() - held(tmp_path) == {gone}
