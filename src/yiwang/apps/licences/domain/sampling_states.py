# SPDX-License-Identifier: Apache-2.0
"""The states of one licence in a sample: checked, ordered to be mended, mended, closed."""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.errors import Conflict


class FindingState(StrEnum):
    """How far the check of one licence is."""

    TO_CHECK = "to_check"
    FINE = "fine"
    ORDERED = "ordered"  # 已责令整改
    MENDED = "mended"  # 发证单位报告已改
    CLOSED = "closed"

    @property
    def term(self) -> str:
        """The Chinese word."""
        return _TERMS[self.value]

    @property
    def is_unmended(self) -> bool:
        """Whether the issuing department still owes something."""
        return self is FindingState.ORDERED


_TERMS = {
    "to_check": "待检查",
    "fine": "没有问题",
    "ordered": "待整改",
    "mended": "已整改，待复核",
    "closed": "已复核办结",
}
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
