# SPDX-License-Identifier: Apache-2.0
"""What a sample was drawn from, kept under its digest, so that it can be drawn again."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from yiwang.kernel.errors import NotFound


def keep_candidates(candidates: Iterable[tuple[str, int]]) -> str:
    """Keep (public id, weight) of every candidate; returns the SHA-256 of the lines."""
    lines = "".join(f"{one} {weight}\n" for one, weight in candidates).encode("ascii")
    digest = hashlib.sha256(lines).hexdigest()
    path = _place(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_suffix(f".{os.getpid()}.tmp")
        half.write_bytes(gzip.compress(lines, mtime=0))
        half.replace(path)
    return digest


def kept_candidates(digest: str) -> Iterator[tuple[str, int]]:
    """The candidates that were kept. Raises NotFound when they are gone or were altered."""
    path = _place(digest)
    try:
        lines = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise NotFound("抽查时的名单不在了，或者读不出来。", mend="请从备份恢复数据目录。") from error
    if hashlib.sha256(lines).hexdigest() != digest:
        raise NotFound("抽查时的名单被改动过。", mend="请从备份恢复数据目录，并查明原因。")
    for line in lines.decode("ascii").splitlines():
        one, _, weight = line.partition(" ")
        yield one, int(weight)


def _place(digest: str) -> Path:
    return Path(settings.DATA_DIR) / "samples" / f"{digest}.gz"
