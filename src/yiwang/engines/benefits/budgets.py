# SPDX-License-Identifier: Apache-2.0
"""Who is served from a limited sum: in order until it is used up, or everybody by the same share.

Pure and exact to the fen. Never more is given than there is; nobody is served before somebody who comes
first in the order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .settlement_kinds import Short


@dataclass(frozen=True)
class Ask:
    """Somebody who asks for `fen`. `rank`: the greater comes first; then who was there first, then by key."""

    key: str
    fen: int
    at: dt.datetime
    rank: Decimal = Decimal(0)


@dataclass(frozen=True)
class Served:
    """`given`: key → fen, in the order of service (0 is no payment). `waits`: keys, the next one first."""

    given: Mapping[str, int]
    waits: tuple[str, ...]
    left: int


def in_order(asks: Iterable[Ask]) -> list[Ask]:
    """The order of service."""
    return sorted(asks, key=lambda one: (-one.rank, one.at, one.key))


def serve(asks: Iterable[Ask], left: int, short: Short) -> Served:
    """Serve from what is left.

    QUEUE: whole amounts in order; the first one that does not fit waits, and so do all after it.
    SHARE: all at once; when it does not reach, each gets its part rounded down to the fen, and the fen that
    rounding leaves go one each to the largest remainders, in order among equals.

    Raises ValueError for an ask of less than one fen.
    """
    queue, there = in_order(asks), max(0, left)
    if any(one.fen < 1 for one in queue):
        raise ValueError("要拨付的金额至少是一分。")
    given = _by_order(queue, there) if short is Short.QUEUE else _by_share(queue, there)
    waits = tuple(one.key for one in queue if one.key not in given)
    return Served(given, waits, there - sum(given.values()))


def _by_order(queue: list[Ask], left: int) -> dict[str, int]:
    given: dict[str, int] = {}
    for one in queue:
        if one.fen > left:
            break
        given[one.key], left = one.fen, left - one.fen
    return given


def _by_share(queue: list[Ask], left: int) -> dict[str, int]:
    whole = sum(one.fen for one in queue)
    if whole <= left:
        return {one.key: one.fen for one in queue}
    given = {one.key: one.fen * left // whole for one in queue}
    over = left - sum(given.values())
    nearest = sorted(range(len(queue)), key=lambda at: (-(queue[at].fen * left % whole), at))
    for at in nearest[:over]:
        given[queue[at].key] += 1
    return given
