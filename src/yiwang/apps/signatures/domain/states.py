# SPDX-License-Identifier: Apache-2.0
"""How a signature stands: it signs only while it is in force; what it signed before stays signed."""

from __future__ import annotations

import datetime as dt

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


class State(Termed):
    """The state of a signature at a moment."""

    ACTIVE = "active", "有效"
    EXPIRED = "expired", "已到期"
    REVOKED = "revoked", "已注销"


class Reason(Termed):
    """Why a signature is revoked."""

    REDRAWN = "redrawn", "重新申请，换新的签名"
    LEAKED = "leaked", "签名口令泄露或怀疑被盗用"
    NOT_WANTED = "not-wanted", "不再使用"


def state_at(now: dt.datetime, *, not_after: dt.datetime, revoked_at: dt.datetime | None) -> State:
    """The state at a moment; a revocation counts from its own moment on."""
    if revoked_at is not None and revoked_at <= now:
        return State.REVOKED
    return State.EXPIRED if now >= not_after else State.ACTIVE


def require_active(state: State) -> None:
    """Raise Conflict when the signature signs nothing any more."""
    if state is not State.ACTIVE:
        raise Conflict(
            f"您的电子签名{state.term}，不能再用来签名。", mend="请先重新申请电子签名，或到窗口签字。"
        )
