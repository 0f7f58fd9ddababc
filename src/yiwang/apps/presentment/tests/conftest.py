# SPDX-License-Identifier: Apache-2.0
"""The small city with licences that say something, made once per module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from support import city as town

from . import shop as shops


@pytest.fixture(scope="module")
def standing_shop(django_db_setup: None, django_db_blocker: Any) -> Iterator[shops.Shop]:
    """The city, in a transaction that is rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield shops.open_shop(town.build())
        transaction.set_rollback(True)


@pytest.fixture
def shop(standing_shop: shops.Shop, db: None) -> shops.Shop:
    """Who plays; what a test writes is undone after it."""
    return standing_shop
