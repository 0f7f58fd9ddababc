# SPDX-License-Identifier: Apache-2.0
"""How a quality run (质量检查) and what it asks of the provider (整改) move."""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.errors import Conflict


class RunState(StrEnum):
    """How a run over a resource stands."""

    READING = "reading"
    DONE = "done"
    FAILED = "failed"

    @property
    def term(self) -> str:
        """In words."""
        return {"reading": "正在读取", "done": "已完成", "failed": "没有读成"}[self.value]


class TaskState(StrEnum):
    """How a mending (整改) stands: ordered by a run, said to be mended, confirmed by the next run."""

    OPEN = "open"
    MENDED = "mended"
    CONFIRMED = "confirmed"

    @property
    def term(self) -> str:
        """In words."""
        return {"open": "待整改", "mended": "已报整改，待复查", "confirmed": "复查合格"}[self.value]


_MOVES = {
    TaskState.OPEN: {TaskState.MENDED, TaskState.CONFIRMED},
    TaskState.MENDED: {TaskState.OPEN, TaskState.CONFIRMED},
    TaskState.CONFIRMED: set(),
}


def move_task(now: TaskState, to: TaskState) -> TaskState:
    """`to`, if a mending in state `now` may go there. Raises Conflict."""
    if to not in _MOVES[now]:
        raise Conflict(f"这项整改{now.term}，不能再这样办。", mend="请刷新页面，看清最新状态。")
    return to
