# SPDX-License-Identifier: Apache-2.0
"""Grants of the sample city: the departments of three errands may look up what answers their documents.

Every grant goes the whole way, through the same commands as in a real city: asked for by one officer,
given by another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import Decision, NewRequest
from yiwang.apps.identity import public as identity
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.places import OrgKind
from yiwang.engines.exchange import Mask, Resource, Sharing, resources
from yiwang.kernel.actor import Actor, Post, Role, system

ERRANDS = ("open-restaurant", "newborn", "second-hand-house")
"""The life events whose departments get grants."""
_MAKER = system("示例城市")
_DAYS = 365
_PER_MINUTE, _PER_DAY = 600, 20_000


@dataclass(frozen=True)
class Wish:
    """One grant that an item's department needs."""

    item: Item
    resource: Resource
    documents: tuple[str, ...]


def wishes(catalogue: Catalogue) -> Iterator[Wish]:
    """Which item needs which resource of another department, for which of its documents (by name)."""
    shared = [one for one in resources(catalogue).values() if one.sharing is not Sharing.NOT_SHARED]
    items = {ref.item for event in ERRANDS for ref in catalogue.life_events[event].items}
    for item in (catalogue.items[one] for one in sorted(items)):
        asked = [ref.material for ref in item.materials]
        for resource in shared:
            found = [one for one in asked if one in resource.answers]
            if found and resource.provider != item.org and _is_department(catalogue, item.org):
                names = dict.fromkeys(catalogue.materials[one].name for one in found)
                yield Wish(item, resource, tuple(names))


def _is_department(catalogue: Catalogue, org: str) -> bool:
    """Banks and utilities are given nothing: they are no departments."""
    return catalogue.orgs[org].kind not in (OrgKind.BANK, OrgKind.UTILITY)


@transaction.atomic
def furnish_grants(catalogue: Catalogue) -> int:
    """Have the grants asked for and given, unless they are there; returns how many were made now.

    Every provider gets a data officer, who reviews; who asks is one of the item's own department.
    """
    made = 0
    now = timezone.now()
    for wish in wishes(catalogue):
        known = exchange.active_grant(resource=wish.resource.id, org=wish.item.org, item=wish.item.id, at=now)
        if known is None:
            _give(catalogue, wish)
            made += 1
    return made


def _give(catalogue: Catalogue, wish: Wish) -> None:
    asker = data_officer(catalogue, wish.item.org)
    request = exchange.ask(asker, _asked(catalogue, wish))
    reviewer = data_officer(catalogue, wish.resource.provider)
    exchange.review(reviewer, request, Decision(grant=True, words="符合共享条件，同意。"), version=1)


def _asked(catalogue: Catalogue, wish: Wish) -> NewRequest:
    today = timezone.localdate()
    basis = wish.item.basis[0]
    return NewRequest(
        resource=wish.resource.id,
        org=wish.item.org,
        fields=tuple(one.id for one in wish.resource.fields),
        plain=_plain(wish),
        purpose=f"办理“{wish.item.name}”时核对{'、'.join(wish.documents)}，申请人不用再交",
        basis=cite_words(catalogue, basis),
        item=wish.item.id,
        valid_from=today,
        valid_until=today + dt.timedelta(days=_DAYS),
        per_minute=_PER_MINUTE,
        per_day=_PER_DAY,
    )


def _plain(wish: Wish) -> dict[str, str]:
    """The items whose plain value fills a question of the form, or says whom a row is about."""
    why = "要填进申请表由申请人本人核对，脱敏后无法核对"
    return {
        one.id: why
        for one in wish.resource.fields
        if one.mask is not Mask.NONE and one.mask is not Mask.HIDE and (one.element or one.subject_id)
    }


def data_officer(catalogue: Catalogue, org: str) -> Actor:
    """The data officer of this department alone, appointed here where there is none."""
    post = Post(Role.DATA, org)
    own = [one for one in identity.officers_of(org, None, Role.DATA) if one.posts == (post,)]
    if not own:
        name = f"{catalogue.orgs[org].short_name}数据管理员"
        identity.appoint_officer(_MAKER, name=name, org=org, posts=(post,))
        return data_officer(catalogue, org)
    return own[0]
