# SPDX-License-Identifier: Apache-2.0
"""Rows that somebody objects to carry the mark in a delivery; the manifest says how many there are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from support import gateway as world
from yiwang.apps.gateway import marks
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.batches_marks import counted, words_beside
from yiwang.apps.gateway.domain.deliveries import OBJECTED

WORDS = "有异议，核查中"
MARKED = {world.number(3): {"address": WORDS, "debt": WORDS}, world.number(5): {"": WORDS}}


@pytest.fixture
def objected() -> Iterator[None]:
    """Two records of the houses are objected to."""
    before = (list(marks._known), list(marks._records))
    gateway.use_marks(lambda resource, about: {}, lambda resource: MARKED if resource == "house" else {})
    yield
    marks._known[:], marks._records[:] = before


@pytest.mark.django_db
def test_rows_and_manifest_of_a_delivery_carry_the_mark(houses: Path, objected: None) -> None:
    identity = gateway.ask_batch(
        world.ASKING_DATA, gateway.NewBatch(world.grant(batch=True), gateway.Form.CSV)
    )
    list(gateway.run_batch(identity, rows=10))
    view = gateway.batch_view(world.ASKING_DATA, identity)
    files = [gateway.take_file(world.ASKING_DATA, identity, part.number)[1] for part in view.parts]
    rows = [row for data in files for row in csv.DictReader(io.StringIO(data.decode()))]
    assert sorted(row[OBJECTED] for row in rows if row[OBJECTED]) == [
        f"house坐落：{WORDS}",
        f"整条记录：{WORDS}",
    ]
    assert world.number(3) not in "".join(data.decode() for data in files)  # still masked
    told = json.loads(gateway.take_file(world.ASKING_DATA, identity, 0)[1])
    assert told["objected"] == view.marks == {"": 1, "address": 1}


def test_words_stand_beside_their_rows_whatever_the_column_is_made_of() -> None:
    resource = world.resource()
    keys = pa.chunked_array([[world.number(5)], [None, world.number(4), world.number(3)]])
    table = pa.table({"number": keys, "debt": pa.nulls(4, pa.string())})
    found = words_beside(resource, table, MARKED)
    assert found.to_pylist() == [f"整条记录：{WORDS}", "", "", f"house抵押：{WORDS}"]
    assert words_beside(resource, table, {}).to_pylist() == [""] * 4
    assert words_beside(resource, table.select(["debt"]), MARKED) is None
    assert counted(MARKED, ("number", "debt")) == {"": 1, "debt": 1}
