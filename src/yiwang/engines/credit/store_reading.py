# SPDX-License-Identifier: Apache-2.0
"""Read the facts of a store: of every record the newest row, of everybody or of one subject."""

from __future__ import annotations

from typing import Any

from .evaluation import Fact
from .store import Store
from .store_files import among, read_history
from .words import Severity


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


def facts_of_subject(store: Store, subject: str) -> tuple[Fact, ...]:
    """One subject's facts, the newest of each record, in the order of decision.

    A record that a correction took to somebody else is not among them. Raises NotFound when nothing was
    exported yet.
    """
    known = store.filled()
    rows = [
        row
        for part in known.of("history", subject)
        for row in read_history(store.directory / part.path, subject)
    ]
    last: dict[int, int] = {}
    for part in known.of("again") if rows else ():
        for number in among(store.directory / part.path, [row["number"] for row in rows]):
            last[number] = max(part.step, last.get(number, 0))
    found = [_fact(row) for row in rows if row["step"] >= last.get(row["number"], 0)]
    return tuple(sorted(found, key=lambda one: (one.decided, one.record)))


def _fact(row: dict[str, Any]) -> Fact:
    degree = Severity(row["severity"]) if row["severity"] else None
    return Fact(
        row["record"], row["subject"], row["catalogue"], degree, row["decided"], row["until"], row["ended"],
        row["version"], row["org"],
    )  # fmt: skip
