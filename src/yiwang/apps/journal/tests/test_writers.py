# SPDX-License-Identifier: Apache-2.0
"""Many writers at once: chains stay whole, and writers of different cases do not wait."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from yiwang.apps.journal.models import Batch, BatchEntry, Entry, Stream
from yiwang.apps.journal.public import record, seal_batch, verify
from yiwang.kernel.actor import system

from .threads import at_once

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]

WRITERS, EACH = 4, 10
ME = system("测试")


def write(stream: str) -> None:
    with transaction.atomic():
        record(ME, "case.moved", stream=stream)


@pytest.mark.parametrize("streams", [1, WRITERS], ids=["one stream", "a stream each"])
def test_writers_at_once_lose_nothing_and_leave_whole_chains(streams: int) -> None:
    def work(number: int) -> None:
        for _ in range(EACH):
            write(f"case:{number % streams}")

    at_once(WRITERS, work)
    assert Entry.objects.count() == WRITERS * EACH
    assert [s.length for s in Stream.objects.all()] == [WRITERS * EACH // streams] * streams
    assert list(verify()) == []


def test_writers_sealers_and_a_verifier_at_once() -> None:
    def work(number: int) -> None:
        for _ in range(EACH):
            if number == 0:
                assert list(verify()) == []
            elif number in (1, 2):
                seal_batch(limit=7)
            else:
                write(f"case:{number}")

    at_once(5, work)
    while seal_batch():
        pass
    assert BatchEntry.objects.count() == Entry.objects.count() == 2 * EACH
    numbers = list(Batch.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(verify()) == []


def test_a_writer_does_not_wait_for_another_case() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time, whatever it writes")
    write("case:slow")
    holding, finished = threading.Event(), threading.Event()

    def work(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                record(ME, "case.moved", stream="case:slow")
                holding.set()
                assert finished.wait(timeout=20), "the other case waited for this one"
        else:
            assert holding.wait(timeout=20)
            for _ in range(3):
                write("case:quick")
            finished.set()

    at_once(2, work)
    assert list(verify()) == []
