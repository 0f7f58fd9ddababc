# SPDX-License-Identifier: Apache-2.0
"""How a request for data moves (数据使用申请): states, who may make which move, declared once.

D5 驻政办〔2022〕60号 (gb-2022-10 L475): the user department asks, the provider reviews, what does not
fit goes back to the asker with the reason, who may mend it and ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.termed import Stated, Termed


class State(Stated):
    """How a request stands."""

    ASKED = "asked", "待审核", "等数据提供部门审核。"
    RETURNED = "returned", "已退回", "使用部门可以修改后再次提出。"
    GRANTED = "granted", "已授权", "数据提供部门已经同意，授权已经生效。"
    WITHDRAWN = "withdrawn", "已撤回", "使用部门撤回了申请。"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return not any(self in rule.start for rule in MOVES.values())


class Side(StrEnum):
    """Whose move it is."""

    ASKER = "asker"  # 数据使用部门
    PROVIDER = "provider"  # 数据提供部门


class Move(Termed):
    """What can be done with a request."""

    ASK = "ask", "提出申请"
    MEND = "mend", "修改后再次提出"
    WITHDRAW = "withdraw", "撤回申请"
    GRANT = "grant", "审核同意并授权"
    RETURN = "return", "退回使用部门"


@dataclass(frozen=True)
class Rule:
    """One move: from which states (empty: it begins a request), to which, by whom, with a reason or not."""

    start: frozenset[State]
    to: State
    by: Side
    needs_reason: bool = False


MOVES: Mapping[Move, Rule] = {
    Move.ASK: Rule(frozenset(), State.ASKED, Side.ASKER),
    Move.MEND: Rule(frozenset({State.RETURNED}), State.ASKED, Side.ASKER),
    Move.WITHDRAW: Rule(frozenset({State.ASKED, State.RETURNED}), State.WITHDRAWN, Side.ASKER),
    Move.GRANT: Rule(frozenset({State.ASKED}), State.GRANTED, Side.PROVIDER),
    Move.RETURN: Rule(frozenset({State.ASKED}), State.RETURNED, Side.PROVIDER, needs_reason=True),
}
"""The whole state machine."""


def begun() -> State:
    """The state of a request that was just made."""
    return MOVES[Move.ASK].to


def after(now: State, move: Move, *, reason: str = "") -> State:
    """The state after a move.

    Raises Conflict when it cannot be made from here, Invalid when its reason is missing.
    """
    rule = MOVES[move]
    if now not in rule.start:
        raise Conflict(
            f"这份申请{now.term}，不能再{move.term}。", mend=f"{now.sentence}请刷新页面，看最新情况。"
        )
    if rule.needs_reason and not reason.strip():
        raise Invalid("退回要写明原因。", mend="写清楚哪一条不符合共享要求、怎样改就可以。", field="words")
    return rule.to


def possible(now: State, side: Side) -> list[Move]:
    """The moves that one side can make now."""
    return [move for move, rule in MOVES.items() if now in rule.start and rule.by is side]
