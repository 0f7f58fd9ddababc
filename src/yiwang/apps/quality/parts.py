# SPDX-License-Identifier: Apache-2.0
"""Who has which part: whoever uses or is in the data objects, the provider's data officer checks, the data
bureau and auditors watch."""

from __future__ import annotations

from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotFound

USES = (Role.DATA, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
"""Officers who work with shared data, each for their department."""


CLERKS = (Role.COUNTER, Role.REPRESENTATIVE)
"""Officers who file at a counter for somebody who stands in front of them."""


class NoSuchObjection(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这件异议，或者您无权查看。", mend="请回到列表，从中选择。")


def is_bureau(actor: Actor) -> bool:
    """Whether the actor works for the city's data bureau (数据管理员, of no other department)."""
    return actor.kind is ActorKind.OFFICER and any(p.role is Role.DATA and not p.org for p in actor.posts)


def sees_all(actor: Actor) -> bool:
    """Whether the actor watches every department: the bureau, auditors, the system."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return is_bureau(actor) or (actor.kind is ActorKind.OFFICER and actor.has(Role.AUDITOR))


def provides_for(actor: Actor) -> frozenset[str]:
    """The departments whose data officer the actor is: they check objections and mend data."""
    if actor.kind is not ActorKind.OFFICER:
        return frozenset()
    return frozenset(post.org for post in actor.posts if post.role is Role.DATA and post.org)


def is_clerk(actor: Actor) -> bool:
    """Whether the actor sits at a counter."""
    return actor.kind is ActorKind.OFFICER and actor.has(*CLERKS)


def hears_at_counter(actor: Actor, raised_org: str) -> bool:
    """Whether the actor may write down what somebody at the counter says of their own objection."""
    return is_clerk(actor) and not raised_org


def hears_units(actor: Actor, raised_org: str) -> bool:
    """Whether the actor may write down what a department says of its objection."""
    return is_bureau(actor) and bool(raised_org)


def uses_for(actor: Actor) -> frozenset[str]:
    """The departments for which the actor works with shared data."""
    if actor.kind is not ActorKind.OFFICER:
        return frozenset()
    return frozenset(post.org for post in actor.posts if post.role in USES and post.org)
