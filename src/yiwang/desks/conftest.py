# SPDX-License-Identifier: Apache-2.0
"""What the tests of every desk share: a small city, made once, and a browser logged in as a persona."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from support import city as town
from yiwang.desks.slowing import PerMinute

__all__ = ["at", "city", "standing_town"]


@pytest.fixture(autouse=True)
def _nobody_has_tried_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries a minute are counted by address, and all tests of a process have the same."""
    monkeypatch.setattr("yiwang.desks.portal.verify._tries", PerMinute())


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[town.City]:
    """The small city, in a transaction that is rolled back after the module: one that stayed open would
    lock the database for tests of other rooms that commit."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield town.build()
        transaction.set_rollback(True)


@pytest.fixture
def city(standing_town: town.City, db: None) -> town.City:
    """The small city; what a test writes is undone after it."""
    return standing_town


@pytest.fixture
def at(city: town.City) -> Callable[[str], Client]:
    """A client logged in as a persona of the city."""

    def log_in(persona: str) -> Client:
        client = Client()
        if persona != "anonymous":
            client.force_login(city.account(persona), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in
