# SPDX-License-Identifier: Apache-2.0
"""Where this room plugs its evidence providers in, and plans with what they find.

`wiring.py` calls `use_providers` once at start. A new provider is one more entry there; nothing here or
in planning changes. What other departments share is looked up before, by consent (`apps/lookups`): it is
a provider of the one application it was looked up for, and of no other.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.commitments.public import bar_words
from yiwang.apps.credit.public import Effect, EffectKind, effects
from yiwang.apps.journal.public import record
from yiwang.apps.quality.public import Mark
from yiwang.apps.waivers.public import waived
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.evidence import (
    Answer,
    Asked,
    Context,
    Look,
    LookOutcome,
    Provider,
    ProviderKind,
    Question,
    QuestionKey,
    Resolver,
)
from yiwang.engines.planning import AnswerSource, Facts, Inquiry, Plan, Supply, plan
from yiwang.engines.rules.values import Value
from yiwang.kernel.actor import ANONYMOUS, Actor

from .domain.values import from_json
from .marks import marks_on
from .promised import no_deferral_words

OfCase = Callable[[str], Sequence[Provider]]
"""Application → the providers of what was looked up for it."""

_providers: list[Provider] = []
_of_case: list[OfCase] = []


def use_providers(providers: Sequence[Provider], *, of_case: OfCase | None = None) -> None:
    """Set the providers that answer for this city (replaces what was set)."""
    _providers[:] = providers
    _of_case[:] = [of_case] if of_case else []


def providers_now() -> Sequence[Provider]:
    """The providers that answer for this city."""
    return tuple(_providers)


@dataclass(frozen=True)
class Errand:
    """What is planned: a life event with answers and a choice of items, from a day on.

    `typed` is what the form says already: it settles which further questions apply; and what it
    says of a shop, a house or this case (not of a person) stands against what a licence says. What is
    objected to in shared data stands against it too.
    `own_way`: documents the applicant chose to hand in although there may be an answer already.
    """

    release: OpenRelease
    life_event: str
    answers: Mapping[str, Any]
    start: dt.date
    choice: Sequence[str] | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    own_way: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Asker:
    """Who looks, for which applicant and agent, for which case."""

    actor: Actor
    subject: str
    agent: str
    case: str
    now: dt.datetime


@dataclass(frozen=True)
class Outlook:
    """A plan, and the public ids of what stands for its materials (`evidence`) and its filled-in values
    (`values`): licences, e-materials, lookups of shared data. `still_open`: the questions that nobody but
    the applicant has answered and that another department's data might. `typed`: what the form says already,
    as values. `marks`: what somebody says is wrong in shared data, by element. `no_commitment`,
    `no_deferral`: why the applicant may not commit, or promise to bring a document later, naming the
    records."""

    plan: Plan
    evidence: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    still_open: tuple[Question, ...] = ()
    typed: Mapping[str, Value] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    no_commitment: str = ""
    no_deferral: str = ""


class _Listener:
    """Asked last of the places with shared data, it says nothing and remembers what was still open."""

    kind: ClassVar = ProviderKind.SHARED_DATA
    order: ClassVar = 1_000
    name: ClassVar = "（没有人）"

    def __init__(self) -> None:
        self.heard: dict[QuestionKey, Question] = {}

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """Nothing."""
        self.heard = {one.key: one for one in questions}
        return {}


def plan_for_visitor(errand: Errand) -> Plan:
    """The plan for somebody we know nothing about: nothing is looked up.

    Raises NotEligible, BoundItems, BadAnswers, NotFound.
    """
    nobody = Inquiry(Resolver((), _nothing_to_log), "visitor", Context(ANONYMOUS, timezone.now()))
    return _plan(errand, from_json(errand.release.catalogue, errand.typed), nobody)


def _nothing_to_log(look: Look) -> None:
    """Without providers there is no look."""


def plan_for(asker: Asker, errand: Errand) -> Outlook:
    """The plan with everything the government already knows struck out; every look is logged.

    Must run in a transaction, because looking writes to the journal. Raises as `plan_for_visitor`.
    """
    looks: list[Look] = []
    listener = _Listener()
    looked_up = [one for of_case in _of_case for one in of_case(asker.case)]
    marks = marks_on(asker.case).elements if looked_up else {}
    credit = _credit(asker, errand)
    inquiry = Inquiry(
        Resolver([*_providers, *looked_up, listener], looks.append),
        asker.subject,
        Context(asker.actor, asker.now, asker.case),
        asker.agent,
        frozenset(one for one in errand.typed if one in marks or may_differ(errand.release, one)),
        errand.own_way,
        may_commit=not (barred := [one for one in credit if one.kind is EffectKind.NO_COMMITMENT]),
        may_defer=not (waiting := [one for one in credit if one.kind is EffectKind.NO_DEFERRAL]),
        good_credit=any(one.kind is EffectKind.DEFER for one in credit),
    )
    typed = from_json(errand.release.catalogue, errand.typed)
    planned = _plan(errand, typed, inquiry)
    real = [look for look in looks if look.provider != listener.name]
    _log(asker, real)
    found = {look.key: look.evidence for look in real if look.outcome is LookOutcome.FOUND}
    return Outlook(
        planned,
        {key.id: one for key, one in found.items() if key.asked is Asked.MATERIAL},
        {key.id: one for key, one in found.items() if key.asked is Asked.ELEMENT},
        tuple(_still_open(planned, errand, listener.heard.values())),
        typed,
        marks,
        bar_words(barred),
        no_deferral_words(waiting),
    )


def _credit(asker: Asker, errand: Errand) -> tuple[Effect, ...]:
    """The credit records that keep the applicant from committing (告知承诺) or from promising a document for
    later (容缺), or let more of them come later, where an item has any of that."""
    known = errand.release.catalogue
    items = [known.items[one.item] for one in known.life_event(errand.life_event).items]
    uses = [use for item in items for use in item.materials]
    if not any(use.commitment or use.deferrable for use in uses):
        return ()
    kinds = {EffectKind.NO_COMMITMENT, EffectKind.NO_DEFERRAL, EffectKind.DEFER}
    found = effects(asker.subject, on=timezone.localdate(asker.now), kinds=kinds)
    if found:
        record(
            asker.actor,
            "credit.look",
            stream=f"case:{asker.case}",
            about=asker.case,
            subject=asker.subject,
            purpose="核对能不能适用告知承诺、容缺受理",
            basis="驻政办〔2021〕8号；豫发改财金〔2023〕39号；国办发〔2019〕35号",
            detail={"records": sorted({one.record for one in found})},
        )
    return found


_GIVEN_BY_APPLICANT = (Supply.APPLICANT, Supply.DEFERRED, Supply.COMMITMENT)


def _still_open(planned: Plan, errand: Errand, heard: Iterable[Question]) -> Iterable[Question]:
    """What the applicant would have to fill in, hand in or promise; not what is typed already."""
    fields = {one.element for one in planned.form.fields if one.source is AnswerSource.APPLICANT}
    fields -= {element for element, value in errand.typed.items() if value not in (None, "", [])}
    lines = {one.material for one in planned.materials.lines if one.resolution in _GIVEN_BY_APPLICANT}
    for one in heard:
        if one.id in (fields if one.asked is Asked.ELEMENT else lines):
            yield one


def not_given(still_open: Iterable[Question], handed_in: Collection[str]) -> list[Question]:
    """The open questions without the documents that were handed in meanwhile."""
    return [one for one in still_open if one.asked is not Asked.MATERIAL or one.id not in handed_in]


def known_values(planned: Plan, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of a draft says so far: filled in from elsewhere, or typed."""
    filled = {one.element: one.value for one in planned.form.fields if one.value is not None}
    return {**filled, **typed}


