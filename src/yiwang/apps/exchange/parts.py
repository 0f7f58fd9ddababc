# SPDX-License-Identifier: Apache-2.0
"""Who has which part: the data bureau (数据管理员 of no department), each department's data officers."""

from __future__ import annotations

from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed


def is_bureau(actor: Actor) -> bool:
    """Whether the actor works for the city's data bureau (市政务服务和大数据管理局)."""
    return actor.kind is ActorKind.OFFICER and any(p.role is Role.DATA and not p.org for p in actor.posts)


def data_orgs(actor: Actor) -> frozenset[str]:
    """The departments whose data officer the actor is."""
    if actor.kind is not ActorKind.OFFICER:
        return frozenset()
    return frozenset(post.org for post in actor.posts if post.role is Role.DATA and post.org)


def require_bureau(actor: Actor) -> None:
    """Raise NotAllowed unless the actor works for the data bureau."""
    if not is_bureau(actor):
        raise NotAllowed("这一步由市政务服务和大数据管理局办理。", mend="请联系数据管理局的数据管理员。")


def require_data_officer(actor: Actor, org: str) -> None:
    """Raise NotAllowed unless the actor is the department's data officer."""
    if org not in data_orgs(actor):
        raise NotAllowed("只能由本部门的数据管理员办理。", mend="请联系本部门的数据管理员。")
