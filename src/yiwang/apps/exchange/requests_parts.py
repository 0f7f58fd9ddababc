# SPDX-License-Identifier: Apache-2.0
"""Who has which part in asking for data: the user department asks, the provider's data officer reviews,
the provider's leader consents to a third party, the data bureau watches over all."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.apps.identity.public import officers_of
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotFound

from .parts import is_bureau

ASKS = (Role.DATA, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
LEADS = (Role.APPROVER, Role.REPRESENTATIVE)


class NoSuchRequest(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这份申请，或者您无权查看。", mend="请回到列表，从中选择。")


class NoSuchGrant(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这份授权，或者您无权查看。", mend="请回到列表，从中选择。")


def orgs_with(actor: Actor, roles: Iterable[Role]) -> set[str]:
    """The departments in which the actor has one of these roles."""
    wanted = set(roles)
    if actor.kind is not ActorKind.OFFICER:
        return set()
    return {post.org for post in actor.posts if post.org and post.role in wanted}


def asks_for(actor: Actor) -> set[str]:
    """The departments for which the actor may ask."""
    return orgs_with(actor, ASKS)


def leads(actor: Actor) -> set[str]:
    """The departments for which the actor may consent in writing."""
    return orgs_with(actor, LEADS)


def reads_for(actor: Actor) -> set[str]:
    """The departments whose requests and grants the actor may read."""
    return orgs_with(actor, (*ASKS, Role.SECURITY))


def sees_all(actor: Actor) -> bool:
    """Whether the actor reads every department's: the bureau, and auditors of the whole city."""
    auditor = any(p.role is Role.AUDITOR and not p.org and not p.place for p in actor.posts)
    return actor.kind is ActorKind.SYSTEM or is_bureau(actor) or auditor


def may_read(actor: Actor, *orgs: str) -> bool:
    """Whether the actor reads what lies between these departments."""
    return sees_all(actor) or bool(set(orgs) & reads_for(actor))


def may_look_in(actor: Actor) -> bool:
    """Whether lists of this room are for the actor at all, though they may be empty."""
    return sees_all(actor) or bool(reads_for(actor)) or actor.has(Role.AUDITOR)


def data_officers(org: str) -> list[str]:
    """Public ids of a department's data officers."""
    return _of(org, (Role.DATA,))


def leaders(org: str) -> list[str]:
    """Public ids of a department's leaders, as far as they work here."""
    return _of(org, LEADS)


def bureau_officers() -> list[str]:
    """Public ids of the data bureau's officers."""
    return [one.id for one in officers_of("", None, Role.DATA) if is_bureau(one)]


def _of(org: str, roles: tuple[Role, ...]) -> list[str]:
    return [one.id for one in officers_of(org, None, *roles) if org in orgs_with(one, roles)]
