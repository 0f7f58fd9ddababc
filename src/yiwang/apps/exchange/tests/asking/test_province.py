# SPDX-License-Identifier: Apache-2.0
"""The link with the province: up through the outbox, down by feeds; while it is dead, slow, talks
nonsense, or says everything twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.adapters.province.demo import DemoPlatform
from yiwang.apps.exchange.models import ProvinceMessage, ProvincialRequest, ReturnedBatch, ReturnedContent
from yiwang.apps.identity.public import appoint_officer
from yiwang.apps.journal.public import deliver_due, entries_of
from yiwang.engines.exchange import NeedKind
from yiwang.kernel.actor import Post, Role, system
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound, Unavailable

from . import people as p

pytestmark = pytest.mark.usefixtures("clock")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def province(tmp_path: Path) -> DemoPlatform:
    """The twin, its catalogue read."""
    twin = DemoPlatform(tmp_path / "province")
    x.read_province(twin)
    return twin


def deliver(platform: x.ProvincialPlatform) -> int:
    """Deliver what is due to go up."""
    return deliver_due({x.CASCADE: x.push_up(platform)}, give_up_after=dt.timedelta(days=1))


def later(clock: time_machine.Traveller, span: dt.timedelta = HOUR) -> None:
    """Let time pass."""
    clock.shift(span)


def wanted(**more: Any) -> x.NewProvincialRequest:
    """A good request to the province."""
    base = x.NewProvincialRequest(
        code="demo-degree",
        org="health",
        fields=("school", "degree"),
        purpose="核对从业人员学历",
        basis="执业医师法第九条",
        valid_until=timezone.localdate() + dt.timedelta(days=300),
    )
    return replace(base, **more)


def test_a_request_goes_up_the_answer_and_the_data_come_back(
    province: DemoPlatform, clock: time_machine.Traveller
) -> None:
    assert [one.code for one in x.provincial_resources("学历")] == ["demo-degree"]
    request = x.ask_province(p.ASKER, wanted())
    with pytest.raises(Conflict, match="没有答复"):
        x.ask_province(p.COLLEAGUE, wanted())
    deliver(province)
    assert x.provincial_request(p.ASKER, request).state.value == "lodged"
    later(clock)
    assert x.read_province(province) == 2
    seen = x.provincial_request(p.BUREAU, request)
    assert (seen.state.value, len(seen.granted)) == ("granted", 2)
    (batch,) = seen.batches
    assert (batch.rows, batch.problem, batch.landed_at is not None) == (3, "", True)
    assert x.returned_rows(batch.public_id)[0] == {"school": "示例1", "degree": "示例1"}
    stored = ReturnedContent.objects.values_list("lines", flat=True)[0]
    assert "示例1".encode() not in bytes(getattr(stored, "stored", stored)), "rows are locked at rest"
    actions = [one["action"].split(".")[1] for one in entries_of(f"provincial-request:{request}")]
    assert actions == ["asked", "answered", "returned"]
    later(clock)
    assert x.read_province(province) == 0


def test_a_refusal_says_why(province: DemoPlatform, clock: time_machine.Traveller) -> None:
    request = x.ask_province(p.ASKER, wanted(purpose="用途写成测试退回的样子"))
    deliver(province)
    later(clock)
    x.read_province(province)
    seen = x.provincial_request(p.ASKER, request)
    assert (seen.state.value, seen.words) == ("refused", "用途不符合共享条件。")
    assert x.ask_province(p.ASKER, wanted()), "after a refusal it may be asked again"


def test_nothing_is_lost_while_the_province_is_dead(
    province: DemoPlatform, clock: time_machine.Traveller
) -> None:
    province.fail = True
    request = x.ask_province(p.ASKER, wanted())
    deliver(province)
    later(clock)
    assert x.read_province(province) == 0
    state = x.cascade_state(p.BUREAU)
    assert len(state.waiting) == 1
    assert [(link.failures, "没有应答" in link.problem) for link in state.links] == [
        *[(1, True), (0, False), (0, False), (0, False)]
    ]
    province.fail = False
    for _ in range(3):
        later(clock, 4 * HOUR)
        deliver(province)
        x.read_province(province)
    assert x.provincial_request(p.ASKER, request).state.value == "granted"
    assert x.cascade_state(p.BUREAU).waiting == []
    assert all(link.failures == 0 for link in x.cascade_state(p.BUREAU).links)


def test_a_province_that_stays_down_is_asked_less_and_less_often(
    province: DemoPlatform, clock: time_machine.Traveller
) -> None:
    asked: list[x.Feed] = []

    class Counting(DemoPlatform):
        def feed(self, feed: x.Feed, after: str) -> x.FeedPage:
            asked.append(feed)
            raise Unavailable("没有应答。")

    dead = Counting(province.folder)
    for _ in range(180):
        later(clock, dt.timedelta(minutes=1))
        x.read_province(dead)
    assert len([one for one in asked if one is x.Feed.CATALOGUE]) < 12


def test_the_same_twice_is_once(province: DemoPlatform, clock: time_machine.Traveller) -> None:
    request = x.ask_province(p.ASKER, wanted())
    deliver(province)
    province.push(x.Upward.REQUEST, f"{x.CASCADE}:requests:{request}", {"request": request})
    for feed in (x.Feed.ANSWERS, x.Feed.RETURNED):
        path = province.folder / "feeds" / f"{feed.value}.jsonl"
        path.write_text(path.read_text("utf-8") * 2, encoding="utf-8")
    later(clock)
    assert x.read_province(province) == 2
    assert ReturnedBatch.objects.count() == ProvincialRequest.objects.count() == 1
    assert not x.cascade_state(p.BUREAU).problems
    other = {"number": "again", "request": request, "granted": False, "words": "改主意了"}
    province.tell(x.Feed.ANSWERS, other)
    later(clock)
    x.read_province(province)
    assert x.provincial_request(p.ASKER, request).state.value == "granted", "the first answer stands"
    assert "已经答复过" in x.cascade_state(p.BUREAU).problems[0][3]


def test_what_changes_and_changes_back_is_followed(
    province: DemoPlatform, clock: time_machine.Traveller
) -> None:
    first = {"code": "demo-degree", "name": "学历信息", "provider": "教育厅", "sharing": "conditional"}
    told = [first | {"fields": [{"id": "school", "name": "学校"}], "sharing": how} for how in SHARED]
    for count, message in enumerate(told, start=1):
        province.tell(x.Feed.CATALOGUE, message)
        province.tell(x.Feed.CATALOGUE, message)  # told again, as a province does that is not sure
        later(clock)
        assert x.read_province(province) == 1, f"turn {count}"
        (now,) = x.provincial_resources("学历")
        assert now.sharing.value == message["sharing"]
    later(clock)
    assert x.read_province(province) == 0


SHARED = ("conditional", "not_shared", "conditional", "unconditional", "conditional")


NONSENSE: list[Any] = [
    *("words", 7, None, [], {}, {"number": "1"}, {"number": "../../etc", "request": "x", "granted": True}),
    {"number": "a", "request": "dv_unknown", "granted": False, "words": "没有"},
    {"number": "b", "request": "REQUEST", "granted": True, "fields": ["secret"], "valid_until": "2027-01-01"},
    {"number": "c", "request": "REQUEST", "granted": True, "fields": ["school"], "valid_until": "soon"},
    {"number": "d", "request": "REQUEST", "granted": "yes"},
    {"number": "e", "request": "REQUEST", "granted": False, "words": ""},
]


def test_nonsense_is_kept_with_its_problem_and_stops_nobody(
    province: DemoPlatform, clock: time_machine.Traveller
) -> None:
    request = x.ask_province(p.ASKER, wanted())
    for message in NONSENSE:
        whole = json.dumps(message).replace("REQUEST", request)
        province.tell(x.Feed.ANSWERS, json.loads(whole))
    province.tell(x.Feed.CATALOGUE, {"code": "x", "name": "", "fields": []})
    province.tell(x.Feed.RETURNED, {"number": "n", "request": request, "title": "t", "rows": -1})
    deliver(province)
    later(clock)
    x.read_province(province)
    assert x.provincial_request(p.ASKER, request).state.value == "granted"
    odd = ProvinceMessage.objects.exclude(problem="")
    assert odd.count() == len(NONSENSE) + 2
    assert all("。" in one.problem for one in odd)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sha256": "0" * 64}, "摘要不一致"),
        ({"rows": 9}, "应有9行"),
        ({"content": b"\xff\xfe"}, "读不出来"),
        ({"content": b'{"school": "x", "id_number": "1"}\n'}, "没有申请过"),
        ({"content": b'{"school": {"x": 1}}\n'}, "格式不对"),
        ({"missing": True}, "没有这个批次"),
        ({"request": "dv_unknown"}, "没有提出过"),
    ],
)
def test_a_batch_that_is_not_what_was_granted_is_not_taken(
    province: DemoPlatform, clock: time_machine.Traveller, change: dict[str, Any], says: str
) -> None:
    request = x.ask_province(p.ASKER, wanted())
    deliver(province)
    later(clock)
    x.read_province(province)
    content = change.get("content", b'{"school": "x"}\n')
    name = hashlib.sha256(b"odd").hexdigest()[:32]
    if "missing" not in change:
        (province.folder / "batches" / f"{name}.jsonl").write_bytes(content)
    told = {
        **{"number": "odd", "request": change.get("request", request), "title": "t"},
        **{
            "rows": change.get("rows", 1),
            "sha256": change.get("sha256", hashlib.sha256(content).hexdigest()),
        },
    }
    province.tell(x.Feed.RETURNED, told)
    later(clock)
    x.read_province(province)
    problems = [one.problem for one in x.provincial_request(p.ASKER, request).batches]
    problems += [one[3] for one in x.cascade_state(p.BUREAU).problems]
    assert any(says in one for one in problems)
    assert ReturnedContent.objects.count() == 1, "only the good one"


def test_users_and_needs_go_up(province: DemoPlatform) -> None:
    appoint_officer(system("测试"), name="张数", org="health", posts=(Post(Role.DATA, "health"),))
    assert x.announce_users(p.BUREAU) == 1
    assert x.announce_users(p.BUREAU) == 1
    with pytest.raises(Conflict, match="没有发布过"):
        x.announce_needs(p.BUREAU)
    x.list_need(p.REVIEWER, x.NewNeed(p.PROVIDER, NeedKind.VERIFY, "核验婚姻状况", "申请人是否已婚"))
    edition = x.publish_needs(p.BUREAU)
    assert x.announce_needs(p.BUREAU) == edition
    for act in (x.announce_users, x.announce_needs):
        with pytest.raises(NotAllowed):
            act(p.REVIEWER)
    deliver(province)
    (told,) = [json.loads(one.read_text("utf-8")) for one in (province.folder / "users").iterdir()]
    assert (told["org"], [one["name"] for one in told["users"]]) == ("health", ["张数"])
    (needs,) = [json.loads(one.read_text("utf-8")) for one in (province.folder / "needs").iterdir()]
    assert [one["title"] for one in needs["lines"]] == ["核验婚姻状况"]


def test_what_is_wrong_with_a_request_is_told_at_once(province: DemoPlatform) -> None:
    bad = wanted(fields=("secret",), purpose="", basis="", item="nothing", valid_until=dt.date(2020, 1, 1))
    with pytest.raises(x.NotComplete) as told:
        x.ask_province(p.ASKER, bad)
    assert len(told.value.problems) == 5
    with pytest.raises(NotFound):
        x.ask_province(p.ASKER, wanted(code="nothing"))
    with pytest.raises(NotAllowed):
        x.ask_province(p.STRANGER, wanted())
    request = x.ask_province(p.ASKER, wanted())
    with pytest.raises(NotFound):
        x.provincial_request(p.STRANGER, request)
    with pytest.raises(NotFound):
        x.returned_rows("db_nothing")
    with pytest.raises(NotAllowed):
        x.cascade_state(p.COUNTER)
