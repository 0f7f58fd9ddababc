# SPDX-License-Identifier: Apache-2.0
"""Does an answer count? Numbered steps; any doubt is an objection. It fails closed."""

from __future__ import annotations

from typing import Final

from yiwang.engines.evidence.model import Answer, Asked, Context, ProviderKind, Question, Standing

_ONLY_PROMISE: Final = frozenset({ProviderKind.EARLIER_STEP, ProviderKind.DEFERRED})
_MAY_PROMISE: Final = _ONLY_PROMISE | {ProviderKind.COMMITMENT}
_STANDINGS: Final = {
    Standing.EXPIRED: "已过有效期",
    Standing.SUSPENDED: "已暂停使用",
    Standing.REVOKED: "已撤销或注销",
    Standing.UNKNOWN: "无法确认是否有效",
}


def objection(answer: Answer, question: Question, kind: ProviderKind, context: Context) -> str | None:
    """Why an answer from a provider of `kind` does not count, in Chinese; None if it counts."""
    return (
        _wrong_way(answer, question, kind)  # 1
        or _not_standing(answer)  # 2
        or _out_of_time(answer, context)  # 3
        or _without_ground(answer)  # 4
        or _without_substance(answer, question)  # 5
    )


def _wrong_way(answer: Answer, question: Question, kind: ProviderKind) -> str | None:
    """1. The answer is of its provider's kind, and the item allows answers of that kind."""
    if answer.kind is not kind:
        return "答复的类型与来源不符"
    return None if kind in question.ways else f"此事项不允许以{kind.term}代替"


def _not_standing(answer: Answer) -> str | None:
    """2. It is valid; a promise is enough only from those who can promise."""
    if answer.standing is Standing.VALID:
        return "尚未产生，不能当作已有" if answer.kind in _ONLY_PROMISE else None
    if answer.standing is Standing.PROMISED:
        return None if answer.kind in _MAY_PROMISE else "来源没有给出现成的证据"
    return _STANDINGS.get(answer.standing, "无法确认是否有效")


def _out_of_time(answer: Answer, context: Context) -> str | None:
    """3. It was obtained by now, has begun to be valid and has not ended."""
    obtained = answer.obtained_at
    if obtained is None and (answer.kind.looks_up or answer.standing is Standing.VALID):
        return "没有取得时间"
    if obtained is not None and (obtained.tzinfo is None or obtained > context.at):
        return "取得时间不可信"
    if answer.valid_from is not None and answer.valid_from > context.on:
        return "尚未生效"
    if answer.valid_until is not None and answer.valid_until < context.on:
        return "已过有效期"
    return None


def _without_ground(answer: Answer) -> str | None:
    """4. It says where it comes from, and by which law or consent it may be used."""
    if not answer.source.strip():
        return "没有写明来源"
    needs_ground = answer.kind.looks_up or answer.kind is ProviderKind.COMMITMENT
    if needs_ground and not (answer.basis.strip() or answer.consent.strip()):
        return "没有法律依据，也没有本人同意"
    return None


def _without_substance(answer: Answer, question: Question) -> str | None:
    """5. What is in hand has a value (an element) or evidence (a material, a commitment)."""
    if answer.standing is Standing.PROMISED:
        promised_by_item = answer.kind is ProviderKind.EARLIER_STEP
        return "没有写明由哪个事项产生" if promised_by_item and not answer.evidence.strip() else None
    if question.asked is Asked.ELEMENT and answer.kind is not ProviderKind.COMMITMENT:
        return "没有给出值" if answer.value is None else None
    return None if answer.evidence.strip() else "没有证据编号"
