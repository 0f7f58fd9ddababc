# SPDX-License-Identifier: Apache-2.0
"""A small city with three resources, a health department in need, and a data bureau."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import pytest
from django.db import transaction

from support.city import definitions
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.engines.exchange import Resource
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system

CITE = {"doc": "xingzheng-xuke-fa", "at": "第一条"}
KEPT = ("marriage-registration", "real-estate-register", "tax-returns")


def officer(name: str, *posts: Post) -> Actor:
    """An officer of these posts."""
    return Actor(ActorKind.OFFICER, f"officer_{name}", f"工作人员{name}", posts)


BUREAU = officer("bureau", Post(Role.DATA))
HEALTH = officer("health", Post(Role.DATA, "health"))
CIVIL = officer("civil", Post(Role.DATA, "civil-affairs"))
OTHER = officer("other", Post(Role.DATA, "education"))
HANDLER = officer("handler", Post(Role.HANDLER, "health"))

Publish = Callable[..., str]


@lru_cache(maxsize=1)
def _folders() -> Mapping[str, Any]:
    known = definitions()
    only = {one: known.others["exchange"][one] for one in KEPT}
    marriage = only["marriage-registration"]
    assert isinstance(marriage, Resource)
    kept = ("sources", "settings", "orgs", "places", "elements", "materials")
    folders: dict[str, Any] = {name: getattr(known, name) for name in kept}
    return folders | {"items": {}, "exchange": only}


def catalogue(**changed: Mapping[str, Any] | None) -> Catalogue:
    """The city's definitions; a resource given by its id with `_` is changed so, or left out (None)."""
    folders = dict(_folders())
    known = {one: each.model_copy(update={"related": []}) for one, each in folders["exchange"].items()}
    for name, update in changed.items():
        identity = name.replace("_", "-")
        if update is None:
            known.pop(identity)
        else:
            whole = {**known[identity].model_dump(mode="json"), **update}
            known[identity] = Resource.model_validate(whole)
    folders["exchange"] = known
    return Catalogue.of(folders, digest=digest_of(folders))


def put(summary: str = "测试", **changed: Any) -> str:
    """Put a catalogue in force; returns its digest."""
    digest = draft_release(system("测试"), catalogue(**changed), summary=summary)
    review_release(system("测试复核"), digest, approve=True)
    publish_release(system("测试"), digest)
    return digest


@pytest.fixture(scope="module")
def _standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        put()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def published(_standing: None, db: None) -> Publish:
    """The city's catalogue in force, and what puts another in force for one test."""
    return put
