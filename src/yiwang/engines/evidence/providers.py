# SPDX-License-Identifier: Apache-2.0
"""Providers that need no database: given facts, earlier items of the plan, standing offers, the applicant.

Providers over licences, shared data and kept materials live in the apps that own that data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from yiwang.engines.evidence.model import (
    Answer,
    Asked,
    Context,
    ProviderKind,
    Question,
    QuestionKey,
    Standing,
)
from yiwang.engines.rules import Value
from yiwang.kernel.errors import Invalid


@dataclass(frozen=True)
class HeldLicence:
    """A licence a subject holds. `fields` are the data elements it states, by element id."""

    subject: str
    material: str
    number: str
    valid_until: date | None = None  # None: without end
    fields: Mapping[str, Value] = field(default_factory=dict)
    standing: Standing = Standing.VALID


@dataclass(frozen=True)
class Ground:
    """Where given facts come from and by what right they may be used."""

    source: str
    obtained_at: datetime
    basis: str = ""
    consent: str = ""


@dataclass(frozen=True)
class FactsProvider:
    """Answers from facts given as data. Make it with :meth:`elements` or :meth:`licences`."""

    kind: ProviderKind
    answers: Mapping[QuestionKey, tuple[tuple[str, Answer], ...]]  # (licence type or "", answer), best last
    name: str
    order: int = 0

    @classmethod
    def elements(cls, subject: str, values: Mapping[str, Value], ground: Ground) -> FactsProvider:
        """Known data elements of one subject, by element id, as shared data."""
        kind = ProviderKind.SHARED_DATA
        answers = {
            QuestionKey(Asked.ELEMENT, id_, subject): (("", _answer(kind, ground, value=value)),)
            for id_, value in values.items()
        }
        return cls(kind, answers, ground.source)

    @classmethod
    def licences(cls, held: Iterable[HeldLicence], ground: Ground) -> FactsProvider:
        """Licences held: each answers for itself and for the data elements it states.

        Of two licences that answer the same question, the valid one with the later end counts.
        """
        kind = ProviderKind.E_LICENCE
        answers: dict[QuestionKey, list[tuple[str, Answer]]] = {}
        for licence in sorted(held, key=_worth):
            own = QuestionKey(Asked.MATERIAL, licence.material, licence.subject)
            answers.setdefault(own, []).append((licence.material, _answer(kind, ground, licence=licence)))
            for id_, value in licence.fields.items():
                key = QuestionKey(Asked.ELEMENT, id_, licence.subject)
                said = _answer(kind, ground, licence=licence, value=value)
                answers.setdefault(key, []).append((licence.material, said))
        return cls(kind, {key: tuple(said) for key, said in answers.items()}, ground.source)

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """The given answers to what is asked, the best of each that does not come anew."""
        found: dict[QuestionKey, Answer] = {}
        for question in questions:
            able = [said for kind, said in self.answers.get(question.key, ()) if kind not in question.anew]
            if able:
                found[question.key] = able[-1]
        return found


def _answer(
    kind: ProviderKind, ground: Ground, *, licence: HeldLicence | None = None, value: Value = None
) -> Answer:
    return Answer(
        kind,
        licence.standing if licence else Standing.VALID,
        value=value,
        source=ground.source,
        basis=ground.basis,
        consent=ground.consent,
        obtained_at=ground.obtained_at,
        valid_until=licence.valid_until if licence else None,
        evidence=licence.number if licence else "",
    )


def _worth(licence: HeldLicence) -> tuple[bool, date]:
    return licence.standing is Standing.VALID, licence.valid_until or date.max


class EarlierStepProvider:
    """Promises what earlier items of the same plan will bring: `makers` of each thing, first first.

    Which items come early enough is the plan's matter: it names only those.
    """

    kind: ClassVar = ProviderKind.EARLIER_STEP

    def __init__(self, makers: Mapping[QuestionKey, Sequence[str]], *, order: int = 0) -> None:
        self.order = order
        self.name = "本次办理的前序事项"
        self._makers = makers

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """A promise naming the first producing item; none to that item itself."""
        promises: dict[QuestionKey, Answer] = {}
        for each in questions:
            makers = [item for item in self._makers.get(each.key, ()) if item not in each.items]
            if makers:
                promises[each.key] = Answer(
                    self.kind, Standing.PROMISED, source=self.name, evidence=makers[0]
                )
        return promises


@dataclass(frozen=True)
class Offer:
    """A standing offer of a definition: a commitment text, or a promise to supply later."""

    text: str
    basis: str


class OfferProvider:
    """Offers commitments (告知承诺) or deferrals (容缺) as promises; signing makes them answers.

    Whether an item allows them is in the question's `ways`; whom the city may not trust with
    them (breach on record) is decided by whoever gives the offers.
    """

    def __init__(self, kind: ProviderKind, offers: Mapping[QuestionKey, Offer], *, order: int = 0) -> None:
        if kind not in (ProviderKind.COMMITMENT, ProviderKind.DEFERRED):
            raise Invalid(f"{kind.term}不能由申请人承诺。", mend="这里只能用告知承诺或容缺补交。")
        self.kind = kind
        self.order = order
        self.name = kind.term
        self._offers = offers

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """A promise for each question there is an offer for."""
        return {
            each.key: Answer(self.kind, Standing.PROMISED, source=offer.text, basis=offer.basis)
            for each in questions
            if (offer := self._offers.get(each.key))
        }


class ApplicantProvider:
    """The applicant, always last: what they have given. For the rest, nobody having an answer
    means that they are asked."""

    kind: ClassVar = ProviderKind.APPLICANT

    def __init__(self, given: Mapping[QuestionKey, Answer], *, order: int = 0) -> None:
        self.order = order
        self.name = "申请人"
        self._given = given

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """What was given of what is asked."""
        return {each.key: self._given[each.key] for each in questions if each.key in self._given}


def given_value(value: Value, at: datetime) -> Answer:
    """The answer of an applicant who filled in a data element."""
    kind = ProviderKind.APPLICANT
    return Answer(kind, Standing.VALID, value=value, source="申请人", obtained_at=at)
