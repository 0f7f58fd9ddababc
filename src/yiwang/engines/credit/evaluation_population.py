# SPDX-License-Identifier: Apache-2.0
"""Evaluate everybody at once: one query over the facts, whatever engine holds them.

The answers are those of `evaluate_one` for each subject: the same windows, the same rules, compiled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from typing import Any

from yiwang.engines.rules import NUMBER
from yiwang.engines.rules.population import Column, compile_rule
from yiwang.kernel.late import Late

from .book import CreditBook
from .evaluation import Window, formula, require_in_force, speaking_against, total, windows
from .evaluation_kinds import SCORE, Evaluation
from .words import Severity

ibis: Any = Late("ibis")

GRADE = "等级"
_COUNT = Column(NUMBER, digits=9, scale=0)  # nobody has a thousand million facts
_LISTED, _LEFT = "名单 ", "其他失信"
_EVERY = frozenset(["", *(one.value for one in Severity)])


def evaluate_all(evaluation: Evaluation, book: CreditBook, facts: Any, subjects: Any, *, on: dt.date) -> Any:
    """A query giving for each subject the counts, the points of each clause, the score and the class.

    `facts`: a table with the columns of the store, newest versions only. `subjects`: a table with the column
    `subject`, each once; who has no fact is evaluated, too. Raises NotFound for an evaluation not in force on
    that day, PopulationError for a rule that engines do not share.
    """
    require_in_force(evaluation, on)
    names = [one.name for one in evaluation.indicators]
    counted = _counted(evaluation, book, facts, on)
    joined = subjects.select("subject").left_join(counted, subjects["subject"] == counted["subject"])
    kind = f"decimal({_COUNT.digits},0)"
    counts = joined.select(
        subject=joined["subject"], **{name: joined[name].fill_null(0).cast(kind) for name in names}
    )
    columns = dict.fromkeys(names, _COUNT)
    given = {
        one.name: compile_rule(formula(one.gives), counts, columns, source=evaluation.id)
        for one in evaluation.clauses
    }
    points = counts.mutate(**given)
    clauses = {name: _column(value) for name, value in given.items()}
    score = compile_rule(total(evaluation), points, clauses, source=evaluation.id)
    scored = points.mutate(**{SCORE: score})
    return scored.mutate(**{GRADE: _grade(evaluation, scored, {**columns, SCORE: _column(score)})})


def _column(value: Any) -> Column:
    """A compiled number as the column of the next step, just as wide."""
    kind = value.type()
    return Column(NUMBER, digits=kind.precision, scale=kind.scale)


def _grade(evaluation: Evaluation, table: Any, columns: dict[str, Column]) -> Any:
    tests = [
        (compile_rule(formula(one.when), table, columns, source=evaluation.id), one.name)
        for one in evaluation.classes
        if one.when is not None
    ]
    return ibis.cases(*tests, else_=evaluation.classes[-1].name)


def _counted(evaluation: Evaluation, book: CreditBook, facts: Any, on: dt.date) -> Any:
    """Step 1: what holds on the day and is of an entry in question, counted for each subject.

    A list for the clean alone is counted apart, and added where nothing speaks against the subject: by the
    counts of indicators that count just that, and one count of what these leave out.
    """
    counted = {one.name: windows(one, book, on) for one in evaluation.indicators}
    lists = {name: [one for one in found if book.wants_clean(one.entry)] for name, found in counted.items()}
    plain = {name: [one for one in found if one not in lists[name]] for name, found in counted.items()}
    against = speaking_against(book, on) if any(lists.values()) else ()
    made = [name for name, found in plain.items() if found and set(found) <= set(against)]
    parts = plain | {_LISTED + name: found for name, found in lists.items() if found}
    parts[_LEFT] = [one for one in against if not any(one in plain[name] for name in made)]
    holding = _holding(facts, [one for found in parts.values() for one in found], on)
    groups = holding.group_by("subject").aggregate(
        **{name: holding.count(where=_within(holding, found)) for name, found in parts.items()}
    )
    clean = reduce(lambda a, b: a + b, [groups[name] for name in (*made, _LEFT)]) == 0
    awake = {
        name: groups[name] + ibis.ifelse(clean, groups[_LISTED + name], 0) for name in lists if lists[name]
    }
    return groups.mutate(**awake)


def _holding(facts: Any, asked: list[Window], on: dt.date) -> Any:
    """Facts that hold on a day, of entries in question. What is older than every window is left out at once:
    years of which nothing counts are not even read."""
    day = ibis.literal(on, type="date")
    days = [one.since for one in asked]
    oldest = min((since for since in days if since is not None), default=on)
    within = [] if None in days else [facts["decided"] >= ibis.literal(oldest, type="date")]
    return facts.filter(
        *within,
        facts["catalogue"].isin(sorted({one.entry for one in asked})),
        facts["decided"] <= day,
        facts["until"].isnull() | (facts["until"] >= day),
        facts["ended"].isnull() | (facts["ended"] > day),
    )


def _within(table: Any, found: Iterable[Window]) -> Any:
    """The windows as one condition; those that differ by entry or degree alone are asked together."""
    days: dict[tuple[str, dt.date | None], set[str]] = {}
    for one in found:
        days.setdefault((one.entry, one.since), set()).add(one.severity.value if one.severity else "")
    groups: dict[tuple[dt.date | None, frozenset[str]], list[str]] = {}
    for (entry, since), degrees in days.items():
        groups.setdefault((since, frozenset(degrees)), []).append(entry)
    tests = []
    for (since, severities), entries in sorted(groups.items(), key=str):
        test = _among(table["catalogue"], sorted(entries))
        if severities != _EVERY:
            test &= _among(table["severity"], sorted(severities))
        if since is not None:
            test &= table["decided"] >= ibis.literal(since, type="date")
        tests.append(test)
    return reduce(lambda a, b: a | b, tests) if tests else ibis.literal(False)


def _among(column: Any, values: list[str]) -> Any:
    return column == values[0] if len(values) == 1 else column.isin(values)
