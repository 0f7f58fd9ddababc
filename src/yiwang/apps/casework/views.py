# SPDX-License-Identifier: Apache-2.0
"""What the door hands out: frozen values for pages and API, put together from rows and definitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, release
from yiwang.apps.identity.public import Subject, subject
from yiwang.apps.journal.public import record
from yiwang.apps.licences.public import LicenceView, licences
from yiwang.apps.materials.public import StoredFile, describe
from yiwang.engines.planning import Plan
from yiwang.kernel.actor import Actor, ActorKind

from . import queries
from .commands._settling import awaiting_delivery
from .commands.submitting import problems_of
from .deadlines import light_now
from .domain.lights import Light
from .evidence import Asker, Errand, plan_for
from .models import Application, ItemCase


@dataclass(frozen=True)
class ApplicationRow:
    """An application in a list."""

    id: str
    number: str
    life_event: str
    name: str
    subject_name: str
    masked_name: str
    stage: str
    stage_term: str
    channel: str
    created_at: dt.datetime
    submitted_at: dt.datetime | None
    due_on: dt.date | None
    needs_correction: bool
    ready_to_deliver: bool
    done: int
    total: int


def row_of(found: Application) -> ApplicationRow:
    """An application as lists show it."""
    items = list(found.items.all())
    applicant = subject(found.subject)
    return ApplicationRow(
        id=found.public_id,
        number=found.number or "",
        life_event=found.life_event,
        name=release(found.release).catalogue.life_events[found.life_event].name,
        subject_name=applicant.name,
        masked_name=applicant.masked_name,
        stage=found.stage,
        stage_term=found.get_stage_display(),
        channel=found.get_channel_display(),
        created_at=found.created_at,
        submitted_at=found.submitted_at,
        due_on=found.due_on,
        needs_correction=any(case.state == "correction_asked" for case in items),
        ready_to_deliver=bool(awaiting_delivery(found)),
        done=sum(not case.open or case.state == "result_made" for case in items),
        total=len(items),
    )


def applications_of(actor: Actor, *, limit: int = 50) -> list[ApplicationRow]:
    """A person's own applications and those of firms they act for, newest first."""
    return [row_of(found) for found in queries.applications_of(actor, limit=limit)]


@dataclass(frozen=True)
class DocumentView:
    """A document of an application, with the files handed in."""

    material: str
    name: str
    resolution: str
    files: Sequence[StoredFile]
    deferred: bool
    evidence: str


@dataclass(frozen=True)
class DraftView:
    """A draft as its pages show it: the plan, what was typed, what is still missing."""

    row: ApplicationRow
    release: OpenRelease
    applicant: Subject
    agent: Subject
    answers: Mapping[str, Any]
    choice: Sequence[str] | None
    typed: Mapping[str, Any]
    documents: Mapping[str, DocumentView]
    delivery: str
    delivery_address: str
    version: int
    plan: Plan
    problems: Mapping[str, str]


@transaction.atomic
def draft_view(actor: Actor, public_id: str) -> DraftView:
    """A draft with its plan; looking into licences is logged. Raises NotFound, NotEligible."""
    found, opened = queries.application_for(actor, public_id)
    now = timezone.now()
    asker = Asker(actor, found.subject, found.agent, found.public_id, now)
    errand = Errand(
        opened, found.life_event, found.answers, timezone.localdate(now), found.choice, found.form
    )
    planned = plan_for(asker, errand).plan
    return DraftView(
        row=row_of(found),
        release=opened,
        applicant=subject(found.subject),
        agent=subject(found.agent),
        answers=found.answers,
        choice=found.choice,
        typed=found.form,
        documents={d.material: d for d in _documents(found, opened)},
        delivery=found.delivery,
        delivery_address=found.delivery_address,
        version=found.version,
        plan=planned,
        problems=dict(problems_of(found, opened, planned)),
    )


