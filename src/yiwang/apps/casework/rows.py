# SPDX-License-Identifier: Apache-2.0
"""Applications as lists show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from yiwang.apps.identity.public import Subject, subjects
from yiwang.kernel.actor import Actor

from . import queries
from .commands._settling import SETTLED
from .models import Application, ItemCase


@dataclass(frozen=True)
class ApplicationRow:
    """An application in a list.

    `ready_to_deliver`: all results can be handed over together; `deliver_by`: the first day on which
    the law's ten days of delivery end for a result that lies ready.
    """

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
    owes_documents: bool
    ready_to_deliver: bool
    deliver_by: dt.date | None
    done: int
    total: int


def row_of(found: Application) -> ApplicationRow:
    """An application as lists show it."""
    return rows_of([found])[0]


def rows_of(found: Iterable[Application]) -> list[ApplicationRow]:
    """Applications as lists show them; as many questions to the database for fifty as for one."""
    listed = list(found)
    prefetch_related_objects(listed, "items", "documents")
    applicants = subjects({one.subject for one in listed})
    return [_row(one, applicants[one.subject]) for one in listed]


def _row(found: Application, applicant: Subject) -> ApplicationRow:
    items = list(found.items.all())
    made = [case for case in items if case.state == "result_made"]
    known = queries.release_for(found).catalogue.life_events
    return ApplicationRow(
        id=found.public_id,
        number=found.number or "",
        life_event=found.life_event,
        name=known[found.life_event].name,
        subject_name=applicant.name,
        masked_name=applicant.masked_name,
        stage=found.stage,
        stage_term=found.get_stage_display(),
        channel=found.get_channel_display(),
        created_at=found.created_at,
        submitted_at=found.submitted_at,
        due_on=found.due_on,
        needs_correction=any(case.state == "correction_asked" for case in items),
        owes_documents=bool(items) and any(document.deferred for document in found.documents.all()),
        ready_to_deliver=bool(made) and all(case.state in SETTLED for case in items),
        deliver_by=min((case.deliver_by for case in made if case.deliver_by), default=None),
        done=sum(not case.open or case.state == "result_made" for case in items),
        total=len(items),
    )


def applications_of(actor: Actor, *, subject: str = "", limit: int = 50) -> list[ApplicationRow]:
    """A person's own applications and those of firms they act for (or of one `subject`), newest first."""
    return rows_of(queries.applications_of(actor, subject=subject, limit=limit))


def applications_of_cases(cases: Collection[str]) -> dict[str, str]:
    """The application each of these item cases belongs to, by public ids; others are left out."""
    found = ItemCase.objects.filter(public_id__in=cases)
    return dict(found.values_list("public_id", "application__public_id"))
