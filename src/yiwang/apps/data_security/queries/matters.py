# SPDX-License-Identifier: Apache-2.0
"""Read incidents and alerts: one's own unit's, or all for supervising bodies and auditors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from yiwang.engines.exchange.unusual import Unusual
from yiwang.kernel.actor import Actor

from ..domain.moves import INCIDENT_MOVES, IncidentState, Move, Side
from ..domain.powers import MANAGES, manages, may_supervise, sees_all, units_of
from ..domain.words import AlertState, IncidentKind, Stage
from ..models import Alert, Incident, IncidentEvent
from .seeing import NoSuchAlert, NoSuchIncident, bodies_now, may_see, may_see_alert


@dataclass(frozen=True)
class EventView:
    """One thing that happened."""

    at: dt.datetime
    move: str
    term: str
    by_name: str
    words: str


@dataclass(frozen=True)
class IncidentView:
    """An incident as its pages show it. `moves`: what the reader may do with it now."""

    public_id: str
    org: str
    kind: IncidentKind
    stage: Stage
    title: str
    description: str
    grade: str
    personal: bool
    state: IncidentState
    found_at: dt.datetime
    report_by: dt.datetime
    reported_at: dt.datetime | None
    is_late: bool
    is_overdue: bool
    transferred_to: str
    transferred_at: dt.datetime | None
    closed_at: dt.datetime | None
    events: Sequence[EventView]
    moves: Sequence[Move]


@dataclass(frozen=True)
class AlertView:
    """An alert as its pages show it. `may_answer`: whether the reader answers it."""

    public_id: str
    kind: Unusual
    org: str
    caller_kind: str
    caller: str
    caller_name: str
    resource: str
    case: str
    first_at: dt.datetime
    last_at: dt.datetime
    sentence: str
    raised_at: dt.datetime
    state: AlertState
    words: str
    answered_at: dt.datetime | None
    incident: str
    may_answer: bool
    count: int = 1


def incidents(actor: Actor, *, limit: int = 200) -> list[IncidentView]:
    """What the reader may know of: the open ones first, then the newest."""
    rows = Incident.objects.all()
    if not sees_all(actor, bodies_now()):
        rows = rows.filter(Q(org__in=units_of(actor, *MANAGES)) | Q(found_by=actor.id))
    ordered = rows.order_by("-entered_at")[:limit]
    return sorted((_incident(actor, row) for row in ordered), key=lambda one: one.closed_at is not None)


def incident(actor: Actor, public_id: str) -> IncidentView:
    """One of them. Raises NoSuchIncident, in the same words for another unit's."""
    row = Incident.objects.filter(public_id=public_id).first()
    if row is None or not may_see(actor, row, bodies_now()):
        raise NoSuchIncident
    return _incident(actor, row, whole=True)


def _incident(actor: Actor, row: Incident, *, whole: bool = False) -> IncidentView:
    state = IncidentState(row.state)
    return IncidentView(
        row.public_id,
        row.org,
        IncidentKind(row.kind),
        Stage(row.stage),
        row.title,
        row.description,
        row.grade,
        row.personal,
        state,
        row.found_at,
        row.report_by,
        row.reported_at,
        row.is_late,
        state is IncidentState.FOUND and timezone.now() > row.report_by,
        row.transferred_to,
        row.transferred_at,
        row.closed_at,
        events=[_event(one) for one in row.events.order_by("id")] if whole else [],
        moves=_moves(actor, row) if whole else [],
    )


def _moves(actor: Actor, row: Incident) -> list[Move]:
    sides = {Side.UNIT: manages(actor, row.org), Side.SUPERVISOR: may_supervise(actor, row.org, bodies_now())}
    return [
        move
        for move in INCIDENT_MOVES.values()
        if row.state in move.sources
        and sides[move.side]
        and not (move.name == "transfer" and row.transferred_to)
    ]


def _event(one: IncidentEvent) -> EventView:
    term = INCIDENT_MOVES[one.move].term if one.move in INCIDENT_MOVES else "登记"
    return EventView(one.at, one.move, term, one.by_name, one.words)


def alerts(actor: Actor, *, open_only: bool = False, limit: int = 200) -> list[AlertView]:
    """What the reader may know of: the open ones first, then the newest."""
    rows: QuerySet[Alert] = Alert.objects.select_related("incident")
    if not sees_all(actor, bodies_now()):
        rows = rows.filter(org__in=units_of(actor, *MANAGES))
    rows = rows.exclude(caller=actor.id, state=AlertState.OPEN.value)
    if open_only:
        rows = rows.filter(state=AlertState.OPEN.value)
    found = [_alert(actor, row) for row in rows.order_by("-raised_at")[:limit]]
    return sorted(found, key=lambda one: one.state is not AlertState.OPEN)


def alert(actor: Actor, public_id: str) -> AlertView:
    """One of them. Raises NoSuchAlert, in the same words for another unit's."""
    row = Alert.objects.select_related("incident").filter(public_id=public_id).first()
    if row is None or not may_see_alert(actor, row, bodies_now()):
        raise NoSuchAlert
    return _alert(actor, row)


def _alert(actor: Actor, row: Alert) -> AlertView:
    mine = manages(actor, row.org) and row.caller != actor.id
    return AlertView(
        row.public_id,
        Unusual(row.kind),
        row.org,
        row.caller_kind,
        row.caller,
        row.caller_name,
        row.resource,
        row.case,
        row.first_at,
        row.last_at,
        row.sentence,
        row.raised_at,
        AlertState(row.state),
        row.words,
        row.answered_at,
        row.incident.public_id if row.incident else "",
        may_answer=mine and row.state == AlertState.OPEN.value,
        count=row.count,
    )
