# SPDX-License-Identifier: Apache-2.0
"""Who has which part in a report: the department fills it, the data bureau of the same level reviews it."""

from __future__ import annotations

from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed, NotFound

FILLS = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)


class NoSuchFiling(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这份填报，或者您无权查看。", mend="请回到列表，从中选择。")


def orgs_of(actor: Actor) -> set[str]:
    """The departments for which the actor fills reports in."""
    if actor.kind is not ActorKind.OFFICER:
        return set()
    return {post.org for post in actor.posts if post.role in FILLS and post.org}


def is_bureau(actor: Actor) -> bool:
    """Whether the actor works for the data bureau (数据管理员, of no other department)."""
    return actor.kind is ActorKind.OFFICER and any(p.role is Role.DATA and not p.org for p in actor.posts)


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees every department's report: the bureau, and auditors."""
    return is_bureau(actor) or (actor.kind is ActorKind.OFFICER and actor.has(Role.AUDITOR))


def require_bureau(actor: Actor) -> None:
    """Raise NotAllowed unless the actor works for the data bureau."""
    if not is_bureau(actor):
        raise NotAllowed("填报由同级数据管理部门审核、汇总、发布。", mend="请联系数据管理员。")
