# SPDX-License-Identifier: Apache-2.0
"""Files locked at rest: what a folder of contents asks of us."""

from __future__ import annotations

from dataclasses import dataclass

from .domain.envelope import Altered
from .locking import decrypt, encrypt


@dataclass(frozen=True)
class FolderLock:
    """Locks the contents of one folder, each bound to the folder and its name (`kernel.contents.Lock`)."""

    folder: str

    def lock(self, name: str, content: bytes) -> bytes:
        """As it is written to the disk. Raises as `encrypt` does."""
        return encrypt(content, about=self._about(name))

    def unlock(self, name: str, stored: bytes) -> bytes | None:
        """The content, None when it was altered. Raises KeyMissing, Unavailable."""
        try:
            return decrypt(stored, about=self._about(name))
        except Altered:
            return None

    def _about(self, name: str) -> str:
        return f"{self.folder}/|{name}"
