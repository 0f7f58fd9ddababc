# SPDX-License-Identifier: Apache-2.0
"""Who may check and decide: officers of the department that handled the item, where it was handled."""

from __future__ import annotations

from collections.abc import Collection

from yiwang.kernel.actor import Actor, ActorKind, Role

CHECKS = (Role.HANDLER, Role.APPROVER)
DECIDES = (Role.APPROVER,)


def works_on(actor: Actor, org: str, place: str, roles: Collection[Role]) -> bool:
    """Whether the officer has one of these roles for this department and place (empty: any)."""
    return actor.kind is ActorKind.OFFICER and any(
        post.role in roles and post.org == org and (not place or post.place in ("", place))
        for post in actor.posts
    )
