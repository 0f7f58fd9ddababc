# SPDX-License-Identifier: Apache-2.0
"""The clock of reviews: over holidays, make-up days and the New Year; lights, escalation, counts."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.models import DataRequest, Grant
from yiwang.apps.identity.public import appoint_officer
from yiwang.apps.notices.public import box
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import Post, Role, system
from yiwang.kernel.errors import NotAllowed

from . import people as p

pytestmark = pytest.mark.usefixtures("clock")
SETUP = system("测试")


def at(day: dt.date) -> dt.datetime:
    """Nine in the morning of that day, here."""
    return dt.datetime(day.year, day.month, day.day, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("asked", "one", "five"),
    [
        # 2025-12-31 is a Wednesday; 1-3 January 2026 are off, Sunday the 4th is worked
        (dt.date(2025, 12, 31), dt.date(2026, 1, 4), dt.date(2026, 1, 8)),
        (dt.date(2025, 12, 26), dt.date(2025, 12, 29), dt.date(2026, 1, 5)),
        # 15-23 February 2026 are off, Saturdays the 14th and the 28th are worked
        (dt.date(2026, 2, 13), dt.date(2026, 2, 14), dt.date(2026, 2, 27)),
        (dt.date(2026, 2, 24), dt.date(2026, 2, 25), dt.date(2026, 3, 2)),
        # asked on a day off: counted from the next working day
        (dt.date(2026, 3, 7), dt.date(2026, 3, 9), dt.date(2026, 3, 13)),
    ],
)
def test_working_days(clock: time_machine.Traveller, asked: dt.date, one: dt.date, five: dt.date) -> None:
    clock.move_to(at(asked))
    quick = p.asked(resource="map", fields=("area",), plain={})
    slow = p.asked(resource="house")
    due = [x.request_view(p.BUREAU, request).row.due_on for request in (quick, slow)]
    assert due == [one, five]


def test_lights_follow_the_working_days_that_are_left(clock: time_machine.Traveller) -> None:
    clock.move_to(at(dt.date(2026, 3, 2)))  # a Monday: due the Monday after
    request = p.asked()
    seen = {
        day: x.to_review(p.REVIEWER, today=dt.date(2026, 3, day))[0].light for day in (2, 4, 5, 6, 7, 9, 10)
    }
    assert seen == {
        **{2: Light.GREEN, 4: Light.GREEN, 5: Light.YELLOW, 6: Light.YELLOW, 7: Light.YELLOW},
        **{9: Light.RED, 10: Light.LATE},
    }
    p.decided(request)
    assert x.request_view(p.REVIEWER, request).row.light is Light.GREY


def _staff() -> dict[str, str]:
    """Officers on record: persona → public id."""
    posts = {
        "data": Post(Role.DATA, p.PROVIDER),
        "leader": Post(Role.APPROVER, p.PROVIDER, "yicheng"),
        "leader elsewhere": Post(Role.APPROVER, "education"),
        "bureau": Post(Role.DATA),
        "user": Post(Role.DATA, p.ASKER_ORG),
    }
    return {
        name: appoint_officer(SETUP, name=name, org=post.org, posts=(post,)) for name, post in posts.items()
    }


def test_a_late_review_is_told_to_leader_and_bureau_once_each(clock: time_machine.Traveller) -> None:
    staff = _staff()
    clock.move_to(at(dt.date(2026, 3, 2)))
    request = p.asked()
    assert [one.title for one in box([staff["data"]])] == ["有一份数据使用申请等您审核"]
    clock.move_to(at(dt.date(2026, 3, 9)))
    assert x.look_after_requests() == 0
    clock.move_to(at(dt.date(2026, 3, 10)))
    assert [x.look_after_requests(), x.look_after_requests()] == [1, 0]
    for name in ("leader", "bureau"):
        assert [one.title for one in box([staff[name]])] == ["数据使用申请审核超期"]
    assert box([staff["leader elsewhere"]]) == box([staff["user"]]) == []
    p.decided(request, grant=False, words="请补充依据条款")
    x.mend(p.ASKER, request, p.wanted(), version=p.version(request))
    clock.move_to(at(dt.date(2026, 3, 30)))
    assert x.look_after_requests() == 1  # another round, another clock


def test_a_holiday_that_was_announced_since_moves_the_last_day() -> None:
    request = p.asked()
    DataRequest.objects.filter(public_id=request).update(due_on=dt.date(2026, 9, 18))
    assert x.look_after_requests() == 0
    assert x.request_view(p.BUREAU, request).row.due_on == dt.date(2026, 9, 29)


def test_users_are_reminded_once_before_a_grant_ends(clock: time_machine.Traveller) -> None:
    staff = _staff()
    ends = p.granted(valid_until=dt.date(2026, 12, 31))
    revoked = p.granted(resource="map", fields=("area",), plain={}, valid_until=dt.date(2026, 12, 31))
    x.revoke(p.REVIEWER, revoked, "不再提供此项数据")
    clock.move_to(at(dt.date(2026, 11, 30)))
    assert x.look_after_requests() == 0
    clock.move_to(at(dt.date(2026, 12, 1)))
    assert [x.look_after_requests(), x.look_after_requests()] == [1, 0]
    assert [one.about for one in box([staff["user"]])][:1] == [ends]
    assert x.grant_row(p.ASKER, ends).ends_soon
    assert Grant.objects.get(public_id=revoked).reminded_at is None


def test_reviews_are_counted_per_department(clock: time_machine.Traveller) -> None:
    clock.move_to(at(dt.date(2026, 3, 2)))
    late, waiting = p.asked(), p.asked(item="", resource="map", fields=("area",), plain={})
    clock.move_to(at(dt.date(2026, 3, 12)))
    p.decided(late, grant=False, words="请补充依据条款")
    x.mend(p.ASKER, late, p.wanted(), version=p.version(late))
    p.decided(late)
    (row,) = x.review_counts(p.BUREAU, since=dt.date(2026, 1, 1))
    assert row == (type(row))(p.PROVIDER, asked=3, done=2, done_late=1, waiting=1, waiting_late=1)
    x.withdraw(p.ASKER, waiting)
    (row,) = x.review_counts(p.LEADER, since=dt.date(2026, 1, 1))
    assert (row.asked, row.waiting) == (2, 0)
    assert x.review_counts(p.BUREAU, since=dt.date(2026, 3, 3), until=dt.date(2026, 3, 11)) == []
    assert x.review_counts(p.STRANGER, since=dt.date(2026, 1, 1)) == []
    with pytest.raises(NotAllowed):
        x.review_counts(p.COUNTER, since=dt.date(2026, 1, 1))
