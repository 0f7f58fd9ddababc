# SPDX-License-Identifier: Apache-2.0
"""What every step of an objection shares: its lock, its journal entry, whom to tell."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_of
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.exchange import Resource, resources
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import Actor, ActorKind, Matter, Role
from yiwang.kernel.errors import NotAllowed, NotFound, YiwangError

from ..domain import settings
from ..listing import lists_for
from ..models import Objection, Round
from ..parts import NoSuchObjection, provides_for, uses_for


def known_resource(identity: str) -> Resource:
    """The resource in force. Raises NotFound."""
    found = resources(current().catalogue).get(identity)
    if found is None:
        raise NotFound("没有这个数据资源。", mend="请从数据目录或“我的数据”进入。")
    return found


def raised_by(actor: Actor, row: Objection) -> bool:
    """Whether the actor speaks for whoever raised it: the person concerned, or the department."""
    if actor.kind is ActorKind.PERSON:
        return not row.raised_org and actor.is_subject(row.subject, Matter.DATA)
    return bool(row.raised_org) and row.raised_org in uses_for(actor)


def locked(objection: str) -> Objection:
    """The objection, locked. Raises NoSuchObjection."""
    row = Objection.objects.select_for_update().filter(public_id=objection).first()
    if row is None:
        raise NoSuchObjection
    return row


def locked_for_provider(actor: Actor, objection: str) -> Objection:
    """The objection, locked, for a data officer of the provider. Raises NoSuchObjection; NotAllowed for who
    may know of it, but does not check it."""
    row = locked(objection)
    if row.provider not in provides_for(actor):
        raise refusal(actor, row, "异议由数据提供部门的数据管理员核查、答复。")
    return row


def refusal(actor: Actor, row: Objection, words: str) -> YiwangError:
    """Why somebody may not act on an objection: whoever may not know of it hears that there is none."""
    if not lists_for(actor).filter(pk=row.pk).exists():
        return NoSuchObjection()
    return NotAllowed(words, mend="请换用有权限的账号登录。")


def last_round(row: Objection) -> Round:
    """The check that runs, or ran last."""
    return row.rounds.order_by("-number")[0]


def begin_round(row: Objection, number: int, now: dt.datetime) -> Round:
    """A check with its clock."""
    opened, day = current(), timezone.localdate(now)
    due = due_on(opened.catalogue, opened.calendar, settings.OBJECTION_DAYS, day)
    return Round.objects.create(objection=row, number=number, began_at=now, due_on=due, first_due_on=due)


def tell_provider(row: Objection, title: str, body: str) -> None:
    """A letter to each data officer of the provider."""
    for officer in officers_of(row.provider, "", Role.DATA):
        if row.provider in provides_for(officer):
            notify(officer.id, title, body, about=row.public_id)


def tell_bureau(title: str, body: str, *, about: str) -> None:
    """A letter to each officer of the data bureau."""
    for officer in officers_of("", "", Role.DATA):
        notify(officer.id, title, body, about=about)


def note(actor: Actor, what: str, row: Objection, **detail: str | int) -> None:
    """One journal entry of an objection; never what it says."""
    told = {"resource": row.resource, "field": row.field, "state": row.state, **detail}
    record(
        actor,
        f"objection.{what}",
        stream=f"objection:{row.public_id}",
        about=row.public_id,
        subject=row.subject,
        detail=told,
    )
