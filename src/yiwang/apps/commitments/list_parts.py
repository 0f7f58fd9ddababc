# SPDX-License-Identifier: Apache-2.0
"""Who has which part in a department's list of commitments: the department, justice, the government
(驻政办〔2021〕8号 L761). Which bodies these are is a setting."""

from __future__ import annotations

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions import words
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed, NotFound

from .domain.settings import LIST_APPROVES, LIST_REVIEWS

LISTS = (Role.HANDLER, Role.APPROVER)


class NoSuchList(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这份清单，或者不归您办理。", mend="请回到清单列表，从中选择。")


def orgs_of(actor: Actor) -> set[str]:
    """The departments for which the officer keeps the list."""
    if actor.kind is not ActorKind.OFFICER:
        return set()
    return {post.org for post in actor.posts if post.role in LISTS and post.org}


def reviews(actor: Actor) -> bool:
    """Whether the officer works for the justice body that reviews the lists."""
    return words(current().catalogue, LIST_REVIEWS) in orgs_of(actor)


def approves(actor: Actor) -> bool:
    """Whether the officer writes down what the government approved."""
    return words(current().catalogue, LIST_APPROVES) in orgs_of(actor)


def require_list(may: bool, who: str) -> None:
    """Raise NotAllowed unless it is this body's part."""
    if not may:
        raise NotAllowed(f"这一步由{who}办理。", mend="请看清单现在到了哪一步。")
