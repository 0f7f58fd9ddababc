# SPDX-License-Identifier: Apache-2.0
"""Every computed policy of the house for everybody at once, beside SQL written by hand for the same answers.

    python -m benchmarks.benefits_all [FIRMS] [ROUNDS]

The policies are taken as if all were in force on one day (there is none on which they are). The population
has every fact they ask for: at, just below and just above every bound a rule names, or far off; one in
twenty is missing. Both run through DuckDB and write Parquet; then every column of every row is compared.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from .measure import Line, in_turns

DAY = dt.date(2023, 5, 4)
TARGET = 1.3  # times the hand-written SQL
_FAR = {0: 4, 2: 10, 4: 5}
"""Digits behind the point → how large (a power of ten) a count, a sum of money, a measure may be."""
BY_HAND = Path(__file__).with_name("by_hand_all.sql")


def everybody(catalogue: Any, folder: Path, *, firms: int, rounds: int) -> Line:
    """Ours and the SQL by hand in turns; the note says how many answers differ."""
    import ibis

    from yiwang.engines.benefits.population import columns_of, match

    policies = computed(catalogue)
    known = columns_of(catalogue)
    columns = {name: known[name] for name in _asked(policies)}
    engine = ibis.duckdb.connect()
    data, ours_to, theirs_to = (folder / f"{name}.parquet" for name in ("everybody", "ours", "theirs"))
    engine.raw_sql(_population(columns, _bounds(policies), firms, data))

    start = time.perf_counter()
    matching = match(policies, engine.read_parquet(data), columns, on=DAY)
    compiled = time.perf_counter() - start
    by_hand = BY_HAND.read_text(encoding="utf-8").replace("{data}", str(data)).replace("{to}", str(theirs_to))

    mine, peers = in_turns(
        lambda: engine.to_parquet(matching.query, ours_to),
        lambda: engine.raw_sql(by_hand),
        rounds=rounds,
        warm_up=1,
    )
    wrong = differing(engine, ours_to, theirs_to)
    note = "the same answers" if not wrong else f"differ: {wrong}"
    note += f"; compiled once in {compiled * 1e3:.0f} ms"
    if matching.left_out:
        note += f"; left out: {sorted(matching.left_out)}"
    what = f"all {len(matching.policies)} computed policies over {firms:,} firms, DuckDB"
    return Line(what, "SQL written by hand", mine, peers, mine.median / peers.median, TARGET, note)


def computed(catalogue: Any) -> list[Any]:
    """The policies with a rule, as if all were in force."""
    always = {"valid_from": None, "valid_to": None}
    policies = catalogue.others["policies"].values()
    return [each.model_copy(update=always) for each in policies if each.when is not None]


def differing(engine: Any, ours: Path, theirs: Path) -> Mapping[str, int]:
    """Column → in how many rows the two files differ; both must hold the same columns and rows."""
    mine, other = (
        {row[0] for row in engine.raw_sql(f"DESCRIBE SELECT * FROM '{file}'").fetchall()}
        for file in (ours, theirs)
    )
    names = sorted((mine & other) - {"id"})
    counts = ", ".join(f'count(*) FILTER (o."{name}" IS DISTINCT FROM t."{name}")' for name in names)
    joined = f"FROM '{ours}' o FULL JOIN '{theirs}' t USING (id)"
    alone = "count(*) FILTER (o.rowid IS NULL OR t.rowid IS NULL)".replace("rowid", "id")
    *found, lonely = engine.raw_sql(f"SELECT {counts}, {alone} {joined}").fetchall()[0]
    wrong = {name: count for name, count in zip(names, found, strict=True) if count}
    return wrong | dict.fromkeys(sorted(mine ^ other), -1) | ({"rows": lonely} if lonely else {})


def _asked(policies: Sequence[Any]) -> Sequence[str]:
    from yiwang.engines.benefits import facts_needed

    return facts_needed(policies)


def _bounds(policies: Sequence[Any]) -> Mapping[str, list[Decimal]]:
    """Fact → the numbers written in the rules that ask for it."""
    from yiwang.engines.benefits.rules import amount_of, condition_of
    from yiwang.engines.rules import names, nodes

    found: dict[str, set[Decimal]] = {}
    for policy in policies:
        for rule in (condition_of(policy), amount_of(policy)):
            if rule is None:
                continue
            written = {
                node.value
                for node in nodes.walk(rule)
                if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal)
            }
            for name in names(rule):
                found.setdefault(name, set()).update(written)
    return {name: sorted(values) for name, values in found.items()}


def _population(columns: Mapping[str, Any], bounds: Mapping[str, list[Decimal]], rows: int, to: Path) -> str:
    from yiwang.engines.rules.types import Kind

    given = []
    for name, column in columns.items():
        if column.type.kind is Kind.BOOLEAN:
            value = "random() < 0.7"
        elif column.type.choices:
            value = _one_of([f"'{one}'" for one in column.type.choices])
        else:
            value = _number(column, bounds[name])
        given.append(f'CASE WHEN random() < 0.95 THEN {value} END AS "{name}"')
    return f"COPY (SELECT range AS id, {', '.join(given)} FROM range({rows})) TO '{to}' (FORMAT parquet)"


def _number(column: Any, bounds: Sequence[Decimal]) -> str:
    kind, step = f"DECIMAL({column.digits},{column.scale})", Decimal(1).scaleb(-column.scale)
    hard = sorted({max(Decimal(0), one + by).quantize(step) for one in bounds for by in (-step, 0, step)})
    near = _one_of([f"{one}::{kind}" for one in hard] or [f"0::{kind}"])
    far = f"(random() * 1e{_FAR[column.scale]})::{kind}"
    return f"CASE WHEN random() < 0.5 THEN {near} ELSE {far} END"


def _one_of(values: Sequence[str]) -> str:
    return f"[{', '.join(values)}][1 + floor(random() * {len(values)})::INT]"


if __name__ == "__main__":
    from yiwang.engines import house

    firms, rounds = (int(one) for one in [*sys.argv[1:], "10000", "3"][:2])
    with tempfile.TemporaryDirectory() as made:
        print(everybody(house.load(), Path(made), firms=firms, rounds=rounds))
