# SPDX-License-Identifier: Apache-2.0
"""Rooms above may refuse to have a release put in force; `wiring.py` plugs them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor

Guard = Callable[[Actor, Catalogue | None, Catalogue], None]
"""(who publishes, what is in force, what is about to be) → nothing; raises Conflict to refuse. It runs in the
transaction of the publication and may write down that it happened."""

_guards: list[Guard] = []


def use_publication_guards(*guards_: Guard) -> None:
    """Set who is asked before a release is put in force (replaces what was set)."""
    _guards[:] = guards_


def guards() -> Sequence[Guard]:
    """Who is asked, in order."""
    return tuple(_guards)
