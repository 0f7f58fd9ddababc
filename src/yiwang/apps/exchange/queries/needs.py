# SPDX-License-Identifier: Apache-2.0
"""Read needs, their history, and the published editions of the supply-and-demand list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions import Catalogue
from yiwang.engines.exchange import Level, NeedKind, resources

from ..domain.needs import NeedState
from ..models import Need, NeedEdition


@dataclass(frozen=True)
class StepView:
    """One thing that happened to a need."""

    at: dt.datetime
    by: str
    state: NeedState
    words: str


@dataclass(frozen=True)
class NeedView:
    """A need with the names a list shows; `steps` oldest first, only of a single need."""

    id: str
    org: str
    org_name: str
    level: Level
    place: str
    place_name: str
    kind: NeedKind
    title: str
    wants: str
    item: str
    item_name: str
    resource: str
    resource_name: str
    provider: str
    provider_name: str
    state: NeedState
    version: int
    listed_at: dt.datetime
    changed_at: dt.datetime
    grant: str = ""
    steps: tuple[StepView, ...] = ()


@dataclass(frozen=True)
class NeedFilters:
    """Which needs; "" is any."""

    org: str = ""
    provider: str = ""
    state: str = ""
    kind: str = ""
    level: str = ""
    place: str = ""
    resource: str = ""
    open_only: bool = False


@dataclass(frozen=True)
class EditionLine:
    """A line of a published edition."""

    org_name: str
    level: Level
    place_name: str
    kind: NeedKind
    title: str
    resource_name: str
    provider_name: str
    state: NeedState


@dataclass(frozen=True)
class EditionView:
    """A published edition of the list; `lines` is empty where editions are only listed."""

    number: int
    published_at: dt.datetime
    size: int
    lines: tuple[EditionLine, ...] = ()


def needs(filters: NeedFilters | None = None, *, limit: int = 500) -> list[NeedView]:
    """The needs that fit, those changed last first."""
    wanted = filters or NeedFilters()
    rows: QuerySet[Need] = Need.objects.order_by("-changed_at", "-id")
    for name in ("org", "provider", "state", "kind", "level", "place", "resource"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.open_only:
        rows = rows.exclude(state=NeedState.CLOSED.value)
    catalogue = current().catalogue
    return [_view(catalogue, row) for row in rows[:limit]]


def need(identity: str) -> NeedView | None:
    """One need with its history; None when there is none."""
    row = Need.objects.prefetch_related("steps").filter(public_id=identity).first()
    if row is None:
        return None
    steps = sorted(row.steps.all(), key=lambda one: one.pk)
    told = tuple(StepView(one.at, one.actor_name, NeedState(one.now), one.words) for one in steps)
    return _view(current().catalogue, row, told)


def need_counts() -> dict[NeedState, int]:
    """How many needs stand where, closed ones too."""
    found = Need.objects.values_list("state", flat=True)
    counts = dict.fromkeys(NeedState, 0)
    for state in found:
        counts[NeedState(state)] += 1
    return counts


def editions() -> list[EditionView]:
    """The published editions, newest first, without their lines."""
    rows = NeedEdition.objects.order_by("-number")
    return [EditionView(row.number, row.published_at, len(row.entries)) for row in rows]


def edition(number: int) -> EditionView | None:
    """One published edition with its lines; names as they are today."""
    row = NeedEdition.objects.filter(number=number).first()
    if row is None:
        return None
    catalogue = current().catalogue
    lines = tuple(_line(catalogue, each) for each in row.entries)
    return EditionView(row.number, row.published_at, len(lines), lines)


def _line(catalogue: Catalogue, entry: dict[str, str]) -> EditionLine:
    org, place, resource, provider = _names(
        catalogue, entry["org"], entry["place"], entry["resource"], entry["provider"]
    )
    return EditionLine(
        org,
        Level(entry["level"]),
        place,
        NeedKind(entry["kind"]),
        entry["title"],
        resource,
        provider,
        NeedState(entry["state"]),
    )


def _names(catalogue: Catalogue, *ids: str) -> Sequence[str]:
    org, place, resource, provider = ids
    known = (catalogue.orgs, catalogue.places, resources(catalogue), catalogue.orgs)
    pairs = zip(known, (org, place, resource, provider), strict=True)
    return [str(getattr(folder.get(one), "name", one)) for folder, one in pairs]


def _view(catalogue: Catalogue, row: Need, steps: tuple[StepView, ...] = ()) -> NeedView:
    org, place, resource, provider = _names(catalogue, row.org, row.place, row.resource, row.provider)
    item = catalogue.items.get(row.item)
    return NeedView(
        id=row.public_id,
        org=row.org,
        org_name=org,
        level=Level(row.level),
        place=row.place,
        place_name=place,
        kind=NeedKind(row.kind),
        title=row.title,
        wants=row.wants,
        item=row.item,
        item_name=item.name if item else row.item,
        resource=row.resource,
        resource_name=resource,
        provider=row.provider,
        provider_name=provider,
        state=NeedState(row.state),
        version=row.version,
        listed_at=row.listed_at,
        changed_at=row.changed_at,
        grant=row.grant,
        steps=steps,
    )
