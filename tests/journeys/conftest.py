# SPDX-License-Identifier: Apache-2.0
"""The sample city, made once for the journeys of a file; each journey leaves it as it found it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction

from support.city import definitions
from support.errands import Applicant
from yiwang.conf.demo.browser import Site
from yiwang.conf.demo.city import Cast, make_city, publish
from yiwang.kernel.actor import Actor, ActorKind


@pytest.fixture(scope="module")
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
def site(cast: Cast) -> Iterator[Site]:
    """The whole application over WSGI, inside this process and this test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Site("http://127.0.0.1", httpx.WSGITransport(app=get_wsgi_application()))
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


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
