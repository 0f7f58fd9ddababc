# SPDX-License-Identifier: Apache-2.0
"""Read who a unit's administrator is, whom it could appoint, and what its registers hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import staff_of
from yiwang.engines.definitions.kinds.places import OrgKind
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound

from ..domain.powers import APPOINTS, homes_of, manages, sees_all, units_of
from ..domain.registers import Register
from ..models import Administrator, RegisterLine
from .seeing import bodies_now

_UNITS = (OrgKind.DEPARTMENT, OrgKind.INSTITUTION, OrgKind.VERTICAL)
"""第十四条 各单位: whoever handles government data here."""


@dataclass(frozen=True)
class UnitView:
    """A unit and its administrator. `missing`: registers without the line that each year needs."""

    org: str
    name: str
    administrator: str
    officer: str
    since: dt.datetime | None
    missing: Sequence[Register]
    may_appoint: bool
    may_enter: bool
    may_open: bool

    @property
    def is_vacant(self) -> bool:
        """Whether the unit has no administrator."""
        return not self.officer


@dataclass(frozen=True)
class LineView:
    """One line of a register. `corrected`: another line says what is right."""

    public_id: str
    day: dt.date
    content: Mapping[str, str]
    at: dt.datetime
    by_name: str
    corrected: bool
    corrects: str


@dataclass(frozen=True)
class Candidate:
    """An officer of the unit who could be appointed."""

    officer: str
    name: str


def units(actor: Actor) -> list[UnitView]:
    """The reader's units; all that handle government data for supervising bodies and auditors. Vacant
    ones first, then those with a register that lacks this year's line."""
    catalogue, everything = current().catalogue, sees_all(actor, bodies_now())
    orgs = {org.id for org in catalogue.orgs.values() if org.kind in _UNITS} if everything else set()
    orgs |= homes_of(actor)
    posts = {row.org: row for row in Administrator.objects.filter(ended_at=None, org__in=orgs)}
    missing = _missing(orgs, timezone.localdate().year)
    found = [_unit(actor, org, posts.get(org), missing[org]) for org in sorted(orgs)]
    return sorted(found, key=lambda one: (not one.is_vacant, not one.missing, one.name))


def unit(actor: Actor, org: str) -> UnitView:
    """One unit, for whoever acts for it or sees all. Raises NotFound."""
    if org not in current().catalogue.orgs or not (manages(actor, org) or sees_all(actor, bodies_now())):
        raise NotFound("没有这个单位，或者您无权查看。", mend="请回到列表，从中选择。")
    present = Administrator.objects.filter(org=org, ended_at=None).first()
    return _unit(actor, org, present, _missing({org}, timezone.localdate().year)[org])


def _unit(actor: Actor, org: str, present: Administrator | None, missing: Sequence[Register]) -> UnitView:
    known = current().catalogue.orgs.get(org)
    return UnitView(
        org,
        known.short_name if known else org,
        present.name if present else "",
        present.officer if present else "",
        present.appointed_at if present else None,
        missing,
        may_appoint=org in units_of(actor, *APPOINTS),
        may_enter=manages(actor, org),
        may_open=manages(actor, org) or sees_all(actor, bodies_now()),
    )


def _missing(orgs: set[str], year: int) -> dict[str, list[Register]]:
    lines = RegisterLine.objects.filter(org__in=orgs, day__year=year)
    have = set(lines.values_list("org", "register").distinct())
    yearly = [one for one in Register if one.sheet.yearly]
    return {org: [one for one in yearly if (org, one.value) not in have] for org in orgs}


def candidates(actor: Actor, org: str) -> list[Candidate]:
    """Whom the reader could appoint: the unit's officers but themselves and the present administrator."""
    if org not in units_of(actor, *APPOINTS):
        return []
    present = Administrator.objects.filter(org=org, ended_at=None).values_list("officer", flat=True)
    return [
        Candidate(one.id, one.name)
        for one in staff_of(org)
        if one.id != actor.id and one.id not in set(present)
    ]


def register_lines(actor: Actor, org: str, register: Register, *, limit: int = 200) -> list[LineView]:
    """The lines of a unit's register, the newest first. Raises NotFound: not the reader's unit."""
    if not manages(actor, org) and not sees_all(actor, bodies_now()):
        raise NotFound("没有这份登记，或者您无权查看。", mend="请回到列表，从中选择。")
    rows = RegisterLine.objects.filter(org=org, register=register.value).select_related("corrects")
    shown = list(rows.order_by("-day", "-id")[:limit])
    gone = set(rows.exclude(corrects=None).values_list("corrects", flat=True))
    return [
        LineView(
            row.public_id,
            row.day,
            row.content,
            row.at,
            row.by_name,
            row.pk in gone,
            row.corrects.public_id if row.corrects else "",
        )
        for row in shown
    ]
