# SPDX-License-Identifier: Apache-2.0
"""How a letter of commitment stands and which way it may go; how a check stands; the ways of checking."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


class LetterState(Termed):
    """How a letter (承诺书) stands."""

    SIGNED = "signed", "已签，随申请一起提交"
    DROPPED = "dropped", "提交前已收回"
    COUNTED = "counted", "已承诺，视为已提供证明"
    WITHDRAWN = "withdrawn", "已撤回，按原程序办理"
    KEPT = "kept", "核查属实"
    UNTRUE = "untrue", "承诺不实"

    @property
    def stands(self) -> bool:
        """Whether it counts as the proof supplied (驻政办〔2021〕8号 L765)."""
        return self in (LetterState.COUNTED, LetterState.KEPT)

    @property
    def may_withdraw(self) -> bool:
        """Whether the applicant may still withdraw it, as far as the letter goes."""
        return LetterState.WITHDRAWN in _LEGAL[self]


_LEGAL: dict[LetterState, set[LetterState]] = {
    LetterState.SIGNED: {LetterState.COUNTED, LetterState.DROPPED},
    LetterState.DROPPED: set(),
    LetterState.COUNTED: {LetterState.WITHDRAWN, LetterState.KEPT, LetterState.UNTRUE},
    LetterState.WITHDRAWN: set(),
    LetterState.KEPT: {LetterState.UNTRUE},
    LetterState.UNTRUE: set(),
}


def changed(now: LetterState, to: LetterState) -> LetterState:
    """The new state. Raises Conflict for a way that a letter does not go."""
    if to not in _LEGAL[now]:
        raise Conflict(f"承诺书现在是“{now.term}”，不能改为“{to.term}”。", mend="请刷新页面，看清最新状态。")
    return to


class CheckState(Termed):
    """How a check (核查) stands."""

    DUE = "due", "待核查"
    EXEMPT = "exempt", "免于核查，实施日常监管"
    KEPT = "kept", "核查属实"
    UNTRUE = "untrue", "承诺不实"

    @property
    def is_open(self) -> bool:
        """Whether an officer may still conclude it; what is free of checks stays under daily supervision."""
        return self in (CheckState.DUE, CheckState.EXEMPT)


class Method(Termed):
    """How somebody looked, in the order of 驻政办〔2021〕8号 L777; daily supervision is beside it (L775)."""

    ONLINE = "online", "在线核查"
    SITE = "site", "现场核查"
    ASSISTANCE = "assistance", "协助核查"
    DAILY = "daily", "日常监管"


class Found(Termed):
    """What a look found."""

    TRUE = "true", "属实"
    UNTRUE = "untrue", "不实"
    UNCLEAR = "unclear", "这种方式查不清"


_ORDER = (Method.ONLINE, Method.SITE, Method.ASSISTANCE)


def require_turn(method: Method, unclear: Collection[Method]) -> None:
    """Raise Conflict when an earlier way was not tried first, or did find something.

    Args:
        unclear: the ways tried so far that could not settle it.
    """
    if method is Method.DAILY:
        return
    earlier: Sequence[Method] = _ORDER[: _ORDER.index(method)]
    for one in earlier:
        if one not in unclear:
            raise Conflict(
                f"要先{one.term}，查不清的才{method.term}。",
                mend=f"请先记下{one.term}的结果；不能用这种方式的，选“这种方式查不清”并写明原因。",
            )
