# SPDX-License-Identifier: Apache-2.0
"""Match all policies over a file of subjects on DuckDB, in the process, and write what came out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis

from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.population import columns_of, match
from yiwang.engines.definitions import Catalogue
from yiwang.kernel.errors import Invalid

STREAMED = "SET preserve_insertion_order = false"
"""Rows are written as they are done: ten times the population takes no more memory. Each has its number."""


@dataclass(frozen=True)
class Summary:
    """Per policy: how many fit, how many hang on something not known, how many fen in all."""

    rows: Sequence[tuple[Policy, int, int, int]]
    left_out: Mapping[str, str]


def match_file(
    catalogue: Catalogue,
    policies: Sequence[Policy],
    data: Path,
    *,
    on: dt.date,
    to: Path | None = None,
    key: str = "id",
) -> Summary:
    """Match a Parquet file. Raises Invalid when it is none or lacks the key column."""
    engine = ibis.duckdb.connect()
    engine.raw_sql(STREAMED)
    try:
        table = engine.read_parquet(data)
    except Exception as error:
        raise Invalid(
            f"{data} 不是 Parquet 文件：{type(error).__name__}。", mend="请核对路径和格式。"
        ) from None
    if key not in table.columns:
        raise Invalid(f"文件里没有编号列“{key}”。", mend="请用 --key 指明哪一列是编号。")
    matching = match(policies, table, columns_of(catalogue), on=on, key=key)
    target = to
    if target is not None:
        engine.to_parquet(matching.query, target)
    result = engine.read_parquet(target) if target is not None else matching.query
    totals = {}
    for policy in matching.policies:
        reason = result[f"{policy.id}.reason"]
        totals[f"{policy.id}.fits"] = (reason == 0).sum()
        totals[f"{policy.id}.open"] = (reason < 0).sum()
        if policy.money is not None:
            totals[f"{policy.id}.fen"] = result[f"{policy.id}.fen"].sum()
    told = engine.to_pyarrow(result.aggregate(**totals)).to_pylist()[0] if totals else {}
    rows = [
        (p, int(told[f"{p.id}.fits"] or 0), int(told[f"{p.id}.open"] or 0), int(told.get(f"{p.id}.fen") or 0))
        for p in matching.policies
    ]
    return Summary(rows, matching.left_out)
