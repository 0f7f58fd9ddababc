# SPDX-License-Identifier: Apache-2.0
"""My data (我的数据): who looked at what of mine, when, for which case, by what right; and what the city
holds about people like me. For a firm, whoever may act for it sees the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.casework.public import applications_of
from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import Subject, firms_of, subject
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.elements import Subject as About
from yiwang.engines.definitions.kinds.places import OrgKind
from yiwang.engines.exchange import Resource, resources
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.dates import parse_date
from yiwang.kernel.errors import Invalid

from .my_data_rows import Wanted, objection_to, page_of_lines

_NO_DEPARTMENTS = (OrgKind.BANK, OrgKind.UTILITY)


@access(person=True)
@require_safe
def my_data(request: RequestWithActor) -> HttpResponseBase:
    """Every look and every call about the person and their firms, newest first, page by page."""
    parties = parties_of(request.actor)
    whose = request.GET.get("whose", "")
    chosen = {whose: parties[whose]} if whose in parties else parties
    day, wrong = _day(request.GET.get("day", ""))
    org = request.GET.get("org", "")
    known = current().catalogue
    own = request.GET.get("own", "") == "1"
    until = _moment(request.GET.get("before", ""))
    wanted = Wanted(chosen, request.actor.id, until, day, org, own)
    page = page_of_lines(wanted)
    names = {row.id: row.name for row in applications_of(request.actor, limit=200)}
    kept = {"whose": whose, "day": request.GET.get("day", ""), "org": org}
    kept |= {"own": "1"} if own else {}
    context = {
        "here": "my_data",
        "lines": [(one, names.get(one.application, "")) for one in page.lines],
        "before": page.before.astimezone(dt.UTC).isoformat() if page.before else "",
        "query": urlencode({key: value for key, value in kept.items() if value}),
        "first": until is None,
        "own": own,
        "chosen": kept,
        "wrong": wrong,
        "parties": parties.values() if len(parties) > 1 else (),
        "orgs": [(one.id, one.name) for one in departments(known)],
        "filtered": bool(whose or org or day),
    }
    return render(request, "desks/portal/my_data.html", context, status=400 if wrong else 200)


def parties_of(actor: Actor) -> dict[str, Subject]:
    """The person and the firms they may act for, by public id."""
    return {one.public_id: one for one in [subject(actor.id), *firms_of(actor, Matter.DATA)]}


def departments(known: Catalogue) -> list[Any]:
    """The departments whose officers or systems may have looked."""
    return [one for one in known.orgs.values() if one.kind not in _NO_DEPARTMENTS]


def _day(text: str) -> tuple[dt.date | None, str]:
    if not text:
        return None, ""
    try:
        return parse_date(text), ""
    except Invalid as error:
        return None, str(error)


def _moment(text: str) -> dt.datetime | None:
    """Where a page begins, as the page before wrote it; anything else is the first page."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


@dataclass(frozen=True)
class Held:
    """A resource that may hold something about somebody."""

    id: str
    name: str
    provider: str
    summary: str
    fields: list[str]
    sharing: str
    cycle: str
    objection: str


@access(person=True)
@require_safe
def my_resources(request: RequestWithActor) -> HttpResponseBase:
    """What the city holds about people (or firms), by resource: the catalogue, no values."""
    known = current().catalogue
    kinds = {"person": ("我", About.PERSON)} | (
        {"firm": ("企业", About.FIRM)} if request.actor.firms_for(Matter.DATA) else {}
    )
    kind = request.GET.get("about", "person")
    name, about = kinds.get(kind, kinds["person"])
    held = [_held(known, one) for one in resources(known).values() if one.subject is about]
    groups: dict[str, list[Held]] = {}
    for one in held:
        groups.setdefault(one.provider, []).append(one)
    page: Mapping[str, Any] = {
        "here": "my_data",
        "groups": sorted(groups.items()),
        "count": len(held),
        "kinds": [(key, words) for key, (words, _) in kinds.items()],
        "kind": kind if kind in kinds else "person",
        "name": name,
    }
    return render(request, "desks/portal/my_resources.html", page)


def _held(known: Catalogue, one: Resource) -> Held:
    provider = known.orgs.get(one.provider)
    return Held(
        id=one.id,
        name=one.name,
        provider=provider.name if provider else one.provider,
        summary=one.summary,
        fields=[item.name for item in one.fields],
        sharing=one.sharing.term,
        cycle=one.cycle.term,
        objection=objection_to(one.id),
    )
