# SPDX-License-Identifier: Apache-2.0
"""Licences the invented people and firms hold. What each states follows from its definition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from yiwang.apps.licences.public import NewLicence
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Material
from yiwang.engines.definitions.kinds.elements import ElementType

from .families import HEAD, REFERENCE, Citizen, Family, area_code
from .firms import Business

ID_CARD, REGISTER, MARRIAGE = "id-card", "household-register", "marriage-certificate"
REAL_ESTATE, BUSINESS, FOOD = "real-estate-certificate", "business-licence", "food-licence-certificate"
_FOREVER_FROM = 46  # years of age: from then an identity card has no end (居民身份证法第五条)
_TERMS = ((16, 5), (26, 10), (_FOREVER_FROM, 20))  # younger than … years: valid … years (the same)


@dataclass(frozen=True)
class Known:
    """An invented person or firm as registered: their public id, and what may be printed about them."""

    public_id: str
    facts: Mapping[str, Any]


def facts_of_person(person: Citizen, address: str) -> dict[str, Any]:
    """What licences state about a person, by element id."""
    return {
        "resident-name": person.name,
        "resident-id-number": person.id_number,
        "resident-phone": person.phone,
        "resident-address": address,
    }


def facts_of_firm(firm: Business, owner: Citizen) -> dict[str, Any]:
    """What licences state about a firm, by element id."""
    return {
        "firm-name": firm.name,
        "firm-uscc": firm.uscc,
        "firm-kind": firm.kind,
        "firm-address": firm.address,
        "premises-address": firm.address,
        "legal-representative-name": owner.name,
        "legal-representative-id-number": owner.id_number,
        "business-scope": firm.scope,
        "registered-capital": str(firm.capital) if firm.capital else None,
    }


@dataclass
class Registry:
    """Writes out licences, numbering each kind of them."""

    catalogue: Catalogue
    dice: Random

    def of_family(self, family: Family, members: list[Known]) -> Iterator[NewLicence]:
        """Identity cards, household register, marriage and real-estate certificates of a family."""
        for place, (person, known) in enumerate(zip(family.members, members, strict=True), start=1):
            if person.age >= 16 or self.dice.random() < 0.4:
                yield self._id_card(family, person, known, serial=f"{family.number:05d}{place:02d}")
            if self.dice.random() < 0.98:
                moved_in = max(person.birth, REFERENCE - dt.timedelta(days=30 * 365))
                number = f"{self._code(family)}-{family.number:06d}-{place:02d}"
                yield self._new(REGISTER, number, known, moved_in)
            if family.married_on and person in family.couple:
                number = f"J{self._code(family)}-{family.married_on.year}-{family.number:06d}-{place}"
                yield self._new(MARRIAGE, number, known, family.married_on)
            if person.relation == HEAD and self.dice.random() < 0.5:
                bought = REFERENCE - dt.timedelta(days=self.dice.randint(60, 12 * 365))
                title = f"豫（{bought.year}）{family.place.name}不动产权第{family.number:07d}号"
                yield self._new(REAL_ESTATE, title, known, bought)

    def of_firm(self, firm: Business, known: Known) -> Iterator[NewLicence]:
        """The business licence, and for a restaurant its food licence (some of them run out)."""
        yield self._new(BUSINESS, firm.uscc, known, firm.founded)
        if firm.trade == "餐饮":
            first_day = firm.founded + dt.timedelta(days=20)
            term = self.catalogue.materials[FOOD].validity
            days = int(term.days) if term else 0
            until = first_day + dt.timedelta(days=days) if term else None
            if self.dice.random() < 0.85:  # most renew in time
                while until is not None and until < REFERENCE:
                    first_day, until = until, until + dt.timedelta(days=days)
            yield self._new(FOOD, f"JY2{firm.uscc[2:8]}{firm.uscc[9:16]}", known, first_day, until)

    def _id_card(self, family: Family, person: Citizen, known: Known, *, serial: str) -> NewLicence:
        years = next((term for below, term in _TERMS if person.age < below), None)
        age_days = (REFERENCE - person.birth).days
        issued = REFERENCE - dt.timedelta(days=self.dice.randrange(min(age_days, 5 * 365)))
        until = _later(issued, years) if years else None
        if person.age >= 16 and self.dice.random() < 0.02:  # somebody forgot to renew
            issued, until = REFERENCE - dt.timedelta(days=11 * 365), REFERENCE - dt.timedelta(days=365)
        return self._new(ID_CARD, f"{self._code(family)}-{serial}", known, issued, until)

    def _new(
        self, material: str, number: str, known: Known, start: dt.date, until: dt.date | None = None
    ) -> NewLicence:
        definition = self.catalogue.materials[material]
        return NewLicence(
            material=material,
            number=number,
            holder=known.public_id,
            issuer=definition.issuer or "",
            valid_from=start,
            valid_until=until,
            fields=self._printed(definition, known.facts),
        )

    def _printed(self, material: Material, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The fields its definition declares, as far as they are known; of a list, one entry."""
        printed: dict[str, Any] = {}
        for one in material.fields:
            element = self.catalogue.elements[one.element]
            if facts.get(element.id) not in (None, ""):
                printed[element.id] = facts[element.id]
            elif element.type is ElementType.CHOICES:
                printed[element.id] = [element.choices[0].value]
        return printed

    def _code(self, family: Family) -> str:
        return area_code(self.catalogue, family.place)


def _later(day: dt.date, years: int) -> dt.date:
    """The same day so many years later (a 29 February becomes the 28th)."""
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if leap else day.day)
