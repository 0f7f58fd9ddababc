# SPDX-License-Identifier: Apache-2.0
"""Contents on disk, each under its own SHA-256. No other name ever becomes a path."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

__all__ = ["ContentStore", "Lock"]

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NEW = ".new-"
_STALE = 24 * 3600  # seconds: no transaction takes this long, so what nobody names by then is a crash's


class Lock(Protocol):
    """How contents lie on the disk when they may not be read there."""

    def lock(self, name: str, content: bytes) -> bytes:
        """The bytes to write."""

    def unlock(self, name: str, stored: bytes) -> bytes | None:
        """The content again, None when the bytes were altered."""


class ContentStore:
    """A folder of contents. `root` is asked each time, so that a test may move the data directory.
    With a `lock` the names are still digests of the contents, the files are locked."""

    def __init__(self, root: Callable[[], Path], lock: Lock | None = None) -> None:
        self._root = root
        self._lock = lock

    def place_of(self, sha256: str) -> Path:
        """Where content with this digest lies. Raises ValueError for anything that is not a digest."""
        if not _DIGEST.fullmatch(sha256):
            raise ValueError("not a SHA-256 digest")
        return self._root() / sha256[:2] / sha256[2:4] / sha256

    def write(self, sha256: str, content: bytes) -> None:
        """Make sure the content is on the disk, whole, before this returns; a crash leaves no half file."""
        if self.read(sha256) is not None:
            return
        path = self.place_of(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=_NEW)  # readable by us alone
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._lock.lock(sha256, content) if self._lock else content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
            _sync(folder)  # the names too must survive a power cut

    def add(self, content: bytes) -> str:
        """Write the content under its digest, which is returned."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.write(sha256, content)
        return sha256

    def read(self, sha256: str) -> bytes | None:
        """The content, or None when it is not there or no longer fits its digest."""
        try:
            stored = self.place_of(sha256).read_bytes()
        except FileNotFoundError:
            return None
        content = self._lock.unlock(sha256, stored) if self._lock else stored
        if content is None:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def has(self, sha256: str) -> bool:
        """Whether there is a file for this digest; whether it fits is not looked at."""
        return self.place_of(sha256).is_file()

    def remove(self, sha256: str) -> None:
        """Remove the content if it is there. The caller holds the lock on the digest."""
        self.place_of(sha256).unlink(missing_ok=True)

    def old_digests(self, folder: str) -> Iterator[str]:
        """The digests of contents that have lain in one of the 256 folders (two hex digits) for a day or
        more. Half-written files that a crash left there are removed on the way."""
        for path in sorted((self._root() / folder).glob("??/*")):
            if time.time() - path.stat().st_mtime <= _STALE:
                continue
            if _DIGEST.fullmatch(path.name):
                yield path.name
            elif path.name.startswith(_NEW):
                path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
