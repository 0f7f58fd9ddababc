# SPDX-License-Identifier: Apache-2.0
"""Who has which part in a benefit: whom it is for, the department, the data bureau."""

from __future__ import annotations

from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed, NotFound

DEPARTMENT = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)


class NoSuchClaim(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这一项，或者您无权查看。", mend="请回到列表，从中选择。")


def orgs_of(actor: Actor) -> set[str]:
    """The departments for which an officer vouches and answers."""
    if actor.kind is not ActorKind.OFFICER:
        return set()
    return {post.org for post in actor.posts if post.role in DEPARTMENT and post.org}


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees every department's: the data bureau, and auditors."""
    bureau = any(post.role is Role.DATA and not post.org for post in actor.posts)
    return actor.kind is ActorKind.OFFICER and (bureau or actor.has(Role.AUDITOR))


def require_department(actor: Actor, org: str) -> None:
    """Raise NotAllowed unless the actor works for this department."""
    if org not in orgs_of(actor):
        raise NotAllowed("这件事由责任部门的工作人员办。", mend="请联系该部门。")
