# SPDX-License-Identifier: Apache-2.0
"""Needs follow grants: connected by one that serves them, back when it ended and no other does."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.domain.needs import serves
from yiwang.apps.journal.public import entries_of
from yiwang.engines.exchange import NeedKind
from yiwang.kernel.actor import Post, Role
from yiwang.kernel.errors import Conflict, NotAllowed

from . import people as p

pytestmark = pytest.mark.usefixtures("clock")
NEEDER = p.officer("needer", Post(Role.DATA, p.ASKER_ORG))


def listed(resource: str = "house") -> str:
    """A need of the asking department on the list."""
    return x.list_need(
        NEEDER, x.NewNeed(p.ASKER_ORG, NeedKind.VERIFY, "核对权属", "权利人是谁", resource=resource)
    )


def seen(need: str) -> x.NeedView:
    """The need as it stands."""
    found = x.need(need)
    assert found is not None
    return found


def test_a_grant_connects_its_need_and_its_end_takes_it_back() -> None:
    need, other = listed(), listed("map")
    grant = p.granted()
    now = seen(need)
    assert (now.state, now.grant, now.provider) == (x.NeedState.CONNECTED, grant, p.PROVIDER)
    assert "用到2027年9月20日" in now.steps[-1].words
    assert seen(other).state is x.NeedState.LISTED, "another resource"
    x.take_step(NEEDER, need, x.Step.USE, version=now.version)
    x.revoke(p.REVIEWER, grant, "用途已经变更")
    back = seen(need)
    assert (back.state, back.grant) == (x.NeedState.MATCHED, "")
    told = [(one["action"], one["actor"]) for one in entries_of(f"need:{need}")]
    assert [action for action, _ in told] == ["need.listed", "need.connected", "need.in_use", "need.matched"]
    assert told[1][1] == told[3][1] != told[2][1]
    assert x.follow_grants() == 0


def test_another_grant_keeps_it_connected_and_days_end_it(clock: time_machine.Traveller) -> None:
    need = listed()
    short = p.granted(valid_until=dt.date(2026, 10, 20))
    longer = p.granted()
    assert seen(need).grant == short, "the one that connected it stays"
    x.revoke(p.REVIEWER, short, "换成另一份授权")
    assert (seen(need).state, seen(need).grant) == (x.NeedState.CONNECTED, longer)
    clock.move_to(dt.datetime(2027, 9, 20, 15, 59, tzinfo=dt.UTC))
    assert x.follow_grants() == 0
    clock.shift(dt.timedelta(minutes=2))
    assert x.follow_grants() == 1
    assert seen(need).state is x.NeedState.MATCHED


def test_what_people_said_stands_and_a_dispute_waits() -> None:
    need = listed()
    x.match_need(p.BUREAU, need, version=1, resource="house")
    x.take_step(p.REVIEWER, need, x.Step.CONNECT, version=2)
    assert (x.follow_grants(), seen(need).state) == (0, x.NeedState.CONNECTED), "by hand, without a grant"
    grant = p.granted()
    assert seen(need).grant == grant
    x.take_step(NEEDER, need, x.Step.DISPUTE, version=seen(need).version, words="查不到")
    x.revoke(p.REVIEWER, grant, "用途已经变更")
    assert seen(need).state is x.NeedState.DISPUTED
    x.take_step(p.BUREAU, need, x.Step.SETTLE, version=seen(need).version, words="已经协调")
    assert x.follow_grants() == 1
    assert seen(need).state is x.NeedState.MATCHED


def test_a_grant_that_begins_later_connects_on_its_day(clock: time_machine.Traveller) -> None:
    need = listed()
    p.granted(valid_from=dt.date(2026, 10, 8))
    assert seen(need).state is x.NeedState.LISTED
    clock.move_to(dt.datetime(2026, 10, 8, 1, tzinfo=dt.UTC))
    assert x.follow_grants() == 1
    assert seen(need).state is x.NeedState.CONNECTED


def test_nobody_takes_these_steps_by_hand() -> None:
    need = listed()
    for actor in (NEEDER, p.REVIEWER, p.BUREAU):
        for step in (x.Step.GRANTED, x.Step.UNGRANTED):
            with pytest.raises((NotAllowed, Conflict)):
                x.take_step(actor, need, step, version=1)
    assert seen(need).state is x.NeedState.LISTED


@pytest.mark.parametrize(
    ("granted_for", "needed_for", "does"),
    [("", "", True), ("a", "", True), ("a", "a", True), ("", "a", False), ("b", "a", False)],
)
def test_a_grant_serves_a_need_of_its_item(granted_for: str, needed_for: str, does: bool) -> None:
    assert serves(granted_for=granted_for, needed_for=needed_for) is does
