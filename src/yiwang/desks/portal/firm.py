# SPDX-License-Identifier: Apache-2.0
"""Enterprise entrance (企业服务总入口): one page for each firm, for whoever may act for it today: what waits
for it, benefits, cases, licences, requests, and its own data as the government holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yiwang.apps.benefits import public as benefits
from yiwang.apps.casework.public import applications_of
from yiwang.apps.catalogue.public import current
from yiwang.apps.firms import public as firms
from yiwang.apps.identity.public import Subject, firm_facts, firms_of
from yiwang.apps.licences.public import LicenceView, held_by
from yiwang.apps.quality import public as quality
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.benefits import Standing, calculate_all, facts_needed
from yiwang.engines.benefits.kinds import For
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import Subject as About
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import NotFound
from yiwang.kernel.ids import mask_name

from .calculator import Line
from .on_record import OnRecord, known_of
from .policies import policies_of


@access(person=True)
@require_safe
def choose(request: RequestWithActor) -> HttpResponseBase:
    """Which firm: straight on when there is one; how to come to act for one when there is none."""
    found = firms_of(request.actor, *Matter)
    if len(found) == 1:
        return redirect("portal:firm", found[0].public_id)
    return render(request, "desks/portal/firms.html", {"here": "firm", "firms": found})


def own_firm(actor: Actor, firm: str, *matters: Matter) -> Subject:
    """A firm that the actor may act for today in one of these matters (none named: in anything). Raises
    NotFound, in the same words for any other."""
    for one in firms_of(actor, *(matters or Matter)):
        if one.public_id == firm:
            return one
    raise NotFound("没有这家企业，或者您不能代表它。", mend="请由法定代表人登录，或者先取得企业授权。")


@dataclass(frozen=True)
class HeldLicence:
    """A licence in the firm's list; `days`: until it ends, when that is near or past."""

    one: LicenceView
    name: str
    days: int | None

    @property
    def ended(self) -> bool:
        """Whether its last day is over."""
        return self.days is not None and self.days < 0


@access(person=True)
@never_cache
@require_safe
def firm(request: RequestWithActor, firm: str) -> HttpResponseBase:
    """Everything of one firm on one page; each line leads to where it is done."""
    actor, one = request.actor, own_firm(request.actor, firm)
    facts = firm_facts(firm)
    may = {matter.value: actor.is_subject(firm, matter) for matter in Matter}
    page = {
        "here": "firm",
        "firm": one,
        "may": may,
        "limited": [] if actor.is_subject(firm) else [each.term for each in Matter if may[each.value]],
        "is_chief": facts.representative_id == actor.id,
        "others": len(firms_of(actor, *Matter)) > 1,
        "facts": facts,
        "chief": mask_name(facts.representative),
        "serving": firms.serving(firm),
        **_owed_and_held(actor, one, may),
        **_in_hand(actor, firm),
    }
    return render(request, "desks/portal/firm.html", page)


def _owed_and_held(actor: Actor, firm: Subject, may: Mapping[str, bool]) -> dict[str, Any]:
    """Benefits, and what the government holds: what of it the actor may see."""
    catalogue = current().catalogue
    seen = may["benefits"] or may["data"]
    record = known_of(actor, firm, _elements(catalogue)) if seen else {}
    claims = [each for each in benefits.claims_of(actor) if each.subject == firm.public_id]
    return {
        "waiting": [each for each in claims if each.state is benefits.State.NOTICED],
        "claims": [each for each in claims if each.state is not benefits.State.NOTICED],
        "possible": possible(
            catalogue,
            record,
            {each.policy for each in claims} | benefits.already_applied(actor, firm.public_id),
        ),
        "told": {each.policy for each in benefits.unclaimed(actor, subject=firm.public_id) if each.told_at},
        "payees": benefits.payees_of(actor, subject=firm.public_id),
        "registered": [each for each in record.values() if each.source == benefits.REGISTER],
        "sources": _by_source(each for each in record.values() if each.source != benefits.REGISTER),
        "objections": len(quality.objections(actor)),
    }


def _in_hand(actor: Actor, firm: str) -> dict[str, Any]:
    """Cases, licences and requests: those of matters the actor may not act in are not found."""
    cases = applications_of(actor, subject=firm, limit=20)
    asked = firms.requests(actor, firm=firm, limit=50)
    may_hold = actor.is_subject(firm, Matter.APPLICATIONS)
    licences = _licences(current().catalogue, firm) if may_hold else []
    return {
        "cases": [row for row in cases if row.stage in ("draft", "handling")],
        "finished": [row for row in cases if row.stage not in ("draft", "handling")][:5],
        "corrections": [row for row in cases if row.needs_correction or row.owes_documents],
        "licences": licences,
        "ending": [each for each in licences if each.days is not None],
        "requests": asked[:10],
        "to_rate": [each for each in asked if each.state is firms.State.REPLIED],
    }


def _elements(catalogue: Catalogue) -> list[Element]:
    """What is looked up for the page: everything about firms, and what their policies ask for."""
    asked = set(facts_needed([one for one in policies_of(catalogue) if one.to is For.FIRM]))
    return [one for one in catalogue.elements.values() if one.subject is About.FIRM or one.name in asked]


@dataclass(frozen=True)
class Possible:
    """What the firm may apply for by what is on record, and how many policies wait for an answer or two."""

    fits: Sequence[Line]
    near: Sequence[Line]
    open: int


def possible(catalogue: Catalogue, record: Mapping[str, OnRecord], claimed: set[str]) -> Possible:
    """The policies in force worked out with what is on record, without those found for the firm
    or applied for already.
    `near`: some of what they hang on is known already, the rest only the firm can say."""
    known = {one.name: one.value for one in record.values()}
    policies = [one for one in policies_of(catalogue) if one.to is For.FIRM and one.id not in claimed]
    lines, near, open_ = [], [], 0
    for each in calculate_all(policies, known, timezone.localdate()):
        if each.then is not None:
            continue
        if each.standing is Standing.FITS:
            lines.append(Line.of(catalogue, each))
        elif each.standing is Standing.OPEN:
            open_ += 1
            if set(facts_needed([each.policy])) & set(known):
                near.append(Line.of(catalogue, each))
    return Possible(lines, near[:5], open_)


def _licences(catalogue: Catalogue, firm: str) -> list[HeldLicence]:
    """The firm's licences, those that end soonest first."""
    today, warns = timezone.localdate(), whole(catalogue, firms.LICENCE_WARNS)
    found = []
    for one in held_by([firm]):
        material = catalogue.materials.get(one.material)
        days = (one.valid_until - today).days if one.valid_until else None
        near = days if days is not None and days <= warns else None
        found.append(HeldLicence(one, material.name if material else one.material, near))
    return sorted(found, key=lambda each: (each.one.valid_until or dt.date.max, each.name))


def _by_source(values: Iterable[OnRecord]) -> list[tuple[str, list[OnRecord]]]:
    """What is on record, by where it is from."""
    groups: dict[str, list[OnRecord]] = {}
    for one in values:
        groups.setdefault(one.source, []).append(one)
    return sorted(groups.items())
