# SPDX-License-Identifier: Apache-2.0
"""A draft and a submitted application as their own pages show them: frozen values, put together
from rows and definitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.commitments.public import CommitmentText
from yiwang.apps.identity.public import Subject, subject
from yiwang.apps.lookups.public import Asking
from yiwang.apps.quality.public import Mark
from yiwang.engines.evidence import Question
from yiwang.engines.planning import Plan
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind

from . import queries
from .commands._completeness import problems_of
from .commands._planning import own_way_of
from .domain.masks import masked
from .domain.roles import parts_of
from .evidence import Asker, Errand, known_values, not_given, plan_for
from .item_views import ItemView, VisitView, item_view, visits_of
from .looks import log_look
from .models import Application, ItemCase, Stage
from .papers import DocumentView, commitments_of, papers_of
from .rows import ApplicationRow, row_of


@dataclass(frozen=True)
class DraftView:
    """A draft as its pages show it: the plan, what was typed, what is still missing.

    `commitments`: the texts that may be signed instead of handing documents in (告知承诺), by material.
    `found`: what stands for a document that nobody has to hand in: the licence, e-material or lookup of
    shared data, by material; `found_values`: the same for values filled in, by element.
    `still_open`: what shared data of a department might yet answer, if the applicant agrees.
    `marks`: what somebody says is wrong in the shared data it was filled in from, by element.
    `suggested`: what the applicant answered elsewhere before (the policy calculator), by element.
    `no_commitment`, `no_deferral`: why the applicant may not commit today, or promise to bring a document
    later, naming the credit records; empty: they may.
    """

    row: ApplicationRow
    release: OpenRelease
    applicant: Subject
    agent: Subject
    answers: Mapping[str, Any]
    choice: Sequence[str] | None
    typed: Mapping[str, Any]
    documents: Mapping[str, DocumentView]
    commitments: Mapping[str, CommitmentText]
    delivery: str
    delivery_address: str
    version: int
    plan: Plan
    problems: Mapping[str, str]
    found: Mapping[str, str]
    found_values: Mapping[str, str]
    still_open: Sequence[Question]
    suggested: Mapping[str, Any]
    marks: Mapping[str, Mark]
    no_commitment: str
    no_deferral: str

    def asking(self, person: str, now: dt.datetime) -> Asking:
        """What shared data may be asked for, by the word of this person."""
        return Asking(self.row.id, person, known_values(self.plan, self.typed), now)


@transaction.atomic
def draft_view(actor: Actor, public_id: str) -> DraftView:
    """A draft with its plan; an officer's look, and looking into licences, are logged.

    Raises NotFound, NotEligible.
    """
    found, opened = queries.application_for(actor, public_id)
    log_look(actor, found)
    now = timezone.now()
    asker = Asker(actor, found.subject, found.agent, found.public_id, now)
    errand = Errand(
        opened,
        found.life_event,
        found.answers,
        timezone.localdate(now),
        found.choice,
        found.form,
        own_way_of(found),
    )
    outlook = plan_for(asker, errand)
    planned, papers = outlook.plan, papers_of(found, opened)
    return DraftView(
        row=row_of(found),
        release=opened,
        applicant=subject(found.subject),
        agent=subject(found.agent),
        answers=found.answers,
        choice=found.choice,
        typed=found.form,
        documents={d.material: d for d in papers},
        commitments=commitments_of(planned, opened),
        delivery=found.delivery,
        delivery_address=found.delivery_address,
        version=found.version,
        plan=planned,
        problems=dict(problems_of(found, opened, planned)),
        found=outlook.evidence,
        found_values=outlook.values,
        still_open=not_given(outlook.still_open, {d.material for d in papers if d.files}),
        suggested=found.suggested,
        marks=outlook.marks,
        no_commitment=outlook.no_commitment,
        no_deferral=outlook.no_deferral,
    )


@dataclass(frozen=True)
class DeliveryView:
    """One handing over of results: of which items, how, with which receipt."""

    items: Sequence[str]
    method: str
    tracking: str
    at: dt.datetime


@dataclass(frozen=True)
class ApplicationView:
    """A submitted application as the applicant follows it.

    Officers who handle one item see here how everything stands, and nothing of the form: what their
    item asks for is in `CaseView`.
    """

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
    deliveries: Sequence[DeliveryView]
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
    whole = _sees_the_form(actor, found)
    handed = _deliveries(found, opened)
    return ApplicationView(
        row=row_of(found),
        release=opened,
        applicant=subject(found.subject),
        agent=subject(found.agent),
        answers=_shown(actor, found, opened, found.answers) if whole else {},
        form=_shown(actor, found, opened, found.form) if whole else {},
        items=items,
        documents=papers_of(found, opened) if whole else [],
        visits=visits_of(found, opened),
        delivery=found.delivery,
        delivery_address=found.delivery_address if whole else "",
        deliveries=handed,
        delivered_at=handed[-1].at if handed and found.stage != Stage.HANDLING else None,
        tracking=handed[-1].tracking if handed else "",
        may_withdraw=actor.kind is ActorKind.PERSON and any(i.open and i.granted is None for i in items),
        plan=(found.plan or {}) if _is_applicant(actor) else {},
    )


def _is_applicant(actor: Actor) -> bool:
    return actor.kind in (ActorKind.PERSON, ActorKind.SYSTEM)


def _sees_the_form(actor: Actor, found: Application) -> bool:
    """The applicant, and the counter that fills in and delivers with them."""
    return _is_applicant(actor) or Part.RECEIVER in parts_of(actor, queries.scope_of(found))


def _shown(
    actor: Actor, found: Application, opened: OpenRelease, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Values as the reader needs them: for officers sensitive ones are masked once the case is closed."""
    if _is_applicant(actor) or found.stage in (Stage.DRAFT, Stage.HANDLING):
        return dict(values)
    known = opened.catalogue.elements
    return {
        key: masked(known[key], raw) if key in known and known[key].sensitive else raw
        for key, raw in values.items()
    }


def _cases(found: Application) -> list[ItemCase]:
    return list(found.items.select_related("decision", "correction").prefetch_related("moves").order_by("id"))


def _deliveries(found: Application, opened: OpenRelease) -> list[DeliveryView]:
    names = opened.catalogue.items
    return [
        DeliveryView([names[item].name for item in one.items], one.method, one.tracking, one.at)
        for one in found.deliveries.order_by("id")
    ]
