# SPDX-License-Identifier: Apache-2.0
"""Where there is already an answer, seen from a plan: one batch of questions to one resolver.

To the places that the caller asks (e-licences, shared data, e-materials) the plan adds what it knows
itself: what earlier items bring, which commitments and later days the definitions allow, what
the applicant has answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words, duration_words
from yiwang.engines.definitions.kinds import Element, Material
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.definitions.kinds.items import MaterialUse
from yiwang.engines.definitions.kinds.standing_in import Deferral
from yiwang.engines.evidence import (
    ORDINARY_WAYS,
    ApplicantProvider,
    Asked,
    Context,
    EarlierStepProvider,
    FactsProvider,
    Ground,
    HeldLicence,
    Look,
    Offer,
    OfferProvider,
    Provider,
    ProviderKind,
    Question,
    QuestionKey,
    Resolution,
    Resolver,
    given_value,
)
from yiwang.engines.rules.values import Value
from yiwang.kernel.actor import ANONYMOUS
from yiwang.kernel.dates import BEIJING

from .model import Facts
from .needs import Needs

_APPLICANT_ONLY = frozenset({ProviderKind.APPLICANT})
_WITHOUT_LOOKS = frozenset(kind for kind in ORDINARY_WAYS if not kind.looks_up)
_APPLICANT = "applicant"


@dataclass(frozen=True)
class Inquiry:
    """A resolver, the applicant it is asked about (public id), and who asks when.

    `agent` is the natural person who acts for a firm: what is about a person is asked about them.
    `differs` are elements the applicant says are otherwise this time: nobody is asked for them.
    `own_way` are materials they choose to hand in themselves: nobody's data is looked into for them.
    `may_commit`, `may_defer`, `good_credit`: what their credit allows (告知承诺, 容缺, 守信激励).
    """

    resolver: Resolver
    subject: str
    context: Context
    agent: str = ""
    differs: frozenset[str] = frozenset()
    own_way: frozenset[str] = frozenset()
    may_commit: bool = True
    may_defer: bool = True
    good_credit: bool = False

    def key(self, asked: Asked, definition: Element | Material) -> QuestionKey:
        """What is asked, and whose data it concerns."""
        about_agent = self.agent and definition.subject is Subject.PERSON
        return QuestionKey(asked, definition.id, self.agent if about_agent else self.subject)


@dataclass(frozen=True)
class Resolved:
    """What became of every question of a plan, by element and by material."""

    elements: Mapping[str, Resolution]
    materials: Mapping[str, Resolution]


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


def ask(
    catalogue: Catalogue,
    needs: Needs,
    inquiry: Inquiry,
    *,
    answers: Mapping[str, Value],
    supplied: Mapping[str, Sequence[str]],
    purpose: str,
) -> Resolved:
    """Ask for everything the taken items need, in one batch, the applicant's own `answers` first.

    `supplied`: elements that an earlier item gives to everyone who asks, with its makers.
    """
    elements = {one: inquiry.key(Asked.ELEMENT, catalogue.elements[one]) for one in needs.elements}
    materials = {one: inquiry.key(Asked.MATERIAL, catalogue.materials[one]) for one in needs.materials}
    given = {elements[one]: value for one, value in answers.items() if one in elements}
    makers = {elements[one]: items for one, items in supplied.items()}
    makers |= {key: needs.makers[one] for one, key in materials.items() if one in needs.makers}
    uses = {key: [asker.use for asker in needs.materials[one]] for one, key in materials.items()}
    own: list[Provider] = [
        EarlierStepProvider(makers),
        *_offers(catalogue, uses, inquiry),
        ApplicantProvider({key: given_value(value, inquiry.context.at) for key, value in given.items()}),
    ]
    ways = {key: _element_ways(key, given, inquiry.differs) for key in elements.values()}
    ways |= {key: _material_ways(those, key.id, inquiry) for key, those in uses.items()}
    questions = _questions(catalogue, needs, ways, purpose)
    found = inquiry.resolver.with_providers(own).resolve(questions, inquiry.context)
    return Resolved(
        {one: found[key] for one, key in elements.items()},
        {one: found[key] for one, key in materials.items()},
    )


def _questions(
    catalogue: Catalogue, needs: Needs, ways: Mapping[QuestionKey, frozenset[ProviderKind]], purpose: str
) -> Iterator[Question]:
    bases = {code: cite_words(catalogue, item.basis[0]) for code, item in needs.items.items()}
    for key, allowed in ways.items():
        askers = needs.elements[key.id] if key.asked is Asked.ELEMENT else needs.materials[key.id]
        codes = tuple(asker.item for asker in askers)
        yield Question(
            asked=key.asked,
            id=key.id,
            subject=key.subject,
            items=codes,
            purpose=purpose,
            basis="；".join(dict.fromkeys(bases[code] for code in codes)),
            ways=allowed,
            anew=needs.anew,
        )


def _element_ways(
    key: QuestionKey, given: Collection[QuestionKey], differs: Collection[str]
) -> frozenset[ProviderKind]:
    """Nobody else is asked for what is answered; nowhere is looked for what the applicant says differs."""
    if key in given:
        return _APPLICANT_ONLY
    return _WITHOUT_LOOKS if key.id in differs else ORDINARY_WAYS


def _material_ways(uses: Sequence[MaterialUse], material: str, inquiry: Inquiry) -> frozenset[ProviderKind]:
    """A commitment or a later day, where every asker allows one of them; no look into kept data where
    the applicant hands the paper in themselves; no commitment where they may not commit; no document of an
    earlier case where somebody must see the original."""
    ways = _WITHOUT_LOOKS if material in inquiry.own_way else ORDINARY_WAYS
    if any(use.paper_original for use in uses):
        ways -= {ProviderKind.E_MATERIAL}
    if inquiry.may_commit and all(use.commitment for use in uses):
        ways |= {ProviderKind.COMMITMENT}
    if all((use.commitment and inquiry.may_commit) or _later(use, inquiry) for use in uses):
        ways |= {ProviderKind.DEFERRED}
    return ways


def _later(use: MaterialUse, inquiry: Inquiry) -> Deferral | None:
    """How late it may come for this applicant: some documents only for who has a good credit (守信激励),
    none for who broke such a promise."""
    later = use.deferrable
    if later is None or not inquiry.may_defer:
        return None
    return later if inquiry.good_credit or not later.good_credit else None


def _offers(
    catalogue: Catalogue, uses: Mapping[QuestionKey, Sequence[MaterialUse]], inquiry: Inquiry
) -> tuple[OfferProvider, OfferProvider]:
    """What the definitions accept in place of a material: a commitment, or the shortest later day."""
    commitments: dict[QuestionKey, Offer] = {}
    deferrals: dict[QuestionKey, Offer] = {}
    for key, those in uses.items():
        if allowed := [use.commitment for use in those if use.commitment]:
            entries = dict.fromkeys(one.list_entry for one in allowed)
            bases = dict.fromkeys(cite_words(catalogue, one.cite) for one in allowed)
            commitments[key] = Offer("、".join(entries), "、".join(bases))
        if later := [(one, use.cite) for use in those if (one := _later(use, inquiry))]:
            shortest, cite = min(later, key=lambda one: (one[0].within.days, one[0].promise))
            limit, promise = duration_words(shortest.within), shortest.promise.rstrip("。")
            text = f"{limit}内补交（容缺受理，您需承诺：{promise}）"
            deferrals[key] = Offer(text, cite_words(catalogue, cite))
    return (
        OfferProvider(ProviderKind.COMMITMENT, commitments),
        OfferProvider(ProviderKind.DEFERRED, deferrals),
    )
