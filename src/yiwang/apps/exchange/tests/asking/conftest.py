# SPDX-License-Identifier: Apache-2.0
"""A catalogue with resources of each class, departments that ask and provide, and a stopped clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
import time_machine
from django.db import transaction

from support.city import definitions
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.engines.exchange import Resource
from yiwang.kernel.actor import system

CITE = {"doc": "xingzheng-xuke-fa", "at": "第一条"}
MONDAY = dt.datetime(2026, 9, 21, 1, tzinfo=dt.UTC)
"""Nine o'clock on a Monday of ordinary weeks."""


def resource(id_: str, sharing: str, **more: Any) -> Resource:
    """A resource of the housing registry with three items, one of them masked."""
    known: dict[str, dict[str, Any]] = {
        "unconditional": {},
        "conditional": {"condition": "仅用于办理本部门事项"},
        "not_shared": {"not_shared": {**CITE, "quote": "依法应当保密"}},
    }
    terms = known[sharing]
    fields = [
        {"id": "owner", "name": f"{id_}权利人", "type": "text", "grade": "general_2", "mask": "name"},
        {
            **{"id": "number", "name": f"{id_}证件号码", "type": "id_number", "grade": "general_3"},
            **{"mask": "id_number", "key": True, "subject_id": True},
        },
        {"id": "area", "name": f"{id_}面积", "type": "decimal", "grade": "general_1"},
    ]
    base = {
        **{"id": id_, "name": f"资源{id_}", "provider": "real-estate-registry", "subject": "person"},
        **{"library": "department", "summary": "测试资源", "sharing": sharing, "grade": "general_3"},
        **{"cycle": "daily", "fields": fields, "cite": CITE, **terms, **more},
    }
    return Resource.model_validate(base)


@lru_cache(maxsize=2)
def made(*, closed: bool = False) -> Catalogue:
    """The house's definitions with these resources instead of its own. `closed`: one is shared no more."""
    folders: dict[str, Any] = dict(definitions().folders())
    shared = [
        resource("house", "not_shared" if closed else "conditional"),
        resource("map", "unconditional"),
        resource("vault", "not_shared"),
    ]
    folders["exchange"] = {one.id: one for one in shared}
    return Catalogue.of(folders, digest=digest_of(folders))


def publish(catalogue: Catalogue) -> None:
    """Put a catalogue in force."""
    digest = draft_release(system("测试"), catalogue, summary="测试")
    review_release(system("测试复核"), digest, approve=True)
    publish_release(system("测试"), digest)


@pytest.fixture(scope="module")
def in_force(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The catalogue in force, in a transaction that is rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(MONDAY, tick=False):
            publish(made())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def clock(in_force: None, db: None) -> Iterator[time_machine.Traveller]:
    """The catalogue in force, the clock stopped on a Monday morning; what a test writes is undone."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller
