# SPDX-License-Identifier: Apache-2.0
"""Who has which part in a list of commitments: the department, justice, the government; in a county its
justice office (驻政办〔2021〕8号 L761). Which bodies these are is a setting."""

from __future__ import annotations

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions import words
from yiwang.engines.definitions.kinds.places import PlaceKind
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed, NotFound

from .domain.settings import LIST_APPROVES, LIST_REVIEWS

COUNTIES = (PlaceKind.DISTRICT, PlaceKind.COUNTY)
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
    """Whether the officer works for the city's justice body, which reviews the lists."""
    return _in_city(actor, LIST_REVIEWS)


def approves(actor: Actor) -> bool:
    """Whether the officer writes down what the city's government approved."""
    return _in_city(actor, LIST_APPROVES)


def counties_of(actor: Actor) -> set[str]:
    """The counties in whose justice office the officer works: it draws up, reviews, files their lists."""
    return {key for key, kind in _places_of(actor, LIST_REVIEWS).items() if kind in COUNTIES}


def _in_city(actor: Actor, name: str) -> bool:
    return not {None, PlaceKind.CITY}.isdisjoint(_places_of(actor, name).values())


def _places_of(actor: Actor, name: str) -> dict[str, PlaceKind | None]:
    """Where the officer works for the body this setting names, and what sort of place it is; "" (None): in
    the whole city."""
    if actor.kind is not ActorKind.OFFICER:
        return {}
    known = current().catalogue
    org, places = words(known, name), known.places
    own = {post.place for post in actor.posts if post.role in LISTS and post.org == org}
    return {key: places[key].kind if key in places else None for key in own}


def require_list(may: bool, who: str) -> None:
    """Raise NotAllowed unless it is this body's part."""
    if not may:
        raise NotAllowed(f"这一步由{who}办理。", mend="请看清单现在到了哪一步。")
