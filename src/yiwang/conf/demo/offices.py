# SPDX-License-Identifier: Apache-2.0
"""Invented officers: for every department that some item needs, in every place; counters; the rest."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from yiwang.apps.identity.public import NewOfficer
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds.places import PlaceKind
from yiwang.kernel.actor import Post, Role
from yiwang.kernel.ids import Sex

from .families import homes
from .names import given_name, surname

BUREAU = "service-bureau"
_WITH_REPRESENTATIVE = ("market-regulation", "public-security", "hrss")


def departments(catalogue: Catalogue) -> list[str]:
    """The departments and other bodies that handle some item."""
    return sorted({item.org for item in catalogue.items.values()})


def invent_officers(catalogue: Catalogue, dice: Random) -> Iterator[NewOfficer]:
    """Handlers, approvers, counter clerks, representatives, catalogue officers, auditors, operators."""
    city = next(place.id for place in catalogue.places.values() if place.kind is PlaceKind.CITY)
    places = [place.id for place in homes(catalogue)]
    for org in departments(catalogue):
        for place in (*places, city):
            yield _officer(dice, org, Post(Role.HANDLER, org, place))
            yield _officer(dice, org, Post(Role.APPROVER, org, place))
    for place in (*places, city):
        for _ in range(2):
            yield _officer(dice, BUREAU, Post(Role.COUNTER, "", place))
        for org in _WITH_REPRESENTATIVE:
            yield _officer(dice, org, Post(Role.REPRESENTATIVE, org, place))
    for _ in range(2):  # the one who drafts a release may not review it
        yield _officer(dice, BUREAU, Post(Role.CATALOGUE))
    yield _officer(dice, BUREAU, Post(Role.APPROVER, BUREAU, city))
    yield _officer(dice, BUREAU, Post(Role.AUDITOR))
    yield _officer(dice, BUREAU, Post(Role.OPERATOR))


def _officer(dice: Random, org: str, *posts: Post) -> NewOfficer:
    sex = dice.choice((Sex.MALE, Sex.FEMALE))
    return NewOfficer(surname(dice) + given_name(dice, sex), org, posts)
