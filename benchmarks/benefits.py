# SPDX-License-Identifier: Apache-2.0
"""Policies: everybody at once against SQL written by hand; one subject against a limit.

The population is a million firms in a Parquet file. Ours: the compiled policies of the logistics programme,
amounts and reasons, run by DuckDB and written to Parquet. Theirs: the same answers by SQL written by
hand, the way somebody who knows DuckDB would write it, through the same engine. `benefits_all` holds all
computed policies against SQL by hand.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from . import benefits_all
from .measure import Line, Timing, in_turns

FIRMS = 1_000_000
ROUNDS = 7
DAY = dt.date(2023, 5, 4)
TARGET_ALL, TARGET_ONE = 1.3, 30.0  # times the hand-written SQL; milliseconds at p95
TARGET_MEMORY = 1.2  # flat, but for what the engine keeps of its own
PROGRAMME = (
    "logistics-gap-filling-subsidy",
    "logistics-regional-headquarters",
    "logistics-demonstration-park",
    "logistics-5a-firm",
    "logistics-charging-station",
)
_FIRMS = """
COPY (SELECT range AS id,
  CASE WHEN random() < 0.95 THEN ['国家物流枢纽', '区域物流枢纽', '省级以上骨干冷链物流基地', '都不是']
    [1 + floor(random() * 4)::INT] END AS "所在物流枢纽",
  random() < 0.5 AS "是否物流补短板项目",
  CASE WHEN random() < 0.95 THEN (random() * 1e8)::DECIMAL(18, 2) END AS "物流项目总投资额",
  ['全国物流50强', '货运代理物流100强', '都不是'][1 + floor(random() * 3)::INT] AS "区域总部来自何种物流企业",
  random() < 0.1 AS "是否新晋国家级示范物流园区",
  random() < 0.1 AS "是否新晋5A级物流企业",
  random() < 0.3 AS "是否物流园区新建新能源货车充电站",
  (random() * 1200)::DECIMAL(18, 4) AS "充电总功率",
  (random() * 40)::INT::DECIMAL(18, 0) AS "集中充电桩数",
  CASE WHEN random() < 0.95 THEN (random() * 1e6)::DECIMAL(18, 2) END AS "充电主要设备投资额"
FROM range({rows})) TO '{file}' (FORMAT parquet)
"""
_BY_HAND = """
COPY (WITH awards AS (SELECT *,
  CASE WHEN "区域总部来自何种物流企业" IN ('全国物流50强', '货运代理物流100强')
    THEN 200000000 ELSE 0 END AS hq,
  CASE WHEN "是否新晋国家级示范物流园区" THEN 300000000 ELSE 0 END AS park,
  CASE WHEN "是否新晋5A级物流企业" THEN 50000000 ELSE 0 END AS five
  FROM '{data}')
SELECT id,
  CASE WHEN "所在物流枢纽" = '都不是' THEN 1 WHEN NOT "是否物流补短板项目" THEN 2
    WHEN "物流项目总投资额" <= 50000000 THEN 3 WHEN "所在物流枢纽" IS NULL THEN -1
    WHEN "物流项目总投资额" IS NULL THEN -3 ELSE 0 END AS gap_reason,
  CASE WHEN "所在物流枢纽" = '都不是' OR NOT "是否物流补短板项目" OR "物流项目总投资额" <= 50000000 THEN 0
    WHEN "所在物流枢纽" IS NOT NULL AND "物流项目总投资额" IS NOT NULL
    THEN (least("物流项目总投资额" * 0.3, 5000000) * 100)::BIGINT END AS gap_fen,
  CASE WHEN hq = 0 THEN 1 WHEN park > hq THEN 1000 ELSE 0 END AS hq_reason,
  CASE WHEN park > hq THEN 0 ELSE hq END AS hq_fen,
  CASE WHEN park = 0 THEN 1 ELSE 0 END AS park_reason, park AS park_fen,
  CASE WHEN five = 0 THEN 1 WHEN greatest(hq, park) > five THEN 1000 ELSE 0 END AS five_reason,
  CASE WHEN greatest(hq, park) > five THEN 0 ELSE five END AS five_fen,
  CASE WHEN NOT "是否物流园区新建新能源货车充电站" THEN 1
    WHEN "充电总功率" < 600 AND "集中充电桩数" < 20 THEN 2 WHEN "充电主要设备投资额" IS NULL THEN -3
    ELSE 0 END AS charging_reason,
  CASE WHEN NOT "是否物流园区新建新能源货车充电站" OR ("充电总功率" < 600 AND "集中充电桩数" < 20) THEN 0
    ELSE (round("充电主要设备投资额" * 0.3, 2) * 100)::BIGINT END AS charging_fen
FROM awards) TO '{to}' (FORMAT parquet)
"""
_SAME = """
SELECT count(*) FROM '{ours}' o JOIN '{theirs}' t USING (id) WHERE
  ("{0}.fen", "{0}.reason", "{1}.fen", "{1}.reason", "{2}.fen", "{3}.fen", "{3}.reason", "{4}.fen")
  IS DISTINCT FROM (gap_fen, gap_reason, hq_fen, hq_reason, park_fen, five_fen, five_reason, charging_fen)
