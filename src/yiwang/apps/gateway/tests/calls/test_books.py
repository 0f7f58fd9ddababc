# SPDX-License-Identifier: Apache-2.0
"""Many calls at once: one commit for several, each caller its own answer, nobody hurt by another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from support import gateway as world
from yiwang.apps.gateway import calls_writing
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.calls_line import CallRecord, Line
from yiwang.apps.gateway.calls_writing import Books
from yiwang.apps.gateway.models import Call, Outcome, QuotaUse
from yiwang.apps.journal.public import entries_of, verify
from yiwang.kernel.errors import Unavailable
from yiwang.kernel.ids import new_public_id


def line(number: int) -> Line:
    return Line(
        CallRecord(
            receipt=new_public_id("call"),
            at=timezone.now(),
            grant="dg_x",
            resource="house",
            org="health",
            caller_kind="client",
            caller="client_x",
            caller_name=f"系统{number}",
            outcome=Outcome.FAILED,
        )
    )


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many lines each transaction had; a line of 系统13 breaks its transaction."""
    seen: list[int] = []

    def write(lines: Any, stream: Any) -> None:
        seen.append(len(lines))
        if seen == [1]:
            assert begun.wait(5)
        if any(one.call.caller_name == "系统13" for one in lines):
            raise Unavailable("数据库拒绝了这一行。")

    begun = threading.Event()
    monkeypatch.setattr(calls_writing, "write_together", write)
    write.begun = begun  # type: ignore[attr-defined]
    return seen


def test_those_who_wait_are_written_together_and_one_that_fails_fails_alone(groups: list[int]) -> None:
    books, told = Books(), dict[int, str]()

    def work(number: int) -> None:
        try:
            books.write(line(number))
        except Unavailable:
            told[number] = "refused"
        else:
            told[number] = "written"

    with ThreadPoolExecutor(20) as pool:
        first = pool.submit(work, 0)
        while not groups:
            pass
        rest = [pool.submit(work, number) for number in range(1, 20)]
        while len(books._queue) < 19:
            pass
        calls_writing.write_together.begun.set()  # type: ignore[attr-defined]
        for one in (first, *rest):
            one.result(5)
    assert groups == [1, 19, *[1] * 19]
    assert told == {number: "refused" if number == 13 else "written" for number in range(20)}


@pytest.mark.storage
@pytest.mark.django_db(transaction=True)
def test_many_threads_keep_a_quota_exactly_and_the_chain_whole() -> None:
    world.publish()
    world.connect(world.Memory({world.number(n): world.row_of(n) for n in range(1, 40)}))
    grant = world.grant(per_minute=20)
    now = timezone.now()

    def ask(number: int) -> str:
        try:
            result = gateway.call(world.CLIENT, world.question(grant, number), now=now)
        except gateway.QuotaUsed:
            return "used"
        finally:
            connection.close()
        assert result.rows[0]["owner"] == f"王第{number}"
        return result.receipt

    found = _together(ask, 30)
    receipts = [one for one in found if one != "used"]
    assert len(receipts) == len(set(receipts)) == 20
    answered = Call.objects.filter(outcome=Outcome.ANSWERED)
    assert set(answered.values_list("receipt", flat=True)) == set(receipts)
    assert set(QuotaUse.objects.values_list("used", flat=True)) == {20}
    (stream,) = set(answered.values_list("stream", flat=True))
    assert {entry["about"] for entry in entries_of(stream)} >= set(receipts)
    assert list(verify()) == []


def _together(work: Callable[[int], str], count: int) -> list[str]:
    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(work, range(1, count + 1)))
