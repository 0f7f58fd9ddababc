# SPDX-License-Identifier: Apache-2.0
"""Policies for firms and people: the published lists, one policy's guide, and the calculator.

The calculator keeps nothing: what was answered travels in the form, and nowhere else. It asks a few
questions at a time, those first on which the most policies still hang, and shows at once what is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.casework.public import read_value
from yiwang.apps.catalogue.public import current
from yiwang.desks.access import access
from yiwang.engines.benefits import (
    Entitlement,
    Policy,
    Standing,
    calculate_all,
    facts_needed,
    next_questions,
)
from yiwang.engines.benefits.kinds import PER_WORDS, For, View
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.planning.citations import cite_words
from yiwang.engines.rules import Value, parse, words
from yiwang.engines.rules.table_reading import read_test
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.money import format_fen

from .fields import Field, field_of, problems_first, typed

WHY = "惠企惠民政策是公开信息"
_AT_ONCE = 5
_WHOM = {For.FIRM: "企业", For.PERSON: "个人"}


def policies_of(catalogue: Catalogue) -> Sequence[Policy]:
    """The policies of the release, by name."""
    known: Mapping[str, Any] = catalogue.others.get("policies", {})
    return sorted(known.values(), key=lambda policy: (policy.field, policy.name))


def state_of(policy: Policy, day: dt.date) -> str:
    """Whether a policy is in force, in words."""
    if policy.valid_to is not None and day > policy.valid_to:
        return "已到期"
    return "尚未开始" if policy.valid_from is not None and day < policy.valid_from else "有效"


@access(public=True, why=WHY)
@require_safe
def policies(request: HttpRequest) -> HttpResponseBase:
    """The lists: all of them, or one (`list`), in force first."""
    catalogue, day = current().catalogue, timezone.localdate()
    views = [view.value for view in View]
    wanted = request.GET.get("list", "")
    chosen = [
        p for p in policies_of(catalogue) if wanted not in views or wanted in {v.value for v in p.views}
    ]
    rows = [(policy, state_of(policy, day)) for policy in chosen]
    rows.sort(key=lambda row: row[1] != "有效")
    return render(
        request,
        "desks/portal/policies.html",
        {"views": views, "wanted": wanted if wanted in views else "", "rows": rows},
    )


@access(public=True, why=WHY)
@require_safe
def policy(request: HttpRequest, policy: str) -> HttpResponseBase:
    """The guide of one policy: what it gives, to whom, how, by which clause."""
    catalogue = current().catalogue
    found = next((one for one in policies_of(catalogue) if one.id == policy), None)
    if found is None:
        raise NotFound("没有这项政策。", mend="请回到政策清单查找，或拨打12345。")
    money = found.money
    return render(
        request,
        "desks/portal/policy.html",
        {
            "policy": found,
            "state": state_of(found, timezone.localdate()),
            "departments": [catalogue.orgs[one].name for one in found.departments],
            "condition": words(parse(found.when)) if found.when else "",
            "amount": words(parse(money.rule)) if money and money.rule else "",
            "scale": _scale(found),
            "cap": words(parse(money.cap.most)) if money and money.cap else "",
            "per": PER_WORDS[money.per] if money else "",
            "cite": cite_words(catalogue, found.cite),
            "rivals": _rivals(catalogue, found),
        },
    )


def _scale(found: Policy) -> list[tuple[str, str]]:
    """The steps of a scale in words: what is tested, what is given."""
    tiers = found.money.tiers if found.money else None
    if tiers is None:
        return []
    measure = parse(tiers.of)
    return [(words(read_test(one.test, measure)), words(parse(one.gives))) for one in tiers.rows]


def _rivals(catalogue: Catalogue, found: Policy) -> list[Policy]:
    groups = {one.group for one in found.not_with}
    return [
        one
        for one in policies_of(catalogue)
        if one.id != found.id and groups & {each.group for each in one.not_with}
    ]


@dataclass
class Calculation:
    """What somebody has answered so far, and what follows from it."""

    catalogue: Catalogue
    to: For
    area: str
    day: dt.date
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

    def elements(self, names: Iterable[str]) -> list[Element]:
        """The questions behind names of rules."""
        known = {element.name: element for element in self.catalogue.elements.values()}
        return [known[name] for name in names if name in known]

    def read(self, data: QueryDict) -> None:
        """Read what was typed; what cannot be read stays as typed, with the reason beside it."""
        for element in self.elements(facts_needed(self.policies)):
            raw = typed(element, data)
            if raw in ("", []):
                continue
            self.given[element.id] = raw
            try:
                self.facts[element.name] = read_value(element, raw)
            except Invalid as error:
                self.wrong[element.id] = str(error)

    def fields(self, elements: Iterable[Element]) -> list[Field]:
        """The controls for questions, with what was typed."""
        return [
            field_of(self.catalogue, one, self.given.get(one.id), error=self.wrong.get(one.id, ""))
            for one in elements
        ]


@access(public=True, why=WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def calculator(request: HttpRequest) -> HttpResponseBase:
    """A few questions, and what follows from the answers; POST only carries the answers on."""
    asked = _asked(request)
    if request.method == "POST":
        asked.read(request.POST)
    found = calculate_all(asked.policies, asked.facts, asked.day)
    hanging = [each.then or each for each in found]
    open_ = [e for e in asked.elements(next_questions(hanging)) if e.id not in asked.given][:_AT_ONCE]
    wrong = [asked.catalogue.elements[key] for key in asked.wrong]
    answered = [asked.catalogue.elements[key] for key in asked.given if key not in asked.wrong]
    fields = asked.fields([*wrong, *open_])
    lines = [Line.of(asked.catalogue, each) for each in found]
    return render(
        request,
        "desks/portal/calculator.html",
        {
            "asked": asked,
            "whom": [(one.value, words_, one is asked.to) for one, words_ in _WHOM.items()],
            "areas": sorted({one.field for one in policies_of(asked.catalogue) if one.to is asked.to}),
            "fields": fields,
            "answered": asked.fields(answered),
            "problems": problems_first(fields, asked.wrong),
            "fits": [line for line in lines if line.fits],
            "over": [line for line in lines if line.over],
            "open": [line for line in lines if line.open],
            "others": [line for line in lines if not (line.fits or line.open or line.over)],
        },
        status=400 if asked.wrong else 200,
    )


def _asked(request: HttpRequest) -> Calculation:
    data = request.POST if request.method == "POST" else request.GET
    catalogue = current().catalogue
    to = next((one for one in For if one.value == data.get("to")), For.FIRM)
    areas = {one.field for one in policies_of(catalogue) if one.to is to}
    area = data.get("field", "")
    return Calculation(catalogue, to, area if area in areas else "", timezone.localdate())


@dataclass(frozen=True)
class Line:
    """One policy in the result."""

    policy: Policy
    standing: str
    money: str
    reasons: tuple[str, ...]
    needs: tuple[str, ...]
    cite: str
    fits: bool = False
    open: bool = False
    over: bool = False

    @classmethod
    def of(cls, catalogue: Catalogue, each: Entitlement) -> Line:
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
            fits=fits and each.then is None,
            open=each.standing is Standing.OPEN,
            over=fits and each.then is not None,
        )


def _money(told: Entitlement) -> str:
    if not told.fen or told.policy.money is None:
        return ""
    most = "最多" if told.policy.money.upper_bound else ""
    return f"{PER_WORDS[told.policy.money.per]}{most}{format_fen(told.fen)}"
