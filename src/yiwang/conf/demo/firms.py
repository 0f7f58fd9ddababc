# SPDX-License-Identifier: Apache-2.0
"""Invented firms: of every kind of market entity, with representatives, agents, a trade and a scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Place
from yiwang.kernel.ids import make_uscc

from .families import REFERENCE, area_code, homes, street_address
from .names import SCOPES, TRADES, brand

SOLE_TRADER, COMPANY, COOPERATIVE = "个体工商户", "公司", "农民专业合作社"
_KINDS = {SOLE_TRADER: 62, COMPANY: 27, "个人独资企业": 4, "合伙企业": 3, COOPERATIVE: 4}
_REGISTRIES = {SOLE_TRADER: "92", COOPERATIVE: "93"}
_ENDINGS = {
    SOLE_TRADER: "",
    COMPANY: "有限公司",
    "个人独资企业": "（个人独资）",
    "合伙企业": "（普通合伙）",
    COOPERATIVE: "专业合作社",
}


@dataclass(frozen=True)
class Business:
    """An invented firm. `owner` and `agents` are places in the list of adults it was drawn from."""

    name: str
    uscc: str
    kind: str
    trade: str
    scope: str
    capital: int
    founded: dt.date
    place: Place
    address: str
    owner: int
    agents: tuple[int, ...]


def invent_firms(catalogue: Catalogue, dice: Random, *, wanted: int, adults: int) -> list[Business]:
    """`wanted` firms run by some of `adults` people. The same dice state gives the same firms."""
    places, names = homes(catalogue), set[str]()
    owners = dice.sample(range(adults), wanted)
    found: list[Business] = []
    for number, owner in enumerate(owners, start=1):
        place = dice.choice(places)
        kind = dice.choices(list(_KINDS), list(_KINDS.values()))[0]
        trade = "农业" if kind == COOPERATIVE else dice.choices(list(TRADES), (40, 25, 20, 10, 5))[0]
        agents = tuple(a for a in dice.sample(range(adults), 2) if a != owner)
        found.append(
            Business(
                name=_name(dice, place, kind, trade, names),
                uscc=make_uscc(area_code(catalogue, place), number, registry=_REGISTRIES.get(kind, "91")),
                kind=kind,
                trade=trade,
                scope=SCOPES[trade],
                capital=dice.choice((10, 30, 50, 100, 200)) * 10_000 if kind == COMPANY else 0,
                founded=REFERENCE - dt.timedelta(days=dice.randint(30, 15 * 365)),
                place=place,
                address=street_address(dice, place),
                owner=owner,
                agents=agents[: 0 if kind == SOLE_TRADER else dice.randint(0, 2)],
            )
        )
    return found


def _name(dice: Random, place: Place, kind: str, trade: str, taken: set[str]) -> str:
    """A name nobody else in the city has: place, brand, trade, legal form."""
    while True:
        name = f"驻马店市{_short(place)}{brand(dice)}{dice.choice(TRADES[trade])}{_ENDINGS[kind]}"
        if name not in taken:
            taken.add(name)
            return name


def _short(place: Place) -> str:
    names: Sequence[str] = place.aliases
    return place.name if place.code else names[0]
