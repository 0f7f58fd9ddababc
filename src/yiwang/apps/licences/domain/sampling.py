# SPDX-License-Identifier: Apache-2.0
"""Draw a sample that anybody can draw again (质量抽查).

Weighted sampling without replacement after Efraimidis and Spirakis: each licence gets the key
-ln(u) / weight and the smallest keys are drawn. `u` comes from SHA-256 over the seed and the public
id, so the same seed, weights and size give the same sample whatever the order they are read in.
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.kernel.errors import Invalid

_BITS = 53  # of a float's mantissa


@dataclass(frozen=True)
class Weights:
    """How much a use and a complaint count beside 1 for every licence."""

    use: int
    complaint: int

    def of(self, uses: int, complaints: int) -> int:
        """The weight of one licence."""
        return 1 + self.use * uses + self.complaint * complaints


@dataclass(frozen=True)
class Drawn:
    """One licence of the sample, with the weight it was drawn by."""

    id: str
    weight: int


def draw(seed: str, candidates: Iterable[tuple[str, int]], *, size: int) -> list[Drawn]:
    """`size` of the candidates (id, weight ≥ 1), in the order drawn; all of them when there are fewer.

    Raises Invalid: no seed, a size below one, a weight below one.
    """
    if not seed.strip() or size < 1:
        raise Invalid("抽查要有随机种子，至少抽一件。", mend="请填写抽查件数。")
    return [Drawn(one, weight) for _, one, weight in heapq.nsmallest(size, _keyed(seed, candidates))]


def _keyed(seed: str, candidates: Iterable[tuple[str, int]]) -> Iterable[tuple[float, str, int]]:
    for one, weight in candidates:
        if weight < 1:
            raise Invalid("权重至少为一。", mend="请核对抽查权重的设置。")
        yield -math.log(_uniform(seed, one)) / weight, one, weight


def _uniform(seed: str, one: str) -> float:
    """A number above 0 and not above 1, from the seed and the id alone."""
    digest = hashlib.sha256(f"{seed}\n{one}".encode()).digest()
    whole: int = 1 + (int.from_bytes(digest[:8]) >> (64 - _BITS))
    return whole / float(1 << _BITS)