"""


def run() -> list[Line]:
    """All policies over a million firms; one firm, all policies of the house, with reasons."""
    from yiwang.engines import house

    catalogue = house.load()
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        made = Path(folder)
        all_ = benefits_all.everybody(catalogue, made, firms=FIRMS, rounds=ROUNDS)
        return [_everybody(catalogue, made), all_, _one(catalogue), _memory(made)]


def _everybody(catalogue: Any, folder: Path) -> Line:
    import ibis

    from yiwang.engines.benefits.population import columns_of, match

    engine = ibis.duckdb.connect()
    data, ours_to, theirs_to = folder / "firms.parquet", folder / "ours.parquet", folder / "theirs.parquet"
    engine.raw_sql(_FIRMS.format(rows=FIRMS, file=data))
    table = engine.read_parquet(data)
    policies = [catalogue.others["policies"][key] for key in PROGRAMME]

    start = time.perf_counter()
    query = match(policies, table, columns_of(catalogue), on=DAY).query
    compiled = time.perf_counter() - start

    def ours() -> None:
        engine.to_parquet(query, ours_to)

    def theirs() -> None:
        engine.raw_sql(_BY_HAND.format(data=data, to=theirs_to))

    mine, peers = in_turns(ours, theirs, rounds=ROUNDS)
    differ = engine.raw_sql(_SAME.format(*PROGRAMME, ours=ours_to, theirs=theirs_to)).fetchone()[0]
    note = "the same answers" if differ == 0 else f"{differ} rows differ"
    note += f"; compiled once in {compiled * 1e3:.0f} ms"
    what = f"{len(policies)} policies over {FIRMS:,} firms, DuckDB"
    return Line(what, "SQL written by hand", mine, peers, mine.median / peers.median, TARGET_ALL, note)


def _one(catalogue: Any) -> Line:
    from yiwang.engines.benefits import calculate_all

    policies = list(catalogue.others["policies"].values())
    facts = {"所在物流枢纽": "国家物流枢纽", "是否物流补短板项目": True, "集中充电桩数": 30}
    times = []
    for _ in range(200):
        start = time.perf_counter()
        calculate_all(policies, facts, DAY)
        times.append(time.perf_counter() - start)
    timing = Timing.of(times)
    what = f"one firm, all {len(policies)} policies, with reasons"
    return Line(what, f"{TARGET_ONE:.0f} ms at p95", timing, None, timing.p95 / TARGET_ONE, 1.0)


def _memory(folder: Path) -> Line:
    """The most memory a match takes, for ten times the firms; the "ms" of this line are MiB."""
    took = {}
    for rows in (FIRMS, 10 * FIRMS):
        data = folder / f"{rows}.parquet"
        _in_a_process(_make, rows, data)
        took[rows] = Timing.of([_in_a_process(_peak, data, folder / "matched.parquet") / 1e3])
    small, large = took[FIRMS], took[10 * FIRMS]
    what = f"memory (MiB) for {10 * FIRMS:,} firms"
    return Line(what, f"for {FIRMS:,}", large, small, large.median / small.median, TARGET_MEMORY)


def _in_a_process(do: Callable[..., float], *given: Any) -> float:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(do, *given).result()


def _make(rows: int, data: Path) -> float:
    import ibis

    ibis.duckdb.connect().raw_sql(_FIRMS.format(rows=rows, file=data))
    return 0.0


def _peak(data: Path, to: Path) -> float:
    """Match a file of firms, as `yiwang benefits match` does; MiB at the highest."""
    from yiwang.conf.matching import match_all
    from yiwang.conf.populations import Source
    from yiwang.engines import house

    catalogue = house.load()
    policies: list[Any] = [catalogue.others["policies"][key] for key in PROGRAMME]
    match_all(catalogue, policies, Source(str(data)), on=DAY, to=to)
    status = Path("/proc/self/status").read_text()  # `getrusage` also counts what the parent once had
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
