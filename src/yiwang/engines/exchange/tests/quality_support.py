# SPDX-License-Identifier: Apache-2.0
"""Small resources and tables to judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import ibis
import pyarrow as pa

from yiwang.engines.definitions import Catalogue
from yiwang.engines.exchange import Resource
from yiwang.engines.exchange.quality import ROW, Judging, Outcome, judge

TODAY = dt.date(2026, 5, 18)
CITE = {"doc": "gb-2022-10", "at": "L479–L481"}
ITEMS = (
    ("code", "信用代码", "uscc"),
    ("number", "身份号码", "id_number"),
    ("name", "名称", "text"),
    ("capital", "注册资本", "money"),
    ("staff", "人数", "integer"),
    ("share", "比例", "decimal"),
    ("founded", "成立日期", "date"),
    ("changed", "变更日期", "date"),
    ("open", "是否开业", "boolean"),
    ("phone", "电话", "phone"),
)
Row = Mapping[str, str | None]


def resource(id_: str, rules: Sequence[Mapping[str, Any]], **more: Any) -> Resource:
    """A resource with `ITEMS` and these rules, found by `code`."""
    fields: list[dict[str, Any]] = [
        {"id": one, "name": name, "type": type_, "grade": "general_2"} for one, name, type_ in ITEMS
    ]
    fields[0] |= {"key": True}
    fields[1] |= {"mask": "id_number"}
    base = {"share": "1", "mend": "请核对", "cite": CITE}
    return Resource.model_validate(
        {
            **{"id": id_, "name": f"资源{id_}", "provider": "health", "subject": "thing", "cite": CITE},
            **{"library": "department", "summary": "测试", "sharing": "unconditional"},
            **{"grade": "general_2", "cycle": "monthly", "fields": fields},
            "quality": [{**base, **rule} for rule in rules],
            **more,
        }
    )


@lru_cache(maxsize=1)
def backend() -> Any:
    """One engine for all tests of a process."""
    return ibis.duckdb.connect()


def judged(
    rules: Sequence[Mapping[str, Any]], rows: Sequence[Row], other: Sequence[Row] = (), **more: Any
) -> list[Outcome]:
    """The outcomes of rules over rows, with `other` as the resource `other`."""
    one, two = resource("one", rules, **more), resource("other", ())
    tables = {"one": _table("one", rows), "other": _table("other", other)}
    judging = Judging(
        catalogue=Catalogue(),
        resources={"one": one, "other": two},
        tables=tables,
        on=TODAY,
        cycle_days=32,
        samples=100,
        conceal=lambda _item, value: value,
    )
    return judge(one, judging)


def _table(name: str, rows: Sequence[Row]) -> Any:
    columns = {one: pa.array([row.get(one) for row in rows], pa.string()) for one, _, _ in ITEMS}
    page = pa.table({ROW: pa.array(range(len(rows)), pa.int64()), **columns})
    raw = backend().con
    raw.register("page", page)
    raw.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM page")
    raw.unregister("page")
    return backend().table(name)
