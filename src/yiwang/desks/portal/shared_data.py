# SPDX-License-Identifier: Apache-2.0
"""One plain question: may the departments that have it be asked, so that nobody types it again?

For all or some, never required, withdrawn at any time. What is asked shows while it is asked; the page
works by opening it again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.messages import info, success, warning
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from yiwang.apps.casework.public import (
    DraftView,
    ask_sharing_again,
    consent_to_sharing,
    person_of,
    withdraw_sharing,
)
from yiwang.apps.identity.public import subjects
from yiwang.apps.lookups.public import Consented, Offer, State, consented, lookups, offers
from yiwang.desks.access import RequestWithActor
from yiwang.desks.middleware import tell
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.exchange import Resource, resources
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict

from .drafts import draft_page, page_of
from .my_data_rows import objection_to

_TAGS = {State.FOUND: "ok", State.ASKING: "wait", State.WITHDRAWN: "", State.UNAVAILABLE: "late"}


@dataclass(frozen=True)
class Told:
    """What is asked or was, in words: of which department, about whom, which items, to spare what."""

    name: str
    provider: str
    whose: str
    asks: str
    fields: Sequence[str]
    fills: Sequence[str]
    spares: Sequence[str]
    purpose: str
    basis: str


@dataclass(frozen=True)
class OfferRow:
    """What one resource may be asked about somebody, on the page as one choice: `digests` of its offers,
    one for each department that would ask."""

    digests: Sequence[str]
    told: Sequence[Told]

    @property
    def value(self) -> str:
        """What the page sends when it is chosen."""
        return ",".join(self.digests)

    @property
    def first(self) -> Told:
        """Which resource it is."""
        return self.told[0]


@dataclass(frozen=True)
class AskedRow:
    """What was agreed to, and how it stands."""

    is_: Consented
    told: Told
    tag: str
    asked_at: dt.datetime | None
    by_clerk: bool
    answered: Sequence[str]
    open: bool


@dataclass(frozen=True)
class Sharing:
    """What may be agreed to for a draft, and what was."""

    offers: Sequence[OfferRow]
    asked: Sequence[AskedRow]

    @property
    def asking(self) -> bool:
        """Whether an answer may still come by itself."""
        return any(one.is_.state is State.ASKING for one in self.asked)

    @property
    def fills(self) -> int:
        """How many questions of the form the offers may answer."""
        return sum(len(told.fills) for one in self.offers for told in one.told)

    @property
    def spares(self) -> int:
        """How many documents the offers may spare."""
        return sum(len(told.spares) for one in self.offers for told in one.told)

    @property
    def outcomes(self) -> Sequence[str]:
        """What became of what was asked, each department's data once, in words."""
        asked = [one for one in self.asked if one.open]
        words = [(one.told, "查到了" if one.answered else one.is_.words) for one in asked]
        return list(dict.fromkeys(f"{told.provider}“{told.name}”：{said}" for told, said in words))

    @property
    def providers(self) -> Sequence[str]:
        """The departments that would be asked, each once."""
        return list(dict.fromkeys(one.first.provider for one in self.offers))


def sharing_of(actor: Actor, draft: DraftView) -> Sharing:
    """What may be asked for this draft if whoever handles it agrees, and what was asked."""
    known, now = draft.release.catalogue, timezone.now()
    person = person_of(actor, draft.agent.public_id)
    offered = offers(known, draft.still_open, draft.asking(person, now))
    asked = consented(draft.row.id, now=now)
    about = {one.subject for one in offered} | {one.subject for one in asked}
    names = {key: one.masked_name for key, one in subjects(about).items()}
    return Sharing(
        _together(known, offered, names),
        [_asked(known, one, names) for one in asked],
    )


def _together(known: Catalogue, offered: Sequence[Offer], names: Mapping[str, str]) -> list[OfferRow]:
    """One choice for each resource and subject, whichever departments would ask it."""
    groups: dict[tuple[str, str], list[Offer]] = {}
    for one in offered:
        groups.setdefault((one.resource, one.subject), []).append(one)
    return [
        OfferRow([one.digest for one in group], [_told(known, one, names) for one in group])
        for group in groups.values()
    ]


