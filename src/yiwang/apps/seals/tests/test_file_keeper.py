# SPDX-License-Identifier: Apache-2.0
"""The file keeper keeps the contract of every keeper, and its own promises about files."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from unittest.mock import patch

import pytest

from yiwang.apps.seals.adapters.file_keeper import FileKeeper
from yiwang.apps.seals.domain.keeping import KeyLocked, WrongPassphrase
from yiwang.engines.sealing import PrivateKey
from yiwang.kernel.errors import Unavailable

from .keeper_contract import LIMITS, NEW, RIGHT, WRONG, KeeperContract


@pytest.fixture
def keeper(tmp_path: Path) -> FileKeeper:
    return FileKeeper(tmp_path / "own")


class TestFileKeeper(KeeperContract):
    """The contract."""


def test_the_file_is_ours_alone_and_encrypted(keeper: FileKeeper, tmp_path: Path) -> None:
    keeper.generate("k_1", RIGHT)
    path = tmp_path / "own" / "k_1.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert PrivateKey.from_pem(path.read_bytes(), RIGHT).public.point == keeper.public_key("k_1")


def test_a_crash_while_changing_leaves_the_old_passphrase(keeper: FileKeeper, tmp_path: Path) -> None:
    keeper.generate("k_1", RIGHT)
    full = patch.object(os, "replace", side_effect=OSError(28, "No space left on device"))
    with full, pytest.raises(Unavailable, match="写不进去"):
        keeper.change_passphrase("k_1", RIGHT, NEW, LIMITS)
    keeper.signer("k_1", RIGHT, LIMITS)
    assert not list((tmp_path / "own").glob(".new-*"))


def test_a_damaged_count_locks_rather_than_forgets(keeper: FileKeeper, tmp_path: Path) -> None:
    keeper.generate("k_1", RIGHT)
    (tmp_path / "own" / "k_1.tries").write_bytes(b"{")
    with pytest.raises(Unavailable, match="损坏"):
        keeper.signer("k_1", RIGHT, LIMITS)


def test_guesses_at_once_are_all_counted(keeper: FileKeeper) -> None:
    keeper.generate("k_1", RIGHT)
    seen: list[str] = []

    def guess() -> None:
        try:
            keeper.signer("k_1", WRONG, LIMITS)
        except (WrongPassphrase, KeyLocked) as error:
            seen.append(type(error).__name__)

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(seen) == ["KeyLocked"] * 5 + ["WrongPassphrase"] * 3
