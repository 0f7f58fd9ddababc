# SPDX-License-Identifier: Apache-2.0
"""Evaluate one subject: which facts count, what each clause gives, which class follows, what would change it.

What counts on a day is what `facts.standing` says: decided, not expired, not repaired, not objected to with
success, not withdrawn. Here it is turned around into days: a fact counts if it was decided on or after a
day, so that a store of columns can ask the same without computing anything for a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from yiwang.engines.rules import Explanation, Expr, evaluate, explain, parse
from yiwang.kernel.errors import NotFound

from .book import CreditBook
from .evaluation_kinds import SCORE, Clause, Grade, Indicator, Weighing
from .facts import History, months_after
from .words import Severity

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Fact:
    """The newest version of a record, as an evaluation reads it. `ended`: from this day on it does not count
    (the day it was decided, where it should never have counted)."""

    record: str
    subject: str
    catalogue: str
    severity: Severity | None
    decided: dt.date
    until: dt.date | None = None
    ended: dt.date | None = None
    version: int = 1
    org: str = ""

    def holds(self, on: dt.date) -> bool:
        """Whether it is decided, not over and not ended on a day; its term is asked elsewhere."""
        return (
            self.decided <= on
            and (self.until is None or on <= self.until)
            and (self.ended is None or on < self.ended)
        )


@dataclass(frozen=True)
class Window:
    """Facts of an entry and degree that count: those decided on or after `since` (None: all)."""

    entry: str
    severity: Severity | None
    since: dt.date | None


@dataclass(frozen=True)
class Used:
    """A fact that counted: in which indicators, and the last day on which it does (None: no such day)."""

    fact: Fact
    indicators: tuple[str, ...]
    last: dt.date | None


@dataclass(frozen=True)
class Line:
    """What one clause gave, and why."""

    clause: Clause
    points: Decimal
    why: Explanation


@dataclass(frozen=True)
class Change:
    """What would be if one fact counted no longer."""

    fact: Fact
    score: Decimal
    grade: Grade


@dataclass(frozen=True)
class Evaluated:
    """An evaluation of one subject on one day, with everything it rests on."""

    evaluation: Weighing
    subject: str
    on: dt.date
    counts: Mapping[str, int]
    used: tuple[Used, ...]
    lines: tuple[Line, ...]
    score: Decimal
    grade: Grade
    why: Explanation | None
    changes: tuple[Change, ...]


def fact_of(history: History) -> Fact | None:
    """A record as one fact; None for one without a version."""
    version = history.version()
    if version is None:
        return None
    ends = [version.decided_on if one.kind.voids else one.on for one in history.endings]
    return Fact(
        history.record,
        version.subject,
        history.entry,
        version.severity,
        version.decided_on,
        version.until,
        min(ends, default=None),
        version.number,
        history.org,
    )


def first_within(on: dt.date, months: int) -> dt.date:
    """The earliest day from which `months` are not over before `on`."""
    day = months_after(on, -months)
    while months_after(day, months) < on:
        day += _DAY
    return day


def windows(indicator: Indicator, book: CreditBook, on: dt.date) -> tuple[Window, ...]:
    """Which facts an indicator counts on a day. Entries that the book does not know count nothing."""
    found = []
    recent = None if indicator.months is None else first_within(on, indicator.months)
    for name in indicator.entries:
        entry = book.entries.get(name)
        for severity in (None, *Severity) if entry is not None else ():
            if indicator.severities and severity not in indicator.severities:
                continue
            assert entry is not None  # the loop is empty otherwise
            used = entry.term_of(severity).used
            days = [recent, None if used is None else first_within(on, used)]
            found.append(Window(name, severity, max((d for d in days if d is not None), default=None)))
    return tuple(found)


def evaluate_one(
    evaluation: Weighing, book: CreditBook, facts: Iterable[Fact], *, subject: str, on: dt.date
) -> Evaluated:
    """One subject on one day. Facts of anybody else are passed over, whatever is handed in.

    Raises NotFound for an evaluation not in force on that day.
    """
    require_in_force(evaluation, on)
    used = _used(evaluation, book, [one for one in facts if one.subject == subject and one.holds(on)], on)
    counts = _counts(evaluation, used)
    known = {name: Decimal(count) for name, count in counts.items()}
    lines = tuple(_line(clause, known) for clause in evaluation.clauses)
    score, grade = _result(evaluation, counts)
    rule = formula(grade.when) if grade.when else None
    why = explain(rule, {**known, SCORE: score}) if rule else None
    changes = _changes(evaluation, counts, used)
    return Evaluated(evaluation, subject, on, counts, used, lines, score, grade, why, changes)


def require_in_force(evaluation: Weighing, on: dt.date) -> None:
    """Raise NotFound unless the evaluation is in force on a day."""
    if not evaluation.valid_on(on):
        raise NotFound(
            f"“{evaluation.name}”在{on:%Y年%m月%d日}不施行。", mend="请换一个日期，或者用当时施行的评价办法。"
        )


@lru_cache(maxsize=1024)
def formula(text: str) -> Expr:
    """A clause or condition, read. Raises RuleError."""
    return parse(text)


def total(evaluation: Weighing) -> Expr:
    """The score as a rule over the names of the clauses."""
    score = evaluation.score
    parts = " + ".join([f"{score.starts}", *(one.name for one in evaluation.clauses)])
    return formula(f"max({score.least}, min({score.most}, {parts}))")


def _used(evaluation: Weighing, book: CreditBook, facts: list[Fact], on: dt.date) -> tuple[Used, ...]:
    counted = {
        one.name: {(window.entry, window.severity): window.since for window in windows(one, book, on)}
        for one in evaluation.indicators
    }
    found = []
    for fact in facts:
        key = (fact.catalogue, fact.severity)
        within = [
            one
            for one in evaluation.indicators
            if key in counted[one.name]
            and ((since := counted[one.name][key]) is None or fact.decided >= since)
        ]
        if within:
            found.append(Used(fact, tuple(one.name for one in within), _last(fact, within, book)))
    return tuple(sorted(found, key=lambda one: (one.fact.decided, one.fact.record)))


def _last(fact: Fact, within: list[Indicator], book: CreditBook) -> dt.date | None:
    """The last day on which the fact is counted by any of the indicators."""
    months = [one.months for one in within]
    spans = [
        book.entries[fact.catalogue].term_of(fact.severity).used,
        None if None in months else max(one for one in months if one is not None),
    ]
    ends = [months_after(fact.decided, span) for span in spans if span is not None]
    return min([*ends, *([fact.until] if fact.until else [])], default=None)


def _counts(evaluation: Weighing, used: Iterable[Used]) -> dict[str, int]:
    counts = {one.name: 0 for one in evaluation.indicators}
    for one in used:
        for name in one.indicators:
            counts[name] += 1
    return counts


def _line(clause: Clause, known: Mapping[str, Decimal]) -> Line:
    why = explain(formula(clause.gives), known)
    assert isinstance(why.value, Decimal)  # the check of the definition has seen to it
    return Line(clause, why.value, why)


def _result(evaluation: Weighing, counts: Mapping[str, int]) -> tuple[Decimal, Grade]:
    known = {name: Decimal(count) for name, count in counts.items()}
    points = {one.name: evaluate(formula(one.gives), known) for one in evaluation.clauses}
    score = evaluate(total(evaluation), points)
    assert isinstance(score, Decimal)  # the check of the definition has seen to it
    asked = {**known, SCORE: score}
    for grade in evaluation.classes:
        if grade.when is None or evaluate(formula(grade.when), asked) is True:
            return score, grade
    raise AssertionError("the last class has no condition")


def _changes(evaluation: Weighing, counts: Mapping[str, int], used: Iterable[Used]) -> tuple[Change, ...]:
    """Each fact left out once; facts counted alike change alike."""
    before = _result(evaluation, counts)
    known: dict[tuple[str, ...], tuple[Decimal, Grade]] = {}
    found = []
    for one in used:
        if one.indicators not in known:
            less = {name: count - (name in one.indicators) for name, count in counts.items()}
            known[one.indicators] = _result(evaluation, less)
        if known[one.indicators] != before:
            found.append(Change(one.fact, *known[one.indicators]))
    return tuple(found)
