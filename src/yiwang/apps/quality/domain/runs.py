# SPDX-License-Identifier: Apache-2.0
"""How a quality run (质量检查) and what it asks of the provider (整改) move."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


class RunState(Termed):
    """How a run over a resource stands."""

    READING = "reading", "正在读取"
    DONE = "done", "已完成"
    FAILED = "failed", "没有读成"


class TaskState(Termed):
    """How a mending (整改) stands: ordered by a run, said to be mended, confirmed by the next run."""

    OPEN = "open", "待整改"
    MENDED = "mended", "已报整改，待复查"
    CONFIRMED = "confirmed", "复查合格"


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
