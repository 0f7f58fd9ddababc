# SPDX-License-Identifier: Apache-2.0
"""How a request of a firm moves: raised, dispatched, answered, rated. One way; each state in one sentence."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from yiwang.kernel.errors import Conflict


class State(StrEnum):
    """How a request stands."""

    RAISED = "raised"
    HANDLING = "handling"
    REPLIED = "replied"
    CLOSED = "closed"

    @property
    def term(self) -> str:
        """In a few words."""
        return _TERMS[self][0]

    @property
    def sentence(self) -> str:
        """What it means for the firm."""
        return _TERMS[self][1]


_TERMS = {
    State.RAISED: ("待交办", "企业服务窗口已经收到，正在交给责任部门。"),
    State.HANDLING: ("办理中", "责任部门正在办理，会在期限内答复您。"),
    State.REPLIED: ("已答复", "责任部门已经答复，请告诉我们是否满意。"),
    State.CLOSED: ("已办结", "这件诉求已经办完。"),
}
_MOVES = {
    State.RAISED: {State.HANDLING},
    State.HANDLING: {State.RAISED, State.REPLIED},
    State.REPLIED: {State.CLOSED, State.HANDLING},
    State.CLOSED: set(),
}


class Part(StrEnum):
    """What a stretch of a request's clock is for."""

    DISPATCH = "dispatch"
    REPLY = "reply"

    @property
    def term(self) -> str:
        """In words."""
        return "交办" if self is Part.DISPATCH else "办理、答复"


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
