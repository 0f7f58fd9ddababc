# SPDX-License-Identifier: Apache-2.0
"""What every step of a request shares: its lock, its clock, its journal entry, whom to tell."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_of
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import Actor, Role

from ..domain import settings
from ..domain.requests import Part
from ..models import FirmRequest, NumberSeries, ServiceOfficer, Turn
from ..parts import ANSWERS, NoSuchRequest

MOST = 2_000
"""The most characters of a request or a reply."""
_NEXT = f"""
    INSERT INTO {NumberSeries._meta.db_table} (key, last) VALUES (%s, 1)
    ON CONFLICT (key) DO UPDATE SET last = {NumberSeries._meta.db_table}.last + 1
    RETURNING last
"""  # noqa: S608 - the table's own name


def take_number(series: str) -> int:
    """The next number of a series, from 1; if the transaction fails it was never given."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        return int(cursor.fetchone()[0])


def locked(request: str) -> FirmRequest:
    """The request, locked. Raises NoSuchRequest."""
    row = FirmRequest.objects.select_for_update().filter(public_id=request).first()
    if row is None:
        raise NoSuchRequest
    return row


def last_turn(row: FirmRequest) -> Turn:
    """The stretch of the clock that runs, or ran last."""
    return row.turns.order_by("-number")[0]


def begin_turn(row: FirmRequest, part: Part, now: dt.datetime) -> Turn:
    """A stretch of the clock, from today."""
    opened, day = current(), timezone.localdate(now)
    due = due_on(opened.catalogue, opened.calendar, settings.LIMITS[part], day)
    org = settings.desk(opened.catalogue) if part is Part.DISPATCH else row.org
    return Turn.objects.create(
        request=row, number=row.turns.count() + 1, part=part.value, org=org, began_at=now, due_on=due
    )


def tell_org(row: FirmRequest, org: str, title: str, body: str, *, roles: tuple[Role, ...] = ANSWERS) -> None:
    """A letter to each officer of a department who answers there."""
    for officer in officers_of(org, row.place or None, *roles):
        if any(post.org == org for post in officer.posts):
            notify(officer.id, title, body, about=row.public_id)


def tell_supervisors(row: FirmRequest, title: str, body: str) -> None:
    """A letter to the data bureau, and to the officer who looks after the firm."""
    for officer in officers_of("", None, Role.DATA):
        if any(post.role is Role.DATA and not post.org for post in officer.posts):
            notify(officer.id, title, body, about=row.public_id)
    serving = ServiceOfficer.objects.filter(firm=row.firm, until=None).first()
    if serving is not None:
        notify(serving.officer, title, body, about=row.public_id)


def note(actor: Actor, what: str, row: FirmRequest, **detail: str | int) -> None:
    """One journal entry of a request; never what it says."""
    record(
        actor,
        f"firm_request.{what}",
        stream=f"firm-request:{row.public_id}",
        about=row.public_id,
        subject=row.firm,
        detail={"number": row.number, "category": row.category, "org": row.org, "state": row.state, **detail},
    )
