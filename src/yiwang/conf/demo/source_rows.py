# SPDX-License-Identifier: Apache-2.0
"""What the departments of the sample city know of its people and firms: the rows of their databases.

The same people as in the register, by the same numbers; figures nobody else states are drawn, the same
ones every time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue

from .city import SEED, Invented
from .families import HEAD, REFERENCE, Citizen, Family, area_code
from .firms import COMPANY, SOLE_TRADER, Business

Row = Mapping[str, Any]
_DAY = REFERENCE.isoformat()
_ADULT = 18
_RETIRED = 60


def rows_of(catalogue: Catalogue, city: Invented) -> dict[str, list[Row]]:
    """The rows of every resource that has a demo twin, by resource."""
    teller = _Teller(catalogue, city, Random(SEED))  # noqa: S311  # nosec B311 - nothing secret
    return {
        "household-population": list(teller.population()),
        "kinship": list(teller.kinship()),
        "firm-registration-record": list(teller.companies()),
        "sole-trader-record": list(teller.sole_traders()),
        "marriage-registration": list(teller.marriages()),
        "real-estate-register": list(teller.real_estate()),
        "family-homes": list(teller.homes()),
        "social-insurance-person": list(teller.insured()),
        "medical-insurance-person": list(teller.medical()),
        "housing-fund-person": list(teller.funds()),
        "birth-certificate-record": list(teller.births()),
    }


class _Teller:
    """Tells what each department knows."""

    def __init__(self, catalogue: Catalogue, city: Invented, dice: Random) -> None:
        self.catalogue, self.city, self.dice = catalogue, city, dice

    def _people(self) -> Iterator[tuple[Family, Citizen]]:
        for family in self.city.families:
            for one in family.members:
                yield family, one

    def _adults(self) -> Iterator[tuple[Family, Citizen]]:
        return ((family, one) for family, one in self._people() if one.age >= _ADULT)

    def population(self) -> Iterator[Row]:
        """公安：户籍人口。"""
        for family, one in self._people():
            yield {
                **_who(one),
                "sex": one.sex.value,
                "ethnicity": "汉族",
                "birth-date": one.birth.isoformat(),
                "resident-address": family.address,
                "household-number": f"{area_code(self.catalogue, family.place)}{family.number:06d}",
                "household-kind": "家庭户",
                "householder-relation": one.relation,
                "status": "正常",
                "updated": _DAY,
            }

    def kinship(self) -> Iterator[Row]:
        """公安：同一户口内每个人和户主的关系，两边各一行。"""
        for family in self.city.families:
            head, *others = family.members
            for one in others:
                for first, second, relation in ((head, one, one.relation), (one, head, HEAD)):
                    yield {
                        **_who(first),
                        "relative-id-number": second.id_number,
                        "relative-name": second.name,
                        "relation": relation,
                        "updated": _DAY,
                    }

    def companies(self) -> Iterator[Row]:
        """市场监管：企业登记。"""
        for firm in self.city.firms:
            if firm.kind != SOLE_TRADER:
                yield {
                    **_which(firm),
                    "firm-kind": firm.kind,
                    "legal-representative-name": self._owner(firm).name,
                    "registered-capital": firm.capital * 100 if firm.kind == COMPANY else None,
                    "founded": firm.founded.isoformat(),
                    "status": "存续",
                    "authority": f"{firm.place.name}市场监督管理局",
                    "updated": _DAY,
                }

    def sole_traders(self) -> Iterator[Row]:
        """市场监管：个体工商户登记。"""
        for firm in self.city.firms:
            if firm.kind == SOLE_TRADER:
                owner = self._owner(firm)
                yield {
                    **_which(firm),
                    "owner-name": owner.name,
                    "owner-id-number": owner.id_number,
                    "registered": firm.founded.isoformat(),
                    "status": "存续",
                }

    def marriages(self) -> Iterator[Row]:
        """民政：婚姻登记，夫妻各一行；没有登记过的成年人答未婚。"""
        for family, one in self._adults():
            spouse = next((o for o in family.couple if o is not one), None) if one in family.couple else None
            married = family.married_on if spouse else None
            code = area_code(self.catalogue, family.place)
            yield {
                **_who(one),
                "spouse-id-number": spouse.id_number if spouse and married else None,
                "spouse-name": spouse.name if spouse and married else None,
                "marital-status": "已婚" if married else "未婚",
                "registered": married.isoformat() if married else None,
                "certificate-number": f"J{code}-{married.year}-{family.number:06d}" if married else None,
                "authority": f"{family.place.name}民政局" if married else None,
            }

    def real_estate(self) -> Iterator[Row]:
        """不动产：登记在户主名下的住房。"""
        for family in self.city.families:
            if family.number % 2:
                continue
            bought = REFERENCE - dt.timedelta(days=self.dice.randint(60, 12 * 365))
            code = area_code(self.catalogue, family.place)
            title = f"豫（{bought.year}）{family.place.name}不动产权第{family.number:07d}号"
            yield {
                "house-certificate-number": title,
                "house-unit-number": f"{code}001001GB{family.number:05d}F{family.number:08d}",
                "owner-name": family.members[0].name,
                "owner-id-number": family.members[0].id_number,
                "house-location": family.address,
                "house-area": f"{self.dice.randint(60, 160)}.{self.dice.randint(0, 99):02d}",
                "house-use": self.catalogue.elements["house-use"].choices[0].value,
                "house-jointly-owned": len(family.couple) > 1,
                "registered": bought.isoformat(),
            }

    def homes(self) -> Iterator[Row]:
        """不动产：个人名下住房的套数和坐落。"""
        for family, one in self._adults():
            owns = one.relation == HEAD and family.number % 2 == 0
            yield {
                **_who(one),
                "homes": int(owns),
                "locations": family.address if owns else "",
                "as-of": _DAY,
            }

    def insured(self) -> Iterator[Row]:
        """人社：个人社会保险参保。"""
        for _, one in self._adults():
            working = one.age < _RETIRED
            yield {
                **_who(one),
                "insurance-kind": "企业职工基本养老保险"
                if self.dice.random() < 0.6
                else "城乡居民基本养老保险",
                "employer": self.dice.choice(self.city.firms).name if working else None,
                "insured-status": "正常参保" if working else "待遇领取",
                "pension-paid-months": min(one.age - _ADULT, 40) * 12 - self.dice.randint(0, 11)
                if one.age > 18
                else 0,
                "last-paid": "2025-12-01" if working else None,
            }

    def medical(self) -> Iterator[Row]:
        """医保：个人基本医疗保险参保。"""
        for family, one in self._people():
            worker = _ADULT < one.age < _RETIRED
            yield {
                **_who(one),
                "insurance-kind": "职工基本医疗保险" if worker else "城乡居民基本医疗保险",
                "insured-county": family.place.id,
                "insured-status": "正常参保",
                "paid-through": "2026-12-31",
            }

    def funds(self) -> Iterator[Row]:
        """公积金：个人缴存。"""
        for number, (_, one) in enumerate(self._adults(), start=1):
            if one.age < _RETIRED:
                yield {
                    **_who(one),
                    "account": f"4117{number:08d}",
                    "employer": self.dice.choice(self.city.firms).name,
                    "status": "正常",
                    "balance": self.dice.randint(500_00, 90_000_00),
                    "paid-through": "2025-12-31",
                }

    def births(self) -> Iterator[Row]:
        """卫健：出生医学证明，未成年人各一份。"""
        for family in self.city.families:
            if len(family.couple) < 2:
                continue
            mother, father = sorted(family.couple, key=lambda one: one.sex.value)
            for place, child in enumerate(family.members):
                if child.age >= _ADULT or child in family.couple:
                    continue
                yield {
                    "birth-certificate-number": f"W41{child.birth:%y}{family.number:05d}{place}",
                    "newborn-name": child.name,
                    "newborn-sex": child.sex.value,
                    "newborn-birth-date": child.birth.isoformat(),
                    "newborn-hospital": f"{family.place.name}妇幼保健院",
                    "mother-name": mother.name,
                    "mother-id-number": mother.id_number,
                    "father-name": father.name,
                    "father-id-number": father.id_number,
                    "issued": (child.birth + dt.timedelta(days=3)).isoformat(),
                }

    def _owner(self, firm: Business) -> Citizen:
        return self.city.adults[firm.owner][1]


def _who(one: Citizen) -> dict[str, Any]:
    return {"resident-id-number": one.id_number, "resident-name": one.name}


def _which(firm: Business) -> dict[str, Any]:
    return {
        "firm-uscc": firm.uscc,
        "firm-name": firm.name,
        "firm-address": firm.address,
        "business-scope": firm.scope,
    }
