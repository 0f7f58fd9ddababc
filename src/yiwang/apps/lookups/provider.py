# SPDX-License-Identifier: Apache-2.0
"""What shared data answered for one application, as answers to the resolver.

Nothing is asked here: the answers were looked up before, by consent. Each counts until it expires;
after that it says so, and the applicant is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import InvalidOperation
from typing import ClassVar

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.evidence import Answer, Asked, Context, ProviderKind, Question, QuestionKey, Standing
from yiwang.engines.exchange import resources
from yiwang.engines.rules.values import Value
from yiwang.kernel.errors import Invalid

from .domain.reading import typed
from .models import Lookup
from .queries import kept

NAME = "部门共享数据"
"""How the provider is named in the journal."""


class SharedDataProvider:
    """Answers from what is kept for one application."""

    kind: ClassVar = ProviderKind.SHARED_DATA

    def __init__(
        self, application: str, rows: Sequence[Lookup], catalogue: Callable[[], Catalogue], *, order: int = 0
    ) -> None:
        self.order = order
        self.name = NAME
        self._application = application
        self._rows = rows
        self._catalogue = catalogue

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """One answer per question that a kept answer speaks to, from the newest that is in time."""
        if context.case != self._application:
            return {}
        catalogue = self._catalogue()
        found: dict[QuestionKey, Answer] = {}
        for question in questions:
            said = [one for row in self._rows if (one := _said(row, question, catalogue, context))]
            if said:
                found[question.key] = max(said, key=lambda one: one.standing is Standing.VALID)
        return found


def providers_for(application: str, catalogue: Callable[[], Catalogue]) -> list[SharedDataProvider]:
    """The provider for an application something is kept for; none for any other."""
    rows = kept(application) if application else []
    return [SharedDataProvider(application, list(reversed(rows)), catalogue)] if rows else []


def _said(row: Lookup, question: Question, catalogue: Catalogue, context: Context) -> Answer | None:
    resource = resources(catalogue).get(row.consent.resource)
    speaks = [question.asked.value, question.id] in row.answered and row.consent.subject == question.subject
    if resource is None or not speaks or question.anew.intersection(resource.answers):
        return None
    value = _value(row, question, catalogue)
    if question.asked is Asked.ELEMENT and value is None:
        return None  # what is kept no longer fits the element: the applicant is asked
    in_time = row.expires_at is not None and context.at < row.expires_at
    provider = catalogue.orgs.get(resource.provider)
    return Answer(
        ProviderKind.SHARED_DATA,
        Standing.VALID if in_time else Standing.EXPIRED,
        value=value,
        source=f"{provider.name if provider else resource.provider}“{resource.name}”",
        basis=row.consent.basis,
        consent=row.consent.public_id,
        obtained_at=row.ended_at,
        evidence=row.public_id,
    )


def _value(row: Lookup, question: Question, catalogue: Catalogue) -> Value:
    element = catalogue.elements.get(question.id) if question.asked is Asked.ELEMENT else None
    raw = (row.values or {}).get(question.id)
    if element is None or raw is None:
        return None
    try:
        return typed(element, raw)
    except (Invalid, InvalidOperation):
        return None
