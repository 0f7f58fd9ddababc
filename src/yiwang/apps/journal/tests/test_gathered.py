# SPDX-License-Identifier: Apache-2.0
"""Entries recorded together are the same entries, in the same order, in the same chains."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from yiwang.apps.journal.public import entries_of, gathered, record, verify
from yiwang.kernel.actor import system

pytestmark = [pytest.mark.storage, pytest.mark.django_db]
ACTOR = system("测试")


def actions(stream: str) -> list[str]:
    return [entry["action"] for entry in entries_of(stream)]


def fail() -> None:
    """Record something, then break."""
    with transaction.atomic(), gathered():
        record(ACTOR, "lost", stream="case:a")
        raise ZeroDivisionError


def test_together_is_as_one_by_one() -> None:
    record(ACTOR, "first", stream="case:a")
    with gathered():
        for number in range(3):
            record(ACTOR, f"a{number}", stream="case:a")
            record(ACTOR, f"b{number}", stream="case:b")
        assert actions("case:a") == ["first"], "nothing is written before the end"
    record(ACTOR, "last", stream="case:a")
    assert actions("case:a") == ["first", "a0", "a1", "a2", "last"]
    assert actions("case:b") == ["b0", "b1", "b2"]
    assert list(verify()) == []


def test_many_entries_cost_as_many_statements_as_one() -> None:
    record(ACTOR, "first", stream="case:a")
    with CaptureQueriesContext(connection) as one, gathered():
        record(ACTOR, "one", stream="case:a")
    with CaptureQueriesContext(connection) as many, gathered():
        for number in range(10):
            record(ACTOR, f"n{number}", stream="case:a")
    assert len(many) == len(one)


def test_a_block_that_raises_writes_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        fail()
    assert actions("case:a") == []


def test_an_inner_block_that_raises_takes_only_its_own_along() -> None:
    with gathered():
        record(ACTOR, "before", stream="case:a")
        with pytest.raises(ZeroDivisionError):
            fail()
        with gathered():
            record(ACTOR, "after", stream="case:a")
    assert actions("case:a") == ["before", "after"]
    assert list(verify()) == []
