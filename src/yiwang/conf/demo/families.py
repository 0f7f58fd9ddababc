# SPDX-License-Identifier: Apache-2.0
"""Invented families: who lives together, how they are related to the head, where they live.

The same seed gives the same families. Births are set against `REFERENCE`, so that the city does
not change with the day on which it is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Place
from yiwang.engines.definitions.kinds.places import PlaceKind
from yiwang.kernel.ids import Sex, make_id_number

from .names import given_name, surname

REFERENCE = dt.date(2026, 1, 1)
HEAD, WIFE, HUSBAND, SON, DAUGHTER, FATHER, MOTHER = "户主", "妻", "夫", "子", "女", "父亲", "母亲"


@dataclass(frozen=True)
class Citizen:
    """An invented person."""

    name: str
    sex: Sex
    birth: dt.date
    id_number: str
    phone: str
    relation: str

    @property
    def age(self) -> int:
        """Whole years on the reference day."""
        before = (REFERENCE.month, REFERENCE.day) < (self.birth.month, self.birth.day)
        return REFERENCE.year - self.birth.year - before


@dataclass(frozen=True)
class Family:
    """A household (户): the head first."""

    number: int
    place: Place
    address: str
    members: tuple[Citizen, ...]
    married_on: dt.date | None

    @property
    def couple(self) -> tuple[Citizen, ...]:
        """Head and spouse, if there is one."""
        return tuple(one for one in self.members if one.relation in (HEAD, WIFE, HUSBAND))


def area_code(catalogue: Catalogue, place: Place) -> str:
    """The code in numbers given out in this place; zones have none and use the city's main district."""
    if place.code:
        return place.code
    districts = [p for p in catalogue.places.values() if p.kind is PlaceKind.DISTRICT and p.code]
    return str(districts[0].code)


def homes(catalogue: Catalogue) -> list[Place]:
    """The places people live in: counties, districts and zones with known roads."""
    return [place for place in catalogue.places.values() if place.roads]


@dataclass
class Invention:
    """Draws families one after the other; remembers which numbers are taken."""

    catalogue: Catalogue
    dice: Random
    taken: set[str] = field(default_factory=set)

    def families(self, wanted_people: int) -> Iterator[Family]:
        """Families until there are at least so many people."""
        places, made, number = homes(self.catalogue), 0, 0
        while made < wanted_people:
            number += 1
            family = self._family(number, places)
            made += len(family.members)
            yield family

    def _family(self, number: int, places: Sequence[Place]) -> Family:
        dice = self.dice
        place = dice.choice(places)
        code = area_code(self.catalogue, place)
        name = surname(dice)
        head_sex = Sex.MALE if dice.random() < 0.75 else Sex.FEMALE
        head_age = dice.randint(24, 68)
        members = [self._citizen(code, name, head_sex, head_age, HEAD)]
        married_on = None
        if dice.random() < 0.8:
            members.append(self._spouse(code, head_sex, head_age))
            married_on = self._wedding(members)
            members += self._children(code, name if head_sex is Sex.MALE else members[1].name[0], members)
        if dice.random() < 0.2:
            sex, relation = dice.choice(((Sex.MALE, FATHER), (Sex.FEMALE, MOTHER)))
            parent_name = name if sex is Sex.MALE else surname(dice)
            members.append(self._citizen(code, parent_name, sex, head_age + dice.randint(21, 30), relation))
        return Family(number, place, self._address(place), tuple(members), married_on)

    def _spouse(self, code: str, head_sex: Sex, head_age: int) -> Citizen:
        sex, relation = (Sex.FEMALE, WIFE) if head_sex is Sex.MALE else (Sex.MALE, HUSBAND)
        age = max(23, head_age + self.dice.randint(-4, 3))
        return self._citizen(code, surname(self.dice), sex, age, relation)

    def _children(self, code: str, name: str, parents: Sequence[Citizen]) -> list[Citizen]:
        younger = min(one.age for one in parents)
        children: list[Citizen] = []
        for _ in range(self.dice.choices((0, 1, 2, 3), (2, 4, 3, 1))[0]):
            oldest = min(younger - 21, 30)
            if oldest < 0:
                break
            sex = self.dice.choice((Sex.MALE, Sex.FEMALE))
            relation = SON if sex is Sex.MALE else DAUGHTER
            children.append(self._citizen(code, name, sex, self.dice.randint(0, oldest), relation))
        return children

    def _wedding(self, couple: Sequence[Citizen]) -> dt.date:
        """A day on which both were old enough to marry (民法典第一千零四十七条), before the reference day."""
        old_enough = max(one.birth + dt.timedelta(days=22 * 366) for one in couple)
        span = min((REFERENCE - old_enough).days, 8 * 365)
        return old_enough + dt.timedelta(days=self.dice.randrange(span))

    def _citizen(self, code: str, family_name: str, sex: Sex, age: int, relation: str) -> Citizen:
        birth = REFERENCE - dt.timedelta(days=round(age * 365.2425) + self.dice.randrange(1, 364))
        name = family_name + given_name(self.dice, sex)
        phone = f"1400{self.dice.randrange(10**7):07d}" if age >= 12 else ""  # a range nobody is given
        return Citizen(name, sex, birth, self._id_number(code, birth, sex), phone, relation)

    def _id_number(self, code: str, birth: dt.date, sex: Sex) -> str:
        while True:
            serial = self.dice.randrange(500) * 2 + (1 if sex is Sex.MALE else 0)
            number = make_id_number(code, birth, serial)
            if number not in self.taken:
                self.taken.add(number)
                return number

    def _address(self, place: Place) -> str:
        return street_address(self.dice, place) + (
            f"{self.dice.randint(1, 18)}号楼{self.dice.randint(1, 4)}单元"
            f"{self.dice.randint(1, 18)}{self.dice.randint(1, 4):02d}室"
        )


def street_address(dice: Random, place: Place) -> str:
    """A made-up number on a real road of the place."""
    return f"河南省驻马店市{place.name.removeprefix('市')}{dice.choice(place.roads)}{dice.randint(1, 399)}号"
