# SPDX-License-Identifier: Apache-2.0
"""Who has which part in a settlement: villages and streets by name, counties and the city by post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.apps.catalogue.public import current
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.settlement_kinds import At, Settled, SettlementStep
from yiwang.engines.definitions.kinds.places import PlaceKind
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import NotAllowed, NotFound

from .models import Sheet, Station, StationOfficer
from .parts import DEPARTMENT, orgs_of


class NoSuchSettlement(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这一项，或者您无权查看。", mend="请回到列表，从中选择。")


def settled_policies() -> Mapping[str, Policy]:
    """The policies of the release in force that are settled by period."""
    found: Mapping[str, Any] = current().catalogue.others.get("policies", {})
    return {key: one for key, one in found.items() if one.settled is not None}


def settled_of(policy: str) -> tuple[Policy, Settled]:
    """A policy that is settled by period. Raises NoSuchSettlement."""
    found = settled_policies().get(policy)
    if found is None or found.settled is None:
        raise NoSuchSettlement
    return found, found.settled


def stations_of(actor: Actor) -> list[Station]:
    """The villages and streets an officer works for."""
    if actor.kind is not ActorKind.OFFICER:
        return []
    mine = StationOfficer.objects.filter(officer=actor.id).values("station")
    return list(Station.objects.filter(pk__in=mine).select_related("parent").order_by("name"))


def posts_at(actor: Actor, org: str, place: str) -> bool:
    """Whether an officer has a post of this department in exactly this place ("" is the city's own)."""
    if actor.kind is not ActorKind.OFFICER:
        return False
    mine = {post.place for post in actor.posts if post.role in DEPARTMENT and post.org == org}
    return bool(mine & city_places()) if not place else place in mine


def city_places() -> set[str]:
    """How posts of the city itself are written."""
    places = current().catalogue.places.values()
    return {"", *(one.id for one in places if one.kind is PlaceKind.CITY)}


def org_for(actor: Actor, step: SettlementStep, place: str, station: Station | None) -> list[str]:
    """The organisations of a step for which an officer may act on something of this place and village."""
    mine = orgs_of(actor)
    if step.at in (At.VILLAGE, At.TOWNSHIP):
        at = station if station is None or station.level == step.at else station.parent
        if at is None or not StationOfficer.objects.filter(station=at, officer=actor.id).exists():
            return []
        return [org for org in step.orgs if org in mine]
    where = place if step.at is At.COUNTY else ""
    return [org for org in step.orgs if posts_at(actor, org, where)]


def begins(actor: Actor, settled: Settled, place: str, station: Station | None) -> bool:
    """Whether an officer enrols and makes sheets here: who does the first step."""
    return bool(org_for(actor, settled.steps[0], place, station))


def sees_sheet(actor: Actor, settled: Settled, sheet: Sheet) -> bool:
    """Whether an officer does some step of a sheet."""
    return any(org_for(actor, step, sheet.place, sheet.station) for step in settled.steps)


def in_city(actor: Actor, policy: Policy) -> bool:
    """Whether an officer works in the city's own part of a responsible department."""
    return any(posts_at(actor, org, "") for org in policy.departments)


def require_city(actor: Actor, policy: Policy) -> None:
    """Raise NotAllowed unless the officer works in the city's own part of a responsible department."""
    if not in_city(actor, policy):
        raise NotAllowed("这件事由市里责任部门的工作人员办。", mend="请联系该部门。")
