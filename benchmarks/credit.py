# SPDX-License-Identifier: Apache-2.0
"""Credit facts as columns: all firms evaluated, against SQL written by hand over the same files; how that and
one firm's history grow with the number of facts.

`SCALE=10 python -m benchmarks credit`: ten times the firms and facts of the default, 100,000 and 10,000,000.
One in a hundred records was told again, so that the newest version has to be found.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from .measure import Line, Timing, in_turns, seconds_of

SCALE = max(1, int(os.environ.get("SCALE", "1")))
FIRMS, FACTS = 100_000 * SCALE, 10_000_000 * SCALE
GROWTH = 10
ROUNDS, LOOKS = 5, 300
ON = dt.date(2026, 11, 1)
YEARS = range(2017, 2027)
TARGET_ALL, TARGET_GROWTH, TARGET_ONE = 1.3, 1.0, 2.0
_ROWS = """
SELECT 'firm-' || lpad((hash(i * 7 + 1) % {firms})::VARCHAR, 9, '0') AS subject,
  ['credit-penalty', 'credit-permit', 'credit-permit', 'credit-permit', 'credit-inspection',
   'credit-inspection', 'credit-commitment-kept', 'credit-commitment', 'credit-domain-utilities',
   'credit-domain-insurance',
   CASE hash(i * 13) % 40 WHEN 0 THEN 'credit-black-market' WHEN 1 THEN 'credit-red'
     WHEN 2 THEN 'credit-watch' WHEN 3 THEN 'credit-false-commitment' WHEN 4 THEN 'credit-award'
     ELSE 'credit-domain-post' END
  ][1 + (hash(i * 11) % 11)::INT] AS catalogue,
  'any' AS "class",
  CASE WHEN catalogue IN ('credit-penalty', 'credit-false-commitment')
    THEN ['轻微', '一般', '严重'][1 + (hash(i * 17) % 3)::INT] ELSE '' END AS severity,
  (DATE '{year}-01-01' + (hash(i * 19) % 365)::INT)::DATE AS decided,
  CASE WHEN hash(i * 23) % 10 = 0 THEN (decided + (hash(i * 29) % 2000)::INT)::DATE END AS "until",
  CASE WHEN hash(i * 31) % 20 = 0 THEN (decided + (hash(i * 37) % 400)::INT)::DATE END AS ended,
  {version}::INT AS version, 'market-regulation' AS org, 'cr-' || i AS record, i AS number
FROM range({start}, {stop}, {every}) AS told(i)
"""
_BY_HAND = """
COPY (WITH again AS (SELECT number, max(step) AS last FROM read_parquet({again}) GROUP BY number),
facts AS (SELECT f.subject, f.catalogue, f.severity, f.decided FROM read_parquet({facts}) f
  LEFT JOIN again a ON f.number = a.number
  WHERE (a.last IS NULL OR f.step >= a.last) AND f.decided <= DATE '{on}'
    AND (f."until" IS NULL OR f."until" >= DATE '{on}') AND (f.ended IS NULL OR f.ended > DATE '{on}')
    AND f.catalogue IN ('credit-penalty', 'credit-false-commitment', 'credit-black-market',
      'credit-black-wages', 'credit-black-construction', 'credit-watch', 'credit-subsidy-fraud',
      'credit-food-licence-revoked', 'credit-false-application', 'credit-licence-by-fraud',
      'credit-commitment-kept', 'credit-red', 'credit-award')),
counted AS (SELECT subject,
  count(*) FILTER (
    catalogue IN ('credit-black-market', 'credit-black-wages') AND decided >= DATE '2023-11-01'
    OR catalogue = 'credit-black-construction' AND decided >= DATE '2024-11-01') AS black,
  count(*) FILTER (catalogue = 'credit-watch' AND decided >= DATE '2025-11-01') AS watch,
  count(*) FILTER (catalogue IN ('credit-penalty', 'credit-false-commitment') AND severity = '严重'
    AND decided >= DATE '2023-11-01') AS grave,
  count(*) FILTER (catalogue IN ('credit-penalty', 'credit-false-commitment') AND severity = '一般'
    AND decided >= DATE '2025-11-01') AS common,
  count(*) FILTER (catalogue IN ('credit-penalty', 'credit-false-commitment') AND severity = '轻微'
    AND decided >= DATE '2026-08-01') AS slight,
  count(*) FILTER (catalogue = 'credit-food-licence-revoked' AND decided >= DATE '2021-11-01'
    OR catalogue IN ('credit-licence-by-fraud', 'credit-subsidy-fraud') AND decided >= DATE '2023-11-01'
    OR catalogue = 'credit-false-application' AND decided >= DATE '2025-11-01') AS fraud,
  count(*) FILTER (catalogue = 'credit-commitment-kept' AND decided >= DATE '2025-11-01') AS kept,
  count(*) FILTER (catalogue = 'credit-red' AND decided >= DATE '2023-11-01') AS red,
  count(*) FILTER (catalogue = 'credit-award' AND decided >= DATE '2023-11-01') AS award
  FROM facts GROUP BY subject),
scored AS (SELECT s.subject,
  coalesce(black, 0) AS black, coalesce(watch, 0) AS watch, coalesce(grave, 0) AS grave,
  coalesce(common, 0) AS common, coalesce(slight, 0) AS slight, coalesce(fraud, 0) AS fraud,
  coalesce(kept, 0) AS kept, coalesce(red, 0) AS red, coalesce(award, 0) AS award
  FROM read_parquet('{firms}') s LEFT JOIN counted c ON s.subject = c.subject),
pointed AS (SELECT *, -least(60, black * 40 + watch * 10) AS p1, -least(50, grave * 20 + fraud * 25) AS p2,
  -least(24, common * 8) AS p3, -least(4, slight * 2) AS p4, least(8, kept * 2) AS p5,
  least(12, red * 8 + award * 4) AS p6 FROM scored),
summed AS (SELECT *, greatest(0, least(100, 80 + p1 + p2 + p3 + p4 + p5 + p6)) AS score FROM pointed)
SELECT *, CASE WHEN score >= 90 AND black = 0 THEN 'A级' WHEN score >= 70 AND black = 0 THEN 'B级'
  WHEN score >= 50 AND black = 0 THEN 'C级' ELSE 'D级' END AS grade FROM summed) TO '{to}' (FORMAT parquet)
