# SPDX-License-Identifier: Apache-2.0
"""How an objection (数据异议) moves: raised, checked by the provider, corrected or answered, told whether
that settles it. One way; each state in one sentence."""

from __future__ import annotations

import datetime as dt

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Stated, Termed


class State(Stated):
    """How an objection stands."""

    CHECKING = (
        "checking",
        "核查中",
        "数据提供部门正在核查；核查期间，使用这项数据的部门会看到“有异议，核查中”。",
    )
    CORRECTED = "corrected", "已更正", "数据提供部门核实有误，已经更正。请告诉我们是否满意。"
    ANSWERED = "answered", "已答复", "数据提供部门核查后没有更正，理由写在答复里。请告诉我们是否满意。"
    CLOSED = "closed", "已办结", "这件异议已经办完。"


_MOVES = {
    State.CHECKING: {State.CORRECTED, State.ANSWERED},
    State.CORRECTED: {State.CLOSED, State.CHECKING},
    State.ANSWERED: {State.CLOSED, State.CHECKING},
    State.CLOSED: set(),
}


class Way(Termed):
    """How a correction reaches the provider's own records: nobody else writes into them."""

    OWN_SYSTEM = "own_system", "已在本部门业务系统中更正"
    MESSAGE = "message", "由平台发更正通知到本部门系统"


def number_of(day: dt.date, running: int) -> str:
    """The number to read out and to print: day and running number, `SJYY-20261122-00042`."""
    return f"SJYY-{day:%Y%m%d}-{running:05d}"


def move(now: State, to: State) -> State:
    """`to`, if an objection in state `now` may go there. Raises Conflict."""
    if to not in _MOVES[now]:
        raise Conflict(f"这件异议{now.term}，不能再这样办。", mend="请刷新页面，看清最新状态。")
    return to