def may_differ(release: OpenRelease, element_id: str) -> bool:
    """Whether an applicant may say it is otherwise this time: a shop or a house, but not who they are."""
    element = release.catalogue.elements.get(element_id)
    return element is not None and element.subject is not Subject.PERSON


def _plan(errand: Errand, typed: Mapping[str, Value], inquiry: Inquiry) -> Plan:
    catalogue = errand.release.catalogue
    return plan(
        catalogue,
        errand.life_event,
        from_json(catalogue, errand.answers),
        start=errand.start,
        calendar=current().calendar,
        facts=Facts(typed, waived=waived()),
        choice=errand.choice,
        resolver=inquiry,
    )


def _log(asker: Asker, looks: Sequence[Look]) -> None:
    """One journal entry per subject and place looked into: who, for which case, what was asked,
    how many were found. The values themselves are never written."""
    groups: dict[tuple[str, str], list[Look]] = {}
    for look in looks:
        groups.setdefault((look.key.subject, look.provider), []).append(look)
    for (subject, provider), group in groups.items():
        record(
            asker.actor,
            "evidence.look",
            stream=f"case:{asker.case}",
            about=asker.case,
            subject=subject,
            purpose=group[0].purpose[:200],
            basis=group[0].basis[:200],
            detail={
                "provider": provider,
                "asked": [look.key.id for look in group],
                "outcome": dict(Counter(look.outcome.value for look in group)),
            },
        )
