# SPDX-License-Identifier: Apache-2.0
"""How the city keeps public credit, month by month: who reported what and in time, the ten disclosures, the
key fields, the shares the city set itself, how often credit was used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.engines.credit import CreditEntry, Scene, Sort, months_after
from yiwang.kernel.actor import Actor

from ..domain.shares import percent
from ..models import Check, CheckFeedback, Delivery, Record
from ..parts import NoSuchRecord, book_of, leads, orgs_of
from .counties import CountyFigures, county_figures
from .goals import Goal, goals
from .views import org_name

_DISCLOSED = (Sort.PERMIT, Sort.PENALTY, Sort.DISCLOSED)


@dataclass(frozen=True)
class UnitMonth:
    """What one unit reported in a month. `due`: entries it is named for; `sent`: those it sent something of.

    A record is late when it came after its last day for publicity; `rows` are those of its deliveries.
    """

    org: str
    org_name: str
    records: int
    public: int
    late: int
    newest_late: dt.date | None
    rows: int
    rejected: int
    waiting: int
    due: int
    sent: int

    @property
    def in_time(self) -> int:
        """How many of a hundred that may be public came in time."""
        return percent(self.public - self.late, self.public)

    @property
    def sound(self) -> int:
        """How many of a hundred rows were not sent back."""
        return percent(self.rows - self.rejected, self.rows)

    @property
    def reported(self) -> int:
        """Of how many of a hundred entries it is named for something came."""
        return percent(self.sent, self.due)


@dataclass(frozen=True)
class Disclosure:
    """One of the ten disclosures (十公示) in a month: how many came, of how many units, how many late."""

    name: str
    records: int
    late: int
    units: int


@dataclass(frozen=True)
class Usage:
    """Checks of one scene in a month: how many, with how many measures, fed back as applied or not."""

    scene: str
    checks: int
    measures: int
    applied: int
    not_applied: int


@dataclass(frozen=True)
class MonthReport:
    """A month of public credit. `city`: whether it shows everything, or the officer's own units alone."""

    first: dt.date
    last: dt.date
    city: bool
    units: Sequence[UnitMonth]
    disclosures: Sequence[Disclosure]
    usage: Sequence[Usage]
    goals: Sequence[Goal]
    counties: Sequence[CountyFigures]


def month_report(actor: Actor, *, year: int, month: int) -> MonthReport:
    """A month as the leading unit and auditors see it, or an officer's own units. Raises NoSuchRecord."""
    opened, orgs = current(), orgs_of(actor)
    everything = leads(actor, opened)
    if not everything and not orgs:
        raise NoSuchRecord
    first = dt.date(year, month, 1)
    last = months_after(first, 1) - dt.timedelta(days=1)
    only = Q() if everything else Q(org__in=orgs)
    in_month = Q(arrived_on__range=(first, last))
    counties = county_figures(opened, timezone.localdate()) if everything else []
    return MonthReport(
        first, last, everything,
        _units(opened, only, in_month, (first, last), None if everything else orgs),
        _disclosures(opened, only & in_month),
        _usage(first, last, None if everything else orgs),
        goals(opened, counties) if everything else (), counties,
    )  # fmt: skip


def _units(
    opened: OpenRelease, only: Q, in_month: Q, span: tuple[dt.date, dt.date], orgs: frozenset[str] | None
) -> list[UnitMonth]:
    late = Q(arrived_on__gt=F("due_on"))
    counted: dict[str, Mapping[str, Any]] = {
        one["org"]: one
        for one in Record.objects.filter(only, in_month).values("org").annotate(
            records=Count("pk"), public=Count("due_on"), late=Count("pk", filter=late),
            newest=Max("arrived_on", filter=late),
        )
    }  # fmt: skip
    sent = _sent(only & in_month)
    days = Q(at__gte=_start(span[0]), at__lt=_start(span[1] + dt.timedelta(days=1)))
    rows: dict[str, Mapping[str, Any]] = {
        one["org"]: one
        for one in Delivery.objects.filter(only, days).values("org").annotate(
            all=Sum("rows"), back=Sum("rejected"), wait=Sum("waiting")
        )
    }  # fmt: skip
    due = _due(opened)
    known = {*counted, *rows, *due} if orgs is None else orgs
    made = [
        _unit(
            opened, org, counted.get(org, {}), rows.get(org, {}), (due.get(org, set()), sent.get(org, set()))
        )
        for org in known
    ]
    return sorted(made, key=lambda one: (-one.late, one.reported, one.org))


def _unit(
    opened: OpenRelease,
    org: str,
    counted: Mapping[str, Any],
    rows: Mapping[str, Any],
    entries: tuple[set[str], set[str]],
) -> UnitMonth:
    due, sent = entries
    return UnitMonth(
        org, org_name(opened, org), counted.get("records", 0), counted.get("public", 0),
        counted.get("late", 0), counted.get("newest"), rows.get("all", 0),
        rows.get("back", 0), rows.get("wait", 0), len(due), len(due & sent),
    )  # fmt: skip


def _due(opened: OpenRelease) -> dict[str, set[str]]:
    """Unit → the entries it is named for, lists apart: nobody has to list somebody every month."""
    found: dict[str, set[str]] = {}
    for key, entry in book_of(opened).entries.items():
        for org in entry.departments if not entry.sort.is_list else ():
            found.setdefault(org, set()).add(key)
    return found


def _sent(condition: Q) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for org, entry in Record.objects.filter(condition).values_list("org", "catalogue").distinct():
        found.setdefault(org, set()).add(entry)
    return found


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_current_timezone())


def _disclosures(opened: OpenRelease, condition: Q) -> list[Disclosure]:
    entries = {
        key: entry
        for key, entry in book_of(opened).entries.items()
        if entry.sort in _DISCLOSED and entry.publicity is not None
    }
    counted: dict[str, list[int]] = {_heading(entry): [0, 0] for entry in entries.values()}
    units: dict[str, set[str]] = {name: set() for name in counted}
    found = Record.objects.filter(condition, catalogue__in=entries).values("catalogue", "org")
    for one in found.annotate(records=Count("pk"), late=Count("pk", filter=Q(arrived_on__gt=F("due_on")))):
        name = _heading(entries[one["catalogue"]])
        counted[name][0] += one["records"]
        counted[name][1] += one["late"]
        units[name].add(one["org"])
    return [Disclosure(name, records, late, len(units[name])) for name, (records, late) in counted.items()]


def _heading(entry: CreditEntry) -> str:
    """Permits and penalties have several entries, the other eight one each."""
    return entry.name.removesuffix("信息") if entry.sort is Sort.DISCLOSED else entry.sort.term


def _usage(first: dt.date, last: dt.date, orgs: frozenset[str] | None) -> list[Usage]:
    rows = Check.objects.filter(on__range=(first, last))
    if orgs is not None:
        rows = rows.filter(org__in=orgs)
    checks = rows.values("scene").annotate(checks=Count("pk"), measures=Sum("hits"))
    said = {
        (one["of__scene"], one["applied"]): one["found"]
        for one in CheckFeedback.objects.filter(of__in=rows)
        .values("of__scene", "applied")
        .annotate(found=Count("pk"))
    }
    found = {one["scene"]: one for one in checks}
    return [
        Usage(
            scene.value, found[scene.value]["checks"], found[scene.value]["measures"],
            said.get((scene.value, True), 0), said.get((scene.value, False), 0),
        )
        for scene in Scene
        if scene.value in found
    ]  # fmt: skip
