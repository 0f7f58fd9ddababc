# SPDX-License-Identifier: Apache-2.0
"""Who may act for whom: by date, until revoked, and given only by those who may give it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.identity.models import Mandate, Officer, OfficerPost, Person
from yiwang.apps.identity.public import (
    delegate,
    end_delegation,
    give_mandate,
    officers_of,
    revoke_mandate,
)
from yiwang.apps.identity.queries import officer_actor, person_actor
from yiwang.apps.journal.public import entries_of
from yiwang.kernel.actor import ANONYMOUS, Actor, Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from . import factories
from .factories import SYSTEM

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TODAY = NOON.date()
DAY = dt.timedelta(days=1)
HEALTH, PARK, HERE, THERE = "health", "parks", "yicheng", "xiping"


# -- mandates


def firms_on(agent: Actor, day: dt.date) -> frozenset[str]:
    return person_actor(Person.objects.get(public_id=agent.id), on=day).firms


@time_machine.travel(NOON, tick=False)
def test_a_mandate_holds_from_its_day_to_its_last_day() -> None:
    chief, agent = factories.person("王芳"), factories.person("李明")
    firm = factories.firm(chief)
    give_mandate(factories.as_actor(chief.id), firm, agent.id, valid_to=TODAY + 10 * DAY)
    days = {offset: firm in firms_on(agent, TODAY + offset * DAY) for offset in (-1, 0, 10, 11)}
    assert days == {-1: False, 0: True, 10: True, 11: False}


@time_machine.travel(NOON, tick=False)
def test_a_mandate_without_end_holds_until_it_is_revoked_and_then_at_once_no_more() -> None:
    chief, agent = factories.person("王芳"), factories.person("李明")
    firm = factories.firm(chief)
    give_mandate(chief, firm, agent.id)
    assert firm in firms_on(agent, TODAY + 3650 * DAY)
    revoke_mandate(chief, firm, agent.id)
    assert firm not in firms_on(agent, TODAY)
    with pytest.raises(Conflict):
        revoke_mandate(chief, firm, agent.id)
    actions = [e["action"] for e in entries_of(f"firm:{firm}")]
    assert actions == ["identity.firm.registered", "identity.mandate.given", "identity.mandate.revoked"]


@time_machine.travel(NOON, tick=False)
def test_a_new_mandate_takes_the_place_of_the_earlier_one() -> None:
    chief, agent = factories.person("王芳"), factories.person("李明")
    firm = factories.firm(chief)
    give_mandate(chief, firm, agent.id)
    give_mandate(chief, firm, agent.id, valid_to=TODAY)
    assert firm not in firms_on(agent, TODAY + DAY)
    assert Mandate.objects.filter(revoked_at=None).count() == 1


def test_only_the_legal_representative_gives_and_revokes_also_not_their_agent() -> None:
    chief, agent, other = (factories.person(n) for n in ("王芳", "李明", "张伟"))
    firm = factories.firm(chief)
    give_mandate(chief, firm, agent.id)
    clerk = factories.officer("赵", HEALTH, Post(Role.APPROVER))
    words = set()
    for actor in (factories.as_actor(agent.id), other, clerk, ANONYMOUS, SYSTEM):
        for forbidden in (give_mandate, revoke_mandate):
            with pytest.raises(NotAllowed) as refused:
                forbidden(actor, firm, other.id)
            words.add(refused.value.mend)
    with pytest.raises(NotAllowed) as refused:
        give_mandate(other, "f_unknown", other.id)
    assert words == {refused.value.mend}
    assert person_actor(Person.objects.get(public_id=other.id)).firms == frozenset()


@time_machine.travel(NOON, tick=False)
def test_a_mandate_is_for_somebody_who_exists_and_for_days_to_come() -> None:
    chief = factories.person("王芳")
    firm = factories.firm(chief)
    with pytest.raises(NotFound):
        give_mandate(chief, firm, "p_nobody")
    with pytest.raises(Invalid):
        give_mandate(chief, firm, factories.person().id, valid_to=TODAY - DAY)
    assert not Mandate.objects.exists()


# -- posts


@pytest.mark.parametrize(
    ("post", "reaches"),
    [
        (Post(Role.HANDLER, HEALTH, HERE), {(HEALTH, HERE)}),
        (Post(Role.HANDLER, HEALTH), {(HEALTH, HERE), (HEALTH, THERE)}),
        (Post(Role.HANDLER, "", HERE), {(HEALTH, HERE), (PARK, HERE)}),
        (Post(Role.HANDLER), {(HEALTH, HERE), (HEALTH, THERE), (PARK, HERE), (PARK, THERE)}),
        (Post(Role.COUNTER), set()),
    ],
    ids=["one place", "whole city", "any department", "everything", "another role"],
)
def test_a_post_reaches_its_department_and_place_and_no_further(
    post: Post, reaches: set[tuple[str, str]]
) -> None:
    someone = factories.officer("赵", HEALTH, post)
    everywhere = [(org, place) for org in (HEALTH, PARK) for place in (HERE, THERE)]
    found = {(o, p) for o, p in everywhere if someone in officers_of(o, p, Role.HANDLER)}
    assert found == reaches


# -- full authority at the window


def approver(place: str = HERE, org: str = HEALTH) -> Actor:
    return factories.officer("孙审批", org, Post(Role.APPROVER, org, place))


def colleague(org: str = HEALTH) -> Actor:
    return factories.officer("周窗口", org, Post(Role.COUNTER, org, HERE))


def now(actor: Actor) -> Actor:
    return officer_actor(Officer.objects.get(public_id=actor.id))


@pytest.mark.parametrize("who", ["approver here", "approver of the whole city", "system"])
def test_a_department_gives_full_authority_and_takes_it_back(who: str) -> None:
    giver = {"approver here": approver(), "approver of the whole city": approver(""), "system": SYSTEM}[who]
    window = colleague()
    delegate(giver, window.id, org=HEALTH, place=HERE)
    assert now(window).has(Role.REPRESENTATIVE, org=HEALTH, place=HERE)
    assert not now(window).has(Role.REPRESENTATIVE, org=HEALTH, place=THERE)
    assert not now(window).has(Role.REPRESENTATIVE, org=PARK, place=HERE)
    with pytest.raises(Conflict):
        delegate(giver, window.id, org=HEALTH, place=HERE)
    end_delegation(giver, window.id, org=HEALTH, place=HERE)
    assert now(window) == window
    with pytest.raises(Conflict):
        end_delegation(giver, window.id, org=HEALTH, place=HERE)
    entries = [e for e in entries_of("officers") if "delegation" in e["action"]]
    assert [(e["action"], e["actor"], e["about"]) for e in entries] == [
        ("identity.delegation.given", giver.id, window.id),
        ("identity.delegation.ended", giver.id, window.id),
    ]
    assert entries[0]["detail"] == {"org": HEALTH, "place": HERE}


def strangers() -> dict[str, Actor]:
    person = factories.person()
    return {
        "approver elsewhere": approver(THERE),
        "approver of another department": approver(org=PARK),
        "handler": factories.officer("吴", HEALTH, Post(Role.HANDLER, HEALTH, HERE)),
        "representative": factories.officer("郑", HEALTH, Post(Role.REPRESENTATIVE, HEALTH, HERE)),
        "auditor": factories.officer("冯", HEALTH, Post(Role.AUDITOR)),
        "operator": factories.officer("陈", HEALTH, Post(Role.OPERATOR)),
        "citizen": person,
        "nobody": ANONYMOUS,
    }


def test_nobody_else_gives_or_takes_authority() -> None:
    window = colleague()
    delegate(SYSTEM, window.id, org=HEALTH, place=HERE)
    before = now(window)
    for name, actor in strangers().items():
        for forbidden in (delegate, end_delegation):
            with pytest.raises(NotAllowed):
                forbidden(actor, window.id, org=HEALTH, place=HERE)
        assert now(window) == before, name


def test_nobody_gives_authority_to_themselves() -> None:
    own = approver()
    with pytest.raises(NotAllowed, match="自己"):
        delegate(own, own.id, org=HEALTH, place=HERE)
    assert not OfficerPost.objects.filter(role=Role.REPRESENTATIVE.value).exists()


def test_authority_stays_in_the_department_and_names_a_place() -> None:
    giver = approver()
    with pytest.raises(Invalid, match="本部门"):
        delegate(giver, colleague(PARK).id, org=HEALTH, place=HERE)
    for org, place in (("", HERE), (HEALTH, "")):
        with pytest.raises(Invalid, match="写明"):
            delegate(SYSTEM, colleague().id, org=org, place=place)
    with pytest.raises(NotFound):
        delegate(giver, "o_nobody", org=HEALTH, place=HERE)
