# SPDX-License-Identifier: Apache-2.0
"""Where the contents of uploads lie: `files` in the data directory, locked, each under its own SHA-256."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from yiwang.apps.vault.public import FolderLock
from yiwang.kernel.contents import ContentStore

_store = ContentStore(lambda: Path(settings.DATA_DIR) / "files", FolderLock("files"))
place_of, write, read = _store.place_of, _store.write, _store.read
remove, old_digests = _store.remove, _store.old_digests
