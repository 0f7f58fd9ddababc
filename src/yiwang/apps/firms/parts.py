# SPDX-License-Identifier: Apache-2.0
"""Who has which part: the firm raises and rates, the window dispatches, the department answers, the officer
who looks after the firm and the supervisors watch."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import may_act_for
from yiwang.kernel.actor import Actor, ActorKind, Matter, Post, Role
from yiwang.kernel.errors import NotAllowed, NotFound, YiwangError

from .domain import settings
from .models import FirmRequest, ServiceOfficer

ANSWERS = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
"""Officers who answer for their department."""


class NoSuchRequest(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这件诉求，或者您无权查看。", mend="请回到列表，从中选择。")


def require_firm(actor: Actor, firm: str) -> None:
    """Raise NotAllowed unless the actor may act for this firm today."""
    if actor.kind is not ActorKind.PERSON or firm not in actor.firms_for(Matter.REQUESTS):
        raise NotAllowed("您不能代表这家企业。", mend="请由法定代表人登录，或者先取得企业授权。")


def is_clerk(actor: Actor) -> bool:
    """Whether the actor sits at a counter."""
    return actor.kind is ActorKind.OFFICER and actor.has(Role.COUNTER, Role.REPRESENTATIVE)


def stands_before(actor: Actor, agent: str, firm: str) -> bool:
    """Whether the actor is a clerk and whoever stands there may speak for the firm."""
    return is_clerk(actor) and bool(agent) and may_act_for(agent, firm, Matter.REQUESTS)


def answers_for(actor: Actor, row: FirmRequest) -> bool:
    """Whether the actor answers for the department that has the request, in its place."""
    return actor.kind is ActorKind.OFFICER and any(
        post.role in ANSWERS and post.org == row.org and _there(post, row.place) for post in actor.posts
    )


def _there(post: Post, place: str) -> bool:
    return not place or not post.place or post.place == place


def at_desk(actor: Actor, place: str) -> bool:
    """Whether the actor sits at the firms' window for this place."""
    desk = settings.desk(current().catalogue)
    return actor.kind is ActorKind.OFFICER and any(
        post.role in ANSWERS and post.org == desk and _there(post, place) for post in actor.posts
    )


def watches(actor: Actor) -> bool:
    """Whether the actor supervises every request: the bureau, auditors, the system."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    bureau = any(post.role is Role.DATA and not post.org for post in actor.posts)
    return actor.kind is ActorKind.OFFICER and (bureau or actor.has(Role.AUDITOR))


def visible(actor: Actor) -> QuerySet[FirmRequest]:
    """The requests an actor may know of."""
    rows = FirmRequest.objects.all()
    if watches(actor):
        return rows
    if actor.kind is ActorKind.PERSON:
        return rows.filter(firm__in=actor.firms_for(Matter.REQUESTS))
    if actor.kind is not ActorKind.OFFICER:
        return rows.none()
    desk = settings.desk(current().catalogue)
    looked_after = ServiceOfficer.objects.filter(officer=actor.id, until=None).values("firm")
    found = Q(firm__in=looked_after)
    for post in actor.posts:
        if post.role not in ANSWERS or not post.org:
            continue
        there = Q(place__in=["", post.place]) if post.place else Q(pk__isnull=False)
        found |= there if post.org == desk else (there & (Q(org=post.org) | Q(turns__org=post.org)))
    return rows.filter(found).distinct()


def refusal(actor: Actor, row: FirmRequest, words: str) -> YiwangError:
    """Why somebody may not act: whoever may not know of a request hears that there is none."""
    if not visible(actor).filter(pk=row.pk).exists():
        return NoSuchRequest()
    return NotAllowed(words, mend="请换用有权限的账号登录。")
