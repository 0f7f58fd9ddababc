# SPDX-License-Identifier: Apache-2.0
"""How a request of a firm moves: raised, dispatched, answered, rated. One way; each state in one sentence."""

from __future__ import annotations

import datetime as dt

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Stated, Termed


class State(Stated):
    """How a request stands."""

    RAISED = "raised", "待交办", "企业服务窗口已经收到，正在交给责任部门。"
    HANDLING = "handling", "办理中", "责任部门正在办理，会在期限内答复您。"
    REPLIED = "replied", "已答复", "责任部门已经答复，请告诉我们是否满意。"
    CLOSED = "closed", "已办结", "这件诉求已经办完。"


_MOVES = {
    State.RAISED: {State.HANDLING},
    State.HANDLING: {State.RAISED, State.REPLIED},
    State.REPLIED: {State.CLOSED, State.HANDLING},
    State.CLOSED: set(),
}


class Part(Termed):
    """What a stretch of a request's clock is for."""

    DISPATCH = "dispatch", "交办"
    REPLY = "reply", "办理、答复"


def move(now: State, to: State) -> State:
    """`to`, if a request in state `now` may go there. Raises Conflict."""
    if to not in _MOVES[now]:
        raise Conflict(f"这件诉求{now.term}，不能再这样办。", mend="请刷新页面，看清最新状态。")
    return to


def number_of(year: int, running: int) -> str:
    """The number a firm is told: QS-2026-000042."""
    return f"QS-{year}-{running:06d}"


def series_of(day: dt.date) -> str:
    """The series numbers are taken from: one a year."""
    return str(day.year)
