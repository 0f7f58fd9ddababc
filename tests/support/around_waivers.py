# SPDX-License-Identifier: Apache-2.0
"""A department's yearly report, and a document that a decided case kept."""

from __future__ import annotations

from django.utils import timezone

from support.city import OFFICE, City
from yiwang.apps.materials.public import Accepted, keep_accepted
from yiwang.apps.waivers.public import Kind, begin
from yiwang.kernel.actor import system

MISSING = {"kind": "no-such-kind", "year": "999999", "filing": "w_" + "0" * 26}


def around_waivers(city: City) -> dict[str, str]:
    """A report of the department `OFFICE` that is being filled in: path parameter → id."""
    year = timezone.localdate().year
    filing = begin(city["handler"], Kind.SURVEY, org=OFFICE, year=year)
    return {"kind": Kind.SURVEY.value, "year": str(year), "filing": filing}


def kept_thing(city: City, subject: str, application: str, file: str) -> dict[str, str]:
    """A document of somebody's, kept with this very file: path parameter → id."""
    given = Accepted("kitchen-layout", subject, application, "food-licence", OFFICE, (file,))
    (public_id,) = keep_accepted(system("测试"), [given], city.catalogue, at=timezone.now())
    return {"e_material": public_id}
