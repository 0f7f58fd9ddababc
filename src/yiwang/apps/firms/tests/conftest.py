# SPDX-License-Identifier: Apache-2.0
"""The small city, made once for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from support import city as town


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[town.City]:
    """The small city, in a transaction that is rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield town.build()
        transaction.set_rollback(True)


@pytest.fixture
def city(standing_town: town.City, db: None) -> town.City:
    """The small city; what a test writes is undone after it."""
    return standing_town
