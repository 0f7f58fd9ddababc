# SPDX-License-Identifier: Apache-2.0
"""Reads: what an applicant, a clerk and an officer see. Each checks that the actor may see it."""

from __future__ import annotations

from django.db.models import Q

from yiwang.apps.catalogue.public import OpenRelease, release
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotFound

from .domain.roles import CaseScope, may_see, parts_of
from .models import Application, ItemCase, Stage


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
