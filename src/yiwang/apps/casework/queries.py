# SPDX-License-Identifier: Apache-2.0
"""Reads: what an applicant, a clerk and an officer see. Each checks that the actor may see it."""

from __future__ import annotations

from django.db.models import Q

from yiwang.apps.catalogue.public import OpenRelease, current, release
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import NotFound

from .domain.roles import CaseScope, may_see, parts_of
from .models import Application, ItemCase, Stage


class NoSuchCase(NotFound):
    """There is no such case, or none the actor may know of: in the same words, always."""

    def __init__(self) -> None:
        super().__init__("没有这个办件，或者您无权查看。", mend="请核对办件编号，或用办理时的账号登录。")


def scope_of(application: Application, case: ItemCase | None = None) -> CaseScope:
    """Whose case it is and who handles it."""
    return CaseScope(
        subject=application.subject,
        started_by=application.started_by,
        receiving_place=application.receiving_place,
        org=case.org if case else "",
        place=case.place if case else application.handling_place,
    )


def release_for(application: Application) -> OpenRelease:
    """The release that governs an application: the one it was submitted under. A draft follows the
    catalogue in force, while its life event is in it."""
    if application.stage == Stage.DRAFT:
        now = current()
        if application.life_event in now.catalogue.life_events:
            return now
    return release(application.release)


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
    """An application the actor may see, with its release. Raises NoSuchCase for all others."""
    found = Application.objects.filter(public_id=public_id).first()
    if found is None or not (may_touch(actor, found) or _audits(actor, found)):
        raise NoSuchCase
    return found, release_for(found)


def _audits(actor: Actor, application: Application) -> bool:
    return any(may_see(actor, scope_of(application, case)) for case in application.items.all())


def case_for(actor: Actor, public_id: str) -> tuple[ItemCase, OpenRelease]:
    """An item case the actor may see, with its release. Raises NoSuchCase for all others."""
    found = ItemCase.objects.select_related("application").filter(public_id=public_id).first()
    if found is None or not may_see(actor, scope_of(found.application, found)):
        raise NoSuchCase
    return found, release(found.application.release)


def applications_of(actor: Actor, *, subject: str = "", limit: int = 50) -> list[Application]:
    """A person's own applications and those of firms they act for (or of one `subject`), newest first."""
    if actor.kind is not ActorKind.PERSON:
        return []
    whose = {actor.id, *actor.firms_for(Matter.APPLICATIONS)}
    mine = Q(subject__in=whose & {subject} if subject else whose)
    dropped = Q(stage=Stage.WITHDRAWN, number=None)
    return list(Application.objects.filter(mine).exclude(dropped).order_by("-id")[:limit])
