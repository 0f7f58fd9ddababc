# SPDX-License-Identifier: Apache-2.0
"""Where a login leads: back to the page somebody came from, else to their desk, else to the front page."""

import pytest
from django.test import Client

from support import city as town


@pytest.mark.parametrize(
    ("persona", "came_from", "goes_to"),
    [
        ("owner", "", "/"),
        ("counter", "", "/counter/"),
        ("handler", "", "/office/"),
        ("operator", "", "/console/"),
        ("handler", "/data/", "/data/"),
        ("owner", "https://elsewhere.example/", "/"),
    ],
)
def test_everybody_comes_to_where_they_work(
    city: town.City, persona: str, came_from: str, goes_to: str
) -> None:
    given = {"username": city.account(persona).username, "password": town.PASSWORD, "next": came_from}
    answer = Client().post("/login", given)
    assert (answer.status_code, answer["Location"]) == (302, goes_to)
