# SPDX-License-Identifier: Apache-2.0
"""Where case volumes come from: the room of cases lies above this one, so `wiring.py` plugs it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Volumes = Callable[[int], Mapping[str, int]]
"""Year → cases handed in, by item."""

_source: list[Volumes] = []


def use_volumes(source: Volumes) -> None:
    """Set where case volumes come from (replaces what was set)."""
    _source[:] = [source]


def volumes_of(year: int) -> Mapping[str, int]:
    """Cases of a year by item; none known where nothing is plugged in."""
    return _source[0](year) if _source else {}
