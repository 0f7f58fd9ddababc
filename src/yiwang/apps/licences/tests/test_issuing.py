# SPDX-License-Identifier: Apache-2.0
"""A case issues once; stock is taken over whole; what is on record can be read."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.models import Licence, LicenceEvent
from yiwang.apps.licences.public import (
    NewLicence,
    Standing,
    held_by,
    issue,
    licence,
    licences,
    load_stock,
)
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

START = dt.date(2026, 1, 1)
END = dt.date(2026, 12, 31)
SYSTEM = system("测试")
APPROVER = Actor(ActorKind.OFFICER, "o_sun", "孙审批", (Post(Role.APPROVER, "health", "yicheng"),))
WANG = Actor(ActorKind.PERSON, "p_wang", "王芳")


def new(number: str = "A1", *, case: str = "", until: dt.date | None = END) -> NewLicence:
    return NewLicence("food-licence", number, "p_wang", "health", START, until, {"shop-name": "甲"}, case)


def test_what_is_issued_can_be_read_and_the_holder_sees_who_did_it() -> None:
    public_id = issue(APPROVER, new(case="c1"))
    view = licence(public_id)
    assert (view.number, view.holder, view.fields, view.standing) == (
        "A1",
        "p_wang",
        {"shop-name": "甲"},
        Standing.VALID,
    )
    (entry,) = entries_of(f"licence:{public_id}")
    assert (entry["actor"], entry["subject"], entry["detail"]) == (
        "o_sun",
        "p_wang",
        {"material": "food-licence", "event": LicenceEvent.objects.get().digest},
    )
    assert "甲" not in str(entry)
    with pytest.raises(NotFound):
        licence("l_nothing")


def test_a_case_issues_a_result_of_one_type_once_however_often_it_is_asked() -> None:
    first = issue(APPROVER, new("A1", case="c1"))
    assert issue(APPROVER, new("A2", case="c1")) == first
    assert [one.number for one in held_by(["p_wang"])] == ["A1"]
    assert issue(APPROVER, new("A2", case="c2")) != first


@pytest.mark.django_db(transaction=True)
def test_two_at_once_issue_one() -> None:
    start, made = threading.Barrier(2), []

    def work(number: str) -> None:
        start.wait()
        made.append(issue(SYSTEM, new(number, case="c1")))
        connection.close()

    threads = [threading.Thread(target=work, args=(f"A{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert len(set(made)) == 1
    assert Licence.objects.count() == 1


def test_a_number_belongs_to_one_licence() -> None:
    issue(APPROVER, new("A1"))
    with pytest.raises(Conflict, match="A1"):
        issue(APPROVER, new("A1", case="c9"))
    assert Licence.objects.count() == 1


@pytest.mark.parametrize("actor", [WANG, ANONYMOUS], ids=lambda a: a.name)
def test_nobody_issues_to_themselves(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        issue(actor, new())


def test_a_licence_does_not_end_before_it_begins() -> None:
    with pytest.raises(Invalid):
        issue(SYSTEM, new(until=START - dt.timedelta(days=1)))


def test_stock_is_taken_over_whole_or_not_at_all() -> None:
    loaded = load_stock(SYSTEM, [new(f"S{n}") for n in range(3)])
    assert [licence(one).number for one in loaded] == ["S0", "S1", "S2"]
    with pytest.raises(Conflict, match="都没有导入"):
        load_stock(SYSTEM, [new("S9"), new("S1")])
    assert {one.number for one in held_by(["p_wang"])} == {"S0", "S1", "S2"}
    (entry,) = entries_of("licences")
    assert entry["detail"]["count"] == 3
    assert [e["about"] for e in entries_of(entry["detail"]["stream"])] == loaded
    for actor in (APPROVER, WANG, ANONYMOUS):
        with pytest.raises(NotAllowed):
            load_stock(actor, [new("S10")])


def test_licences_are_read_by_holder_newest_first_and_by_id() -> None:
    old = issue(SYSTEM, NewLicence("id-card", "1", "p_wang", "police", dt.date(2020, 1, 1)))
    fresh = issue(SYSTEM, new("2"))
    issue(SYSTEM, NewLicence("id-card", "3", "p_li", "police", START))
    assert [one.public_id for one in held_by(["p_wang", "p_nobody"])] == [fresh, old]
    assert {one.public_id for one in licences([old, "l_nothing"])} == {old}
