# SPDX-License-Identifier: Apache-2.0
"""Read reports: one, a department's own, and how all departments stand against the deadline (亮灯)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions.kinds.places import OrgKind
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotAllowed

from .domain.filings import Kind, State
from .domain.rows import DeclaredRow, SurveyRow, declared_from, items_of, licences_of, survey_from
from .domain.settings import deadline_of, light_on
from .models import Filing
from .parts import NoSuchFiling, is_bureau, orgs_of, sees_all
from .published import usable


@dataclass(frozen=True)
class FilingView:
    """A report as its pages show it. `may_fill`, `may_review`: what the reader may do with it now."""

    public_id: str
    kind: Kind
    year: int
    org: str
    org_name: str
    state: State
    version: int
    surveyed: Sequence[SurveyRow]
    declared: Sequence[DeclaredRow]
    submitted_at: dt.datetime | None
    words: str
    due_on: dt.date
    may_fill: bool
    may_review: bool


@dataclass(frozen=True)
class Standing:
    """How a department stands: its report, if it began one, and the light against the deadline."""

    org: str
    org_name: str
    kind: Kind
    year: int
    due_on: dt.date
    light: Light
    filing: str
    state: State | None


def filing_view(actor: Actor, filing: str) -> FilingView:
    """One report, for its department, the bureau and auditors. Raises NoSuchFiling."""
    row = Filing.objects.filter(public_id=filing).first()
    if row is None or not (row.org in orgs_of(actor) or sees_all(actor)):
        raise NoSuchFiling
    kind, state, catalogue = Kind(row.kind), State(row.state), current().catalogue
    org = catalogue.orgs.get(row.org)
    return FilingView(
        public_id=row.public_id,
        kind=kind,
        year=row.year,
        org=row.org,
        org_name=org.name if org else row.org,
        state=state,
        version=row.version,
        surveyed=survey_from(row.rows) if kind is Kind.SURVEY else [],
        declared=declared_from(row.rows) if kind is Kind.DECLARATION else [],
        submitted_at=row.submitted_at,
        words=row.words,
        due_on=deadline_of(catalogue, kind, row.year),
        may_fill=state.is_open and row.org in orgs_of(actor),
        may_review=state is State.SUBMITTED and is_bureau(actor) and actor.id not in row.filled_by,
    )


def standings(actor: Actor, *, year: int, today: dt.date | None = None) -> list[Standing]:
    """How departments stand with both reports of a year: the reader's own, or all for the bureau and
    auditors. A department without items, or without licences to declare, owes nothing.

    Raises NotAllowed for everybody else.
    """
    own = orgs_of(actor)
    if not own and not sees_all(actor):
        raise NotAllowed("这里由各部门和数据管理部门使用。", mend="请换用有权限的账号登录。")
    catalogue, day = current().catalogue, today or timezone.localdate()
    listed, known = usable(), {(row.kind, row.org): row for row in Filing.objects.filter(year=year)}
    found = []
    for org in sorted({item.org for item in catalogue.items.values()} if sees_all(actor) else own):
        for kind in Kind:
            row = known.get((kind.value, org))
            if row is not None or _owes(kind, org, listed):
                found.append(_standing(kind, org, year, row, day))
    return found


_REPORTS = (OrgKind.DEPARTMENT, OrgKind.INSTITUTION, OrgKind.VERTICAL)
"""政务部门: banks and utilities take part in errands, and report nothing."""


def _owes(kind: Kind, org: str, listed: set[str]) -> bool:
    catalogue = current().catalogue
    known = catalogue.orgs.get(org)
    if known is None or known.kind not in _REPORTS:
        return False
    items = items_of(catalogue, org)
    if kind is Kind.SURVEY:
        return bool(items)
    return any(one in listed for item in items for one in licences_of(catalogue, item.id))


def _standing(kind: Kind, org: str, year: int, row: Filing | None, day: dt.date) -> Standing:
    catalogue = current().catalogue
    known, state = catalogue.orgs.get(org), State(row.state) if row else None
    done = state is not None and state.is_handed_in
    return Standing(
        org=org,
        org_name=known.short_name if known else org,
        kind=kind,
        year=year,
        due_on=deadline_of(catalogue, kind, year),
        light=Light.GREEN if done else light_on(catalogue, kind, year, day),
        filing=row.public_id if row else "",
        state=state,
    )
