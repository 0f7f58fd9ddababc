# SPDX-License-Identifier: Apache-2.0
"""Licences on record as answers: each answers for itself and for the elements printed on it.

What is suspended, revoked, replaced or expired answers too, saying so: the judge of the evidence
engine refuses it, and the applicant reads why the licence they hold does not count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.evidence import Answer, Asked, Context, ProviderKind, Question, QuestionKey
from yiwang.engines.evidence import Standing as Worth
from yiwang.engines.planning import as_value
from yiwang.engines.rules.values import Value
from yiwang.kernel.errors import Invalid

from .domain.states import Standing
from .looks import BASIS
from .queries import LicenceView, held_by

_WORTH = {
    Standing.VALID: Worth.VALID,
    Standing.SUSPENDED: Worth.SUSPENDED,
    Standing.REVOKED: Worth.REVOKED,
    Standing.REPLACED: Worth.REVOKED,
}
_NUMBERS = (ElementType.INTEGER, ElementType.DECIMAL, ElementType.MONEY)


class LicenceProvider:
    """Answers from the licences on record. `catalogue` gives the definitions in force."""

    kind: ClassVar = ProviderKind.E_LICENCE

    def __init__(self, catalogue: Callable[[], Catalogue], *, order: int = 0) -> None:
        self.order = order
        self.name = "电子证照库"
        self._catalogue = catalogue

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """One answer per question that a licence of its subject can answer, from the best licence."""
        catalogue = self._catalogue()
        held: dict[str, list[LicenceView]] = {}
        for licence in held_by({question.subject for question in questions}):
            held.setdefault(licence.holder, []).append(licence)
        found = {
            question.key: _best(question, held.get(question.subject, ()), catalogue, context)
            for question in questions
        }
        return {key: answer for key, answer in found.items() if answer is not None}


def _best(
    question: Question, held: Iterable[LicenceView], catalogue: Catalogue, context: Context
) -> Answer | None:
    """A usable licence before one that is not; then the later end; then the later beginning."""
    able = [one for one in held if _speaks_to(one, question, catalogue)]
    if not able:
        return None
    best = max(
        able, key=lambda one: (one.usable_on(context.on), one.valid_until or dt.date.max, one.valid_from)
    )
    value = _value(best, question, catalogue)
    if question.asked is Asked.ELEMENT and value is None:
        return None  # what is stored no longer fits the element: the applicant is asked
    return _answer(best, value, catalogue, context)


def _speaks_to(licence: LicenceView, question: Question, catalogue: Catalogue) -> bool:
    if licence.material in question.anew:
        return False
    if question.asked is Asked.MATERIAL:
        return licence.material == question.id
    material = catalogue.materials.get(licence.material)
    printed = material is not None and any(field.element == question.id for field in material.fields)
    return printed and licence.fields.get(question.id) not in (None, "")


def _value(licence: LicenceView, question: Question, catalogue: Catalogue) -> Value:
    element = catalogue.elements.get(question.id) if question.asked is Asked.ELEMENT else None
    if element is None:
        return None
    try:
        return _typed(element, licence.fields[question.id])
    except (Invalid, InvalidOperation):
        return None


def _typed(element: Element, stored: Any) -> Value:
    """A stored value as the rules compute with it: JSON keeps decimals as text."""
    is_number = element.type in _NUMBERS and isinstance(stored, str)
    return as_value(element, Decimal(stored) if is_number else stored)


def _answer(licence: LicenceView, value: Value, catalogue: Catalogue, context: Context) -> Answer:
    worth = _WORTH[licence.standing]
    if worth is Worth.VALID and licence.valid_until is not None and licence.valid_until < context.on:
        worth = Worth.EXPIRED
    issuer = catalogue.orgs.get(licence.issuer)
    basis = catalogue.settings.get(BASIS)
    return Answer(
        ProviderKind.E_LICENCE,
        worth,
        value=value,
        source=f"{issuer.name if issuer else licence.issuer}电子证照",
        basis=str(basis.value) if basis else "",
        obtained_at=context.at,
        valid_from=licence.valid_from,
        valid_until=licence.valid_until,
        evidence=licence.public_id,
    )
