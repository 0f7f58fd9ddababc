# SPDX-License-Identifier: Apache-2.0
"""Made-up people, firms and officers."""

from __future__ import annotations

import datetime as dt
from itertools import count

from yiwang.apps.identity.models import Officer, Person
from yiwang.apps.identity.public import appoint_officer, register_firm, register_person
from yiwang.apps.identity.queries import officer_actor, person_actor
from yiwang.kernel.actor import Actor, Post, system
from yiwang.kernel.ids import make_id_number, make_uscc

SYSTEM = system("测试")
_serials = count(1)


def number(serial: int = 0) -> str:
    """A valid identity number."""
    return make_id_number("411702", dt.date(1985, 3, 4), serial or next(_serials) + 500)


def person(name: str = "王芳", id_number: str = "") -> Actor:
    """A registered person, as an actor."""
    public_id = register_person(SYSTEM, name=name, id_number=id_number or number(), phone="13800000011")
    return as_actor(public_id)


def as_actor(public_id: str) -> Actor:
    """The person with today's firms."""
    return person_actor(Person.objects.get(public_id=public_id))


def firm(chief: Actor, name: str = "测试餐饮有限公司") -> str:
    """A registered firm whose legal representative is `chief`; its public id."""
    return register_firm(
        SYSTEM,
        name=name,
        uscc=make_uscc("411702", next(_serials)),
        kind="公司",
        representative=chief.id,
        founded=dt.date(2020, 5, 6),
    )


def officer(name: str, org: str, *posts: Post) -> Actor:
    """An appointed officer, as an actor."""
    public_id = appoint_officer(SYSTEM, name=name, org=org, posts=posts)
    return officer_actor(Officer.objects.get(public_id=public_id))
