# SPDX-License-Identifier: Apache-2.0
"""A small city with two resources, their provider, a department that uses them, and somebody in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pytest
import time_machine

from support.city import definitions
from support.standing import standing
from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
from yiwang.apps.identity import public as identity
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.engines.exchange import Resource
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.ids import make_id_number

PROVIDER, USER = "public-security", "health"
MONDAY = dt.datetime(2026, 5, 18, 2, tzinfo=dt.UTC)
"""A Monday morning; no holiday for weeks."""
_SETUP = system("测试准备")
_CITE = {"doc": "gb-2022-10", "at": "L479–L481"}
_RULE = {"share": "0.9", "mend": "请核对后更正", "cite": _CITE}
NUMBERS = [make_id_number("411702", dt.date(1985, 3, 4), serial) for serial in (11, 12, 13)]


def _item(id_: str, name: str, type_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": name, "type": type_, "grade": "general_3", **more}


def resource(id_: str, quality: list[dict[str, Any]] | None = None, **more: Any) -> Resource:
    """A resource about people, provided by `PROVIDER`."""
    number = _item("id-number", "身份号码", "id_number", mask="id_number", key=True, subject_id=True)
    items = [
        number,
        _item("name", "姓名", "text", mask="name"),
        _item("born", "出生日期", "date"),
        _item("children", "子女数", "integer"),
    ]
    return Resource.model_validate(
        {
            **{"id": id_, "name": f"资源{id_}", "provider": PROVIDER, "subject": "person"},
            **{"library": "population", "summary": "人的基本信息", "sharing": "unconditional"},
            **{"grade": "general_3", "cycle": "monthly", "cite": _CITE, "fields": items},
            "quality": [{**_RULE, **rule} for rule in quality or []],
            **more,
        }
    )


RULES: list[dict[str, Any]] = [
    {"id": "names", "kind": "filled", "fields": ["name"]},
    {"id": "numbers", "kind": "format", "fields": ["id-number"]},
    {
        "id": "alike",
        "kind": "agrees",
        "compared": {"resource": "births", "match": {"id-number": "id-number"}, "agree": {"born": "born"}},
    },
]


@lru_cache(maxsize=1)
def made() -> Catalogue:
    """The house's definitions with these two resources and no other."""
    known = definitions()
    own = {"people": resource("people", RULES), "births": resource("births")}
    kept: dict[str, Any] = {
        **{"sources": known.sources, "settings": known.settings, "orgs": known.orgs},
        **{"places": known.places, **known.others, "exchange": own},
        **{name: {} for name in ("reuse", "purposes", "processes", "policies") if name in known.others},
    }
    return Catalogue.of(kept, digest=digest_of(kept))


@dataclass(frozen=True)
class City:
    """Who there is."""

    clock: time_machine.Traveller
    person: Actor
    other: Actor
    provider: Actor
    user: Actor
    stranger: Actor
    bureau: Actor

    @property
    def number(self) -> str:
        """The identity number of `person`."""
        return NUMBERS[0]


def officer(name: str, *posts: Post) -> Actor:
    """An officer with these posts."""
    post = posts[0]
    identity.appoint_officer(_SETUP, name=name, org=post.org, posts=posts)
    return next(one for one in identity.officers_of(post.org, post.place, post.role) if one.name == name)


def person(number: str) -> Actor:
    """A person on the register."""
    id_ = identity.register_person(
        _SETUP, name="王甲", id_number=number, phone="13800000011", address="驿城区雪松路1号"
    )
    return Actor(ActorKind.PERSON, id_, "王甲")


@pytest.fixture(scope="module")
def standing_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """The city, made once for a module."""
    with standing(django_db_blocker):
        with furnished() as made_up:
            pass
        yield made_up


@pytest.fixture
def city(standing_city: City, db: None) -> Iterator[City]:
    """The city in force, on a Monday; what a test writes is undone after it."""
    with time_machine.travel(MONDAY, tick=True) as clock:
        yield replace(standing_city, clock=clock)


@contextmanager
def furnished() -> Iterator[City]:
    """Publish the definitions, put everybody on the register; the clock on a Monday."""
    with time_machine.travel(MONDAY, tick=True) as clock:
        digest = draft_release(_SETUP, made(), summary="测试")
        review_release(system("测试复核"), digest, approve=True)
        publish_release(_SETUP, digest)
        yield City(
            clock,
            person(NUMBERS[0]),
            person(NUMBERS[1]),
            officer("提供方", Post(Role.DATA, PROVIDER)),
            officer("使用方", Post(Role.HANDLER, USER)),
            officer("别的部门", Post(Role.DATA, "education")),
            officer("数据局", Post(Role.DATA)),
        )
