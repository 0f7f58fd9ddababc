# SPDX-License-Identifier: Apache-2.0
"""A stream with one writer: the same chain as any other, also after a rollback or another writer."""

from __future__ import annotations

import pytest
from django.db import transaction

from yiwang.apps.journal.models import Entry
from yiwang.apps.journal.public import NewEntry, OwnStream, entries_of, entry_at, record, verify
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
ONE = NewEntry("system:网关", "网关", "gateway.call", about="call_1", detail={"rows": 1})


def write(stream: OwnStream, count: int) -> list[int]:
    with transaction.atomic():
        return stream.append([ONE] * count)


@pytest.mark.storage
def test_it_is_a_chain_like_any_other() -> None:
    stream = OwnStream("gateway:1")
    assert write(stream, 2) == [1, 2]
    assert write(stream, 1) == [3]
    assert [entry["seq"] for entry in entries_of("gateway:1")] == [1, 2, 3]
    assert list(verify()) == []
    assert entry_at("gateway:1", 3) == Entry.objects.get(seq=3).pk


def test_a_rollback_and_another_writer_are_noticed() -> None:
    stream = OwnStream("gateway:1")
    write(stream, 1)
    with transaction.atomic():
        stream.append([ONE])
        transaction.set_rollback(True)
    assert write(stream, 1) == [2]
    with transaction.atomic():
        record(system("别人"), "gateway.call", stream="gateway:1")
    assert write(stream, 2) == [4, 5]
    assert list(verify()) == []


def test_what_any_entry_needs_it_needs() -> None:
    stream = OwnStream("gateway:1")
    with transaction.atomic(), pytest.raises(Invalid, match="对象、目的和依据"):
        stream.append([NewEntry("a", "甲", "gateway.look", subject="x")])
    with transaction.atomic(), pytest.raises(Invalid, match="操作人"):
        stream.append([NewEntry("", "", "gateway.call")])
    with pytest.raises(Invalid):
        OwnStream("batches")


@pytest.mark.django_db(transaction=True)
def test_it_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="同一事务"):
        OwnStream("gateway:1").append([ONE])
