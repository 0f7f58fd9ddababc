# SPDX-License-Identifier: Apache-2.0
"""Taking registers over in bulk: as strict as a single entry, all or nothing."""

import datetime as dt
from collections.abc import Callable

import pytest

from yiwang.apps.identity.public import (
    NewAgent,
    NewFirm,
    NewOfficer,
    NewPerson,
    find_person,
    load_firms,
    load_officers,
    load_people,
    may_act_for,
    officers_of,
    register_size,
)
from yiwang.apps.journal.public import entries_of
from yiwang.kernel.actor import ANONYMOUS, Post, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import make_id_number, make_uscc

pytestmark = pytest.mark.django_db
STOCK = system("存量")
BIRTH = dt.date(1980, 5, 6)


def people(count: int) -> list[NewPerson]:
    return [NewPerson(f"甲{n}", make_id_number("411702", BIRTH, n)) for n in range(count)]


def test_people_come_back_in_order_with_one_journal_entry() -> None:
    given = people(3)
    ids = load_people(STOCK, given)
    assert [find_person(p.id_number, p.name).public_id for p in given] == ids
    assert [e["detail"] for e in entries_of("register")] == [{"count": 3}]


def test_a_known_number_refuses_the_whole_batch() -> None:
    load_people(STOCK, people(1))
    with pytest.raises(Conflict, match="1 个"):
        load_people(STOCK, people(2))
    assert register_size() == 1


def test_a_number_given_twice_is_refused() -> None:
    with pytest.raises(Conflict):
        load_people(STOCK, people(1) * 2)


def test_a_wrong_number_is_refused() -> None:
    with pytest.raises(Invalid):
        load_people(STOCK, [NewPerson("乙", "411702198005060000")])


def test_a_firm_acts_through_its_representative_and_agents() -> None:
    head, agent, former = load_people(STOCK, people(3))
    today = dt.date(2026, 1, 5)
    agents = (NewAgent(agent, today), NewAgent(former, today, valid_to=today))
    (firm,) = load_firms(STOCK, [NewFirm("甲店", make_uscc("411702", 1), "公司", head, BIRTH, agents=agents)])
    assert [may_act_for(one, firm) for one in (head, agent, former)] == [True, True, False]


def test_a_firm_needs_a_registered_representative() -> None:
    with pytest.raises(NotFound):
        load_firms(STOCK, [NewFirm("甲店", make_uscc("411702", 1), "公司", "p_nobody", BIRTH)])


def test_officers_hold_their_posts() -> None:
    post = Post(Role.HANDLER, "health", "yicheng")
    (officer,) = load_officers(STOCK, [NewOfficer("丙", "health", (post,))])
    assert [a.id for a in officers_of("health", "yicheng", Role.HANDLER)] == [officer]
    assert officers_of("health", "xiping", Role.HANDLER) == []


@pytest.mark.parametrize("load", [load_people, load_firms, load_officers])
def test_only_the_system_takes_registers_over(load: Callable[..., list[str]]) -> None:
    with pytest.raises(NotAllowed):
        load(ANONYMOUS, [])
