# SPDX-License-Identifier: Apache-2.0
"""What a sample was drawn from, kept under its digest, so that it can be drawn again."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator

from yiwang.kernel.errors import NotFound

from .kept import CANDIDATES


def keep_candidates(candidates: Iterable[tuple[str, int]]) -> str:
    """Keep (public id, weight) of every candidate; returns the SHA-256 they are kept under."""
    lines = "".join(f"{one} {weight}\n" for one, weight in candidates)
    return CANDIDATES.add(gzip.compress(lines.encode("ascii"), mtime=0))


def kept_candidates(digest: str) -> Iterator[tuple[str, int]]:
    """The candidates that were kept. Raises NotFound when they are gone or were altered."""
    packed = CANDIDATES.read(digest)
    if packed is None:
        raise NotFound("抽查时的名单不在了，或者被改动过。", mend="请从备份恢复数据目录，并查明原因。")
    lines = gzip.decompress(packed)
    for line in lines.decode("ascii").splitlines():
        one, _, weight = line.partition(" ")
        yield one, int(weight)
