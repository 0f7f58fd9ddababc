# SPDX-License-Identifier: Apache-2.0
"""The states of one licence in a sample: checked, ordered to be mended, mended, closed."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


class FindingState(Termed):
    """How far the check of one licence is."""

    TO_CHECK = "to_check", "待检查"
    FINE = "fine", "没有问题"
    ORDERED = "ordered", "待整改"  # 已责令整改
    MENDED = "mended", "已整改，待复核"  # 发证单位报告已改
    CLOSED = "closed", "已复核办结"

    @property
    def is_unmended(self) -> bool:
        """Whether the issuing department still owes something."""
        return self is FindingState.ORDERED


_LEGAL = {
    FindingState.TO_CHECK: {FindingState.FINE, FindingState.ORDERED},
    FindingState.ORDERED: {FindingState.MENDED},
    FindingState.MENDED: {FindingState.CLOSED, FindingState.ORDERED},
    FindingState.FINE: set[FindingState](),
    FindingState.CLOSED: set[FindingState](),
}


def move(now: FindingState, to: FindingState) -> FindingState:
    """The new state. Raises Conflict for a step out of order."""
    if to not in _LEGAL[now]:
        mend = "请刷新页面，看看是不是别人已经办过了。"
        raise Conflict(f"这一件现在是“{now.term}”，不能改为“{to.term}”。", mend=mend)
    return to
