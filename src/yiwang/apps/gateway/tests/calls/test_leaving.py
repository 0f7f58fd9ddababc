# SPDX-License-Identifier: Apache-2.0
"""Important data is answered to the government's own network only; what is refused asks no source and is
written down as refused (政务数据安全管理暂行办法第十九条)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from support import gateway as world
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.models import Call, Outcome
from yiwang.engines.exchange.leaving import Way
from yiwang.kernel.errors import NotAllowed


@pytest.fixture
def important(db: None, monkeypatch: pytest.MonkeyPatch) -> world.Memory:
    """The one resource, its items of the grade 重要数据."""
    known = world.resource
    monkeypatch.setattr(
        world,
        "resource",
        lambda id_: known(id_, grade="important", sharing="conditional", condition="防汛需要"),
    )
    made = world.catalogue.__wrapped__(("house",))
    monkeypatch.setattr(world, "catalogue", lambda *_: made)
    world.publish()
    memory = world.Memory({world.number(1): world.row_of(1)})
    world.connect(memory)
    return memory


@pytest.mark.parametrize("way", list(Way))
def test_important_data_is_answered_inside_only(important: world.Memory, way: Way) -> None:
    asked = replace(world.question(world.grant()), way=way)
    if way is Way.GOVERNMENT:
        assert len(gateway.call(world.CLIENT, asked, now=timezone.now()).rows) == 1
        return
    with pytest.raises(NotAllowed, match="第十九条") as told:
        gateway.call(world.CLIENT, asked, now=timezone.now())
    row = Call.objects.get(receipt=gateway.receipt_of(told.value))
    assert (row.outcome, row.rows) == (Outcome.REFUSED, 0)
    assert important.asked == []


def test_a_way_that_nobody_named_is_the_internet(important: world.Memory) -> None:
    with pytest.raises(NotAllowed, match="第十九条"):
        gateway.call(world.CLIENT, world.question(world.grant()), now=timezone.now())
