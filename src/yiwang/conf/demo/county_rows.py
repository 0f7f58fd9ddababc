# SPDX-License-Identifier: Apache-2.0
"""Registers that counties keep: each row says of which county it is, and a county's list gives its own only.

One register for each sort (homesteads, village collectives) holds the rows of every county of the sample
city; what a county's resource answers with is what of it lies in the counties the resource covers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Place
from yiwang.engines.exchange import Level, Resource, resources
from yiwang.kernel.ids import make_uscc

from .city import Invented
from .families import REFERENCE, area_code, homes

Row = Mapping[str, Any]
COUNTY = "county"
"""The column that says of which county a row is; no resource gives it away."""
HOMESTEADS, COLLECTIVES = "homesteads", "village-collectives"
_VILLAGES = ("张庄", "李湾", "王楼", "小刘庄", "前岗", "后河")
_COLLECTIVE = "54"  # of the codes: a body of villagers


def registers(catalogue: Catalogue, city: Invented) -> dict[str, list[Row]]:
    """The rows of each register, every county's, by the register's name."""
    return {
        HOMESTEADS: list(_homesteads(catalogue, city)),
        COLLECTIVES: list(_collectives(catalogue)),
    }


def lists(catalogue: Catalogue) -> dict[str, tuple[str, Resource]]:
    """Resources on county lists that these registers answer for: resource → register, resource."""
    found = {}
    for one in resources(catalogue).values():
        register = next((name for name in (HOMESTEADS, COLLECTIVES) if one.id.endswith(f"-{name}")), "")
        if one.level is Level.COUNTY and register:
            found[one.id] = (register, one)
    return found


def rows_of_county(catalogue: Catalogue, city: Invented) -> dict[str, list[Row]]:
    """What each county's resource answers with, without the county."""
    every = registers(catalogue, city)
    return {
        name: [
            {field: value for field, value in row.items() if field != COUNTY}
            for row in every[register]
            if row[COUNTY] in resource.places
        ]
        for name, (register, resource) in lists(catalogue).items()
    }


def _homesteads(catalogue: Catalogue, city: Invented) -> Iterator[Row]:
    """农村宅基地审批：没有登记住房的人家各一宗。"""
    for family in city.families:
        if family.number % 2 == 0:
            continue
        head, code = family.members[0], area_code(catalogue, family.place)
        approved = REFERENCE - dt.timedelta(days=200 + 37 * family.number % 5000)
        yield {
            COUNTY: family.place.id,
            "approval-number": f"农宅{code}-{approved.year}-{family.number:06d}",
            "holder-name": head.name,
            "holder-id-number": head.id_number,
            "site": family.address,
            "area": f"{100 + family.number % 67}.00",
            "approved": approved.isoformat(),
        }


def _collectives(catalogue: Catalogue) -> Iterator[Row]:
    """农村集体经济组织：每个县区六个村。"""
    for number, place in enumerate(homes(catalogue)):
        for serial, village in enumerate(_VILLAGES):
            yield _collective(catalogue, place, village, 100 * number + serial)


def _collective(catalogue: Catalogue, place: Place, village: str, serial: int) -> Row:
    code = area_code(catalogue, place)
    return {
        COUNTY: place.id,
        "firm-uscc": make_uscc(code, 70_000_000 + serial, registry=_COLLECTIVE),
        "firm-name": f"{place.name}{village}村股份经济合作社",
        "head": f"{village[0]}某",
        "registered": (REFERENCE - dt.timedelta(days=900 + serial)).isoformat(),
    }
