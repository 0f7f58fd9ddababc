# SPDX-License-Identifier: Apache-2.0
"""Use of a seal only after approval (《办法》第十二条): what an approved request covers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


class Scope(Termed):
    """What a use request asks for."""

    ONE = "one", "一份文书"
    DECIDED = "decided", "办件核发的证照"
    STOCK = "stock", "存量转换的证照"
    SYSTEM = "system", "系统自动用印"

    @property
    def is_standing(self) -> bool:
        """Whether it covers many documents until a day."""
        return self is not Scope.ONE


class UseState(Termed):
    """The state of a use request. That it is used up or past its day follows from its figures."""

    REQUESTED = "requested", "待审批"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"
    ENDED = "ended", "已收回"


_MOVES = {
    "approve": ("同意用印", UseState.REQUESTED, UseState.APPROVED),
    "refuse": ("不同意用印", UseState.REQUESTED, UseState.REFUSED),
    "withdraw": ("撤回申请", UseState.REQUESTED, UseState.WITHDRAWN),
    "end": ("收回", UseState.APPROVED, UseState.ENDED),
}


def move_use(name: str, now: UseState) -> UseState:
    """The state after a move. Raises Conflict for one that is not legal."""
    term, origin, to = _MOVES[name]
    if now is not origin:
        raise Conflict(f"这份用印申请现在是“{now.term}”，不能{term}。", mend="请刷新后看清最新状态。")
    return to


@dataclass(frozen=True)
class Approval:
    """An approved request as the rule sees it. `limit`: how many documents; `taken`: how many had it."""

    state: UseState
    scope: Scope
    document: str
    material: str
    until: dt.date
    limit: int
    taken: int


@dataclass(frozen=True)
class Sheet:
    """A document that is about to be sealed."""

    about: str
    material: str = ""
    case: str = ""
    pressed_before: int = 0
    """How many impressions it already has under this approval."""


def objection(approval: Approval, sheet: Sheet, *, today: dt.date, per_document: int) -> str:
    """Why this document may not be sealed under this approval; "" when it may.

    Args:
        per_document: how many impressions one document may have (setting `seal-presses-per-document`).
    """
    return _general(approval, today) or _about(approval, sheet) or _count(approval, sheet, per_document)


def _general(approval: Approval, today: dt.date) -> str:
    if approval.state is not UseState.APPROVED:
        return f"用印申请是“{approval.state.term}”，没有经过批准"
    if today > approval.until:
        return "批准的用印期限已经过了"
    return ""


def _about(approval: Approval, sheet: Sheet) -> str:
    if not sheet.about:
        return "没有写明用在哪一份文书上"
    if approval.scope in (Scope.ONE, Scope.SYSTEM):
        return "" if sheet.about == approval.document else "这不是批准用印的那一份文书"
    if sheet.material != approval.material:
        return "这种证照不在批准用印的范围内"
    if approval.scope is Scope.DECIDED and not sheet.case:
        return "批准的是办件核发的证照，这一件没有对应的办件"
    return ""


def _count(approval: Approval, sheet: Sheet, per_document: int) -> str:
    if approval.scope is Scope.SYSTEM:
        return "" if approval.taken < approval.limit else f"批准的 {approval.limit} 次已经用完"
    if sheet.pressed_before >= per_document:
        return f"这份文书已经盖过 {sheet.pressed_before} 次"
    if not sheet.pressed_before and approval.taken >= approval.limit:
        return f"批准的 {approval.limit} 份已经用完"
    return ""
