# SPDX-License-Identifier: Apache-2.0
"""What a run has read: one file per page, locked with the keys of the house, gone when the run ends.

A page is written whole or not at all (a name changes last); which pages count is in the run's row, so
that a page written by a worker that died before it said so is written again over the old one.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from yiwang.apps.vault.public import decrypt, encrypt


def folder_of(run: str) -> Path:
    """Where the pages of a run lie."""
    return Path(settings.DATA_DIR) / "quality" / run


def write_page(run: str, resource: str, number: int, table: Any) -> None:
    """Keep a page (a `pyarrow.Table`)."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    folder = folder_of(run)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _path(run, resource, number)
    fresh = path.with_suffix(".new")
    with open(fresh, "wb", opener=_private) as out:
        out.write(encrypt(buffer.getvalue(), about=_about(run, resource, number)))
    fresh.replace(path)


def pages(run: str, resource: str, count: int) -> Iterator[Any]:
    """The first `count` pages of a resource, in order. Raises FileNotFoundError, Sealed."""
    import pyarrow.parquet as pq

    for number in range(count):
        whole = _path(run, resource, number).read_bytes()
        yield pq.read_table(io.BytesIO(decrypt(whole, about=_about(run, resource, number))))


def remove_pages(run: str) -> None:
    """All pages of a run, gone for good."""
    shutil.rmtree(folder_of(run), ignore_errors=True)


def runs_with_pages() -> list[str]:
    """The runs that have pages lying here."""
    root = Path(settings.DATA_DIR) / "quality"
    return sorted(one.name for one in root.iterdir()) if root.is_dir() else []


def _path(run: str, resource: str, number: int) -> Path:
    return folder_of(run) / f"{resource}-{number:06d}.page"


def _about(run: str, resource: str, number: int) -> str:
    return f"quality:{run}:{resource}:{number}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
