# SPDX-License-Identifier: Apache-2.0
"""Rows read and written without the models' queries are those the models would read and write."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError
from django.forms.models import model_to_dict

from yiwang.apps.journal.models import OutboxMessage, OutboxState, Stream
from yiwang.apps.journal.rows import marks_for, read_rows, store, store_changes

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


def message(key: str, **said: object) -> OutboxMessage:
    return OutboxMessage(topic="t", key=key, payload=said, created_at=NOW, due_at=NOW)


def test_what_is_stored_is_what_the_models_read_and_each_row_has_its_own_key() -> None:
    rows = [message(f"k{number}", number=number) for number in range(3)]
    store(rows)
    for row in rows:
        kept = OutboxMessage.objects.get(pk=row.pk)
        assert model_to_dict(kept) == model_to_dict(row)
        [read] = read_rows(OutboxMessage, "WHERE key = %s", [row.key])
        assert read == row
        assert model_to_dict(read) == model_to_dict(kept)


def test_a_row_that_is_there_stays_or_takes_what_it_is_told_to() -> None:
    store([message("a", first=1)])
    store([message("a", second=2), message("b")], once=["key"])
    assert OutboxMessage.objects.get(key="a").payload == {"first": 1}
    again = message("a", third=3)
    again.topic = "other"
    store([again], once=["key"], change=["payload"])
    kept = OutboxMessage.objects.get(key="a")
    assert (kept.payload, kept.topic, OutboxMessage.objects.count()) == ({"third": 3}, "t", 2)


def test_changes_are_of_the_named_attributes_of_a_row_that_is_there() -> None:
    store([row := message("a")])
    row.state, row.attempts = OutboxState.PARKED, 5
    store_changes(row, ["state"])
    kept = OutboxMessage.objects.get(pk=row.pk)
    assert (kept.state, kept.attempts) == (OutboxState.PARKED, 0)
    with pytest.raises(DatabaseError):
        store_changes(Stream(key="nowhere", length=1, head="0"), ["length"])
    with pytest.raises(ValueError, match="nothing"):
        marks_for([])
