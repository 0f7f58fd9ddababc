# SPDX-License-Identifier: Apache-2.0
"""How a need of data moves: listed → matched → connected → in use → disputed → closed.

The states are derived from 豫政办〔2023〕22号 (need list → bureau → supplier, disputes) and
驻政办〔2022〕60号; neither gives days for a need.
"""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


class NeedState(Termed):
    """Where a need stands."""

    LISTED = "listed", "已列入清单"
    MATCHED = "matched", "已找到供给部门"
    CONNECTED = "connected", "已接通"
    IN_USE = "in_use", "使用中"
    DISPUTED = "disputed", "有争议"
    CLOSED = "closed", "已办结"


class Step(Termed):
    """What somebody does to a need."""

    MATCH = "match", "转给供给部门"
    CONNECT = "connect", "确认已接通"
    USE = "use", "开始使用"
    DISPUTE = "dispute", "提出争议"
    SETTLE = "settle", "争议已处理"
    CLOSE = "close", "办结"
    GRANTED = "granted", "凭授权接通"
    UNGRANTED = "ungranted", "授权结束，重新对接"


class Side(StrEnum):
    """Who takes a step: the department in need, the supplier, the data bureau."""

    USER = "user"
    SUPPLIER = "supplier"
    BUREAU = "bureau"


_S = NeedState
_MOVES: dict[Step, tuple[frozenset[NeedState], NeedState]] = {
    Step.MATCH: (frozenset({_S.LISTED, _S.MATCHED}), _S.MATCHED),
    Step.CONNECT: (frozenset({_S.MATCHED}), _S.CONNECTED),
    Step.USE: (frozenset({_S.CONNECTED}), _S.IN_USE),
    Step.DISPUTE: (frozenset({_S.MATCHED, _S.CONNECTED, _S.IN_USE}), _S.DISPUTED),
    Step.SETTLE: (frozenset({_S.DISPUTED}), _S.MATCHED),
    Step.CLOSE: (frozenset(set(_S) - {_S.CLOSED}), _S.CLOSED),
    Step.GRANTED: (frozenset({_S.LISTED, _S.MATCHED}), _S.CONNECTED),
    Step.UNGRANTED: (frozenset({_S.CONNECTED, _S.IN_USE}), _S.MATCHED),
}
_SIDES: dict[Step, frozenset[Side]] = {
    Step.MATCH: frozenset({Side.BUREAU}),
    Step.CONNECT: frozenset({Side.SUPPLIER, Side.BUREAU}),
    Step.USE: frozenset({Side.USER}),
    Step.DISPUTE: frozenset({Side.USER, Side.SUPPLIER}),
    Step.SETTLE: frozenset({Side.BUREAU}),
    Step.CLOSE: frozenset({Side.USER, Side.BUREAU}),
    Step.GRANTED: frozenset(),  # nobody's: it follows from a grant
    Step.UNGRANTED: frozenset(),
}
SAYS_WHY = frozenset({Step.DISPUTE, Step.SETTLE, Step.CLOSE})
"""Steps that need words: what is in dispute, how it was settled, why it is closed."""


def after(state: NeedState, step: Step, *, before_dispute: NeedState | None = None) -> NeedState:
    """The state after `step`. A settled dispute leads back to where the need stood before it.

    Raises Conflict when the step does not follow from the state.
    """
    from_, to = _MOVES[step]
    if state not in from_:
        raise Conflict(f"这条需求现在是“{state.term}”，不能“{step.term}”。", mend="请刷新页面看最新状态。")
    return (before_dispute or to) if step is Step.SETTLE else to


def steps_of(state: NeedState, sides: frozenset[Side]) -> tuple[Step, ...]:
    """What those on `sides` may do next."""
    return tuple(step for step in Step if state in _MOVES[step][0] and sides & _SIDES[step])


def serves(*, granted_for: str, needed_for: str) -> bool:
    """Whether a grant of the needed resource to the needing department is what the need asked for.
    Both: the item it is for, "" for none. A need of no item is served by any grant; one of an item only
    by a grant for this very item, as when the data are used (`active_grant`)."""
    return needed_for in ("", granted_for)
