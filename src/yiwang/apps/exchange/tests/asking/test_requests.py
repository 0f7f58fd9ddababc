# SPDX-License-Identifier: Apache-2.0
"""A department asks, the provider gives, gives less, or sends back with the reason; who may do what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine

from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.domain.asking import State
from yiwang.apps.exchange.models import DataRequest, Grant
from yiwang.apps.journal.public import entries_of
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor, Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, YiwangError

from . import people as p
from .conftest import made, publish

pytestmark = pytest.mark.usefixtures("clock")


def who(act: Callable[[Actor], object]) -> set[str]:
    """Names of those for whom `act` works; all others are refused, or told there is no such thing."""
    found = set()
    for actor in p.ALL:
        try:
            act(actor)
        except (NotAllowed, NotFound):
            continue
        except YiwangError:
            pass  # may be done, only not now
        found.add(actor.name)
    return found


def test_asked_granted_and_used() -> None:
    request = p.asked()
    seen = x.request_view(p.ASKER, request)
    assert (seen.row.state, seen.row.due_on) == (State.ASKED, dt.date(2026, 9, 29))  # 中秋节 between
    grant = x.grant(p.decided(request))
    assert (grant.fields, grant.plain) == (("owner", "number", "area"), frozenset({"owner"}))
    now = dt.datetime(2026, 9, 21, 1, tzinfo=dt.UTC)
    assert grant.usable(now)
    assert x.active_grant(resource="house", org="health", at=now) == grant
    assert x.active_grant(resource="house", org="education", at=now) is None
    assert x.active_grant(resource="house", org="health", item="food-licence", at=now) is None
    assert [one.id for one in x.grants_of("health")] == [grant.id]
    assert [one.move for one in x.request_view(p.AUDITOR, request).history] == ["ask", "grant"]
    written = [one["action"] for one in entries_of(f"data-request:{request}")]
    assert written == ["data_request.ask", "data_request.grant"]
    assert any("已授权" in one.title for one in box([p.ASKER.id]))


def test_unconditional_data_are_due_on_the_next_working_day() -> None:
    request = p.asked(resource="map", fields=("area",), plain={})
    assert x.request_view(p.ASKER, request).row.due_on == dt.date(2026, 9, 22)


def test_what_is_not_shared_says_by_which_law_and_own_data_need_no_request() -> None:
    with pytest.raises(x.NotToBeAskedFor, match="依法应当保密"):
        p.asked(resource="vault")
    with pytest.raises(x.NotToBeAskedFor, match="本部门的数据"):
        x.ask(p.REVIEWER, p.wanted(org=p.PROVIDER))
    with pytest.raises(NotFound):
        p.asked(resource="nothing")
    banker = p.officer("banker", Post(Role.HANDLER, "bank"))
    with pytest.raises(x.NotToBeAskedFor, match="政务部门之间"):
        x.ask(banker, p.wanted(org="bank"))


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(x.NotComplete) as told:
        p.asked(
            fields=("owner", "secret"),
            plain={"owner": "", "area": "要看"},
            purpose="查",
            basis="",
            per_minute=0,
            per_day=10**9,
            valid_until=dt.date(2020, 1, 1),
            cache_seconds=10**9,
            item="no-such-item",
            third_party="某公司",
        )
    fields = {field for field, _ in told.value.problems}
    assert fields == {
        *("fields", "plain", "why-owner", "purpose", "basis", "per_minute", "per_day", "valid_until"),
        *("cache_seconds", "item", "third_party_why"),
    }
    assert not DataRequest.objects.exists()


def test_a_plain_item_that_no_mask_hides_needs_no_reason() -> None:
    assert p.asked(plain={"area": ""})


def test_the_same_is_not_asked_twice_while_it_waits() -> None:
    request = p.asked()
    with pytest.raises(Conflict, match="正在审核"):
        p.asked()
    p.decided(request, grant=False, words="请减少信息项")
    again = p.asked()
    with pytest.raises(Conflict, match="正在审核"):
        x.mend(p.ASKER, request, p.wanted(), version=p.version(request))
    x.withdraw(p.COLLEAGUE, again)
    x.mend(p.ASKER, request, p.wanted(), version=p.version(request))


def test_sent_back_with_a_reason_mended_and_asked_again(clock: time_machine.Traveller) -> None:
    request = p.asked()
    with pytest.raises(Invalid, match="原因"):
        p.decided(request, grant=False)
    assert p.decided(request, grant=False, words="用途写得太笼统") == ""
    seen = x.request_view(p.ASKER, request)
    assert (seen.row.state, seen.words, seen.may_mend) == (State.RETURNED, "用途写得太笼统", True)
    clock.move_to(dt.datetime(2026, 9, 24, 1, tzinfo=dt.UTC))
    x.mend(p.COLLEAGUE, request, p.wanted(fields=("area",), plain={}), version=seen.version)
    again = x.request_view(p.ASKER, request)
    assert (again.row.state, again.row.round, again.asked.fields) == (State.ASKED, 2, ("area",))
    assert again.row.due_on > seen.row.due_on
    p.decided(request, grant=False, words="还是不清楚")
    with pytest.raises(Invalid, match="不能换"):
        x.mend(p.ASKER, request, p.wanted(resource="map"), version=p.version(request))


def test_the_provider_may_give_less_with_the_reason_and_never_more() -> None:
    request = p.asked(cache_seconds=60)
    asked = x.request_view(p.REVIEWER, request).asked
    less = x.Terms(("owner", "area"), frozenset(), 10, 100, dt.date(2026, 12, 31))
    with pytest.raises(Invalid, match="写明原因"):
        p.decided(request, terms=less)
    for wider in (
        replace(less, fields=("owner", "other")),
        replace(less, plain=frozenset({"area"})),
        replace(less, per_minute=61),
        replace(less, per_day=2001),
        replace(less, valid_until=dt.date(2027, 9, 21)),
        replace(less, batch=True),
        replace(less, cache_seconds=61),
        replace(less, third_party="某公司"),
    ):
        with pytest.raises(Invalid, match="给的比申请的多"):
            p.decided(request, terms=wider, words="够用了")
    for useless in (replace(less, fields=()), replace(less, per_minute=0), replace(less, per_day=-1)):
        with pytest.raises(Invalid):
            p.decided(request, terms=useless, words="够用了")
    grant = x.grant(p.decided(request, terms=less, words="用不着身份号码"))
    assert grant.fields == ("owner", "area")
    assert not grant.plain
    assert "减少了信息项" in grant.narrowed
    assert "用不着身份号码" in grant.narrowed
    assert asked.fields == ("owner", "number", "area")


def test_a_confidentiality_agreement_is_not_asked_for_without_a_ground() -> None:
    assert x.grant(p.granted()).secrecy_ground == ""
    request = p.asked(item="")
    with pytest.raises(Invalid, match="免签"):
        p.decided(request, secrecy_ground="要签")
    assert x.grant(p.decided(request, secrecy_ground="数据安全法第二十一条：重要数据")).secrecy_ground


def test_who_may_ask_see_review_withdraw() -> None:
    request = p.asked()
    department = {"asker", "colleague", "both"}
    provider = {"reviewer", "reviewer too", "leader", "both"}
    watching = {"bureau", "auditor", "测试"}
    assert who(lambda one: x.ask(one, p.wanted(fields=()))) == department
    assert who(lambda one: x.request_view(one, request)) == {*department, *provider, *watching, "security"}
    assert who(lambda one: x.withdraw(one, "dr_" + "0" * 26)) == set()
    refused = x.Decision(grant=False)
    reviewing = {"reviewer", "reviewer too", "both"}
    assert who(lambda one: x.review(one, request, refused, version=1)) == reviewing
    assert who(lambda one: x.mend(one, request, p.wanted(), version=1)) == department
    assert who(lambda one: x.consent(one, request, words="同意提供")) == {"leader"}


def test_nobody_reviews_what_they_asked_for() -> None:
    request = x.ask(p.BOTH, p.wanted())
    assert not x.request_view(p.BOTH, request).may_review
    with pytest.raises(NotAllowed, match="自己"):
        p.decided(request, by=p.BOTH)
    assert p.decided(request)


def test_decided_once_and_not_from_a_page_out_of_date() -> None:
    request = p.asked()
    yes = x.Decision(grant=True)
    x.review(p.REVIEWER, request, yes, version=1)
    with pytest.raises(Conflict):
        x.review(p.REVIEWER_TOO, request, yes, version=1)
    with pytest.raises(Conflict, match="已授权"):
        x.review(p.REVIEWER_TOO, request, yes, version=2)
    with pytest.raises(Conflict):
        x.withdraw(p.ASKER, request)
    assert Grant.objects.count() == 1


def test_a_grant_ends_by_day_by_revocation_and_when_the_resource_is_shared_no_more() -> None:
    grant = x.grant(p.granted(valid_from=dt.date(2026, 10, 1), valid_until=dt.date(2026, 10, 31)))
    shanghai = dt.timezone(dt.timedelta(hours=8))
    at = [dt.datetime(2026, 9, 30, 23, 59, tzinfo=shanghai), dt.datetime(2026, 10, 1, tzinfo=shanghai)]
    at += [dt.datetime(2026, 10, 31, 23, 59, tzinfo=shanghai), dt.datetime(2026, 11, 1, tzinfo=shanghai)]
    assert [grant.usable(one) for one in at] == [False, True, True, False]
    publish(made(closed=True))
    assert "不予共享" in x.grant(grant.id).why_not(at[1])
    assert x.active_grant(resource="house", org="health", at=at[1]) is None
    assert who(lambda one: x.revoke(one, grant.id, "短")) == {"reviewer", "reviewer too", "both", "bureau"}
    with pytest.raises(Invalid, match="原因"):
        x.revoke(p.BUREAU, grant.id, " ")
    x.revoke(p.BUREAU, grant.id, "超出用途使用")
    assert "超出用途使用" in x.grant(grant.id).why_not(at[1])
    with pytest.raises(Conflict):
        x.revoke(p.REVIEWER, grant.id, "再收回一次")
    with pytest.raises(NotFound):
        x.grant("dg_" + "0" * 26)


def test_lists_hold_what_is_the_readers() -> None:
    waiting, grant = p.asked(), p.granted(resource="map", fields=("area",), plain={})
    assert [one.public_id for one in x.to_review(p.REVIEWER)] == [waiting]
    assert x.to_review(p.ASKER) == []
    assert len(x.own_requests(p.SECURITY)) == len(x.own_requests(p.BUREAU)) == 2
    assert x.own_requests(p.STRANGER) == []
    assert [one.grant.id for one in x.received(p.ASKER)] == [grant]
    assert [one.grant.id for one in x.given(p.LEADER)] == [grant]
    assert x.given(p.ASKER) == x.received(p.STRANGER) == []
    assert who(lambda one: x.grant_row(one, grant)) == {
        *("asker", "colleague", "both", "security", "reviewer", "reviewer too", "leader"),
        *("bureau", "auditor", "测试"),
    }
