# SPDX-License-Identifier: Apache-2.0
"""An item of an application, its history and its site visits, as those who follow it see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.licences.public import LicenceView, licences
from yiwang.engines.process.lights import Light

from .deadlines import correction_until, due_of, light_now
from .domain import settings
from .models import Application, Correction, ItemCase

_ENDED = ("not_accepted", "terminated", "withdrawn")
_BY_AUTHORITY = ("refuse_acceptance", "terminate", "lapse")


@dataclass(frozen=True)
class MoveView:
    """A move as people read it. `by_person`: somebody made it, it did not follow by itself."""

    term: str
    says: str
    at: dt.datetime
    by: str
    words: str
    by_person: bool = True


@dataclass(frozen=True)
class ItemView:
    """An item of an application, as the applicant follows it.

    Attributes:
        reason, remedy: of the decision, or of what ended the item without one.
        correction_until: the last day for putting things right, while that is asked for.
        deliver_by: the last day for handing the result over, while it lies ready.
        clock: how the due day is counted and why, with the clauses; empty before acceptance.
        tacit: what silence means for this item (逾期视为), if its law says so.
    """

    id: str
    item: str
    name: str
    department: str
    state: str
    state_term: str
    state_says: str
    waits_for: Sequence[str]
    due_on: dt.date | None
    provisional: bool
    light: Light
    open: bool
    granted: bool | None
    reason: str
    remedy: str
    results: Sequence[LicenceView]
    moves: Sequence[MoveView]
    corrections: Sequence[Mapping[str, str]]
    correction_until: dt.date | None
    deliver_by: dt.date | None
    clock: Sequence[str]
    tacit: str


@dataclass(frozen=True)
class VisitView:
    """A site visit and who goes."""

    id: str
    target: str
    departments: Sequence[str]
    planned_on: dt.date | None
    done_on: dt.date | None


def item_view(case: ItemCase, opened: OpenRelease) -> ItemView:
    """An item with its state, light, outcome and history."""
    state = opened.machine.state(case.state)
    decision = getattr(case, "decision", None)
    correction: Correction | None = getattr(case, "correction", None)
    asked = correction if case.state == "correction_asked" else None
    item = opened.catalogue.items[case.item]
    reason, remedy = _outcome(case, opened)
    return ItemView(
        id=case.public_id,
        item=case.item,
        name=item.name,
        department=opened.catalogue.orgs[case.org].name,
        state=case.state,
        state_term=state.term,
        state_says=state.says,
        waits_for=[opened.catalogue.items[one].name for one in case.waits_for],
        due_on=case.due_on,
        provisional=case.provisional,
        light=light_now(case, opened),
        open=case.open,
        granted=decision.granted if decision else None,
        reason=reason,
        remedy=remedy,
        results=licences(decision.results) if decision else [],
        moves=_moves(case, opened),
        corrections=[_point(opened, p) for p in correction.points] if correction else [],
        correction_until=correction_until(asked, opened) if asked else None,
        deliver_by=case.deliver_by,
        clock=due_of(case, opened).explanations if case.due_on else (),
        tacit=item.tacit.meaning if item.tacit else "",
    )


def _outcome(case: ItemCase, opened: OpenRelease) -> tuple[str, str]:
    """(reason, remedy) of the decision, or of what ended the item without one."""
    decision = getattr(case, "decision", None)
    if decision is not None:
        return decision.reason, decision.remedy
    last = max(case.moves.all(), key=lambda move: move.pk, default=None)
    if case.state not in _ENDED or last is None:
        return "", ""
    remedy = str(settings.setting(opened.catalogue, settings.REMEDY))
    return last.words, remedy if last.transition in _BY_AUTHORITY else ""


def _moves(case: ItemCase, opened: OpenRelease) -> list[MoveView]:
    shown = sorted(case.moves.all(), key=lambda m: m.pk)
    return [
        MoveView(t.term, t.says, m.at, m.actor_name, m.words, not m.actor.startswith("system:"))
        for m in shown
        for t in [opened.machine.transition(m.transition)]
    ]


def _point(opened: OpenRelease, point: Mapping[str, str]) -> dict[str, str]:
    target = point["target"]
    known = opened.catalogue.elements.get(target) or opened.catalogue.materials.get(target)
    return {"target": target, "name": known.name if known else target, "what": point["what"]}


def visits_of(found: Application, opened: OpenRelease) -> list[VisitView]:
    """The site visits of an application."""
    views = []
    for visit in found.visits.order_by("id").prefetch_related("findings__item_case"):
        orgs = dict.fromkeys(f.item_case.org for f in visit.findings.all())
        views.append(
            VisitView(
                id=visit.public_id,
                target=_point(opened, {"target": visit.target, "what": ""})["name"],
                departments=[opened.catalogue.orgs[org].name for org in orgs],
                planned_on=visit.planned_on,
                done_on=visit.done_on,
            )
        )
    return views