def _documents(found: Application, opened: OpenRelease) -> list[DocumentView]:
    return [
        DocumentView(
            material=d.material,
            name=opened.catalogue.materials[d.material].name,
            resolution=d.resolution,
            files=describe(d.files),
            deferred=d.deferred,
            evidence=d.evidence,
        )
        for d in found.documents.order_by("id")
    ]


@dataclass(frozen=True)
class MoveView:
    """A move as people read it."""

    term: str
    says: str
    at: dt.datetime
    by: str
    words: str


@dataclass(frozen=True)
class ItemView:
    """An item of an application, as the applicant follows it."""

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


@dataclass(frozen=True)
class VisitView:
    """A site visit and who goes."""

    id: str
    target: str
    departments: Sequence[str]
    planned_on: dt.date | None
    done_on: dt.date | None


@dataclass(frozen=True)
class ApplicationView:
    """A submitted application as the applicant follows it."""

    row: ApplicationRow
    release: OpenRelease
    applicant: Subject
    agent: Subject
    answers: Mapping[str, Any]
    form: Mapping[str, Any]
    items: Sequence[ItemView]
    documents: Sequence[DocumentView]
    visits: Sequence[VisitView]
    delivery: str
    delivery_address: str
    delivered_at: dt.datetime | None
    tracking: str
    may_withdraw: bool
    plan: Mapping[str, Any]


@transaction.atomic
def application_view(actor: Actor, public_id: str) -> ApplicationView:
    """A submitted application with every step. An officer's look is logged. Raises NotFound."""
    found, opened = queries.application_for(actor, public_id)
    log_look(actor, found)
    items = [item_view(case, opened) for case in _cases(found)]
    handed = getattr(found, "handed_out", None)
    return ApplicationView(
        row=row_of(found),
        release=opened,
        applicant=subject(found.subject),
        agent=subject(found.agent),
        answers=found.answers,
        form=found.form,
        items=items,
        documents=_documents(found, opened),
        visits=visits_of(found, opened),
        delivery=found.delivery,
        delivery_address=found.delivery_address,
        delivered_at=handed.at if handed else None,
        tracking=handed.tracking if handed else "",
        may_withdraw=actor.kind is ActorKind.PERSON and any(i.open and i.granted is None for i in items),
        plan=found.plan or {},
    )


def _cases(found: Application) -> list[ItemCase]:
    return list(found.items.select_related("decision", "correction").prefetch_related("moves").order_by("id"))


def item_view(case: ItemCase, opened: OpenRelease) -> ItemView:
    """An item with its state, light, outcome and history."""
    state = opened.machine.state(case.state)
    decision = getattr(case, "decision", None)
    correction = getattr(case, "correction", None)
    names = opened.catalogue.items
    return ItemView(
        id=case.public_id,
        item=case.item,
        name=names[case.item].name,
        department=opened.catalogue.orgs[case.org].name,
        state=case.state,
        state_term=state.term,
        state_says=state.says,
        waits_for=[names[item].name for item in case.waits_for],
        due_on=case.due_on,
        provisional=case.provisional,
        light=light_now(case, opened),
        open=case.open,
        granted=decision.granted if decision else None,
        reason=decision.reason if decision else "",
        remedy=decision.remedy if decision else "",
        results=licences(decision.results) if decision else [],
        moves=_moves(case, opened),
        corrections=[_point(opened, p) for p in correction.points] if correction else [],
    )


def _moves(case: ItemCase, opened: OpenRelease) -> list[MoveView]:
    shown = sorted(case.moves.all(), key=lambda m: m.pk)
    return [
        MoveView(t.term, t.says, m.at, m.actor_name, m.words)
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


def log_look(actor: Actor, found: Application) -> None:
    """An officer who opens a case looks at personal data: one entry, with purpose and basis."""
    if actor.kind is not ActorKind.OFFICER:
        return
    record(
        actor,
        "case.look",
        stream=f"looks:{found.public_id}",
        about=found.public_id,
        subject=found.subject,
        purpose="办理本办件",
        basis="行政许可法第三十四条（审查申请材料）",
    )
