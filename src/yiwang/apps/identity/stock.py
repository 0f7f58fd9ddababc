# SPDX-License-Identifier: Apache-2.0
"""Take over existing registers in bulk (存量转换): people, firms with their agents, officers.

Each call is one transaction with one journal entry, is checked as strictly as a single entry, and
returns the public ids in the order given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, Post
from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.ids import check_id_number, check_uscc, new_public_id

from .commands import require_system
from .models import Firm, Mandate, Officer, OfficerPost, Person
from .queries import digest_id_number, digests_id_number

_BATCH = 500  # rows per statement: below SQLite's limit of variables


@dataclass(frozen=True)
class NewPerson:
    """A person to take over."""

    name: str
    id_number: str
    phone: str = ""
    address: str = ""
    place: str = ""


@dataclass(frozen=True)
class NewAgent:
    """An agent a firm authorised before: `agent` is a person's public id; `valid_to` the last day."""

    agent: str
    valid_from: dt.date
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class NewFirm:
    """A firm to take over. `representative` is a person's public id."""

    name: str
    uscc: str
    kind: str
    representative: str
    founded: dt.date
    address: str = ""
    place: str = ""
    agents: tuple[NewAgent, ...] = ()


@dataclass(frozen=True)
class NewOfficer:
    """An officer to take over, with their posts."""

    name: str
    org: str
    posts: tuple[Post, ...]


@transaction.atomic
def load_people(actor: Actor, people: Sequence[NewPerson]) -> list[str]:
    """Enter many people. Raises NotAllowed, Invalid (a wrong number), Conflict (a known one)."""
    require_system(actor)
    today = timezone.localdate()
    rows = []
    for new in people:
        info = check_id_number(new.id_number, today=today)
        rows.append(
            Person(
                public_id=new_public_id("p"),
                name=new.name.strip(),
                id_number=info.number,
                id_digest=digest_id_number(info.number),
                phone=new.phone,
                address=new.address,
                place=new.place,
            )
        )
    known_as = [one for row in rows for one in digests_id_number(row.id_number)]
    _refuse_known(Person, "id_digest", known_as, "证件号码")
    Person.objects.bulk_create(rows, batch_size=_BATCH)
    record(actor, "identity.people.loaded", stream="register", detail={"count": len(rows)})
    return [row.public_id for row in rows]


@transaction.atomic
def load_firms(actor: Actor, firms: Sequence[NewFirm]) -> list[str]:
    """Enter many firms with their agents. Raises NotAllowed, Invalid, Conflict, NotFound."""
    require_system(actor)
    wanted = {new.representative for new in firms} | {one.agent for new in firms for one in new.agents}
    people = _people(wanted)
    rows = [
        Firm(
            public_id=new_public_id("f"),
            name=new.name.strip(),
            uscc=check_uscc(new.uscc),
            kind=new.kind,
            legal_representative=people[new.representative],
            founded=new.founded,
            address=new.address,
            place=new.place,
        )
        for new in firms
    ]
    _refuse_known(Firm, "uscc", [row.uscc for row in rows], "统一社会信用代码")
    Firm.objects.bulk_create(rows, batch_size=_BATCH)
    mandates = [
        Mandate(firm=row, agent=people[one.agent], valid_from=one.valid_from, valid_to=one.valid_to)
        for row, new in zip(rows, firms, strict=True)
        for one in new.agents
    ]
    Mandate.objects.bulk_create(mandates, batch_size=_BATCH)
    detail = {"count": len(rows), "mandates": len(mandates)}
    record(actor, "identity.firms.loaded", stream="register", detail=detail)
    return [row.public_id for row in rows]


@transaction.atomic
def load_officers(actor: Actor, officers: Sequence[NewOfficer]) -> list[str]:
    """Enter many officers with their posts. Raises NotAllowed."""
    require_system(actor)
    rows = [Officer(public_id=new_public_id("o"), name=new.name, org=new.org) for new in officers]
    Officer.objects.bulk_create(rows, batch_size=_BATCH)
    posts = [
        OfficerPost(officer=row, role=post.role.value, org=post.org, place=post.place)
        for row, new in zip(rows, officers, strict=True)
        for post in new.posts
    ]
    OfficerPost.objects.bulk_create(posts, batch_size=_BATCH)
    record(actor, "identity.officers.loaded", stream="officers", detail={"count": len(rows)})
    return [row.public_id for row in rows]


def register_size() -> int:
    """How many people and firms are on record."""
    return Person.objects.count() + Firm.objects.count()


def _people(wanted: Collection[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    ids = sorted(wanted)
    for start in range(0, len(ids), _BATCH):
        found |= {p.public_id: p for p in Person.objects.filter(public_id__in=ids[start : start + _BATCH])}
    if len(found) < len(ids):
        missing = len(ids) - len(found)
        raise NotFound(f"有 {missing} 个法定代表人或经办人还没有登记。", mend="请先登记自然人。")
    return found


def _refuse_known(model: type[models.Model], field: str, values: Sequence[str], what: str) -> None:
    """Raise Conflict when a value is given twice or is on record already. Says how many, not which."""
    again = len(values) - len(set(values))
    for start in range(0, len(values), _BATCH):
        chunk = values[start : start + _BATCH]
        again += model._default_manager.filter(**{f"{field}__in": chunk}).count()
    if again:
        raise Conflict(f"有 {again} 个{what}重复或已登记。", mend="请去掉重复的再导入；本次一条也没有导入。")
