# SPDX-License-Identifier: Apache-2.0
"""The files of deliveries on the disk: locked by the vault, each under a name nobody else uses."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from yiwang.apps.vault.public import decrypt, encrypt
from yiwang.kernel.late import Late

from .domain.deliveries import sha256

pa: Any = Late("pyarrow")

_STALE = 3600  # seconds: nobody takes so long between writing a file and naming it
_NAME = re.compile(r"[a-z0-9_]{1,40}")


class Stored(Protocol):
    """What is known of a stored file: where it lies, how long it is and what its digest is, unpacked."""

    place: str
    size: int
    digest: str


def store(batch: str, number: int, data: bytes) -> str:
    """Pack and lock the bytes and make sure they are on the disk; returns the name they lie under."""
    folder = _folder(batch)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{number:06d}_{secrets.token_hex(8)}"
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        packed = pa.Codec("zstd", compression_level=1).compress(data, asbytes=True)
        file.write(encrypt(packed, about=f"batch {batch} {number}"))
        file.flush()
        os.fsync(file.fileno())
    for one in (folder, folder.parent):
        _sync(one)
    return name


def load(batch: str, number: int, stored: Stored) -> bytes | None:
    """The bytes again; None when they are not there or are not what was stored. Raises what the vault
    raises when they do not open."""
    path = _folder(batch) / _checked(stored.place)
    try:
        packed = decrypt(path.read_bytes(), about=f"batch {batch} {number}")
    except FileNotFoundError:
        return None
    data: bytes = pa.Codec("zstd").decompress(packed, decompressed_size=stored.size, asbytes=True)
    return data if sha256(data) == stored.digest else None


def remove(batch: str, name: str) -> None:
    """Remove one file, if it is there."""
    (_folder(batch) / _checked(name)).unlink(missing_ok=True)


def keep_only(batch: str, names: Collection[str]) -> None:
    """Remove what a killed worker left behind: old files that no part names. A young one may be another
    worker's, which is about to be named."""
    folder = _folder(batch)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in names and time.time() - path.stat().st_mtime > _STALE:
            path.unlink(missing_ok=True)


def remove_all(batch: str) -> None:
    """Remove every file of a delivery."""
    shutil.rmtree(_folder(batch), ignore_errors=True)


def _folder(batch: str) -> Path:
    return Path(settings.DATA_DIR) / "batches" / _checked(batch)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("not a name of ours")
    return name


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
