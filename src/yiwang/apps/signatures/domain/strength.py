# SPDX-License-Identifier: Apache-2.0
"""How surely it is known who acts: the way somebody logged in, and its level in the definitions.

The levels are settings (`auth-level-…`), so that a city that connects a stronger login names it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.engines.definitions.kinds import Setting
from yiwang.kernel.errors import NotAllowed

PREFIX = "auth-level-"
MINIMUM = "signature-auth-level"


@dataclass(frozen=True)
class Strength:
    """A way of logging in: its name in the definitions, its level (more is surer), its words."""

    method: str
    level: int
    term: str


def strength_of(settings: Mapping[str, Setting], method: str) -> Strength:
    """The strength of a way of logging in; one that the definitions do not name has level 0."""
    found = settings.get(f"{PREFIX}{method}")
    if found is None or not isinstance(found.value, int):
        return Strength(method, 0, "没有定级的登录方式")
    return Strength(method, found.value, found.name)


def require_strength(settings: Mapping[str, Setting], given: Strength) -> None:
    """Raise NotAllowed when the login is too weak to sign with; a missing minimum lets nobody sign."""
    minimum = settings.get(MINIMUM)
    if minimum is None or not isinstance(minimum.value, int) or given.level < minimum.value:
        mend = "请换用实名等级更高的方式登录，或带身份证到窗口签字。"
        raise NotAllowed(f"现在的登录方式（{given.term}）不能用来签名。", mend=mend)
