# SPDX-License-Identifier: Apache-2.0
"""The life of a seal: its states, and the moves between them, once, as data.

Expiry is not kept: it follows from the certificate's dates (《办法》第十条).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


class State(Termed):
    """The state of a seal."""

    APPLIED = "applied", "待审核"
    REFUSED = "refused", "不予制发"
    WITHDRAWN = "withdrawn", "已撤回"
    APPROVED = "approved", "待生成密钥"
    KEYED = "keyed", "待制作"
    MADE = "made", "待备案"
    ACTIVE = "active", "有效"
    SUSPENDED = "suspended", "暂停使用"
    CANCELLED = "cancelled", "已注销"

    @property
    def is_final(self) -> bool:
        """Whether nothing follows."""
        return self in (State.REFUSED, State.WITHDRAWN, State.CANCELLED)


@dataclass(frozen=True)
class Move:
    """One legal move: its name, the official word, from where to where, and the article."""

    name: str
    term: str
    origins: tuple[State, ...]
    to: State
    article: str


_WAITING = (State.APPLIED, State.APPROVED, State.KEYED, State.MADE)
MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("approve", "审核同意", (State.APPLIED,), State.APPROVED, "第七条"),
        Move("refuse", "不予制发", (State.APPLIED,), State.REFUSED, "第七条"),
        Move("withdraw", "撤回申请", _WAITING, State.WITHDRAWN, "第八条"),
        Move("key", "生成密钥", (State.APPROVED,), State.KEYED, "第十一条"),
        Move("make", "制作", (State.KEYED,), State.MADE, "第九条"),
        Move("file", "备案", (State.MADE,), State.ACTIVE, "第六条"),
        Move("suspend", "暂停使用", (State.ACTIVE,), State.SUSPENDED, "第十四条"),
        Move("resume", "恢复使用", (State.SUSPENDED,), State.ACTIVE, "第十四条"),
        Move("cancel", "注销", (State.ACTIVE, State.SUSPENDED), State.CANCELLED, "第十四条"),
        Move("replace", "换领注销", (State.ACTIVE, State.SUSPENDED), State.CANCELLED, "第十三条"),
    )
}


def move(name: str, now: State) -> Move:
    """The move of this name from the state `now`. Raises Conflict for one that is not legal there."""
    found = MOVES[name]
    if now not in found.origins:
        raise Conflict(
            f"印章现在是“{now.term}”，不能{found.term}。", mend="可能已由别人办理，请刷新后看清最新状态。"
        )
    return found


def legal(now: State) -> tuple[Move, ...]:
    """The moves that are legal now."""
    return tuple(one for one in MOVES.values() if now in one.origins)


def expired(until: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the certificate, and so the seal, has run out (第十条)."""
    return until is not None and until <= now
