# SPDX-License-Identifier: Apache-2.0
"""The sample city, made once for all journeys; each journey leaves it as it found it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from support.city import definitions
from support.errands import Applicant
from yiwang.conf.demo.city import Cast, make_city, publish
from yiwang.kernel.actor import Actor, ActorKind


@pytest.fixture(scope="package")
def standing_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The sample city with its catalogue in force, in a transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_city(definitions())
        publish(definitions())
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def cast(standing_city: Cast, db: None) -> Cast:
    """Who plays; what a journey writes is undone after it."""
    return standing_city


@pytest.fixture
def resident(cast: Cast) -> Applicant:
    """A resident acting for themselves."""
    return Applicant(Actor(ActorKind.PERSON, cast.resident, "居民"), cast.resident)


@pytest.fixture
def walk_in(cast: Cast) -> Applicant:
    """Another resident."""
    return Applicant(Actor(ActorKind.PERSON, cast.walk_in, "来客"), cast.walk_in)


@pytest.fixture
def firm(cast: Cast) -> Applicant:
    """A firm, acted for by its legal representative."""
    owner = Actor(ActorKind.PERSON, cast.owner, "法定代表人", (), frozenset({cast.firm}))
    return Applicant(owner, cast.firm)
