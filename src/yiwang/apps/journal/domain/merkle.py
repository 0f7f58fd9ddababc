# SPDX-License-Identifier: Apache-2.0
"""A tree of digests (RFC 6962, section 2.1, with SM3): one root stands for many leaves, and a short
path shows that a leaf is under it.

A leaf is hashed behind a 0x00, a node behind a 0x01, so that neither passes for the other; n > 1
leaves are split at the largest power of two below n; no leaves have the root SM3("").
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_SM3 = hashlib.new("sm3")


def sm3(data: bytes) -> bytes:
    """The SM3 digest (GB/T 32905), 32 bytes."""
    total = _SM3.copy()  # cheaper than asking for the algorithm by name each time
    total.update(data)
    return total.digest()


def from_hex(text: str) -> bytes:
    """The bytes of a hexadecimal digest; of anything else, bytes that are no digest."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode()


def leaf_hash(data: bytes) -> bytes:
    """What a leaf counts as in the tree."""
    return sm3(b"\x00" + data)


def node_hash(left: bytes, right: bytes) -> bytes:
    """What two neighbours count as together."""
    return sm3(b"\x01" + left + right)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaves (their data, not hashes), read once; memory grows with their logarithm."""
    peaks: list[bytes] = []  # of full subtrees, larger ones first
    for count, leaf in enumerate(leaves, start=1):
        peaks.append(leaf_hash(leaf))
        for _ in range((count & -count).bit_length() - 1):  # subtrees that this leaf fills up
            right = peaks.pop()
            peaks.append(node_hash(peaks.pop(), right))
    if not peaks:
        return sm3(b"")
    total = peaks.pop()
    while peaks:
        total = node_hash(peaks.pop(), total)
    return total


@dataclass(frozen=True)
class Step:
    """A neighbour on the way up: `left` when it stands to the left."""

    left: bool
    digest: bytes


def path_of(leaves: Sequence[bytes], index: int) -> list[Step]:
    """The neighbours from leaf `index` up to the root. Raises IndexError when there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, at, steps = [leaf_hash(leaf) for leaf in leaves], index, []
    while len(level) > 1:
        other = at ^ 1
        if other < len(level):
            steps.append(Step(other < at, level[other]))
        level, at = list(_paired(level)), at // 2
    return steps


def _paired(level: Sequence[bytes]) -> Iterator[bytes]:
    """The next level; a last one without neighbour rises as it is, which is where RFC 6962 splits."""
    for n in range(0, len(level) - 1, 2):
        yield node_hash(level[n], level[n + 1])
    if len(level) % 2:
        yield level[-1]


def climb(leaf: bytes, steps: Iterable[Step]) -> bytes:
    """The root that a leaf and its path lead to."""
    total = leaf_hash(leaf)
    for step in steps:
        total = node_hash(step.digest, total) if step.left else node_hash(total, step.digest)
    return total
