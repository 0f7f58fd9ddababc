# SPDX-License-Identifier: Apache-2.0
"""Read a decision table: cells are tests of their column's input, results are rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.dialect import Dialect
from yiwang.engines.rules.errors import Position, RuleError
from yiwang.engines.rules.parser import parse
from yiwang.engines.rules.tables import ALWAYS, Hit, Output, Row, Table

_HEAD: Final = "被测值 in ("


def read_table(
    *,
    inputs: Sequence[str],
    outputs: Sequence[Output],
    rows: Sequence[tuple[Sequence[str], Sequence[str], str]],
    hit: Hit | str = Hit.UNIQUE,
    source: str = "",
) -> Table:
    """Read a table: `rows` are (tests, results, note), all in the rule language.

    Raises RuleError with row and column of the cell that cannot be read.
    """
    tested = tuple(parse(each, source=source) for each in inputs)
    return Table(
        tested,
        tuple(outputs),
        tuple(_read_row(number, row, tested, len(outputs), source) for number, row in enumerate(rows, 1)),
        Hit(hit),
        source,
    )


def _read_row(
    number: int,
    row: tuple[Sequence[str], Sequence[str], str],
    inputs: tuple[nodes.Expr, ...],
    outputs: int,
    source: str,
) -> Row:
    cells, results, note = row
    if len(cells) != len(inputs) or len(results) != outputs:
        what = f"第{number}行有{len(cells)}个条件、{len(results)}个结果，表头是{len(inputs)}个、{outputs}个。"
        raise RuleError(what, mend="请补齐这一行；不限的条件写“-”。", source=source)
    tests = tuple(
        read_test(cell, tested, source=f"{source}第{number}行第{column}列")
        for column, (cell, tested) in enumerate(zip(cells, inputs, strict=True), 1)
    )
    return Row(tests, tuple(parse(each, source=f"{source}第{number}行") for each in results), note)


def read_test(
    cell: str,
    tested: nodes.Expr,
    *,
    source: str = "",
    dialect: Dialect = Dialect.POLICY,
    names: frozenset[str] = frozenset(),
) -> nodes.Expr:
    """A cell as a condition on its input. Raises RuleError with the place in the cell."""
    text = cell.strip()
    if text == "-":
        return ALWAYS
    inner = _negated(text)
    if inner is None or not _reads(inner, dialect, names):
        whole = _negated(text, whole=True)
        inner = whole if whole is not None and _reads(whole, dialect, names) else inner
    try:
        found = parse(_tested(text if inner is None else inner), source=source, dialect=dialect, names=names)
    except RuleError as error:
        at = error.at or Position()
        moved = Position(at.line, max(1, at.column - len(_HEAD))) if at.line == 1 else at
        raise RuleError(error.what, mend=error.mend, at=moved, source=source) from None
    if not isinstance(found, nodes.In):
        raise RuleError("这一格读不懂。", mend="请写成 > 3、[1..2) 或用逗号隔开的几个值。", source=source)
    test: nodes.Expr = replace(found, value=tested)
    return test if inner is None else nodes.Not(test)


def _tested(text: str) -> str:
    return f"{_HEAD}{text})"


def _reads(text: str, dialect: Dialect, names: frozenset[str]) -> bool:
    try:
        parse(_tested(text), dialect=dialect, names=names)
    except RuleError:
        return False
    return True


def _negated(text: str, *, whole: bool = False) -> str | None:
    """What stands in `not(…)` when the whole cell is one; None otherwise.

    The bracket that closes is found by counting; `whole` takes the last one, for `not([1..2))`.
    """
    if not text.startswith("not") or not text.endswith(")"):
        return None
    rest = text[3:].lstrip()
    if whole:
        return rest[1:-1] if rest.startswith("(") else None
    depth = 0
    for place, letter in enumerate(rest):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return rest[1:-1] if place == len(rest) - 1 else None
    return None
