# SPDX-License-Identifier: Apache-2.0
"""Files of this room that are not licences we sealed: sheets taken over, what samples were drawn from,
files that flowed back. Each in a folder of the data directory, locked, under its own SHA-256."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from yiwang.apps.vault.public import FolderLock
from yiwang.kernel.contents import ContentStore


def _in(folder: str) -> ContentStore:
    return ContentStore(lambda: Path(settings.DATA_DIR) / folder, FolderLock(folder))


SHEETS = _in("stock")
CANDIDATES = _in("samples")
RECEIVED = _in("received")
