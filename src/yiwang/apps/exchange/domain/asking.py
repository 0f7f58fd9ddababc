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


class State(StrEnum):
    """How a request stands."""

    ASKED = "asked"
    RETURNED = "returned"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"

    @property
    def term(self) -> str:
        """In one or two words."""
        return _WORDS[self][0]

    @property
    def sentence(self) -> str:
        """What it means, and who is to act."""
        return _WORDS[self][1]

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return not any(self in rule.start for rule in MOVES.values())


class Side(StrEnum):
    """Whose move it is."""

    ASKER = "asker"  # 数据使用部门
    PROVIDER = "provider"  # 数据提供部门


class Move(StrEnum):
    """What can be done with a request."""

    ASK = "ask"
    MEND = "mend"
    WITHDRAW = "withdraw"
    GRANT = "grant"
    RETURN = "return"

    @property
    def term(self) -> str:
        """What happened, in a history."""
        return {
            Move.ASK: "提出申请",
            Move.MEND: "修改后再次提出",
            Move.WITHDRAW: "撤回申请",
            Move.GRANT: "审核同意并授权",
            Move.RETURN: "退回使用部门",
        }[self]


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

_WORDS = {
    State.ASKED: ("待审核", "等数据提供部门审核。"),
    State.RETURNED: ("已退回", "使用部门可以修改后再次提出。"),
    State.GRANTED: ("已授权", "数据提供部门已经同意，授权已经生效。"),
    State.WITHDRAWN: ("已撤回", "使用部门撤回了申请。"),
}


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
