# SPDX-License-Identifier: Apache-2.0
"""Users that come down from the province: tied, proposed, changed, ended; they never bring a power along."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine

from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.adapters.province.demo import DemoPlatform
from yiwang.apps.exchange.domain.cascading_users import UserState
from yiwang.apps.identity.public import appoint_officer, officers_of
from yiwang.apps.journal.public import entries_of
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Post, Role, system
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

from . import people as p
from .test_province import HOUR, deliver, wanted

pytestmark = pytest.mark.usefixtures("clock")
Tell = Callable[..., x.ProvincialUserView]


@pytest.fixture
def province(tmp_path: Path) -> DemoPlatform:
    """The twin."""
    return DemoPlatform(tmp_path / "province")


@pytest.fixture
def tell(province: DemoPlatform, clock: time_machine.Traveller) -> Tell:
    """Lets the province tell of a user; what stands here then."""
    numbers = count(1)

    def told(**more: Any) -> x.ProvincialUserView:
        base = {"number": f"m{next(numbers)}", "user": "u1", "name": "张数", "role": "数据管理员"}
        message = {**base, "org": {"name": "市卫健委"}, **more}
        province.tell(x.Feed.USERS, message)
        clock.shift(HOUR)
        x.read_province(province)
        return next(one for one in x.provincial_users(p.BUREAU) if one.user == message["user"])

    return told


def appointed(name: str = "张数", org: str = "health", role: Role = Role.DATA) -> str:
    """An officer whom the city appointed by itself."""
    return appoint_officer(system("测试"), name=name, org=org, posts=(Post(role, org),))


def data_officers(org: str = "health") -> list[str]:
    """Who is data officer of the department now."""
    found = officers_of(org, None, Role.DATA)
    return [one.name for one in found if Post(Role.DATA, org) in one.posts]


def test_a_user_is_tied_to_our_officer_and_goes_up_with_a_request(province: DemoPlatform, tell: Tell) -> None:
    officer = appointed()
    seen = tell()
    assert (seen.state, seen.why, seen.org_name) == (UserState.LINKED, "", "驻马店市卫生健康体育委员会")
    asker = p.officer("x", Post(Role.DATA, "health"))
    request = x.ask_province(type(asker)(asker.kind, officer, "张数", asker.posts), wanted())
    deliver(province)
    (up,) = [one.read_text("utf-8") for one in (province.folder / "requests").iterdir()]
    assert '"user": "u1"' in up
    assert request in up
    assert tell(name="张树").state is UserState.LINKED, "a name may change"
    assert data_officers() == ["张数"]


def test_nobody_gets_a_post_from_above(tell: Tell) -> None:
    seen = tell()
    assert (seen.state, seen.may_confirm, data_officers()) == (UserState.PROPOSED, True, [])
    with pytest.raises(NotAllowed):
        x.confirm_user(p.REVIEWER, "u1")
    with pytest.raises(NotFound):
        x.confirm_user(p.BUREAU, "u2")
    officer = x.confirm_user(p.BUREAU, "u1")
    (made,) = [one for one in officers_of("health", None, Role.DATA) if one.id == officer]
    assert made.posts == (Post(Role.DATA, "health"),), "this role, this department, nothing else"
    with pytest.raises(Conflict, match="已对应"):
        x.confirm_user(p.BUREAU, "u1")
    told = [one["action"] for one in entries_of("exchange-province")]
    assert told == ["provincial_user.told", "provincial_user.confirmed"]


def test_whoever_works_there_already_gets_the_post(tell: Tell) -> None:
    handler = appointed(role=Role.HANDLER)
    tell()
    assert x.confirm_user(p.BUREAU, "u1") == handler
    assert data_officers() == ["张数"]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"ended": True}, UserState.ENDED),
        ({"role": "平台管理员"}, UserState.UNMATCHED),
        ({"org": {"name": "省财政厅"}}, UserState.UNMATCHED),
        ({"org": {"name": "市教育局"}}, UserState.PROPOSED),
    ],
)
def test_what_was_given_because_of_the_province_goes_with_it(
    tell: Tell, change: dict[str, Any], state: UserState
) -> None:
    tell()
    x.confirm_user(p.BUREAU, "u1")
    assert data_officers() == ["张数"]
    assert tell(**change).state is state
    assert data_officers() == data_officers("education") == []


def test_what_the_city_gave_stays_and_the_bureau_is_told(tell: Tell) -> None:
    bureau = appoint_officer(system("测试"), name="大数据", org="service-bureau", posts=(Post(Role.DATA),))
    appointed()
    tell()
    assert [one for one in box({bureau}) if one.about == "provincial-users"] == []
    seen = tell(ended=True)
    assert (seen.state, "核对" in seen.why, data_officers()) == (UserState.ENDED, True, ["张数"])
    tell(user="u2", name="李四", org={"name": "不知道的单位"})
    letters = [one.body for one in box({bureau}) if one.about == "provincial-users"]
    assert len(letters) == 2
    assert "有1位要核对，其中0位待确认" in letters[0]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"role": "超级管理员"}, "没有对应的岗位"),
        ({"org": {"name": "省财政厅"}}, "没有这个部门"),
        ({"org": {"name": "市卫健委"}, "name": "王同名"}, "同名"),
    ],
)
def test_what_does_not_fit_is_told(tell: Tell, message: dict[str, Any], why: str) -> None:
    for _ in range(2):
        appointed("王同名")
    seen = tell(**message)
    assert seen.state is UserState.UNMATCHED
    assert why in seen.why
    with pytest.raises(Conflict):
        x.confirm_user(p.BUREAU, "u1")
    assert [one.user for one in x.provincial_users(p.STRANGER)] == []


def test_the_twin_lists_whom_we_announce(province: DemoPlatform, clock: time_machine.Traveller) -> None:
    appointed()
    x.announce_users(p.BUREAU)
    deliver(province)
    clock.shift(HOUR)
    x.read_province(province)
    (seen,) = x.provincial_users(p.BUREAU)
    assert (seen.name, seen.state) == ("张数", UserState.LINKED)


def test_a_message_that_cannot_be_read_is_kept_and_gives_nothing(
    province: DemoPlatform, clock: time_machine.Traveller
) -> None:
    odd: list[dict[str, Any]] = [{"user": "u"}, {"user": "u", "org": "x"}, {"user": "../x", "org": {}}]
    for number, message in enumerate(odd):
        told = {"number": f"n{number}", "name": "x", "role": "y", **message}
        province.tell(x.Feed.USERS, told)
    x.read_province(province)
    assert len(x.cascade_state(p.BUREAU).problems) == 3
    assert list(x.provincial_users(p.BUREAU)) == []
