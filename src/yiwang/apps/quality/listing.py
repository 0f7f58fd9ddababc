# SPDX-License-Identifier: Apache-2.0
"""Lists of objections: who may know of which, each as a line that tells no value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import may_act_for
from yiwang.engines.exchange import Resource, resources
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import NotAllowed

from .domain.objections import State, number_of
from .domain.settings import light_on
from .models import Objection
from .parts import is_clerk, provides_for, sees_all, uses_for


@dataclass(frozen=True)
class ObjectionRow:
    """A line of a list. It names no person concerned and no value. `number`: to read out; `clerk`: who
    filed it at a counter."""

    public_id: str
    number: str
    resource: str
    resource_name: str
    field: str
    field_name: str
    provider: str
    provider_name: str
    by_org: str
    by_name: str
    clerk: str
    state: State
    raised_at: dt.datetime
    due_on: dt.date
    light: Light
    round: int


def lists_for(actor: Actor) -> QuerySet[Objection]:
    """The objections that the actor may know of."""
    if sees_all(actor):
        return Objection.objects.all()
    if actor.kind is ActorKind.PERSON:
        return Objection.objects.filter(raised_org="", subject__in=[actor.id, *actor.firms_for(Matter.DATA)])
    mine = Q(provider__in=provides_for(actor)) | Q(raised_org__in=uses_for(actor))
    return Objection.objects.filter(mine | Q(clerk=actor.id) if is_clerk(actor) else mine)


def objections(
    actor: Actor,
    *,
    provider: bool = False,
    unfinished: bool = False,
    today: dt.date | None = None,
    limit: int = 200,
) -> list[ObjectionRow]:
    """The actor's objections, by what presses most: those being checked by their last day, then the rest,
    newest first.

    Args:
        provider: only those that the actor's department checks. unfinished: only those being checked.
    """
    rows = lists_for(actor)
    if provider and not sees_all(actor):
        rows = rows.filter(provider__in=provides_for(actor))
    if unfinished:
        rows = rows.filter(state=State.CHECKING.value)
    day = today or timezone.localdate()
    found = [row_of(one, day) for one in rows.order_by("-id").prefetch_related("rounds")[:limit]]
    waiting = [one for one in found if one.state is State.CHECKING]
    return sorted(waiting, key=lambda one: one.due_on) + [
        one for one in found if one.state is not State.CHECKING
    ]


def filed_at_counter(actor: Actor, *, today: dt.date | None = None, limit: int = 20) -> list[ObjectionRow]:
    """What this clerk filed for people at the counter, newest first."""
    if not is_clerk(actor):
        return []
    rows = Objection.objects.filter(clerk=actor.id).order_by("-id").prefetch_related("rounds")
    return [row_of(one, today or timezone.localdate()) for one in rows[:limit]]


def objections_about(actor: Actor, subject: str, *, agent: str) -> list[ObjectionRow]:
    """How what was said of somebody's data stands, for a clerk before whom they stand (`agent`, who speaks
    for themselves or a firm). Raises NotAllowed."""
    if not is_clerk(actor) or not may_act_for(agent, subject, Matter.DATA):
        raise NotAllowed("只有窗口人员可以替来人查异议。", mend="请先核对来人的身份。")
    rows = Objection.objects.filter(subject=subject, raised_org="").order_by("-id").prefetch_related("rounds")
    return [row_of(one, timezone.localdate()) for one in rows[:20]]


def row_of(row: Objection, today: dt.date) -> ObjectionRow:
    """An objection as a line on a day."""
    opened = current()
    resource = resources(opened.catalogue).get(row.resource)
    last = max(row.rounds.all(), key=lambda one: one.number)
    state = State(row.state)
    due = last.due_on if state is State.CHECKING else None
    return ObjectionRow(
        public_id=row.public_id,
        number=number_of(timezone.localdate(row.raised_at), row.pk),
        resource=row.resource,
        resource_name=resource.name if resource else row.resource,
        field=row.field,
        field_name=_field_name(resource, row.field),
        provider=row.provider,
        provider_name=_org_name(row.provider),
        by_org=row.raised_org,
        by_name=_org_name(row.raised_org) if row.raised_org else "本人",
        clerk=row.clerk_name,
        state=state,
        raised_at=row.raised_at,
        due_on=last.due_on,
        light=light_on(opened.catalogue, opened.calendar, due, today),
        round=last.number,
    )


def _field_name(resource: Resource | None, identity: str) -> str:
    if not identity:
        return "整条记录"
    item = resource.field(identity) if resource else None
    return item.name if item else identity


def _org_name(org: str) -> str:
    known = current().catalogue.orgs.get(org)
    return known.short_name if known else org