def shared_source(draft: DraftView, element: str, words: str) -> tuple[str, str]:
    """Whose data filled a value in, in words, and where to say that it is wrong."""
    lookup = draft.found_values.get(element, "")
    found = lookups([lookup]).get(lookup)
    resource = resources(draft.release.catalogue).get(found.resource) if found else None
    if found is None or resource is None:
        return words, ""
    item = dict(zip(found.elements, found.answered_by, strict=True)).get(element, "")
    provider = _org(draft.release.catalogue, resource.provider)
    return f"{words}：{provider}“{resource.name}”", objection_to(resource.id, item)


def _asked(known: Catalogue, one: Consented, names: Mapping[str, str]) -> AskedRow:
    answered = [_name(known, kind, id_) for kind, id_ in sorted(one.answered)]
    return AskedRow(
        is_=one,
        told=_told(known, one, names),
        tag=_TAGS.get(one.state, "wait"),
        asked_at=timezone.localtime(one.asked_at) if one.asked_at else None,
        by_clerk=one.given_by != one.recorded_by,
        answered=answered,
        open=one.state is not State.WITHDRAWN,
    )


def _told(known: Catalogue, one: Offer | Consented, names: Mapping[str, str]) -> Told:
    resource = resources(known).get(one.resource)
    elements = [pair if isinstance(pair, str) else pair[0] for pair in one.elements]
    return Told(
        name=resource.name if resource else one.resource,
        provider=_org(known, resource.provider) if resource else "",
        whose=names.get(one.subject, ""),
        asks=_org(known, one.org),
        fields=_fields(resource, one.fields),
        fills=[_name(known, "element", element) for element in elements],
        spares=[_name(known, "material", material) for material in one.materials],
        purpose=one.purpose,
        basis=one.basis,
    )


def _fields(resource: Resource | None, wanted: Sequence[str]) -> list[str]:
    return [field.name for field in resource.fields if field.id in wanted] if resource else []


def _org(known: Catalogue, org: str) -> str:
    return known.orgs[org].name if org in known.orgs else org


def _name(known: Catalogue, kind: str, id_: str) -> str:
    found = known.elements.get(id_) if kind == "element" else known.materials.get(id_)
    return found.name if found else id_


@draft_page("GET", "HEAD", "POST")
def shared_data(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    """Show the question and what became of it; do what the pressed button says."""
    if request.method == "POST":
        return _act(request, draft)
    is_clerk = request.actor.kind is not ActorKind.PERSON
    page = page_of(draft, "form", sharing=sharing_of(request.actor, draft), is_clerk=is_clerk)
    return render(request, "desks/portal/shared_data.html", page)


def _act(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    here = redirect("portal:shared_data", draft.row.id)
    try:
        if consent := request.POST.get("withdraw"):
            withdraw_sharing(request.actor, draft.row.id, consent)
            success(request, "已撤回同意，查到的已经删除。这几处请您自己填、自己交。")
            return here
        if consent := request.POST.get("again"):
            ask_sharing_again(request.actor, draft.row.id, consent)
            return here
        return _agree(request, draft) or here
    except Conflict as problem:
        tell(request, problem)
        return here


def _agree(request: RequestWithActor, draft: DraftView) -> HttpResponseBase | None:
    """Agree to what is ticked, or to all that the page showed."""
    sent = request.POST.getlist("shown" if "all" in request.POST else "offer")
    chosen = [one for several in sent for one in several.split(",") if one]
    if not chosen:
        info(request, "还没有勾选要查的，什么也没有查。不想查也可以，直接自己填。")
        return None
    if request.actor.kind is not ActorKind.PERSON and "present" not in request.POST:
        warning(request, "请先问来人是否同意，勾选“来人当面同意”后再查。什么也没有查。")
        return None
    consent_to_sharing(request.actor, draft.row.id, chosen)
    return None
