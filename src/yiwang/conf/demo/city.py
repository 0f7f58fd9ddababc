# SPDX-License-Identifier: Apache-2.0
"""Make the sample city in an empty database: all of it or nothing, once.

Its people are invented. The accounts with a known password are few and made only here; a database
that holds anybody else is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import transaction

from yiwang.apps.catalogue import public as releases
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import entries_of, record
from yiwang.apps.licences.public import NewLicence, Standing, change_standing, held_by, load_stock
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor, Role, system
from yiwang.kernel.errors import Conflict, NotAllowed, Unavailable

from .families import Citizen, Family, Invention
from .firms import COMPANY, Business, invent_firms
from .lists import pass_lists
from .offices import invent_officers
from .records import BUSINESS, ID_CARD, Known, Registry, facts_of_firm, facts_of_person

SEED = 20260101
PEOPLE, FIRMS = 2_400, 600
HOME = "yicheng"
_STREAM = "demo-city"
_MAKER = system("示例城市")
_REVOKED, _SUSPENDED = 3, 2  # business licences


@dataclass(frozen=True)
class Cast:
    """Who plays in the demonstration, by public id."""

    resident: str
    walk_in: str
    owner: str
    firm: str
    agent: str


@dataclass(frozen=True)
class Invented:
    """The city before it is written down."""

    families: Sequence[Family]
    firms: Sequence[Business]
    adults: Sequence[tuple[Family, Citizen]]


def invent(catalogue: Catalogue) -> Invented:
    """The same city for the same definitions, every time."""
    dice = Random(SEED)  # noqa: S311  # nosec B311 - nothing secret
    families = list(Invention(catalogue, dice).families(PEOPLE))
    adults = [(family, one) for family in families for one in family.members if 20 <= one.age <= 65]
    found = invent_firms(catalogue, dice, wanted=FIRMS, adults=len(adults))
    return Invented(families, found, adults)


def cast_of_city() -> Cast | None:
    """The cast of the city made here before, or None."""
    made = entries_of(_STREAM)
    return Cast(**made[0]["detail"]["cast"]) if made else None


def require_room() -> None:
    """Raise Conflict when the database holds people who are not of the sample city."""
    if cast_of_city() is None and identity.register_size():
        raise Conflict(
            "这个数据库里已经有别的人员或企业，不能建示例城市。",
            mend="请另设数据目录，例如 YIWANG_DATA_DIR=var/demo，再运行 yiwang demo。",
        )


@transaction.atomic
def make_city(catalogue: Catalogue) -> Cast:
    """Make the city if it is not there; returns who plays in the demonstration. Raises Conflict."""
    require_room()
    if (already := cast_of_city()) is not None:
        return already
    city = invent(catalogue)
    persons = _load_people(city)
    firm_ids = _load_firms(city, persons)
    dice = Random(SEED)  # noqa: S311  # nosec B311
    stock = list(_licences(Registry(catalogue, dice), city, persons, firm_ids))
    load_stock(_MAKER, stock)
    _end_some(firm_ids)
    identity.load_officers(_MAKER, list(invent_officers(catalogue, dice)))
    cast = _choose(city, persons, firm_ids)
    counts = {"people": len(persons), "firms": len(firm_ids), "licences": len(stock)}
    detail = {"seed": SEED, **counts, "cast": vars(cast)}
    record(_MAKER, "demo.city.made", stream=_STREAM, detail=detail)
    return cast


def size_of_city() -> Mapping[str, int]:
    """How many people, firms and licences the city was made with."""
    detail: dict[str, Any] = entries_of(_STREAM)[0]["detail"]
    return {key: detail[key] for key in ("people", "firms", "licences")}


def publish(catalogue: Catalogue) -> str:
    """Put the definitions in force by two officers, if they are not; returns the digest."""
    with suppress(Unavailable):
        if releases.current().digest == catalogue.digest:
            return catalogue.digest
    first, second = _catalogue_officers()
    digest = releases.draft_release(first, catalogue, summary="示例城市的事项目录")
    with suppress(Unavailable):
        if releases.current().digest == digest:
            return digest  # what the console published since is laid over the files
    state = next(one.state for one in releases.releases() if one.digest == digest)
    if state == "draft":
        releases.review_release(second, digest, approve=True, words="已核对")
    pass_lists(catalogue, digest)
    releases.publish_release(first, digest)
    return digest


def _catalogue_officers() -> Sequence[Actor]:
    found = identity.officers_of("", "", Role.CATALOGUE)
    if len(found) < 2:
        raise NotAllowed("要两位目录管理员才能发布目录。", mend="起草和复核不能是同一个人。")
    return found[:2]


def _load_people(city: Invented) -> dict[str, str]:
    """Everybody, by identity number → public id."""
    people = [
        identity.NewPerson(one.name, one.id_number, one.phone, family.address, family.place.id)
        for family in city.families
        for one in family.members
    ]
    return dict(zip((p.id_number for p in people), identity.load_people(_MAKER, people), strict=True))


def _load_firms(city: Invented, persons: Mapping[str, str]) -> list[str]:
    adult = [persons[one.id_number] for _, one in city.adults]
    return identity.load_firms(
        _MAKER,
        [
            identity.NewFirm(
                firm.name,
                firm.uscc,
                firm.kind,
                adult[firm.owner],
                firm.founded,
                firm.address,
                firm.place.id,
                tuple(identity.NewAgent(adult[one], firm.founded) for one in firm.agents),
            )
            for firm in city.firms
        ],
    )


def _licences(
    registry: Registry, city: Invented, persons: Mapping[str, str], firm_ids: Sequence[str]
) -> list[NewLicence]:
    found: list[NewLicence] = []
    for family in city.families:
        members = [
            Known(persons[one.id_number], facts_of_person(one, family.address)) for one in family.members
        ]
        found += registry.of_family(family, members)
    for firm, firm_id in zip(city.firms, firm_ids, strict=True):
        owner = city.adults[firm.owner][1]
        found += registry.of_firm(firm, Known(firm_id, facts_of_firm(firm, owner)))
    return found


def _end_some(firm_ids: Sequence[str]) -> None:
    """A few business licences are revoked or suspended, as in life."""
    ended = held_by(firm_ids[-(_REVOKED + _SUSPENDED) :])
    licences = [one for one in ended if one.material == BUSINESS]
    for place, one in enumerate(licences):
        to = Standing.REVOKED if place < _REVOKED else Standing.SUSPENDED
        change_standing(_MAKER, one.public_id, to, reason="示例：登记机关依法处理")


def _choose(city: Invented, persons: Mapping[str, str], firm_ids: Sequence[str]) -> Cast:
    """People at home in the main district with a valid identity card, and a company there."""
    busy = {firm.owner for firm in city.firms} | {one for firm in city.firms for one in firm.agents}
    here = [
        persons[one.id_number]
        for place, (family, one) in enumerate(city.adults)
        if family.place.id == HOME and place not in busy and 25 <= one.age <= 55
    ]
    with_card = {one.holder for one in held_by(here) if one.material == ID_CARD and one.valid_until}
    free = [one for one in here if one in with_card]
    place, firm = next(
        (number, firm)
        for number, firm in enumerate(city.firms)
        if firm.place.id == HOME and firm.kind == COMPANY and firm.agents
    )
    owner, agent = (persons[city.adults[one][1].id_number] for one in (firm.owner, firm.agents[0]))
    return Cast(free[0], free[1], owner, firm_ids[place], agent)
