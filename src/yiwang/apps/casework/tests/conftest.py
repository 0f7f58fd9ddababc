# SPDX-License-Identifier: Apache-2.0
"""The small catalogue in force and the people of casework's tests, made once per module, on a Monday
in March: far from any holiday notice that is still to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction

from . import town as t
from .small import small_catalogue

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[t.Town]:
    """The people and the release, in a transaction that is rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(MONDAY, tick=True):
        t.publish(small_catalogue())
        yield t.build()
        transaction.set_rollback(True)


@pytest.fixture
def town(standing_town: t.Town, db: None) -> t.Town:
    """Who plays; what a test writes is undone after it."""
    return standing_town


@pytest.fixture
def clock(town: t.Town) -> Iterator[time_machine.Traveller]:
    """The clock of a test, on Monday 2 March 2026; `clock.move_to` takes it elsewhere."""
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller
