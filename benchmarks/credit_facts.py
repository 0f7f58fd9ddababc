# SPDX-License-Identifier: Apache-2.0
"""Synthetic credit facts for the measurements: made in the order of subjects, so that a store of any size is
written in one go and with little memory, with the product's own writer of merged facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIRST, DAYS = "2017-01-01", 3_590
"""Facts are decided in ten years, evenly."""
_AT_ONCE = 1_000_000
_ROWS = """
SELECT subject, catalogue, 'any' AS "class",
  CASE WHEN catalogue IN ('credit-penalty', 'credit-false-commitment')
    THEN CASE hash(i * 17) % 3 WHEN 0 THEN '轻微' WHEN 1 THEN '一般' ELSE '严重' END ELSE '' END AS severity,
  decided,
  CASE WHEN hash(i * 23) % 10 = 0 THEN decided + (hash(i * 29) % 2000)::INT END AS "until",
  CASE WHEN hash(i * 31) % 20 = 0 THEN decided + (hash(i * 37) % 400)::INT END AS ended,
  {version}::INT AS version, 'market-regulation' AS org, 'cr-' || i AS record, i AS number
FROM (SELECT i, 'firm-' || lpad((i // {per})::VARCHAR, 9, '0') AS subject,
  DATE '{first}' + ((i % {per}) * {days} // {per}
    + hash(i * 19) % greatest(1, {days} // {per}))::INT AS decided,
  CASE hash(i * 11) % 11 WHEN 0 THEN 'credit-penalty' WHEN 1 THEN 'credit-permit' WHEN 2 THEN 'credit-permit'
    WHEN 3 THEN 'credit-permit' WHEN 4 THEN 'credit-inspection' WHEN 5 THEN 'credit-inspection'
    WHEN 6 THEN 'credit-commitment-kept' WHEN 7 THEN 'credit-commitment'
    WHEN 8 THEN 'credit-domain-utilities' WHEN 9 THEN 'credit-domain-insurance'
    ELSE CASE hash(i * 13) % 40 WHEN 0 THEN 'credit-black-market' WHEN 1 THEN 'credit-red'
      WHEN 2 THEN 'credit-watch' WHEN 3 THEN 'credit-false-commitment' WHEN 4 THEN 'credit-award'
      ELSE 'credit-domain-post' END END AS catalogue
  FROM range({start}, {stop}, {every}) AS told(i))
"""


def firm(number: int) -> str:
    """The id of a firm."""
    return f"firm-{number:09}"


def rows(engine: Any, start: int, stop: int, *, per: int, every: int = 1, version: int = 1) -> Any:
    """Facts of these numbers, `per` of each firm, in the order of subjects and days."""
    given = {"first": FIRST, "days": DAYS, "per": per, "every": every, "version": version}
    return engine.sql(_ROWS.format(start=start, stop=stop, **given)).to_arrow_table()


def chunks(facts: int, *, per: int) -> Iterator[Any]:
    """All facts in order, as a merged store keeps them, about a million at a time, no firm cut."""
    import duckdb
    import pyarrow as pa

    from yiwang.engines.credit.store_files import schema

    engine, at_once = duckdb.connect(), max(1, _AT_ONCE // per) * per
    for start in range(0, facts, at_once):
        table = rows(engine, start, min(facts, start + at_once), per=per)
        step = pa.array([1], pa.int32()).take(pa.array([0] * table.num_rows))
        yield table.append_column("step", step).select(schema().names).cast(schema())


def fill(folder: Path, facts: int, firms: int, *, plain: Any = None) -> None:
    """A merged store of so many facts about all firms, and the list of firms; the same rows into the table
    `facts` of a DuckDB connection, if one is given."""
    import duckdb

    from yiwang.engines.credit.store import Manifest, Store
    from yiwang.engines.credit.store_merging import Merged

    store = Store(folder / "store")
    with store.alone():
        writer = Merged(store, 1)
        for number, table in enumerate(chunks(facts, per=facts // firms)):
            writer.add(table)
            if plain is not None:
                _insert(plain, table, first=number == 0)
        store.keep(Manifest(writer.finish(), 1, {}, 1))
    ids = f"SELECT 'firm-' || lpad(i::VARCHAR, 9, '0') AS subject FROM range({firms}) AS t(i)"
    duckdb.connect().execute(f"COPY ({ids}) TO '{folder / 'firms.parquet'}'")


def _insert(plain: Any, table: Any, *, first: bool) -> None:
    plain.register("told", table)
    plain.execute("CREATE TABLE facts AS FROM told" if first else "INSERT INTO facts FROM told")
    plain.unregister("told")


def tell_again(folder: Path, facts: int, firms: int, *, every: int) -> None:
    """One in `every` records told again by one export."""
    import duckdb

    from yiwang.engines.credit.store import Store

    told = rows(duckdb.connect(), 0, facts, per=facts // firms, every=every, version=2)
    Store(folder / "store").append(told, told["number"].to_pylist(), {}, after=1)
