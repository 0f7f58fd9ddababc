# SPDX-License-Identifier: Apache-2.0
"""Where this room asks whether a clerk has an application in hand: it knows no applications itself.

`wiring.py` plugs the answer in once at start; until then nobody has any in hand.
"""

from __future__ import annotations

from collections.abc import Callable

from yiwang.kernel.actor import Actor

Judge = Callable[[Actor, str], bool]
_judges: list[Judge] = []


def judge_applications(judge: Judge) -> None:
    """Set who says whether an actor has an application in hand (replaces what was set)."""
    _judges[:] = [judge]


def in_hand(actor: Actor, application: str) -> bool:
    """Whether the actor may know of this application, and it is not finished."""
    return bool(_judges) and all(judge(actor, application) for judge in _judges)
