# SPDX-License-Identifier: Apache-2.0
"""Where there is already an answer, seen from a plan: one batch of questions to the resolver.

A plan asks only the places that look something up (e-licences, shared data, e-materials); what
the plan itself can promise (an earlier item, a commitment, a later day) it knows better.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element, Material
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.evidence import (
    Answer,
    Asked,
    Context,
    FactsProvider,
    Ground,
    HeldLicence,
    Look,
    ProviderKind,
    Question,
    QuestionKey,
    Resolver,
)
from yiwang.engines.rules.values import Value
from yiwang.kernel.actor import ANONYMOUS
from yiwang.kernel.dates import BEIJING, format_date

from .citations import cite_words
from .model import AnswerSource, Facts, Supply
from .needs import Needs

_LOOK_UP = frozenset(kind for kind in ProviderKind if kind.looks_up)
_APPLICANT = "applicant"


@dataclass(frozen=True)
class Inquiry:
    """A resolver, the applicant it is asked about (public id), and who asks when.

    `agent` is the natural person who acts for a firm: what is about a person is asked about them.
    `differs` are elements the applicant says are otherwise this time: nobody is asked for them.
    """

    resolver: Resolver
    subject: str
    context: Context
    agent: str = ""
    differs: frozenset[str] = frozenset()

    def whom(self, about: Subject) -> str:
        """Whose data a question about `about` concerns."""
        return self.agent if self.agent and about is Subject.PERSON else self.subject


@dataclass(frozen=True)
class FoundElement:
    """Where the answer to an element comes from, and why."""

    source: AnswerSource
    value: Value
    reason: str


@dataclass(frozen=True)
class FoundMaterial:
    """How a material comes, and why."""

    supply: Supply
    reason: str


@dataclass(frozen=True)
class Found:
    """What the government already has, by element and by material."""

    elements: Mapping[str, FoundElement] = field(default_factory=dict)
    materials: Mapping[str, FoundMaterial] = field(default_factory=dict)


def from_facts(catalogue: Catalogue, facts: Facts, day: dt.date) -> Inquiry:
    """An inquiry that looks into given facts and nowhere else, on `day`."""
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=BEIJING)
    ground = Ground("本次办理已掌握的信息", noon, basis="办理人提供或授权使用的信息")
    held = [_declared(catalogue, licence) for licence in facts.licences]
    providers = [
        FactsProvider.licences([licence for licence in held if licence], ground),
        FactsProvider.elements(_APPLICANT, facts.elements, ground),
    ]
    return Inquiry(Resolver(providers, _keep_no_log), _APPLICANT, Context(ANONYMOUS, noon))


def _keep_no_log(look: Look) -> None:
    """Facts that the caller itself gave are not looked up in anybody's data."""


def _declared(catalogue: Catalogue, licence: HeldLicence) -> HeldLicence | None:
    """The licence with only the fields its definition says are printed on it."""
    material = catalogue.materials.get(licence.material)
    if material is None:
        return None
    printed = {one.element for one in material.fields}
    fields = {element: value for element, value in licence.fields.items() if element in printed}
    return replace(licence, subject=_APPLICANT, number=licence.number or licence.material, fields=fields)


def look_up(
    catalogue: Catalogue,
    needs: Needs,
    inquiry: Inquiry,
    *,
    skip: Iterable[str],
    anew: frozenset[str],
    purpose: str,
) -> Found:
    """Ask for everything the taken items need, in one batch. `skip`: elements already answered;
    `anew`: licence types this errand issues itself."""
    answered = inquiry.differs.union(skip)
    askers = {
        (Asked.ELEMENT, one): [asker.item for asker in asking]
        for one, asking in needs.elements.items()
        if one not in answered
    } | {(Asked.MATERIAL, one): [asker.item for asker in asking] for one, asking in needs.materials.items()}
    bases = {code: cite_words(catalogue, item.basis[0]) for code, item in needs.items.items()}
    questions = [
        Question(
            asked=asked,
            id=identity,
            subject=inquiry.whom(_definition(catalogue, asked, identity).subject),
            items=tuple(codes),
            purpose=purpose,
            basis="；".join(dict.fromkeys(bases[code] for code in codes)),
            ways=_LOOK_UP,
            anew=anew,
        )
        for (asked, identity), codes in askers.items()
    ]
    answers = {
        key: resolution.answer
        for key, resolution in inquiry.resolver.resolve(questions, inquiry.context).items()
        if resolution.answer is not None
    }
    return Found(
        {key.id: _element(key, answer) for key, answer in answers.items() if key.asked is Asked.ELEMENT},
        {
            key.id: _material(catalogue, key, answer)
            for key, answer in answers.items()
            if key.asked is Asked.MATERIAL
        },
    )


def _definition(catalogue: Catalogue, asked: Asked, identity: str) -> Element | Material:
    return catalogue.elements[identity] if asked is Asked.ELEMENT else catalogue.materials[identity]


def _element(key: QuestionKey, answer: Answer) -> FoundElement:
    return FoundElement(
        AnswerSource(answer.kind.value), answer.value, f"{answer.kind.term}：{answer.source}，请您核对。"
    )


def _material(catalogue: Catalogue, key: QuestionKey, answer: Answer) -> FoundMaterial:
    name = catalogue.materials[key.id].name
    until = f"，有效期至{format_date(answer.valid_until)}" if answer.valid_until else ""
    return FoundMaterial(
        Supply(answer.kind.value), f"已有有效的“{name}”（{answer.kind.term}{until}），免交。"
    )
