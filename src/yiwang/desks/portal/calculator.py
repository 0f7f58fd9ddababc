# SPDX-License-Identifier: Apache-2.0
"""The policy calculator (政策计算器): a few questions, what follows from the answers, and where to go on.

What was answered travels in the form, and nowhere else. Whoever is logged in may have it worked out for
themselves or a firm they act for: what is on record of them is not asked again. It asks a few questions
at a time, those first whose answers can still decide the most.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yiwang.apps.benefits.public import claims_of
from yiwang.apps.casework.public import read_value
from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import Subject, firms_of, subject
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.fields import Field, field_of, problems_first, typed
from yiwang.engines.benefits import (
    Entitlement,
    Policy,
    Standing,
    calculate_all,
    facts_needed,
    next_questions,
)
from yiwang.engines.benefits.kinds import FOR_WORDS, FORM_WORDS, PER_WORDS, For, Form
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.rules import Value
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import Invalid
from yiwang.kernel.money import format_fen

from .on_record import OnRecord, known_of
from .policies import WHY, policies_of

_AT_ONCE = 5


@dataclass
class Calculation:
    """What somebody has answered so far, what is on record of whom it is for, and what follows."""

    catalogue: Catalogue
    to: For
    area: str
    day: dt.date
    who: Subject | None = None
    known: Mapping[str, OnRecord] = field(default_factory=dict)
    given: dict[str, object] = field(default_factory=dict)
    facts: dict[str, Value] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def policies(self) -> list[Policy]:
        """Those asked for."""
        return [
            one
            for one in policies_of(self.catalogue)
            if one.to is self.to and (not self.area or one.field == self.area)
        ]

    @property
    def whose(self) -> str:
        """Public id of whom it is worked out for; "" for anybody."""
        return self.who.public_id if self.who else ""

    def elements(self, names: Iterable[str]) -> list[Element]:
        """The questions behind names of rules."""
        known = {element.name: element for element in self.catalogue.elements.values()}
        return [known[name] for name in names if name in known]

    def look_up(self, actor: Actor) -> None:
        """Take what is on record: it is not asked, and stands against what is typed."""
        if self.who is not None:
            self.known = known_of(actor, self.who, self.elements(facts_needed(self.policies)))
            self.facts.update({name: one.value for name, one in self.known.items()})

    def read(self, data: QueryDict) -> None:
        """Read what was typed; what cannot be read stays as typed, with the reason beside it."""
        for element in self.elements(facts_needed(self.policies)):
            raw = typed(element, data)
            if raw in ("", []) or element.name in self.known:
                continue
            self.given[element.id] = raw
            try:
                self.facts[element.name] = read_value(element, raw)
            except Invalid as error:
                self.wrong[element.id] = str(error)

    def next(self, found: Sequence[Entitlement]) -> list[Element]:
        """What to ask now: what decides policies in force first, then what those that are over hung on."""
        in_force = next_questions(found, self.facts, self._possible())
        over = next_questions([one.then for one in found if one.then], self.facts, self._possible())
        names = [*in_force, *(name for name in over if name not in in_force)]
        return [one for one in self.elements(names) if one.id not in self.given][:_AT_ONCE]

    def _possible(self) -> dict[str, list[object]]:
        """The answers there can be to questions with few."""
        found: dict[str, list[object]] = {}
        for one in self.elements(facts_needed(self.policies)):
            if one.type is ElementType.BOOLEAN:
                found[one.name] = [True, False]
            elif one.type is ElementType.CHOICE:
                found[one.name] = [choice.value for choice in one.choices]
        return found

    def fields(self, elements: Iterable[Element]) -> list[Field]:
        """The controls for questions, with what was typed."""
        return [
            field_of(self.catalogue, one, self.given.get(one.id), error=self.wrong.get(one.id, ""))
            for one in elements
        ]


@access(public=True, why=WHY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calculator(request: RequestWithActor) -> HttpResponseBase:
    """A few questions, and what follows from the answers; POST only carries the answers on."""
    asked = _asked(request, request.actor)
    asked.look_up(request.actor)
    if request.method == "POST":
        asked.read(request.POST)
    found = calculate_all(asked.policies, asked.facts, asked.day)
    wrong = [asked.catalogue.elements[key] for key in asked.wrong]
    answered = [asked.catalogue.elements[key] for key in asked.given if key not in asked.wrong]
    fields = asked.fields([*wrong, *asked.next(found)])
    claims = _claims(request.actor, asked.whose)
    lines = [
        Line.of(asked.catalogue, each, claims.get(each.policy.id, ""))
        for each in found
        if each.standing is not Standing.GUIDE
    ]
    return render(
        request,
        "desks/portal/calculator.html",
        {
            "asked": asked,
            "whom": [(one.value, words_, one is asked.to) for one, words_ in FOR_WORDS.items()],
            "parties": _parties(request.actor),
            "areas": sorted({one.field for one in policies_of(asked.catalogue) if one.to is asked.to}),
            "fields": fields,
            "answered": asked.fields(answered),
            "problems": problems_first(fields, asked.wrong),
            "fits": [line for line in lines if line.fits],
            "over": [line for line in lines if line.over],
            "open": [line for line in lines if line.open],
            "guides": len(found) - len(lines),
            "others": [line for line in lines if not (line.fits or line.open or line.over)],
        },
        status=400 if asked.wrong else 200,
    )


def _asked(request: HttpRequest, actor: Actor) -> Calculation:
    data = request.POST if request.method == "POST" else request.GET
    catalogue = current().catalogue
    who = next((one for one in _parties(actor) if one.public_id == data.get("who")), None)
    to = next((one for one in For if one.value == data.get("to")), For.FIRM)
    if who is not None:
        to = For.PERSON if who.kind == "person" else For.FIRM
    areas = {one.field for one in policies_of(catalogue) if one.to is to}
    area = data.get("field", "")
    return Calculation(catalogue, to, area if area in areas else "", timezone.localdate(), who)


def _parties(actor: Actor) -> list[Subject]:
    """For whom a visitor may have it worked out with what is on record: themselves, their firms."""
    return [*firms_of(actor, Matter.BENEFITS), subject(actor.id)] if actor.kind is ActorKind.PERSON else []


def _claims(actor: Actor, whose: str) -> dict[str, str]:
    """Policy → the claim that was found for them without application."""
    return {one.policy: one.id for one in claims_of(actor) if one.subject == whose} if whose else {}


@dataclass(frozen=True)
class Line:
    """One policy in the result. `claim`: what was found for this subject without application."""

    policy: Policy
    standing: str
    money: str
    reasons: tuple[str, ...]
    needs: tuple[str, ...]
    cite: str
    departments: tuple[str, ...] = ()
    claim: str = ""
    fits: bool = False
    open: bool = False
    over: bool = False

    @classmethod
    def of(cls, catalogue: Catalogue, each: Entitlement, claim: str = "") -> Line:
        """A line for an entitlement; of a policy that is over, how it would have been."""
        told = each.then or each
        fits = told.standing is Standing.FITS
        return cls(
            policy=each.policy,
            standing=each.standing.term,
            money=_money(told),
            reasons=tuple(told.why.text.splitlines()) if told.why else (),
            needs=told.needs,
            cite=cite_words(catalogue, each.policy.cite),
            departments=tuple(catalogue.orgs[one].name for one in each.policy.departments),
            claim=claim,
            fits=fits and each.then is None,
            open=each.standing is Standing.OPEN,
            over=fits and each.then is not None,
        )


def _money(told: Entitlement) -> str:
    money = told.policy.money
    if not told.fen or money is None:
        return ""
    less = "" if money.form is Form.PAID else FORM_WORDS[money.form]
    return f"{PER_WORDS[money.per]}{less}{'最多' if money.upper_bound else ''}{format_fen(told.fen)}"
