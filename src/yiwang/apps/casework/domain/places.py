# SPDX-License-Identifier: Apache-2.0
"""Where an application may be handed in (通办范围), and where each of its items begins.

Places outside the city are not among the definitions' places, so a wider reach than the city
(全豫通办、跨省通办) is checked here only between places that are known.
"""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import Scope
from yiwang.engines.definitions.kinds.places import Place, PlaceKind
from yiwang.kernel.errors import Invalid

_WITHIN = {Scope.CITY: PlaceKind.CITY, Scope.PROVINCE: PlaceKind.PROVINCE}


def require_reach(item: Item, receiving: str, handling: str, places: Mapping[str, Place]) -> None:
    """Raise Invalid when the item may not be handed in so far from where it is handled."""
    if not within_reach(item, receiving, handling, places):
        raise Invalid(
            f"“{item.name}”不能在{_name(places, receiving)}申请、在{_name(places, handling)}办理。",
            mend="请到办理地的政务服务中心，或在网上直接选择办理地。",
        )


def within_reach(item: Item, receiving: str, handling: str, places: Mapping[str, Place]) -> bool:
    """Whether the item may be handed in at `receiving` when `handling` handles it."""
    if receiving == handling or item.scope is Scope.CROSS_PROVINCE:
        return True
    if item.scope is Scope.COUNTY:
        return False
    wide = _WITHIN[item.scope]
    return bool(_area(receiving, wide, places) & _area(handling, wide, places))


def starting_place(*, waits: bool, receiving: str, handling: str) -> str:
    """Where an item case begins: at the counter that received it, but one that waits for an earlier
    result begins where it is handled: by then nothing is left to hand over."""
    return handling if waits else receiving


def must_be_handed_over(place: str, *, receiving: str, handling: str) -> bool:
    """Whether a case still lies with a counter that only receives: the handling place decides."""
    return receiving != handling and place == receiving


def handles(place: Place | None) -> bool:
    """Whether there is a service centre in this place that can handle anything."""
    return place is not None and bool(place.centre)


def _area(place: str, wide: PlaceKind, places: Mapping[str, Place]) -> set[str]:
    """The city or province the place lies in; empty when the definitions do not say."""
    step: str | None = place
    while step is not None and step in places:
        if places[step].kind is wide:
            return {step}
        step = places[step].parent
    return set()


def _name(places: Mapping[str, Place], place: str) -> str:
    return places[place].name if place in places else "其他地方"
