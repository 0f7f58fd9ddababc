# SPDX-License-Identifier: Apache-2.0
"""Read the facts of a store: of every record the newest row, of everybody or of one subject."""

from __future__ import annotations

from typing import Any, Final

from yiwang.kernel.late import Late

from .evaluation import Fact
from .store import Store
from .words import Severity

duckdb: Any = Late("duckdb")

_ONE: Final = """
SELECT record, subject, catalogue, severity, decided, until, ended, version, org, number, step
FROM read_parquet(?) WHERE subject = ?
"""
_AGAIN: Final = "SELECT number, max(step) FROM read_parquet(?) WHERE number = ANY(?) GROUP BY number"


def newest(engine: Any, store: Store) -> Any:
    """The facts of the store as a table of an Ibis engine, of each record the newest row alone.

    Raises NotFound when nothing was exported yet.
    """
    paths, superseded = store.paths()
    facts = engine.read_parquet(paths)
    if not superseded:
        return facts
    told = engine.read_parquet(superseded)
    last = told.group_by("number").aggregate(last=told["step"].max())
    joined = facts.left_join(last, facts["number"] == last["number"])
    current = joined.filter(joined["last"].isnull() | (joined["step"] >= joined["last"]))
    return current.select(*(facts[name] for name in facts.columns))


def facts_of_subject(store: Store, subject: str, *, engine: Any = None) -> tuple[Fact, ...]:
    """One subject's facts, the newest of each record, in the order of decision.

    A record that a correction took to somebody else is not among them. `engine`: a DuckDB connection to be
    used; else one is made. Raises NotFound when nothing was exported yet.
    """
    facts, superseded = store.paths(subject)
    if not facts:
        return ()
    asked = engine or duckdb.connect(config={"threads": 1})
    try:
        rows = asked.execute(_ONE, [facts, subject]).fetchall()
        numbers = [row[-2] for row in rows]
        last: dict[int, int] = {}
        if rows and superseded:
            last = dict(asked.execute(_AGAIN, [superseded, numbers]).fetchall())
    finally:
        if engine is None:
            asked.close()
    current = [row for row in rows if row[-1] >= last.get(row[-2], 0)]
    found = [
        Fact(record, who, entry, Severity(degree) if degree else None, decided, until, ended, version, org)
        for record, who, entry, degree, decided, until, ended, version, org, _, _ in current
    ]
    return tuple(sorted(found, key=lambda one: (one.decided, one.record)))
