# SPDX-License-Identifier: Apache-2.0
"""How a benefit found for somebody moves, from the match to the money: declared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Stated


class State(Stated):
    """How a claim stands."""

    NOTICED = "noticed", "待您确认", "系统比对后认为您符合条件，请确认并填写收款账户。"
    CONFIRMED = "confirmed", "已确认", "您已确认，等待安排公示或拨付。"
    SHOWN = "shown", "公示中", "名单正在公示，公示期满没有异议就拨付。"
    ORDERED = "ordered", "拨付中", "已通知财政拨付，等待到账回执。"
    PAID = "paid", "已到账", "财政已拨付，回执号见下。"
    DECLINED = "declined", "您已放弃", "您选择不享受这一项。"
    LAPSED = "lapsed", "不再符合", "再次比对时已不符合条件，没有拨付。"
    STOPPED = "stopped", "停止拨付", "公示期内有人提出异议并查实，没有拨付。"

    @property
    def is_open(self) -> bool:
        """Whether something will still happen."""
        return self in {move.frm for move in MOVES.values()}


@dataclass(frozen=True)
class Move:
    """One allowed change of state. `says`: what it means, for the log and the page."""

    frm: State
    to: State
    says: str


MOVES: Final = {
    "confirm": Move(State.NOTICED, State.CONFIRMED, "本人确认并填写账户"),
    "decline": Move(State.NOTICED, State.DECLINED, "本人放弃"),
    "lapse": Move(State.NOTICED, State.LAPSED, "再次比对不再符合"),
    "again": Move(State.LAPSED, State.NOTICED, "名单更正后重新符合"),
    "show": Move(State.CONFIRMED, State.SHOWN, "开始公示"),
    "order": Move(State.CONFIRMED, State.ORDERED, "通知财政拨付"),
    "order_shown": Move(State.SHOWN, State.ORDERED, "公示期满无异议，通知财政拨付"),
    "stop": Move(State.SHOWN, State.STOPPED, "公示异议成立，停止拨付"),
    "paid": Move(State.ORDERED, State.PAID, "财政回执：已到账"),
    "refused": Move(State.ORDERED, State.NOTICED, "财政退回，请重新填写账户"),
}
"""Name of a move → from where to where."""


def move(state: State, name: str) -> State:
    """The state after a move. Raises Conflict when the claim does not stand where the move begins."""
    wanted = MOVES[name]
    if state is not wanted.frm:
        raise Conflict(
            f"这一项现在是“{state.term}”，不能{wanted.says}。", mend="请刷新页面，按现在的状态办理。"
        )
    return wanted.to
