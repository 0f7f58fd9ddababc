# SPDX-License-Identifier: Apache-2.0
"""Every input is a question to which there may already be an answer: ask the places in order.

1. Questions about the same thing of the same subject become one.
2. Providers are asked in the fixed order of :class:`ProviderKind`, each once, in one batch, only
   for what is still open and may be answered that way.
3. Each look into kept data is logged before its answer is used; if the log refuses, nothing is
   used. What somebody promises or gives is no look.
4. An answer counts only if the judge has no objection; otherwise the next place is asked.
5. What nobody answers, the applicant is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from yiwang.engines.evidence.judge import objection
from yiwang.engines.evidence.model import (
    Answer,
    Context,
    Look,
    LookOutcome,
    Provider,
    ProviderKind,
    Question,
    QuestionKey,
    Refusal,
    Resolution,
)
from yiwang.kernel.errors import Invalid


class Resolver:
    """Asks `providers` in the fixed order, whatever order they are given in; logs the looks.

    Raises Invalid when a provider's kind is none of the seven.
    """

    def __init__(self, providers: Iterable[Provider], log: Callable[[Look], None]) -> None:
        given = tuple(providers)
        for provider in given:
            if not isinstance(provider.kind, ProviderKind):
                raise Invalid(f"“{provider.name}”不是已知的来源类型。", mend="请使用七种来源类型之一。")
        self._providers = tuple(sorted(given, key=lambda each: (each.kind.rank, each.order)))
        self._log = log

    def with_providers(self, more: Iterable[Provider]) -> Resolver:
        """A resolver that asks `more` too and keeps the log. Raises Invalid as this one did."""
        return Resolver((*self._providers, *more), self._log)

    def resolve(self, questions: Iterable[Question], context: Context) -> Mapping[QuestionKey, Resolution]:
        """Resolve each question, in the order first asked. Raises only what the log raises."""
        found = {question.key: Resolution(question) for question in merged(questions)}
        for provider in self._providers:
            open_questions = [
                each.question
                for each in found.values()
                if each.answer is None and provider.kind in each.question.ways
            ]
            if open_questions:
                self._ask(provider, open_questions, found, context)
        return found

    def _ask(
        self,
        provider: Provider,
        questions: Sequence[Question],
        found: dict[QuestionKey, Resolution],
        context: Context,
    ) -> None:
        try:
            answers = _checked(provider.answer(questions, context))
            failure = ""
        except Exception as error:  # whatever a partner raises, it is no yes; the next place is asked
            answers, failure = {}, f"来源暂时不可用（{type(error).__name__}）"
        for question in questions:
            answer = answers.get(question.key)
            if answer is None and not provider.kind.looks_up:
                continue  # nobody's data was looked into, and nothing was said
            verdict = _verdict(answer, question, provider.kind, context) if not failure else None
            outcome, reason = verdict or (LookOutcome.FAILED, failure)
            look = Look(
                key=question.key,
                items=question.items,
                kind=provider.kind,
                provider=provider.name,
                purpose=question.purpose,
                basis=question.basis,
                actor=context.actor.id,
                case=context.case,
                at=context.at,
                outcome=outcome,
                reason=reason,
                evidence=answer.evidence if answer else "",
            )
            if provider.kind.looks_up:
                self._log(look)
            found[question.key] = _after(found[question.key], look, answer)


def _checked(answers: Mapping[QuestionKey, Answer]) -> Mapping[QuestionKey, Answer]:
    """What a provider returned, or TypeError if it is not what a provider may return."""
    if not isinstance(answers, Mapping) or not all(isinstance(each, Answer) for each in answers.values()):
        raise TypeError("not a mapping of answers")
    return answers


def _verdict(
    answer: Answer | None, question: Question, kind: ProviderKind, context: Context
) -> tuple[LookOutcome, str]:
    if answer is None:
        return LookOutcome.NOTHING, ""
    try:
        reason = objection(answer, question, kind, context)
    except (AttributeError, TypeError, ValueError):  # not the types an answer promises
        reason = "答复的格式不对"
    return (LookOutcome.REFUSED, reason) if reason else (LookOutcome.FOUND, "")


def _after(before: Resolution, look: Look, answer: Answer | None) -> Resolution:
    if look.outcome is LookOutcome.FOUND:
        return replace(before, answer=answer)
    if look.outcome is LookOutcome.REFUSED:
        refusal = Refusal(look.kind, look.provider, look.reason, look.evidence)
        return replace(before, refused=(*before.refused, refusal))
    return before


def merged(questions: Iterable[Question]) -> tuple[Question, ...]:
    """One question for each key: all items, purposes and bases; only the ways all of them allow."""
    found: dict[QuestionKey, Question] = {}
    for question in questions:
        same = found.get(question.key)
        found[question.key] = _both(same, question) if same else question
    return tuple(found.values())


def _both(first: Question, second: Question) -> Question:
    return replace(
        first,
        items=tuple(dict.fromkeys((*first.items, *second.items))),
        purpose=_joined(first.purpose, second.purpose),
        basis=_joined(first.basis, second.basis),
        ways=first.ways & second.ways,
        anew=first.anew | second.anew,
    )


def _joined(first: str, second: str) -> str:
    parts = first.split("；")
    return first if second in parts else f"{first}；{second}"
