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
    """A fact that counted: in which indicators, and the last day on which it does (None: no such day).

    No indicator: it counts in none, but because of it something rests."""

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
    """An evaluation of one subject on one day, with everything it was worked out from. `resting`: what would
    count, did no record speak against its subject."""

    evaluation: Weighing
    subject: str
    on: dt.date
    counts: Mapping[str, int]
    used: tuple[Used, ...]
    resting: tuple[Used, ...]
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
    recent = None if indicator.months is None else first_within(on, indicator.months)
    return tuple(
        window
        for name in indicator.entries
        for window in _windows(name, book, on, recent)
        if not indicator.severities or window.severity in indicator.severities
    )


def speaking_against(book: CreditBook, on: dt.date) -> tuple[Window, ...]:
    """Which facts speak against their subject on a day, so that lists for the clean alone rest."""
    entries = [key for key, entry in book.entries.items() if entry.sort.is_against]
    return tuple(window for name in entries for window in _windows(name, book, on))


def _windows(name: str, book: CreditBook, on: dt.date, recent: dt.date | None = None) -> Iterable[Window]:
    entry = book.entries.get(name)
    for severity in (None, *Severity) if entry is not None else ():
        assert entry is not None  # the loop is empty otherwise
        used = entry.term_of(severity).used
        days = [recent, None if used is None else first_within(on, used)]
        yield Window(name, severity, max((day for day in days if day is not None), default=None))


def evaluate_one(
    evaluation: Weighing, book: CreditBook, facts: Iterable[Fact], *, subject: str, on: dt.date
) -> Evaluated:
    """One subject on one day. Facts of anybody else are passed over, whatever is handed in; a list for the
    clean alone rests while a fact speaks against its subject.

    Raises NotFound for an evaluation not in force on that day.
    """
    require_in_force(evaluation, on)
    held = [one for one in facts if one.subject == subject and one.holds(on)]
    found = _found(evaluation, book, held, on)
    counts = _counts(evaluation, found.used)
    known = {name: Decimal(count) for name, count in counts.items()}
    lines = tuple(_line(clause, known) for clause in evaluation.clauses)
    score, grade = _result(evaluation, counts)
    rule = formula(grade.when) if grade.when else None
    why = explain(rule, {**known, SCORE: score}) if rule else None
    changes = _changes(evaluation, found)
    return Evaluated(
        evaluation, subject, on, counts, found.used, found.resting, lines, score, grade, why, changes
    )


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


@dataclass(frozen=True)
class _Found:
    """What counts, what rests, and the one fact without which nothing would rest (None: there are more)."""

    used: tuple[Used, ...]
    resting: tuple[Used, ...]
    stain: Fact | None


def _found(evaluation: Weighing, book: CreditBook, held: list[Fact], on: dt.date) -> _Found:
    against = _within(held, speaking_against(book, on))
    counted = {one.name: _within(held, windows(one, book, on)) for one in evaluation.indicators}
    used: list[Used] = []
    resting: list[Used] = []
    for fact in sorted(held, key=lambda one: (one.decided, one.record)):
        named = [one for one in evaluation.indicators if fact in counted[one.name]]
        if named:
            rests = bool(against) and book.wants_clean(fact.catalogue)
            (resting if rests else used).append(_use(fact, named, book))
        elif fact in against:
            used.append(_use(fact, [], book))
    if not resting:
        used = [one for one in used if one.indicators]
    return _Found(tuple(used), tuple(resting), next(iter(against)) if len(against) == 1 else None)


def _within(held: Iterable[Fact], found: Iterable[Window]) -> set[Fact]:
    days = {(one.entry, one.severity): one.since for one in found}
    return {
        one
        for one in held
        if (one.catalogue, one.severity) in days
        and ((since := days[one.catalogue, one.severity]) is None or one.decided >= since)
    }


def _use(fact: Fact, within: list[Indicator], book: CreditBook) -> Used:
    return Used(fact, tuple(one.name for one in within), _last(fact, within, book))


def _last(fact: Fact, within: list[Indicator], book: CreditBook) -> dt.date | None:
    """The last day on which the fact is counted by any of the indicators; by none, on which it is used."""
    months = [one.months for one in within]
    spans = [
        book.entries[fact.catalogue].term_of(fact.severity).used,
        None if None in months else max((one for one in months if one is not None), default=None),
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


def _changes(evaluation: Weighing, found: _Found) -> tuple[Change, ...]:
    """Each fact left out once; facts counted alike change alike. Without the only stain nothing rests."""
    before = _result(evaluation, _counts(evaluation, found.used))
    known: dict[tuple[tuple[str, ...], bool], tuple[Decimal, Grade]] = {}
    changes = []
    for one in found.used:
        key = (one.indicators, one.fact == found.stain)
        if key not in known:
            left = [other for other in found.used if other is not one]
            awake = found.resting if one.fact == found.stain else ()
            known[key] = _result(evaluation, _counts(evaluation, [*left, *awake]))
        if known[key] != before:
            changes.append(Change(one.fact, *known[key]))
    return tuple(changes)
