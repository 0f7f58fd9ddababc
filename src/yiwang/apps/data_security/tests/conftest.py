# SPDX-License-Identifier: Apache-2.0
"""A city with two departments, the bureau, the cyberspace office, the police, and calls that were made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
import time_machine
from django.db import transaction

from support.calls import Call
from support.city import definitions
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.data_security import plugs
from yiwang.apps.identity import public as identity
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.ids import new_public_id

NOON = dt.datetime(2026, 5, 20, 12, tzinfo=BEIJING)
"""A Wednesday."""
TODAY = NOON.date()
POSTS: dict[str, Post] = {
    "health head": Post(Role.APPROVER, "health"),
    "health data": Post(Role.DATA, "health"),
    "health clerk": Post(Role.HANDLER, "health", "yicheng"),
    "housing head": Post(Role.APPROVER, "housing"),
    "housing data": Post(Role.DATA, "housing"),
    "bureau": Post(Role.DATA),
    "cyberspace": Post(Role.DATA, "cyberspace"),
    "police": Post(Role.SECURITY, "public-security"),
    "auditor": Post(Role.AUDITOR),
    "auditor of a county": Post(Role.AUDITOR, "", "xiping"),
    "catalogue": Post(Role.CATALOGUE),
}


@lru_cache(maxsize=1)
def made() -> Catalogue:
    """The city's settings, units, calendar and data resources; no items."""
    known = definitions()
    found: dict[str, Any] = {
        **{"sources": known.sources, "settings": known.settings, "orgs": known.orgs},
        **{"places": known.places, "elements": known.elements, "materials": known.materials},
        **known.others,
        **{name: {} for name in ("reuse", "templates", "purposes", "items")},
    }
    return Catalogue.of(found, digest=digest_of(found))


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Actor]]:
    """Who works here, and the release in force, in a transaction that is undone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOON, tick=False):
            digest = draft_release(system("测试"), made(), summary="测试")
            review_release(system("测试复核"), digest, approve=True)
            publish_release(system("测试"), digest)
            people = {name: appointed(name, post) for name, post in POSTS.items()}
        yield people
        transaction.set_rollback(True)


@pytest.fixture
def town(
    standing_town: dict[str, Actor], db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Actor]]:
    """Who works here, by name, at noon of a Wednesday in May; nothing is plugged in; what a test writes is
    undone after it."""
    monkeypatch.setattr(plugs, "_people", [])
    monkeypatch.setattr(plugs, "_savings", [])
    with time_machine.travel(NOON, tick=False):
        yield standing_town


def appointed(name: str, *posts: Post) -> Actor:
    """An officer who works where their first post is."""
    officer = identity.appoint_officer(system("测试"), name=name, org=posts[0].org, posts=posts)
    return Actor(ActorKind.OFFICER, officer, name, posts)


def called(
    at: dt.datetime = NOON,
    *,
    org: str = "health",
    caller: str = "o_clerk",
    subject: str = "p_1",
    case: str = "",
    **more: Any,
) -> Call:
    """One call as the gateway writes it; `more` replaces columns."""
    columns: dict[str, Any] = {
        **{"receipt": new_public_id("call"), "grant": "g_1", "resource": "household", "provider": "housing"},
        **{"caller_kind": "officer", "caller_name": "工作人员", "fields": ["name"], "rows": 1, "ms": 12},
        **{"item": "health-check", "outcome": "answered", "stream": "test", "seq": 1, "purpose": "核对"},
        **{"basis": "授权"},
        **more,
    }
    row = Call(at=at, org=org, caller=caller, subject=subject, case=case, **columns)
    row.save()
    return row