"""
_SAME = """
SELECT count(*) FROM '{ours}' o FULL JOIN '{theirs}' t USING (subject)
WHERE (o."评价得分", o."等级") IS DISTINCT FROM (t.score, t.grade)
"""


def run() -> list[Line]:
    """All firms from all facts, from a tenth of them; one firm's history in both."""
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        large, small = Path(folder) / "large", Path(folder) / "small"
        took = _fill(large, FACTS)
        _fill(small, FACTS // GROWTH)
        return [*_everybody(large, small, took), _one(large, small)]


def _fill(folder: Path, facts: int) -> float:
    """A store of so many facts about all firms, a year a step, and one in a hundred told again; seconds."""
    import duckdb

    from yiwang.engines.credit.store import Store

    store, engine = Store(folder / "store"), duckdb.connect()
    written, a_year = 0.0, facts // len(YEARS)
    for step, year in enumerate(YEARS):
        given = {"firms": FIRMS, "year": year, "start": step * a_year, "stop": (step + 1) * a_year}
        rows = engine.sql(_ROWS.format(**given, version=1, every=1)).to_arrow_table()
        written += seconds_of(lambda rows=rows, step=step: store.append(rows, [], {}, after=step))
    given = {"firms": FIRMS, "year": YEARS[-1], "start": 0, "stop": facts, "version": 2, "every": 100}
    rows = engine.sql(_ROWS.format(**given)).to_arrow_table()
    store.append(rows, rows["number"].to_pylist(), {}, after=len(YEARS))
    firms = "COPY (SELECT 'firm-' || lpad(i::VARCHAR, 9, '0') AS subject FROM range({}) AS t(i)) TO '{}'"
    engine.execute(firms.format(FIRMS, folder / "firms.parquet"))
    return written


def _everybody(large: Path, small: Path, took: float) -> list[Line]:
    import ibis

    from yiwang.engines import house
    from yiwang.engines.credit import CreditBook
    from yiwang.engines.credit.evaluation_population import evaluate_all
    from yiwang.engines.credit.store import Store
    from yiwang.engines.credit.store_reading import newest

    book = CreditBook.of(house.load())
    evaluation, engine = book.evaluation("evaluation-firms"), ibis.duckdb.connect()
    ours_to, theirs_to = large / "ours.parquet", large / "theirs.parquet"

    def ours(folder: Path) -> None:
        firms = engine.read_parquet(folder / "firms.parquet")
        facts = newest(engine, Store(folder / "store"))
        engine.to_parquet(evaluate_all(evaluation, book, facts, firms, on=ON), folder / "ours.parquet")

    facts, again = Store(large / "store").paths()
    by_hand = _BY_HAND.format(facts=facts, again=again, firms=large / "firms.parquet", on=ON, to=theirs_to)
    mine, peers = in_turns(lambda: ours(large), lambda: engine.raw_sql(by_hand), rounds=ROUNDS, warm_up=1)
    differ = engine.raw_sql(_SAME.format(ours=ours_to, theirs=theirs_to)).fetchone()[0]
    note = "the same answers" if differ == 0 else f"{differ} rows differ"
    size = sum(part.bytes for part in Store(large / "store").manifest().parts) / 2**20
    note += f"; {size:,.0f} MiB, sorted and written in {took:.0f} s"
    ten, one = in_turns(lambda: ours(large), lambda: ours(small), rounds=ROUNDS, warm_up=1)
    what = f"{FIRMS:,} firms evaluated from {FACTS:,} facts, DuckDB"
    grown = ten.median / one.median / GROWTH
    return [
        Line(what, "SQL written by hand", mine, peers, mine.median / peers.median, TARGET_ALL, note),
        Line(what, f"{GROWTH} times that from {FACTS // GROWTH:,}", ten, one, grown, TARGET_GROWTH),
    ]


def _one(large: Path, small: Path) -> Line:
    """One firm's history: the firms by turns in both stores, through a connection that stays open."""
    import duckdb

    from yiwang.engines.credit.store import Store
    from yiwang.engines.credit.store_reading import facts_of_subject

    engine, chance = duckdb.connect(config={"threads": 1}), random.Random(1)
    firms = [f"firm-{chance.randrange(FIRMS):09}" for _ in range(LOOKS)]
    found = [len(facts_of_subject(Store(large / "store"), firm, engine=engine)) for firm in firms]
    times: list[list[float]] = [[], []]
    for firm in firms:
        for place, folder in enumerate((large, small)):
            start = time.perf_counter()
            facts_of_subject(Store(folder / "store"), firm, engine=engine)
            times[place].append(time.perf_counter() - start)
    ours, theirs = Timing.of(times[0]), Timing.of(times[1])
    what = f"one firm's {_mean(found):.0f} facts of {FACTS:,}"
    return Line(what, f"of {FACTS // GROWTH:,}, by p95", ours, theirs, ours.p95 / theirs.p95, TARGET_ONE)


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers)
