# SPDX-License-Identifier: Apache-2.0
"""What is objected to is marked where it was filled in from shared data: for whoever applies, who may say
otherwise, and for the officer who decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from support import city as town
from support.city import City
from support.sharing import FakeExchange, plugged, theirs
from yiwang.apps.casework import public as casework
from yiwang.apps.lookups.public import Request
from yiwang.apps.quality import public as quality
from yiwang.kernel.actor import Actor, ActorKind, Post, Role
from yiwang.kernel.errors import NotAllowed

At = Callable[[str], Client]
RESOURCE, ITEM, ELEMENT = "household-population", "resident-address", "resident-address"
CHECKING, CORRECTED = "有异议，核查中", "已核实更正，来源尚未同步"
PROVIDER = Actor(ActorKind.OFFICER, "o_provider", "提供方", (Post(Role.DATA, "public-security"),))
RIGHT = quality.Corrected("共享路8号", "新路9号", "与户口簿一致")


@pytest.fixture
def exchange(city: City) -> Iterator[FakeExchange]:
    """People may be asked about."""

    def answer(request: Request) -> list[dict[str, object]]:
        return theirs(request, **{"resident-name": "王甲", "resident-address": "共享路8号"})

    with plugged(FakeExchange(answer, only=frozenset({RESOURCE}))) as made:
        yield made


@pytest.fixture
def draft(city: City, exchange: FakeExchange, at: At) -> str:
    """A draft whose address came from shared data, which the owner says is wrong."""
    own = city["owner"].id
    made = casework.start_draft(city["owner"], casework.NewDraft("newborn", own, own, town.HERE))
    client, page = at("owner"), f"/applications/{made}/shared-data"
    sharing = client.get(page).context["sharing"]
    client.post(page, {"all": "1", "shown": [one.value for one in sharing.offers]})
    return made


def objected(city: City) -> str:
    """The owner says so."""
    new = quality.NewObjection(RESOURCE, ITEM, "新路9号", "搬家了", subject=city["owner"].id)
    return quality.object_to(city["owner"], new)


def form_of(at: At, draft: str) -> str:
    """The form as the applicant sees it."""
    return str(at("owner").get(f"/applications/{draft}/form").content.decode())


def test_a_filled_in_value_is_marked_and_may_be_changed_while_it_is_objected_to(
    city: City, at: At, draft: str
) -> None:
    before = form_of(at, draft)
    assert "共享路" in before
    assert CHECKING not in before
    with pytest.raises(NotAllowed):
        casework.correct_known(city["owner"], draft, ELEMENT)
    made = objected(city)
    marked = form_of(at, draft)
    assert CHECKING in marked
    assert f'name="correct" value="{ELEMENT}"' in marked
    at("owner").post(f"/applications/{draft}/form", {"correct": ELEMENT, "version": ""})
    casework.save_form(city["owner"], draft, {ELEMENT: "新路9号"})
    own = form_of(at, draft)
    assert 'value="新路9号"' in own
    assert f"部门的记录{CHECKING}" in own
    quality.answer_objection(PROVIDER, made, RIGHT)
    assert f"部门的记录{CORRECTED}" in form_of(at, draft)


def test_the_source_counts_again_once_the_mark_is_gone(city: City, at: At, draft: str) -> None:
    made = objected(city)
    casework.save_form(city["owner"], draft, {ELEMENT: "新路9号"})
    assert 'value="新路9号"' in form_of(at, draft)
    quality.answer_objection(PROVIDER, made, quality.Answered("户口簿写的就是这里", "可以到户籍窗口"))
    after = form_of(at, draft)
    assert "新路9号" not in after
    assert "共享路" in after
    assert CHECKING not in after


def test_several_records_are_asked_about_at_once(city: City) -> None:
    objected(city)
    mine, other = (RESOURCE, city["owner"].id), (RESOURCE, city["other"].id)
    found = quality.marks_for({mine, other, ("health-certificates", city["owner"].id)})
    assert {pair: set(marks) for pair, marks in found.items()} == {mine: {ITEM}}
    assert quality.marks_for(set()) == {}
