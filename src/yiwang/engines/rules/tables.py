# SPDX-License-Identifier: Apache-2.0
"""Decision tables (DMN 1.5, chapter 8): rows of conditions, what each gives, and a hit policy.

A table is made of the rule language and adds no second one: a cell is a test of its input (`> 3`,
`[1..2)`, `"甲", "乙"`, `not(…)`, `-` for any), so a row is a condition like any other, and a table whose
hit policy gives one result *is* an `if … then … else …` (`as_rule`): it is explained, said in Chinese and
run over a population like every rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.checker import check
from yiwang.engines.rules.compute import equal
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.evaluator import Run
from yiwang.engines.rules.types import BOOLEAN, NUMBER, Type, fits
from yiwang.engines.rules.values import UNKNOWN, Value, known, settled

_NOTHING: Final = nodes.Literal(None)
ALWAYS: Final = nodes.Literal(True)
"""The condition of a cell that tests nothing (`-`)."""


class Hit(StrEnum):
    """What a table gives when several rows hold."""

    UNIQUE = "U"  # at most one row can hold
    ANY = "A"  # several may, and give the same
    PRIORITY = "P"  # the one whose result comes first in the list of results
    FIRST = "F"  # the first row
    RULE_ORDER = "R"  # all, in the order of the rows
    OUTPUT_ORDER = "O"  # all, in the order of the list of results
    COLLECT = "C"  # all
    SUM = "C+"
    LEAST = "C<"
    MOST = "C>"
    COUNT = "C#"

    @property
    def single(self) -> bool:
        """Whether one row decides."""
        return self in (Hit.UNIQUE, Hit.ANY, Hit.PRIORITY, Hit.FIRST)


@dataclass(frozen=True)
class Output:
    """What a table gives: its name, its results in order of priority, what it gives when no row holds."""

    name: str
    priorities: tuple[Value, ...] = ()
    otherwise: nodes.Expr = _NOTHING


@dataclass(frozen=True)
class Row:
    """One row: a test of each input, a result for each output, what it rests on (a clause)."""

    tests: tuple[nodes.Expr, ...]
    results: tuple[nodes.Expr, ...]
    note: str = ""

    @cached_property
    def condition(self) -> nodes.Expr:
        """All tests of the row together."""
        tests = tuple(test for test in self.tests if test != ALWAYS)
        if not tests:
            return ALWAYS
        return tests[0] if len(tests) == 1 else nodes.And(tests)


@dataclass(frozen=True)
class Decision:
    """What a table gives for one subject. `rows` are those that hold, from 1; `open_rows` those of which it
    is not known yet and that may still change the result, which then is None."""

    value: Value
    rows: tuple[int, ...]
    open_rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """A decision table, read."""

    inputs: tuple[nodes.Expr, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    hit: Hit
    source: str = ""

    def in_order(self) -> list[tuple[int, Row]]:
        """The rows in the order in which they count, with their numbers from 1."""
        numbered = list(enumerate(self.rows, 1))
        if self.hit not in (Hit.PRIORITY, Hit.OUTPUT_ORDER):
            return numbered
        return sorted(numbered, key=lambda each: self._rank(each[1]))

    def _rank(self, row: Row) -> tuple[int, ...]:
        ranks = []
        for output, result in zip(self.outputs, row.results, strict=True):
            value = result.value if isinstance(result, nodes.Literal) else None
            place = (n for n, one in enumerate(output.priorities) if equal(one, value) is True)
            ranks.append(next(place, len(output.priorities)))
        return tuple(ranks)


def check_table(table: Table, types: Mapping[str, Type]) -> tuple[Type, ...]:
    """The types of the outputs. Raises RuleError for what does not fit, and for results that a
    priority list does not name. Rows that overlap or leave a gap: see `coverage`."""
    found: list[Type] = []
    for row in table.rows:
        for test in row.tests:
            if not fits(check(test, types, source=table.source), BOOLEAN):
                raise RuleError("条件格里不是条件。", mend="请写成 > 3 这样的条件。", source=table.source)
        given = [check(each, types, source=table.source) for each in row.results]
        for column, (one, before) in enumerate(zip(given, found, strict=False)):
            if not (fits(one, before) or fits(before, one)):
                name = table.outputs[column].name
                raise RuleError(
                    f"“{name}”一列既有{before}又有{one}。", mend="请只放同一类值。", source=table.source
                )
        found = found or given
    if table.hit in (Hit.PRIORITY, Hit.OUTPUT_ORDER):
        _require_ranked(table)
    if table.hit in (Hit.SUM,) and any(not fits(one, NUMBER) for one in found):
        raise RuleError("只有数能合计。", mend="请换一种命中规则。", source=table.source)
    return tuple(found)


def _require_ranked(table: Table) -> None:
    for row in table.rows:
        for output, result in zip(table.outputs, row.results, strict=True):
            value = result.value if isinstance(result, nodes.Literal) else UNKNOWN
            if not any(value is not UNKNOWN and equal(one, value) is True for one in output.priorities):
                raise RuleError(
                    f"“{output.name}”的优先次序里没有这一行的结果。",
                    mend="请在结果清单里按优先次序列出它。",
                    at=result.at,
                    source=table.source,
                )


def as_rule(table: Table, output: int = 0) -> nodes.Expr:
    """The table as one rule, for hit policies that give one value. Raises RuleError for lists of results.

    A row of which it is not known whether it holds leaves the result open, unless all that may follow
    agree on it.
    """
    rows = table.in_order()
    if table.hit.single:
        rule = table.outputs[output].otherwise
        for _, row in reversed(rows):
            rule = nodes.If(row.condition, row.results[output], rule)
        return rule
    if table.hit not in (Hit.SUM, Hit.COUNT):
        raise RuleError(
            "这张表给出的是一列结果，不能当作一条规则。", mend="请换一种命中规则。", source=table.source
        )
    nought, one = nodes.Literal(Decimal(0)), nodes.Literal(Decimal(1))
    counted = table.hit is Hit.COUNT
    parts = [nodes.If(row.condition, one if counted else row.results[output], nought) for _, row in rows]
    return nodes.Call("sum", (nodes.ListOf(tuple(parts)),))


def decide(table: Table, facts: Mapping[str, Any]) -> Decision:
    """What the table gives for these facts: one value, or a record when it has several outputs, or a list.

    Raises RuleError when rows that hold contradict one another under UNIQUE or ANY.
    """
    return decide_in(table, Run(facts))


def decide_in(table: Table, run: Run) -> Decision:
    """:func:`decide` in an evaluation under way, be it of policy rules or of a DMN model."""
    judged = [(number, row, run.value(row.condition)) for number, row in table.in_order()]
    held = [(number, row) for number, row, outcome in judged if outcome is True]
    maybe = [number for number, _, outcome in judged if outcome is UNKNOWN]
    rows = tuple(number for number, _ in held)
    if table.hit.single:
        return _single(table, run, held, maybe)
    results = [_result(table, run, row) for _, row in held]
    value = None if maybe else _collected(table.hit, results)
    return Decision(value, rows, tuple(maybe))


def _single(table: Table, run: Run, held: list[tuple[int, Row]], maybe: list[int]) -> Decision:
    rows = tuple(number for number, _ in held)
    if table.hit is Hit.UNIQUE and len(held) > 1:
        numbers = "、".join(map(str, rows))
        raise RuleError(
            f"第{numbers}行同时成立，表却说只有一行。", mend="请改条件，或改用 F。", source=table.source
        )
    values = [_result(table, run, row) for _, row in held]
    if table.hit is Hit.ANY and any(equal(one, values[0]) is not True for one in values):
        raise RuleError(
            "同时成立的几行给出不同的结果。", mend="请让它们一致，或改用 F。", source=table.source
        )
    outcomes = [run.value(as_rule(table, column)) for column in range(len(table.outputs))]
    if not all(settled(each) for each in outcomes):
        return Decision(None, rows, tuple(maybe))
    return Decision(_shaped(table, [known(each) for each in outcomes]), rows[:1] if rows else ())


def _result(table: Table, run: Run, row: Row) -> Value:
    return _shaped(table, [known(run.value(each)) for each in row.results])


def _shaped(table: Table, values: list[Value]) -> Value:
    if len(values) == 1:
        return values[0]
    if all(value is None for value in values):
        return None
    return {output.name: value for output, value in zip(table.outputs, values, strict=True)}


def _collected(hit: Hit, results: list[Value]) -> Value:
    numbers = [each for each in results if isinstance(each, Decimal)]
    match hit:
        case Hit.COUNT:
            return Decimal(len(results))
        case Hit.SUM:
            return sum(numbers, Decimal(0)) if numbers else None
        case Hit.LEAST:
            return min(numbers, default=None)
        case Hit.MOST:
            return max(numbers, default=None)
        case _:
            return tuple(results)
