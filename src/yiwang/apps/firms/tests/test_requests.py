# SPDX-License-Identifier: Apache-2.0
"""A request from being raised to being rated: who may do what, which clock runs, what time does."""

from __future__ import annotations

import datetime as dt

import pytest

from support.city import City
from yiwang.apps.firms import public as firms
from yiwang.apps.firms.models import FirmRequest
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import entries_of
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
SAID = {"title": "贷款到期续不上", "words": "银行说没有抵押物，月底到期。"}


def officer(org: str, *roles: Role) -> Actor:
    """An officer of a department, for the whole city."""
    posts = tuple(Post(role, org) for role in roles or (Role.HANDLER,))
    number = identity.appoint_officer(system("测试"), name=f"{org}的人", org=org, posts=posts)
    return Actor(ActorKind.OFFICER, number, f"{org}的人", posts)


def raised(city: City, category: str = "financing", key: str = "") -> str:
    new = firms.NewRequest(firm=city.firm, category=category, key=key, **SAID)
    return firms.raise_request(city["agent"], new, now=MONDAY)


def test_a_request_goes_to_the_department_of_its_category_and_is_answered_and_rated(city: City) -> None:
    bank = officer("financial-work")
    one = raised(city)
    view = firms.request_view(bank, one)
    assert view.row.number == "QS-2026-000001"
    assert view.row.due_on == dt.date(2026, 11, 30), "five working days, the first day not counted"
    assert view.may_reply
    firms.reply(bank, one, firms.Reply("协调农商行展期三个月", "已经办好，请到柜面签字。"), now=MONDAY)
    assert "有答复" in box([city.firm], limit=1)[0].title
    state = firms.rate(city["representative of the firm"], one, satisfied=True, now=MONDAY)
    assert state is firms.State.CLOSED
    total = firms.tallies(since=MONDAY.date(), until=MONDAY.date())[-1]
    assert (total.raised, total.replies, total.in_time, total.satisfied) == (1, 1, 1, 1)


def test_what_nobody_knows_whom_to_ask_waits_at_the_window_for_one_working_day(city: City) -> None:
    desk, water = officer("service-bureau"), officer("water-resources")
    one = raised(city, "other")
    assert firms.request_view(desk, one).row.due_on == dt.date(2026, 11, 24)
    with pytest.raises(firms.NoSuchRequest):
        firms.request_view(water, one)
    assert firms.dispatch(desk, one, org="water-resources", now=MONDAY) == dt.date(2026, 11, 30)
    firms.send_back(water, one, reason="归城管局管", now=MONDAY)
    firms.dispatch(desk, one, org="water-resources", now=MONDAY)
    with pytest.raises(Conflict):
        firms.send_back(water, one, reason="还是不归我们", now=MONDAY)


def test_who_has_no_part_hears_that_there_is_none(city: City) -> None:
    one = raised(city)
    for persona in ("owner", "other", "former agent", "counter", "data of a department"):
        with pytest.raises(firms.NoSuchRequest):
            firms.request_view(city[persona], one)
        with pytest.raises(firms.NoSuchRequest):
            firms.reply(city[persona], one, firms.Reply("做了", "好了"))
        with pytest.raises(firms.NoSuchRequest):
            firms.rate(city[persona], one, satisfied=True)
        assert firms.requests(city[persona]) == []
    with pytest.raises(NotAllowed):
        firms.raise_request(city["former agent"], firms.NewRequest(city.firm, "other", **SAID))
    with pytest.raises(NotAllowed):
        firms.reply(city["auditor"], one, firms.Reply("做了", "好了"))


def test_not_satisfied_is_handled_once_more_under_supervision_and_no_more(city: City) -> None:
    bank = officer("financial-work")
    one = raised(city)
    firms.reply(bank, one, firms.Reply("问过了", "办不了。"), now=MONDAY)
    with pytest.raises(Invalid):
        firms.rate(city["agent"], one, satisfied=False)
    later = MONDAY + dt.timedelta(days=1)
    assert (
        firms.rate(city["agent"], one, satisfied=False, words="没有说为什么", now=later)
        is firms.State.HANDLING
    )
    assert "不满意" in box([city["data"].id], limit=1)[0].title
    firms.reply(bank, one, firms.Reply("又问过了", "还是办不了，理由是……"), now=later)
    assert firms.rate(city["agent"], one, satisfied=False, words="不行", now=later) is firms.State.CLOSED
    assert "督办" in box([city["data"].id], limit=1)[0].title


def test_late_is_told_once_and_what_nobody_rates_is_closed_unrated(city: City) -> None:
    bank = officer("financial-work", Role.HANDLER, Role.APPROVER)
    one = raised(city)
    on_time, late = MONDAY + dt.timedelta(days=7), MONDAY + dt.timedelta(days=8)
    assert firms.look_after_requests(on_time) == 0
    assert firms.look_after_requests(late) == 1
    assert firms.look_after_requests(late) == 0, "told once"
    assert "超期" in box([bank.id], limit=1)[0].title
    firms.reply(bank, one, firms.Reply("做了", "好了"), now=late)
    assert firms.look_after_requests(late + dt.timedelta(days=10)) == 0
    assert firms.look_after_requests(late + dt.timedelta(days=30)) == 1
    view = firms.request_view(city["agent"], one)
    assert view.row.state is firms.State.CLOSED
    assert view.turns[-1].satisfied is None
    assert view.turns[-1].late
    with pytest.raises(Conflict):
        firms.rate(city["agent"], one, satisfied=True)


def test_the_same_form_twice_is_one_request_and_no_text_is_in_the_journal(city: City) -> None:
    assert raised(city, key="a") == raised(city, key="a") != raised(city, key="b")
    row = FirmRequest.objects.order_by("id")[0]
    told = entries_of(f"firm-request:{row.public_id}")
    assert [one["action"] for one in told] == ["firm_request.raised"]
    assert "贷款" not in str(told)


def test_the_window_assigns_who_looks_after_a_firm_and_they_see_its_requests(city: City) -> None:
    desk, friend = officer("service-bureau"), officer("commerce")
    one = raised(city)
    with pytest.raises(NotAllowed):
        firms.assign_officer(friend, city.firm, friend.id, org="commerce")
    firms.assign_officer(desk, city.firm, friend.id, org="commerce", phone="0396-0000000")
    found = firms.serving(city.firm)
    assert found is not None
    assert found.name == "commerce的人"
    assert not firms.request_view(friend, one).may_reply
