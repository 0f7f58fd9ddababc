# SPDX-License-Identifier: Apache-2.0
"""Credit facts as columns: all firms evaluated, against SQL written by hand over the same files and against
a plain DuckDB table of the same rows; one firm's history, against that table and a store of a hundredth.

`SCALE=10 python -m benchmarks credit`: ten times the default of 100,000 firms and 10,000,000 facts. First
the store is merged; then one in a hundred records is told again, so that the newest version has to be found.
The facts can be made beforehand, while the machine does other things: `SCALE=100 python -m benchmarks.credit
FOLDER` makes them, `SCALE=100 MADE=FOLDER python -m benchmarks credit` measures, once, and changes them.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .credit_facts import fill, firm, tell_again
from .measure import Line, Timing, in_turns, seconds_of

SCALE = max(1, int(os.environ.get("SCALE", "1")))
FIRMS, FACTS = 100_000 * SCALE, 10_000_000 * SCALE
GROWTH = 10
ROUNDS, LOOKS, AGAIN = 5, 300, 100
MOST_MERGED = 10
"""Above this scale the store is not merged a second time: it would need its room on the disk twice."""
ON = dt.date(2026, 11, 1)
TARGET_ALL, TARGET_GROWTH, TARGET_ONE, TARGET_PLAIN = 1.3, 1.0, 2.0, 1.5
_BY_HAND = """
COPY (WITH facts AS (SELECT f.subject, f.catalogue, f.severity, f.decided FROM {current}
    f.decided BETWEEN DATE '2021-11-01' AND DATE '{on}'
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
  count(*) FILTER (catalogue IN ('credit-penalty', 'credit-false-commitment') AND severity = ''
    AND decided >= DATE '2026-08-01') AS unsaid,
  CASE WHEN black + watch + grave + common + slight + unsaid + fraud = 0
    THEN count(*) FILTER (catalogue = 'credit-red' AND decided >= DATE '2023-11-01') ELSE 0 END AS red,
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
_NEWEST = """
read_parquet({facts}) f
  LEFT JOIN (SELECT number, max(step) AS last FROM read_parquet({again}) GROUP BY number) a
  ON f.number = a.number WHERE (a.last IS NULL OR f.step >= a.last) AND
"""
_COUNTED = (
    "SELECT count(*), sum(n), max(d) FROM (SELECT subject, count(*) n, max(decided) d FROM {} GROUP BY 1)"
)
_ONE = """
SELECT record, subject, catalogue, severity, decided, "until", ended, version, org, number, step
FROM facts WHERE subject = ?
"""


def run() -> list[Line]:
    """Measure in a folder made beforehand, or make one and remove it afterwards."""
    if made := os.environ.get("MADE"):
        return _measured(Path(made))
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        make(Path(folder))
        return _measured(Path(folder))


def make(folder: Path) -> None:
    """Fill the store, a plain DuckDB table of its rows, and the stores of a tenth and of a hundredth."""
    import duckdb

    large = folder / "large"
    large.mkdir(parents=True)
    with duckdb.connect(str(large / "plain.duckdb")) as plain:
        took = seconds_of(lambda: fill(large, FACTS, FIRMS, plain=plain))
        plain.execute("CHECKPOINT")
    _say(f"{FACTS:,} facts made and written into the store and into the table: {took:.0f} s")
    fill(folder / "small", FACTS // GROWTH, FIRMS)
    fill(folder / "less", FACTS // 100, FIRMS // 100)


def _measured(folder: Path) -> list[Line]:
    """The merged store against a plain table; told again, against SQL by hand; growth; merging."""
    large, small = folder / "large", folder / "small"
    lines = _beside_a_table(large, folder / "less")
    for where, facts in ((large, FACTS), (small, FACTS // GROWTH)):
        _say(f"one in {AGAIN} told again: {seconds_of(partial(_again, where, facts)):.0f} s")
    lines += _everybody(large, small)
    if SCALE <= MOST_MERGED:
        lines.append(_merged(large))
    return lines


def _again(where: Path, facts: int) -> None:
    tell_again(where, facts, FIRMS, every=AGAIN)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _beside_a_table(large: Path, less: Path) -> list[Line]:
    """The merged store beside a DuckDB table of its rows, which is gone afterwards."""
    import duckdb

    table = large / "plain.duckdb"
    sizes = f"store {_size(large):,.0f} MiB, table {table.stat().st_size / 2**20:,.0f} MiB"
    with duckdb.connect(str(table)) as plain:
        lines = [*_whole(large, plain, sizes), *_one(large, less, plain)]
    table.unlink()
    return lines


def _size(large: Path) -> float:
    from yiwang.engines.credit.store import Store

    return sum(part.bytes for part in Store(large / "store").manifest().parts) / 2**20


def _whole(large: Path, plain: Any, sizes: str) -> list[Line]:
    import duckdb

    from yiwang.engines.credit.store import Store

    own, paths = duckdb.connect(), Store(large / "store").paths()[0]
    grouped, found = [_COUNTED.format(f"read_parquet({paths})"), _COUNTED.format("facts")], []
    for engine, asked in zip((own, plain), grouped, strict=True):
        found.append(engine.execute(asked).fetchall())
    assert found[0] == found[1]
    group = in_turns(
        lambda: own.execute(grouped[0]).fetchall(), lambda: plain.execute(grouped[1]).fetchall(),
        rounds=ROUNDS, warm_up=1,
    )  # fmt: skip
    by_hand = _by_hand(large, "facts f WHERE", large / "plain.parquet")
    ours = _evaluation(large)
    both = in_turns(ours, lambda: plain.execute(by_hand), rounds=ROUNDS, warm_up=1)
    note = f"{_differing(large, 'plain.parquet')}; {sizes}"
    against = "a plain DuckDB table of the same rows in the same order"
    return [
        _line(f"{FACTS:,} facts counted by firm", against, group, TARGET_PLAIN),
        _line(
            f"{FIRMS:,} firms evaluated from them", f"SQL by hand over {against}", both, TARGET_PLAIN, note
        ),
    ]


def _line(what: str, against: str, pair: tuple[Timing, Timing], target: float, note: str = "") -> Line:
    ours, theirs = pair
    return Line(what, against, ours, theirs, ours.median / theirs.median, target, note)


def _by_hand(large: Path, current: str, to: Path) -> str:
    return _BY_HAND.format(current=current, firms=large / "firms.parquet", on=ON, to=to)


def _evaluation(folder: Path) -> Callable[[], None]:
    """All firms of a folder evaluated into its `ours.parquet`."""
    import ibis

    from yiwang.engines import house
    from yiwang.engines.credit import CreditBook
    from yiwang.engines.credit.evaluation_population import evaluate_all
    from yiwang.engines.credit.store import Store
    from yiwang.engines.credit.store_reading import newest

    book = CreditBook.of(house.load())
    evaluation, engine = book.evaluation("evaluation-firms"), ibis.duckdb.connect()

    def evaluate() -> None:
        firms = engine.read_parquet(folder / "firms.parquet")
        facts = newest(engine, Store(folder / "store"))
        engine.to_parquet(evaluate_all(evaluation, book, facts, firms, on=ON), folder / "ours.parquet")

    return evaluate


def _differing(folder: Path, theirs: str) -> str:
    import duckdb

    asked = _SAME.format(ours=folder / "ours.parquet", theirs=folder / theirs)
    (differ,) = duckdb.execute(asked).fetchone() or (None,)
    return "the same answers" if differ == 0 else f"{differ} rows differ"


def _everybody(large: Path, small: Path) -> list[Line]:
    import duckdb

    from yiwang.engines.credit.store import Store

    facts, again = Store(large / "store").paths()
    by_hand = _by_hand(large, _NEWEST.format(facts=facts, again=again), large / "by-hand.parquet")
    ours, engine = _evaluation(large), duckdb.connect()
    pair = in_turns(ours, lambda: engine.execute(by_hand), rounds=ROUNDS, warm_up=1)
    note = _differing(large, "by-hand.parquet")
    ten, one = in_turns(ours, _evaluation(small), rounds=ROUNDS, warm_up=1)
    what = f"{FIRMS:,} firms evaluated from {FACTS:,} facts, one in {AGAIN} told again"
    grown = ten.median / one.median / GROWTH
    return [
        _line(what, "SQL written by hand over the same files", pair, TARGET_ALL, note),
        Line(what, f"{GROWTH} times that from {FACTS // GROWTH:,}", ten, one, grown, TARGET_GROWTH),
    ]


def _merged(large: Path) -> Line:
    """Merging, once, beside one statement that sorts the newest rows into one file, all in memory."""
    import duckdb

    from yiwang.engines.credit.store import Store
    from yiwang.engines.credit.store_merging import merge

    store = Store(large / "store")
    facts, again = store.paths()
    rows, newest = store.manifest().rows, _NEWEST.format(facts=facts, again=again)
    sort = f"COPY (SELECT f.* FROM {newest} true ORDER BY ALL) TO '{large / 'sorted'}' (FORMAT parquet)"
    theirs = Timing.of([seconds_of(lambda: duckdb.connect().execute(sort))])
    ours = Timing.of([seconds_of(lambda: merge(store, now=dt.datetime.now(dt.UTC)))])
    note = f"{rows / ours.median * 1e3:,.0f} rows a second"
    what = f"{rows:,} rows merged, in pieces, digests and history included"
    return Line(what, "one statement", ours, theirs, ours.median / theirs.median, None, note)


def _one(large: Path, less: Path, plain: Any) -> list[Line]:
    """One firm's history: the firms by turns in both stores and in the table, which stays open."""
    from yiwang.engines.credit.store import Store
    from yiwang.engines.credit.store_reading import facts_of_subject

    chance = random.Random(1)
    firms = [firm(chance.randrange(FIRMS // 100)) for _ in range(LOOKS)]
    spread = [firm(chance.randrange(FIRMS)) for _ in range(LOOKS)]
    plain.execute("SET threads = 1")
    ways: list[tuple[Callable[[str], Sequence[object]], list[str]]] = [
        (lambda one: facts_of_subject(Store(large / "store"), one), spread),
        (lambda one: plain.execute(_ONE, [one]).fetchall(), spread),
        (lambda one: facts_of_subject(Store(less / "store"), one), firms),
    ]
    times: list[list[float]] = [[], [], []]
    found = {len(look(asked[0])) for look, asked in ways}
    for turn in range(LOOKS):
        for place, (look, asked) in enumerate(ways):
            start = time.perf_counter()
            look(asked[turn])
            times[place].append(time.perf_counter() - start)
    plain.execute("RESET threads")
    ours, table, hundredth = (Timing.of(one) for one in times)
    what = f"one firm's {max(found)} facts of {FACTS:,}"
    return [
        _line(what, "a plain DuckDB table, open, one thread", (ours, table), TARGET_PLAIN),
        Line(what, f"of {FACTS // 100:,}, by p95", ours, hundredth, ours.p95 / hundredth.p95, TARGET_ONE),
    ]


if __name__ == "__main__":
    make(Path(sys.argv[1]))
