# SPDX-License-Identifier: Apache-2.0
"""Every grant × item × role × purpose: what comes back is what the table allows.

The tables are written by hand, from the rules and not from the code. Who is not in `LOOKS` gets nothing
by hand; systems get what their department's grant holds; a purpose that is not the grant's opens nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.utils import timezone

from support import gateway as world
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.models import Call
from yiwang.apps.journal.public import entries_of
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import YiwangError

ITEMS = ("owner", "number", "address", "area", "debt")
ROW = world.row_of(1)
PLAIN: Mapping[str, str] = {name: ROW[name] for name in ITEMS}
MASKED: Mapping[str, str] = {
    "owner": "王*1",
    "number": f"{ROW['number'][:4]}************{ROW['number'][-2:]}",
    "address": "驻马店市驿城区****",
    "area": ROW["area"],  # has no mask
    "debt": "（不显示）",
}
OTHER_PURPOSE = "为了别的事情，与授权不同"

GRANTS: dict[str, dict[str, Any]] = {
    "all, name plain": {"fields": ITEMS, "plain": ("owner",)},
    "all, all plain": {"fields": ITEMS, "plain": ("owner", "number", "address", "debt")},
    "all masked": {"fields": ITEMS, "plain": ()},
    "area alone": {"fields": ("area",), "plain": ()},
    "name plain alone": {"fields": ("owner",), "plain": ("owner",)},
    "debt alone": {"fields": ("debt",), "plain": ()},
    "another purpose": {"fields": ITEMS, "plain": (), "purpose": OTHER_PURPOSE},
    "another department's": {"fields": ITEMS, "plain": ("owner",), "org": world.STRANGER},
    "revoked": {"fields": ITEMS, "plain": ("owner",)},
    "begins tomorrow": {"fields": ITEMS, "plain": (), "from": 1},
}
LOOKS = {Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE}
"""Who handles cases, and may look something up by hand."""
DEAD = {"revoked", "begins tomorrow"}


def expected(grant: str, item: str, org: str, purpose: str, *, may_look: bool) -> str | None:
    """What the rules allow to be seen of an item; None: nothing."""
    terms = GRANTS[grant]
    mine = org == terms.get("org", world.ASKER)
    right = purpose == terms.get("purpose", world.PURPOSE)
    if not (may_look and mine and right) or grant in DEAD or item not in terms["fields"]:
        return None
    return PLAIN[item] if item in terms["plain"] else MASKED[item]


def callers() -> Iterator[tuple[str, str, bool, Actor | gateway.Caller]]:
    """Name, department, whether the rules let them look, who."""
    for org in (world.ASKER, world.STRANGER, world.PROVIDER):
        client = gateway.Caller(gateway.CallerKind.CLIENT, f"client_{org}", "系统", org)
        yield f"system of {org}", org, True, client
        for role in Role:
            officer = world.officer(f"{role}-{org}", Post(role, org, "yicheng"))
            yield f"{role} of {org}", org, role in LOOKS, officer
    for role in Role:
        yield f"{role} of no department", "", False, world.officer(f"{role}-", Post(role))
    person = Actor(ActorKind.PERSON, "p_owner", "王第1", (Post(Role.HANDLER, world.ASKER),))
    for name, actor in (("person", person), ("anonymous", ANONYMOUS), ("timer", system("时钟"))):
        yield name, "", False, actor


def ask(who: Actor | gateway.Caller, asked: gateway.NewCall, now: dt.datetime) -> Mapping[str, Any]:
    """What comes back; {} for a refusal."""
    try:
        if isinstance(who, Actor):
            found = gateway.look_up(who, asked, now=now)
        else:
            found = gateway.call(who, asked, now=now)
    except YiwangError:
        return {}
    (row,) = found.rows
    return row


@pytest.fixture
def grants(db: None) -> dict[str, str]:
    """The grants of the table: name → public id."""
    world.publish()
    world.connect(world.Memory({world.number(1): ROW}))
    made = {}
    for name, terms in GRANTS.items():
        first = timezone.localdate() + dt.timedelta(days=terms.get("from", 0))
        made[name] = world.grant(
            fields=terms["fields"],
            plain=dict.fromkeys(terms["plain"], "要与申请人所填逐字比对"),
            purpose=terms.get("purpose", world.PURPOSE),
            org=terms.get("org", world.ASKER),
            valid_from=first,
        )
    exchange.revoke(world.REVIEWING, made["revoked"], "不再需要这些数据")
    return made


def test_what_comes_back_is_what_the_table_allows(grants: dict[str, str]) -> None:
    now, wrong, seen = timezone.now(), [], 0
    for who, org, may_look, actor in callers():
        for name, public_id in grants.items():
            for purpose in (world.PURPOSE, OTHER_PURPOSE, ""):
                allowed = {
                    item: value
                    for item in ITEMS
                    if (value := expected(name, item, org, purpose, may_look=may_look)) is not None
                }
                asked = world.question(public_id, purpose=purpose, case="驻审2026-1")
                found = ask(actor, asked, now)
                seen += bool(found)
                if dict(found) != allowed:
                    wrong.append((who, name, purpose, dict(found), allowed))
    assert wrong == []
    assert seen == 4 * (6 + 1 + 1)  # a system and three roles: the live grants, each for its purpose
    assert Call.objects.filter(outcome="answered").count() == seen
    told = {e["about"] for s in set(Call.objects.values_list("stream", flat=True)) for e in entries_of(s)}
    assert set(Call.objects.values_list("receipt", flat=True)) == told


def test_each_item_alone(grants: dict[str, str]) -> None:
    now = timezone.now()
    handler = world.officer("handler", Post(Role.HANDLER, world.ASKER))
    for name, public_id in grants.items():
        for item in ITEMS:
            value = expected(name, item, world.ASKER, world.PURPOSE, may_look=True)
            asked = world.question(public_id, fields=[item], case="驻审2026-1")
            assert ask(handler, asked, now) == ({} if value is None else {item: value}), (name, item)
