# SPDX-License-Identifier: Apache-2.0
"""For tests of sources: a resource of people, their rows, limits, and connectors that do as they are told."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from yiwang.apps.gateway.adapters import CONNECTORS
from yiwang.apps.gateway.adapters.base import BaseConnector, table_of
from yiwang.apps.gateway.domain.connecting import Connector, Limits, Query, Registered, Row, TablePage
from yiwang.apps.gateway.public import SourceDown
from yiwang.engines.exchange import Resource
from yiwang.kernel.ids import make_id_number

_FIELDS: list[dict[str, Any]] = [
    {
        "id": "person-id",
        "name": "公民身份号码",
        "type": "id_number",
        "grade": "general_4",
        "mask": "id_number",
        "key": True,
        "subject_id": True,
    },
    {"id": "person-name", "name": "姓名", "type": "text", "grade": "general_3", "mask": "name", "key": True},
    {"id": "phone", "name": "联系电话", "type": "phone", "grade": "general_4", "mask": "phone"},
    {"id": "address", "name": "住址", "type": "address", "grade": "general_4", "mask": "address"},
    {"id": "account", "name": "账号", "type": "text", "grade": "general_4", "mask": "account"},
    {"id": "note", "name": "备注", "type": "text", "grade": "general_4", "mask": "hide"},
    {"id": "months", "name": "缴费月数", "type": "integer", "grade": "general_2"},
    {"id": "since", "name": "参保日期", "type": "date", "grade": "general_2"},
    {"id": "active", "name": "在保", "type": "boolean", "grade": "general_2"},
    {"id": "base", "name": "缴费基数", "type": "decimal", "grade": "general_3"},
]
FIELDS: tuple[str, ...] = tuple(one["id"] for one in _FIELDS)
COLUMNS = {name: name.replace("-", "_") for name in FIELDS}


def resource(identity: str = "test-people") -> Resource:
    """A resource of people with every sort of item."""
    return Resource.model_validate(
        {
            "id": identity,
            "name": "测试参保人",
            "provider": "hrss",
            "subject": "person",
            "library": "department",
            "summary": "测试",
            "sharing": "unconditional",
            "grade": "general_4",
            "cycle": "daily",
            "fields": _FIELDS,
            "cite": {"doc": "setting", "at": "测试"},
        }
    )


def number(n: int) -> str:
    """The identity number of the n-th person."""
    return make_id_number("411702", dt.date(1950, 1, 1) + dt.timedelta(days=n // 900), n % 900)


def people(count: int) -> list[Row]:
    """Rows as a source holds them."""
    return [
        {
            "person-id": number(n),
            "person-name": f"王{'甲乙丙丁'[n % 4]}{n}",
            "phone": f"1400{n:07d}",
            "address": f"河南省驻马店市驿城区雪松路{n}号",
            "account": f"62220000{n:010d}",
            "note": f"备注{n}" if n % 3 else None,
            "months": n % 400,
            "since": f"20{n % 20:02d}-0{n % 9 + 1}-1{n % 9}",
            "active": n % 2 == 0,
            "base": f"{n % 9000}.50",
        }
        for n in range(count)
    ]


def limits(folder: Path, **changes: Any) -> Limits:
    """Small limits."""
    given: dict[str, Any] = {
        "connect_seconds": 1,
        "total_seconds": 2,
        "most_bytes": 200_000,
        "most_file_bytes": 2_000_000,
        "most_rows": 50,
        "folder": folder,
    }
    return Limits(**(given | changes))


def connector(kind: str, config: dict[str, Any], within: Limits, **secret: str) -> Connector:
    """A real connector."""
    return CONNECTORS[kind](Registered("test-people", kind, config, within, secret))


def soon(seconds: float = 2.0) -> float:
    """A deadline."""
    return time.monotonic() + seconds


def sqlite_file(path: Path, rows: Sequence[Row]) -> dict[str, Any]:
    """Write people into a SQLite file; returns how it is registered."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as db, db:
        names = ", ".join(COLUMNS.values())
        db.execute(f"CREATE TABLE people ({names.replace('person_id', 'person_id TEXT PRIMARY KEY')})")
        marks = ", ".join("?" * len(FIELDS))
        db.executemany(
            f"INSERT INTO people VALUES ({marks})", [[row[name] for name in FIELDS] for row in rows]
        )
    return {
        "dialect": "sqlite",
        "path": path.name,
        "table": "people",
        "columns": COLUMNS,
        "order": "person-id",
    }


class Told(BaseConnector):
    """Answers with `rows`, or does what `act` does; counts its calls."""

    def __init__(self, rows: Sequence[Row] = (), act: Callable[[Query], Sequence[Row]] | None = None) -> None:
        self.rows, self.act, self.calls, self.closed = list(rows), act, 0, 0

    def fetch(self, query: Query, *, deadline: float) -> list[Row]:
        self.calls += 1
        if self.act is not None:
            return list(self.act(query))
        return [r for r in self.rows if all(str(r[k]) == str(v) for k, v in query.keys.items())]

    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[TablePage]:
        for start in range(int(after or 0), len(self.rows), size):
            part = self.rows[start : start + size]
            yield TablePage(
                table_of(fields, [[row[f] for f in fields] for row in part]), str(start + len(part))
            )

    def close(self) -> None:
        self.closed += 1


def dead(_: Query) -> Sequence[Row]:
    """Nobody answers."""
    raise SourceDown("没有应答。")
