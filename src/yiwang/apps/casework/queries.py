# SPDX-License-Identifier: Apache-2.0
"""Reads: what an applicant, a clerk and an officer see. Each checks that the actor may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, release
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotFound

from .domain.lights import Light, light_of
from .domain.roles import CaseScope, may_see, parts_of
from .models import Application, ItemCase, Stage


@dataclass(frozen=True)
class WorkRow:
    """One line of an officer's worklist."""

    id: str
    application: str
    number: str
    item: str
    item_name: str
    life_event_name: str
    org: str
    place: str
    state: str
    state_term: str
    due_on: dt.date | None
    provisional: bool
    light: Light
    channel: str
    submitted_at: dt.datetime | None


@dataclass(frozen=True)
class Worklist:
    """A page of a worklist. `after` is the cursor of the next page, empty at the end."""

    rows: Sequence[WorkRow]
    after: str


def worklist(actor: Actor, *, after: str = "", size: int = 30, waiting: bool = False) -> Worklist:
    """The open cases an officer may work on, the most pressing first; cases without a running clock
    come after those with one. Paged by cursor, so a page costs the same however many cases there are.

    Args:
        after: cursor from the page before.
        waiting: also those that wait for another item's result.
    """
    reach = _reach(actor)
    if reach is None:
        return Worklist((), "")
    cases = ItemCase.objects.filter(reach, open=True)
    if not waiting:
        cases = cases.exclude(state="waiting_earlier")
    page = _page(cases, after, size + 1)
    rows = [_work_row(case) for case in page[:size]]
    return Worklist(rows, _cursor(page[size - 1]) if len(page) > size else "")


def _reach(actor: Actor) -> Q | None:
    """Which cases the actor's posts cover, as one condition on the index (open, org, place, …)."""
    found: Q | None = None
    for post in actor.posts:
        if post.role not in (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.AUDITOR):
            continue
        part = Q()
        if post.org:
            part &= Q(org=post.org)
        if post.place:
            part &= Q(place=post.place)
        found = part if found is None else found | part
    return found


def _page(cases: Any, after: str, size: int) -> list[ItemCase]:
    ordered = cases.select_related("application").order_by("due_on", "id")
    dated, undated = ordered.filter(due_on__isnull=False), ordered.filter(due_on__isnull=True)
    day, _, last = after.partition("_")
    if day and day != "none":
        due = dt.date.fromisoformat(day)
        dated = dated.filter(Q(due_on__gt=due) | Q(due_on=due, id__gt=int(last)))
    found = [] if day == "none" else list(dated[:size])
    if len(found) < size:
        if day == "none":
            undated = undated.filter(id__gt=int(last))
        found += list(undated[: size - len(found)])
    return found


def _cursor(case: ItemCase) -> str:
    return f"{case.due_on or 'none'}_{case.pk}"


def _work_row(case: ItemCase) -> WorkRow:
    opened = release(case.application.release)
    return WorkRow(
        id=case.public_id,
        application=case.application.public_id,
        number=case.application.number or "",
        item=case.item,
        item_name=opened.catalogue.items[case.item].name,
        life_event_name=opened.catalogue.life_events[case.application.life_event].name,
        org=opened.catalogue.orgs[case.org].name,
        place=opened.catalogue.places[case.place].name,
        state=case.state,
        state_term=opened.machine.state(case.state).term,
        due_on=case.due_on,
        provisional=case.provisional,
        light=light_of(case.due_on, case.yellow_on, case.red_on, timezone.localdate()),
        channel=case.application.channel,
        submitted_at=case.application.submitted_at,
    )


def scope_of(application: Application, case: ItemCase | None = None) -> CaseScope:
    """Whose case it is and who handles it."""
    return CaseScope(
        subject=application.subject,
        agent=application.agent,
        started_by=application.started_by,
        receiving_place=application.receiving_place,
        org=case.org if case else "",
        place=case.place if case else application.handling_place,
    )


def may_touch(actor: Actor, application: Application) -> bool:
    """Whether the actor has any part in the application as a whole (item parts are checked later)."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is ActorKind.PERSON:
        return bool(parts_of(actor, scope_of(application)))
    if Part.RECEIVER in parts_of(actor, scope_of(application)):
        return True
    return any(parts_of(actor, scope_of(application, case)) for case in application.items.all())


def application_for(actor: Actor, public_id: str) -> tuple[Application, OpenRelease]:
    """An application the actor may see, with its release. Raises NotFound for all others."""
    found = Application.objects.filter(public_id=public_id).first()
    if found is None or not (may_touch(actor, found) or _audits(actor, found)):
        raise NotFound("没有这个办件，或者您无权查看。", mend="请核对办件编号，或用办理时的账号登录。")
    return found, release(found.release)


def _audits(actor: Actor, application: Application) -> bool:
    return any(may_see(actor, scope_of(application, case)) for case in application.items.all())


def case_for(actor: Actor, public_id: str) -> tuple[ItemCase, OpenRelease]:
    """An item case the actor may see, with its release. Raises NotFound for all others."""
    found = ItemCase.objects.select_related("application").filter(public_id=public_id).first()
    if found is None or not may_see(actor, scope_of(found.application, found)):
        raise NotFound("没有这个办件，或者您无权查看。", mend="请核对办件编号。")
    return found, release(found.application.release)


def applications_of(actor: Actor, *, limit: int = 50) -> list[Application]:
    """A person's own applications and those of firms they act for, newest first."""
    if actor.kind is not ActorKind.PERSON:
        return []
    mine = Q(agent=actor.id) | Q(subject__in=[actor.id, *actor.firms])
    dropped = Q(stage=Stage.WITHDRAWN, number=None)
    return list(Application.objects.filter(mine).exclude(dropped).order_by("-id")[:limit])


def at_counter(actor: Actor, *, limit: int = 50) -> list[Application]:
    """What a clerk's counter has in hand: drafts begun here, and results to hand over."""
    places = [p.place for p in actor.posts if p.role in (Role.COUNTER, Role.REPRESENTATIVE) and p.place]
    if not places:
        return []
    here = Application.objects.filter(receiving_place__in=places, stage__in=(Stage.DRAFT, Stage.HANDLING))
    begun = here.filter(Q(started_by=actor.id) | Q(stage=Stage.HANDLING, delivery="counter"))
    return list(begun.order_by("-id")[:limit])
