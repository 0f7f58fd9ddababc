# SPDX-License-Identifier: Apache-2.0
"""What departments report every year, and how a report moves: one way, each state in one sentence."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Stated, Termed


class Kind(Termed):
    """The two yearly reports."""

    SURVEY = "survey", "电子证照调查"  # 可用电子证照调查：本部门事项要哪些证照、出什么结果
    DECLARATION = "declaration", "免证可办事项申报"  # 免证可办事项申报：哪些事项的哪些证照不用交

    @property
    def list_term(self) -> str:
        """The list that is published from it."""
        return "可用电子证照清单" if self is Kind.SURVEY else "免证可办事项清单"


class State(Stated):
    """How a report stands."""

    DRAFT = "draft", "填报中", "部门正在填写，还没有报送。"
    SUBMITTED = "submitted", "待审核", "已报送，等同级数据管理部门审核。"
    RETURNED = "returned", "已退回", "审核没有通过，部门修改后再报。"
    REVIEWED = "reviewed", "已审核", "审核通过，等汇总。"
    MERGED = "merged", "已汇总", "已汇总进待发布的清单。"
    LISTED = "listed", "已列入清单", "已随清单发布。"

    @property
    def is_open(self) -> bool:
        """Whether the department may change it."""
        return self in (State.DRAFT, State.RETURNED)

    @property
    def is_handed_in(self) -> bool:
        """Whether the department has done its part."""
        return not self.is_open


_MOVES = {
    State.DRAFT: {State.SUBMITTED},
    State.SUBMITTED: {State.RETURNED, State.REVIEWED},
    State.RETURNED: {State.SUBMITTED},
    State.REVIEWED: {State.MERGED},
    State.MERGED: {State.LISTED},
    State.LISTED: set(),
}


def move(now: State, to: State) -> State:
    """The state after the move. Raises Conflict when it cannot be made."""
    if to not in _MOVES[now]:
        raise Conflict(f"这份填报{now.term}，不能改为“{to.term}”。", mend=f"{now.sentence}请刷新页面查看。")
    return to
