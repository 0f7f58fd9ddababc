# SPDX-License-Identifier: Apache-2.0
"""Read supervision cases, notices and the ledger with its totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from yiwang.kernel.actor import Actor

from ..domain.moves import CASE_MOVES, CaseState, Move, Side
from ..domain.powers import MANAGES, homes_of, is_bureau, manages, may_supervise, sees_all, units_of
from ..models import CaseEvent, LedgerEntry, SupervisionCase
from .matters import EventView
from .seeing import NoSuchCase, bodies_now, may_see_case


@dataclass(frozen=True)
class CaseView:
    """A case as its pages show it. `moves`: what the reader may do with it now."""

    public_id: str
    org: str
    body: str
    incident: str
    title: str
    breach: str
    is_serious: bool
    state: CaseState
    found_at: dt.datetime
    talked_with: str
    due_on: dt.date | None
    is_overdue: bool
    ended_at: dt.datetime | None
    events: Sequence[EventView]
    moves: Sequence[Move]


@dataclass(frozen=True)
class LedgerLine:
    """One entry of the ledger: a notice with its deduction, or the taking back of one."""

    public_id: str
    year: int
    number: int
    org: str
    case: str
    title: str
    points: Decimal
    words: str
    at: dt.datetime
    takes_back: int | None
    taken_back: bool


@dataclass(frozen=True)
class Total:
    """What was deducted from a unit in a year, for its assessment. `notices`: those that stand."""

    org: str
    year: int
    points: Decimal
    notices: int


def cases(actor: Actor, *, limit: int = 200) -> list[CaseView]:
    """What the reader may know of: the open ones first, then the newest."""
    rows = SupervisionCase.objects.all()
    if not sees_all(actor, bodies_now()):
        rows = rows.filter(org__in=units_of(actor, *MANAGES))
    ordered = rows.order_by("-found_at")[:limit]
    return sorted((_case(actor, row) for row in ordered), key=lambda one: one.ended_at is not None)


def case(actor: Actor, public_id: str) -> CaseView:
    """One of them. Raises NoSuchCase, in the same words for another unit's."""
    row = SupervisionCase.objects.filter(public_id=public_id).first()
    if row is None or not may_see_case(actor, row, bodies_now()):
        raise NoSuchCase
    return _case(actor, row, whole=True)


def _case(actor: Actor, row: SupervisionCase, *, whole: bool = False) -> CaseView:
    overdue = row.due_on is not None and timezone.localdate() > row.due_on
    return CaseView(
        row.public_id,
        row.org,
        row.body,
        row.incident,
        row.title,
        row.breach,
        row.is_serious,
        CaseState(row.state),
        row.found_at,
        row.talked_with,
        row.due_on,
        overdue and row.state in (CaseState.RECTIFYING.value, CaseState.CIRCULATED.value),
        row.ended_at,
        events=[_event(one) for one in row.events.order_by("id")] if whole else [],
        moves=_moves(actor, row, overdue=overdue) if whole else [],
    )


def _moves(actor: Actor, row: SupervisionCase, *, overdue: bool) -> list[Move]:
    sides = {Side.UNIT: manages(actor, row.org), Side.SUPERVISOR: may_supervise(actor, row.org, bodies_now())}
    now = {"talk": row.is_serious, "circulate": overdue}
    return [
        move
        for move in CASE_MOVES.values()
        if row.state in move.sources and sides[move.side] and now.get(move.name, True)
    ]


def _event(one: CaseEvent) -> EventView:
    term = CASE_MOVES[one.move].term if one.move in CASE_MOVES else "登记"
    return EventView(one.at, one.move, term, one.by_name, one.words)


def notices(actor: Actor, *, year: int) -> list[LedgerLine]:
    """The city-wide notices of a year, for everybody who works in a unit; the newest first."""
    if not homes_of(actor) and not sees_all(actor, bodies_now()):
        return []
    rows = LedgerEntry.objects.filter(year=year).select_related("case", "takes_back").order_by("-number")
    gone = set(
        LedgerEntry.objects.filter(year=year).exclude(takes_back=None).values_list("takes_back", flat=True)
    )
    return [
        LedgerLine(
            row.public_id,
            row.year,
            row.number,
            row.org,
            row.case.public_id,
            row.case.title,
            row.points,
            row.words,
            row.at,
            row.takes_back.number if row.takes_back else None,
            row.pk in gone,
        )
        for row in rows
    ]


def totals(*, year: int) -> list[Total]:
    """What was deducted from each unit in a year, the most first."""
    points: dict[str, Decimal] = {}
    standing: dict[str, int] = {}
    for org, given, takes_back in LedgerEntry.objects.filter(year=year).values_list(
        "org", "points", "takes_back"
    ):
        points[org] = points.get(org, Decimal(0)) + given
        standing[org] = standing.get(org, 0) + (1 if takes_back is None else -1)
    found = [Total(org, year, sum_, standing[org]) for org, sum_ in points.items()]
    return sorted(found, key=lambda one: (-one.points, one.org))


def may_take_back(actor: Actor) -> bool:
    """Whether the reader corrects the ledger."""
    return is_bureau(actor)
