# SPDX-License-Identifier: Apache-2.0
"""Match all policies over a population at once, and write what came out."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis

from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.population import Matching, columns_of, match
from yiwang.engines.definitions import Catalogue

from .populations import Source, population, write

_SUMMED = "decimal(20, 0)"  # the fen of a whole city may be more than 64 bits hold


@dataclass(frozen=True)
class Summary:
    """Per policy: how many fit, how many hang on something not known, how many fen in all."""

    rows: Sequence[tuple[Policy, int, int, int]]
    left_out: Mapping[str, str]


def match_all(
    catalogue: Catalogue,
    policies: Sequence[Policy],
    source: Source,
    *,
    on: dt.date,
    to: Path | None = None,
) -> Summary:
    """Match policies over a population; `to`: the Parquet file of results. Raises as `population` does."""
    with population(source) as (engine, table), tempfile.TemporaryDirectory() as folder:
        matching = match(policies, table, columns_of(catalogue), on=on, key=source.key)
        if to is None and source.backend == "duckdb":  # counted as it streams by
            return _counted(engine, matching, matching.query)
        counter = ibis.duckdb.connect()
        written = write(engine, matching.query, to or Path(folder) / "matched.parquet")
        return _counted(counter, matching, counter.read_parquet(written))


def _counted(engine: Any, matching: Matching, result: Any) -> Summary:
    totals = {}
    for policy in matching.policies:
        reason = result[f"{policy.id}.reason"]
        totals[f"{policy.id}.fits"] = (reason == 0).sum()
        totals[f"{policy.id}.open"] = (reason < 0).sum()
        if policy.money is not None:
            totals[f"{policy.id}.fen"] = result[f"{policy.id}.fen"].cast(_SUMMED).sum()
    told = engine.to_pyarrow(result.aggregate(**totals)).to_pylist()[0] if totals else {}
    rows = [
        (p, int(told[f"{p.id}.fits"] or 0), int(told[f"{p.id}.open"] or 0), int(told.get(f"{p.id}.fen") or 0))
        for p in matching.policies
    ]
    return Summary(rows, matching.left_out)
