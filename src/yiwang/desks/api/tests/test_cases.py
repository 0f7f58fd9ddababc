# SPDX-License-Identifier: Apache-2.0
"""A department's system reads a case before it acts on it, and sees no more than its item asks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from support import city as town
from support.city import City


def test_a_department_reads_its_case(city: City, at: Callable[[str], Client]) -> None:
    case = town.item_of(city, town.submitted(city))
    page = at("handler").get(f"/api/cases/{case}")
    assert page.status_code == 200, page.content
    read = page.json()
    asked = {use.element for use in city.catalogue.items[read["item"]].elements}
    assert {one["element"] for one in read["fields"]} <= asked
    assert "accept" in read["actions"]
    assert read["version"] == 1

    taken = at("handler").post(
        f"/api/cases/{case}/actions/accept", {"version": read["version"]}, content_type="application/json"
    )
    assert taken.status_code == 200, taken.content
    assert at("handler").get(f"/api/cases/{case}").json()["state"] == taken.json()["state"] == "accepted"


@pytest.mark.parametrize("persona", ["handler elsewhere", "handler of another department"])
def test_others_are_told_there_is_no_such_case(city: City, at: Callable[[str], Client], persona: str) -> None:
    case = town.item_of(city, town.submitted(city))
    assert at(persona).get(f"/api/cases/{case}").status_code == 404
