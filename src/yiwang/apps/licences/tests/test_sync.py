# SPDX-License-Identifier: Apache-2.0
"""Every change of a licence reaches the province's store, as it stands, once, whatever goes wrong."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.city import City, build
from support.standing import standing
from yiwang.apps.journal.public import deliver_due, undelivered
from yiwang.apps.licences.adapters.province import DemoProvince, HttpProvince
from yiwang.apps.licences.commands.issuing import NewLicence, issue, load_stock
from yiwang.apps.licences.commands.standing import change_standing
from yiwang.apps.licences.domain.states import Standing
from yiwang.apps.licences.models import IndexPush
from yiwang.apps.licences.sync import INDEX, announce_missing, push_index, records_of, sync_state
from yiwang.apps.licences.tests.stock_support import BUREAU, KEEPER
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict, NotAllowed, Unavailable

pytestmark = [pytest.mark.storage, pytest.mark.django_db]
SYSTEM = system("测试")
LONG = dt.timedelta(hours=24)


@pytest.fixture
def store(tmp_path: Path) -> DemoProvince:
    return DemoProvince(tmp_path / "province")


@pytest.fixture(scope="module")
def standing_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    with standing(django_db_blocker):
        yield build()


@pytest.fixture
def holder(standing_city: City, db: None) -> str:
    return standing_city["owner"].id


def new(holder: str, number: str = "证1", material: str = "retirement-certificate") -> NewLicence:
    return NewLicence(material, number, holder, "hrss", dt.date(2024, 1, 1))


def deliver(store: DemoProvince) -> None:
    def nothing(key: str, payload: Mapping[str, Any]) -> None:
        """Other topics are not of interest here."""

    topics = {one.topic for one in undelivered()} - {INDEX}
    deliver_due({INDEX: push_index(store), **dict.fromkeys(topics, nothing)}, give_up_after=LONG)


def kept(store: DemoProvince, licence: str) -> dict[str, Any]:
    found = store.kept(licence)
    assert found is not None
    return found


def test_what_is_pushed_for_the_first_time_is_written_once(store: DemoProvince, holder: str) -> None:
    load_stock(SYSTEM, [new(holder, "证1"), new(holder, "证2")])
    with CaptureQueriesContext(connection) as asked:
        deliver(store)
    written = [one["sql"].split()[0] for one in asked if f'"{IndexPush._meta.db_table}"' in one["sql"]]
    assert set(written) == {"SELECT", "INSERT"}


def test_an_issued_licence_and_each_change_of_it_reach_the_store(store: DemoProvince, holder: str) -> None:
    one = issue(SYSTEM, new(holder))
    assert "王" not in str([message.key for message in undelivered()])
    deliver(store)
    record = kept(store, one)
    assert (record["证照名称"], record["证照状态"], record["状态序号"]) == ("退休证", "有效", 1)
    assert (record["持证主体代码类型代码"], record["证照有效期截止日期"]) == ("111", "长期")
    change_standing(SYSTEM, one, Standing.SUSPENDED, reason="核查")
    deliver(store)
    assert (kept(store, one)["证照状态"], kept(store, one)["状态序号"]) == ("暂停", 2)
    assert IndexPush.objects.get(licence__public_id=one).seq == 2


def test_stock_goes_in_one_message(store: DemoProvince, holder: str) -> None:
    before = sum(message.topic == INDEX for message in undelivered(limit=1_000))
    ids = load_stock(SYSTEM, [new(holder, f"证{n}") for n in range(30)])
    assert sum(message.topic == INDEX for message in undelivered(limit=1_000)) == before + 1
    deliver(store)
    assert all(store.kept(one) for one in ids)


def test_an_outage_is_waited_out_and_messages_that_overtake_do_no_harm(
    store: DemoProvince, holder: str
) -> None:
    one = issue(SYSTEM, new(holder))
    old = records_of([one])[0].as_metadata()
    store.fail = True
    deliver(store)
    assert store.kept(one) is None
    assert any(message.topic == INDEX and "没有应答" in message.last_error for message in undelivered())
    store.fail = False
    change_standing(SYSTEM, one, Standing.REVOKED, reason="撤销")
    deliver(store)
    assert kept(store, one)["证照状态"] == "撤销"
    store.push("late", [old])
    assert kept(store, one)["证照状态"] == "撤销"


def test_the_same_message_twice_asks_the_store_once(store: DemoProvince, holder: str) -> None:
    one = issue(SYSTEM, new(holder))
    handler = push_index(store)
    handler("k", {"licences": [one]})
    store.fail = True
    handler("k", {"licences": [one]})
    assert IndexPush.objects.count() == 1


def test_results_are_not_pushed(store: DemoProvince, holder: str) -> None:
    one = issue(SYSTEM, new(holder, "核1", "pension-decision"))
    assert records_of([one]) == []


def test_what_the_store_never_took_is_announced_again(store: DemoProvince, holder: str) -> None:
    one = issue(SYSTEM, new(holder))
    deliver(store)
    IndexPush.objects.all().delete()
    state = sync_state(BUREAU)
    assert state.on_record > 0
    assert state.pushed == 0
    with pytest.raises(NotAllowed):
        announce_missing(KEEPER)
    assert announce_missing(BUREAU) == state.on_record
    deliver(store)
    assert announce_missing(BUREAU) == 0
    assert IndexPush.objects.filter(licence__public_id=one).exists()
    with pytest.raises(NotAllowed):
        sync_state(KEEPER)


def answering(status: int, body: Any) -> tuple[HttpProvince, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, json=body)

    return HttpProvince(
        "https://province.example/api/", "令牌".encode().hex(), httpx.MockTransport(answer)
    ), seen


def test_the_real_adapter_sends_key_token_and_records() -> None:
    province, seen = answering(202, {"receipt": "R-1"})
    assert province.push("licence.index:l_1:1", [{"索引编号": "l_1", "状态序号": 1}]) == "R-1"
    (request,) = seen
    assert str(request.url) == "https://province.example/api/index"
    assert request.headers["Idempotency-Key"] == "licence.index:l_1:1"
    assert request.headers["Authorization"].startswith("Bearer ")
    assert json.loads(request.content) == {"records": [{"索引编号": "l_1", "状态序号": 1}]}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (503, {}, Unavailable),
        (429, {}, Unavailable),
        (401, {}, Conflict),
        (302, {}, Conflict),
        (200, {"no": "receipt"}, Conflict),
        (200, ["a list"], Conflict),
        (200, {"receipt": ""}, Conflict),
    ],
)
def test_what_is_no_receipt_is_no_delivery(status: int, body: Any, error: type[Exception]) -> None:
    province, _ = answering(status, body)
    with pytest.raises(error):
        province.push("k", [])


def test_a_store_that_is_gone_is_waited_for() -> None:
    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    with pytest.raises(Unavailable):
        HttpProvince("https://province.example", "t", httpx.MockTransport(gone)).push("k", [])
