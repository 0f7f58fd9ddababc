# SPDX-License-Identifier: Apache-2.0
"""Which rows of a delivery somebody objects to: a column of words, where the delivery holds what records are
found by. A delivery without it says in its manifest only how many records are objected to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from yiwang.engines.exchange import Resource

Marked = Mapping[str, Mapping[str, str]]
"""What a record is found by → item → words; the item "" is the whole record."""


def key_of(resource: Resource) -> str:
    """The item that records are found by."""
    whom = [one.id for one in resource.fields if one.subject_id]
    return next(iter(whom or [one.id for one in resource.fields if one.key]), "")


def words_beside(resource: Resource, table: Any, marked: Marked) -> Any:
    """The column of words for these rows, empty where nothing is objected to; None: rows cannot be
    told apart."""
    key, names = key_of(resource), {one.id: one.name for one in resource.fields} | {"": "整条记录"}
    if key not in table.column_names:
        return None
    shown = {"", *table.column_names}
    said = {
        record: "；".join(f"{names[item]}：{words}" for item, words in sorted(items.items()) if item in shown)
        for record, items in marked.items()
    }
    if not said:
        return pa.repeat("", table.num_rows)
    places = pc.index_in(pc.cast(table.column(key), pa.string()), pa.array(list(said), pa.string()))
    return pc.fill_null(pc.take(pa.array(list(said.values()), pa.string()), places), "")


def counted(marked: Marked, fields: tuple[str, ...]) -> dict[str, int]:
    """Item → how many records of the resource are objected to there, for the items of a delivery."""
    found = Counter(item for items in marked.values() for item in items if not item or item in fields)
    return dict(sorted(found.items()))
