# SPDX-License-Identifier: Apache-2.0
"""What flowed back from the province as a source: the newest whole batch, with grants, masks, receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from support import gateway as world
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.adapters.province.demo import DemoPlatform
from yiwang.apps.exchange.models import ReturnedBatch, ReturnedContent
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.adapters import CONNECTORS
from yiwang.apps.gateway.models import Call
from yiwang.apps.journal.public import deliver_due, entries_of
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import mask_id_number

ITEMS = {"qlr": "权利人", "zjh": "证件号码", "zl": "坐落", "mj": "面积"}
COLUMNS = {"owner": "qlr", "number": "zjh", "address": "zl", "area": "mj"}
START = dt.datetime(2026, 9, 21, 1, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def said(n: int, **more: Any) -> dict[str, Any]:
    """The n-th house as the province tells of it."""
    row = world.row_of(n)
    return {theirs: row[ours] for ours, theirs in COLUMNS.items()} | more


class Province:
    """The twin with one resource of houses, which the asking department was given for thirty days."""

    def __init__(self, folder: Path, clock: time_machine.Traveller) -> None:
        self.twin, self.clock, self.count = DemoPlatform(folder), clock, 0
        named = [{"id": one, "name": name} for one, name in ITEMS.items()]
        told = {"code": "houses", "name": "省级房屋", "provider": "省厅", "sharing": "conditional"}
        self.twin.tell(exchange.Feed.CATALOGUE, {**told, "fields": named})
        self.read()
        until = timezone.localdate() + 30 * DAY
        new = exchange.NewProvincialRequest(
            "houses", world.ASKER, tuple(ITEMS), "核对场所的权属", "食品安全法第三十五条", until
        )
        self.request = exchange.ask_province(world.ASKING, new)
        deliver_due({exchange.CASCADE: exchange.push_up(self.twin)}, give_up_after=DAY)
        self.read()

    def read(self) -> None:
        """An hour later."""
        self.clock.shift(HOUR)
        exchange.read_province(self.twin)

    def returns(self, rows: Sequence[dict[str, Any]]) -> str:
        """Another batch flows back and lands; its public id."""
        self.count += 1
        self.twin.let_flow_back(self.request, rows, number=f"b{self.count}")
        self.read()
        return ReturnedBatch.objects.get(number=f"b{self.count}").public_id


@pytest.fixture
def province(db: None, tmp_path: Path) -> Any:
    """The province, its newest batch of nine houses registered as the source of the one resource."""
    with time_machine.travel(START, tick=False) as clock:
        world.publish()
        made = Province(tmp_path, clock)
        made.returns([said(n) for n in range(1, 10)])
        gateway.use_connectors(CONNECTORS)
        register()
        yield made
        gateway.forget_sources()


def register(version: int = 0, **changes: Any) -> None:
    """Register what flows back as the source."""
    config = {"code": "houses", "org": world.ASKER, "columns": COLUMNS} | changes
    gateway.save_source(world.BUREAU, gateway.NewSource("house", "returned", config, version=version))
    gateway.forget_sources()


def asked(grant: str, n: int = 1, **more: Any) -> gateway.CallResult:
    """Ask for the n-th house."""
    return gateway.call(world.CLIENT, world.question(grant, n, **more), now=timezone.now())


def test_it_is_granted_masked_and_receipted_as_any_source(province: Province) -> None:
    grant = world.grant()
    result = asked(grant)
    number = mask_id_number(world.number(1))
    row = {"owner": "王第1", "number": number, "address": "驻马店市驿城区****", "area": "81.5"}
    assert result.rows == (row,)
    call = Call.objects.get(receipt=result.receipt)
    assert entries_of(call.stream)[call.seq - 1]["detail"]["response"] == result.response_digest
    with pytest.raises(gateway.OutOfScope):
        asked(grant, fields=["debt"])
    assert "类型相符" in gateway.try_source(world.BUREAU, "house")


def test_only_the_newest_whole_batch_counts(province: Province) -> None:
    grant = world.grant()
    first = gateway.connector_of("house")
    pages = first.stream(("number",), after=None, size=4, deadline=1e12)
    after = next(iter(pages)).after
    province.returns([said(1, zl="驻马店市驿城区新路1号"), said(20)])
    assert asked(grant, 2).rows == (), "who is not in the newest batch is not there"
    assert len(asked(grant, 20).rows) == 1
    with pytest.raises(gateway.SourceChanged):
        next(iter(first.stream(("number",), after=after, size=4, deadline=1e12)))
    odd = province.returns([{"secret": 1}])
    assert ReturnedBatch.objects.get(public_id=odd).problem
    assert len(asked(grant, 20).rows) == 1, "what was not taken does not count"


def test_it_serves_no_longer_than_the_province_grants(province: Province) -> None:
    grant = world.grant()
    province.clock.shift(31 * DAY)
    with pytest.raises(gateway.SourceDown, match="授权已经到期"):
        asked(grant)


def test_what_was_changed_at_rest_is_not_served(province: Province) -> None:
    batch = province.returns([said(1)])
    row = ReturnedContent.objects.get(public_id=batch)
    row.lines = b'{"zjh": "forged"}\n'
    row.save()
    with pytest.raises(gateway.SourceDown, match="摘要不一致"):
        asked(world.grant())


@pytest.mark.parametrize(
    "changes", [{"code": "../x"}, {"org": ""}, {"columns": {}}, {"columns": {"nothing": "zl"}}, {"path": "x"}]
)
def test_a_wrong_registration_is_refused(province: Province, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        register(1, **changes)


def test_items_that_the_province_did_not_grant_are_told(province: Province) -> None:
    register(1, columns={**COLUMNS, "debt": "dy"})
    assert "没有授权这些信息项：dy" in gateway.try_source(world.BUREAU, "house")
    register(2, org=world.STRANGER)
    assert "还没有回流" in gateway.try_source(world.BUREAU, "house")


def test_old_batches_are_kept_some_days_then_forgotten(province: Province) -> None:
    new = province.returns([said(1)])
    assert exchange.forget_returned() == 0
    province.clock.shift(8 * DAY)
    assert exchange.forget_returned() == 2, "the two before it"
    assert [one.public_id for one in ReturnedContent.objects.all()] == [new]
    assert len(asked(world.grant()).rows) == 1
    assert exchange.forget_returned() == 0
    province.clock.shift(40 * DAY)
    assert exchange.forget_returned() == 1, "the province's grant ran out long ago"
    assert not ReturnedContent.objects.exists()
    told = [one["action"] for one in entries_of(f"provincial-request:{province.request}")]
    assert told.count("provincial_request.forgotten") == 3
