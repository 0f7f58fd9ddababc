# SPDX-License-Identifier: Apache-2.0
"""Contents on disk, each under its own SHA-256. No other name ever becomes a path."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NEW = ".new-"
_STALE = 24 * 3600  # seconds: no upload takes this long, so a half-written file this old is a crash's


def place_of(sha256: str) -> Path:
    """Where content with this digest lies. Raises ValueError for anything that is not a digest."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError("not a SHA-256 digest")
    return _root() / sha256[:2] / sha256[2:4] / sha256


def _root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def write(sha256: str, content: bytes) -> None:
    """Make sure the content is on the disk, whole, before this returns; a crash leaves no half file."""
    if read(sha256) is not None:
        return
    path = place_of(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=_NEW)  # readable by us alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync(folder)  # the names too must survive a power cut


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(sha256: str) -> bytes | None:
    """The content, or None when it is not there or no longer fits its digest."""
    try:
        content = place_of(sha256).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def remove(sha256: str) -> None:
    """Remove the content if it is there. The caller holds the lock on the digest."""
    place_of(sha256).unlink(missing_ok=True)


def old_digests(folder: str) -> Iterator[str]:
    """The digests of contents that have lain in one of the 256 folders (two hex digits) for a day or
    more. Half-written files that a crash left there are removed on the way."""
    for path in sorted((_root() / folder).glob("??/*")):
        if time.time() - path.stat().st_mtime <= _STALE:
            continue
        if _DIGEST.fullmatch(path.name):
            yield path.name
        elif path.name.startswith(_NEW):
            path.unlink(missing_ok=True)
