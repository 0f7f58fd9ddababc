# SPDX-License-Identifier: Apache-2.0
"""The data-sharing opinion on a government IT project (政务信息化项目): how it moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Stated, Termed


class State(Stated):
    """How a project stands with the opinion."""

    REGISTERED = "registered", "待出具意见", "已登记，等数据共享主管部门出具意见。"
    PASSED = "passed", "符合数据共享要求", "可以按程序审批建设、安排运维经费。"
    FAILED = "failed", "不符合数据共享要求", "不予审批建设项目，不予安排运维经费；整改后可以重新报。"


_MOVES = {
    State.REGISTERED: {State.REGISTERED, State.PASSED, State.FAILED},
    State.FAILED: {State.REGISTERED},
    State.PASSED: set(),
}


def move(now: State, to: State) -> State:
    """The state after the move. Raises Conflict when it cannot be made."""
    if to not in _MOVES[now]:
        raise Conflict(f"这个项目{now.term}，不能再改。", mend=f"{now.sentence}请刷新页面查看。")
    return to


class Stage(Termed):
    """What the money is asked for."""

    NEW = "new", "新建"
    UPGRADE = "upgrade", "改造升级"
    OPERATION = "operation", "运行维护"


@dataclass(frozen=True)
class NewProject:
    """A project as its department registers it. `facts`: element id → answer, what the gate asks."""

    name: str
    org: str
    stage: Stage
    year: int
    money: int  # fen
    summary: str
    facts: Mapping[str, bool]


@dataclass(frozen=True)
class Opinion:
    """An opinion that was given: with which reasons, upon which answers, by which release's rules."""

    state: State
    reasons: tuple[tuple[str, str], ...]
    facts: Mapping[str, bool]
    words: str
    release: str
    given_at: dt.datetime
    given_by: str
