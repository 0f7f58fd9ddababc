# SPDX-License-Identifier: Apache-2.0
"""Licences on record as a place where answers may already be (电子证照)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yiwang.engines.evidence import Answer, Asked, Context, ProviderKind, Question, QuestionKey
from yiwang.engines.evidence import Standing as Worth

from .domain.states import Standing
from .queries import LicenceView, held_by

_WORTH = {
    Standing.VALID: Worth.VALID,
    Standing.SUSPENDED: Worth.SUSPENDED,
    Standing.REVOKED: Worth.REVOKED,
    Standing.REPLACED: Worth.EXPIRED,
}


@dataclass(frozen=True)
class LicenceProvider:
    """Answers for the materials somebody holds, and for the data elements printed on them.

    It says how each licence stands and leaves the judgement to the resolver, which refuses what is
    not valid. Of several licences that answer one question the usable one with the latest start counts.
    """

    kind: ProviderKind = ProviderKind.E_LICENCE
    order: int = 0
    name: str = "电子证照库"

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """One database query for all questions."""
        wanted = {question.key for question in questions}
        found: dict[QuestionKey, Answer] = {}
        held = held_by({question.subject for question in questions})
        for licence in sorted(held, key=lambda one: (one.usable_on(context.on), one.valid_from)):
            for key, answer in self._answers(licence, context):
                if key in wanted:
                    found[key] = answer  # a better licence comes later in this order
        return found

    def _answers(self, licence: LicenceView, context: Context) -> list[tuple[QuestionKey, Answer]]:
        own = QuestionKey(Asked.MATERIAL, licence.material, licence.holder)
        fields = [
            (QuestionKey(Asked.ELEMENT, element, licence.holder), value)
            for element, value in licence.fields.items()
            if value not in (None, "")
        ]
        return [(key, self._answer(licence, value, context)) for key, value in [(own, None), *fields]]

    def _answer(self, licence: LicenceView, value: object, context: Context) -> Answer:
        return Answer(
            self.kind,
            _WORTH[licence.standing],
            value=value,  # type: ignore[arg-type]  # typed again by the case, element by element
            source=self.name,
            basis="国务院关于加快推进电子证照扩大应用领域和全国互通互认的意见",
            obtained_at=context.at,
            valid_from=licence.valid_from,
            valid_until=licence.valid_until,
            evidence=licence.public_id,
        )
