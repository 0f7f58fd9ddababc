# SPDX-License-Identifier: Apache-2.0
"""Do the rows of a decision table overlap, and do they leave a gap? Found exactly, by trying.

The written limits of a column cut it into pieces (below 5, 5 itself, between 5 and 10, …) within
which no test can change its answer. One value of each piece stands for all; rows and pieces make a
grid, and the grid is searched. A test that compares with something not written cannot be cut up:
such a column is reported as not checkable, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.checker import check
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.evaluator import evaluate
from yiwang.engines.rules.tables import Hit, Row, Table
from yiwang.engines.rules.types import Kind, Type
from yiwang.engines.rules.values import Months, Value
from yiwang.engines.rules.words import say_value, words

_MOST_CELLS: Final = 200_000
_OTHER_TEXT: Final = "（其他）"
_PROBE: Final = "被测值"
_ANY_OF: Final[Mapping[Kind, Value]] = {
    Kind.DATE: date(2000, 1, 1),
    Kind.DAYS: timedelta(0),
    Kind.MONTHS: Months(0),
}


@dataclass(frozen=True)
class Finding:
    """Two rows that both hold, or a case that no row covers; `example` says for which inputs."""

    kind: str  # overlap, gap, unclear
    rows: tuple[int, ...]
    example: str

    @property
    def text(self) -> str:
        """The finding as a sentence."""
        match self.kind:
            case "overlap":
                return f"第{self.rows[0]}行和第{self.rows[1]}行同时成立：{self.example}。"
            case "gap":
                return f"没有一行管这种情况：{self.example}。"
            case _:
                return f"看不出有没有重叠和空档：{self.example}。"


def coverage(table: Table, types: Mapping[str, Type]) -> list[Finding]:
    """Every pair of rows that overlaps (where the hit policy forbids it) and the first gap (where nothing
    is given otherwise). Raises RuleError for a table too large to be searched."""
    pieces: list[list[Value]] = []
    for column, tested in enumerate(table.inputs):
        cut = _pieces(table, column, check(tested, types, source=table.source))
        if isinstance(cut, str):
            return [Finding("unclear", (), cut)]
        pieces.append(cut)
    grid = [[_holds(row, table, column, cut) for column, cut in enumerate(pieces)] for row in table.rows]
    found = list(_overlaps(table, pieces, grid)) if table.hit is Hit.UNIQUE else []
    otherwise = any(output.otherwise != nodes.Literal(None) for output in table.outputs)
    if not otherwise and table.hit.single:
        gap = _gap(table, pieces, grid)
        found += [Finding("gap", (), gap)] if gap else []
    return found


def _pieces(table: Table, column: int, type_: Type) -> list[Value] | str:
    """One value for every piece of a column, or why it cannot be cut."""
    literals: list[Any] = []
    for row in table.rows:
        test = row.tests[column]
        for node in nodes.walk(test) if isinstance(test, nodes.In | nodes.Not) else ():
            if isinstance(node, nodes.Name | nodes.Call) and node != table.inputs[column]:
                return f"{words(table.inputs[column])}与算出来的值比较"
            if isinstance(node, nodes.Literal) and node.value is not None:
                literals.append(node.value)
    if type_.kind is Kind.BOOLEAN:
        return [True, False]
    if type_.choices:
        return list(type_.choices)
    if type_.kind is Kind.STRING:
        return [*dict.fromkeys(literals), _OTHER_TEXT]
    return _between(sorted(set(literals)), type_)


def _between(limits: Sequence[Any], type_: Type) -> list[Value]:
    """The limits themselves, something between each two, and something beyond both ends."""
    if not limits:
        return [_ANY_OF.get(type_.kind, Decimal(0))]
    step = {Kind.DATE: timedelta(1), Kind.DAYS: timedelta(1)}.get(type_.kind, Decimal(1))
    if type_.kind is Kind.MONTHS:
        counts = sorted({n + d for n in (limit.count for limit in limits) for d in (-1, 0, 1)})
        return [Months(count) for count in counts]
    if type_.kind in (Kind.DATE, Kind.DAYS):
        return sorted({limit + step * d for limit in limits for d in (-1, 0, 1)})
    middle = [(a + b) / 2 for a, b in pairwise(limits)]
    return sorted([*limits, *middle, limits[0] - 1, limits[-1] + 1])


def _holds(row: Row, table: Table, column: int, values: Sequence[Value]) -> int:
    """Which pieces of a column pass the row's test, as a set of bits."""
    test = _replaced(row.tests[column], table.inputs[column])
    return sum(1 << n for n, value in enumerate(values) if evaluate(test, {_PROBE: value}) is True)


def _replaced(test: nodes.Expr, tested: nodes.Expr) -> nodes.Expr:
    """The test with a plain name in place of its input."""
    match test:
        case nodes.In(tests=tests, at=at):
            return nodes.In(nodes.Name(_PROBE), tests, at=at)
        case nodes.Not(of=of, at=at):
            return nodes.Not(_replaced(of, tested), at=at)
        case _:
            return test


def _overlaps(table: Table, pieces: list[list[Value]], grid: list[list[int]]) -> Iterator[Finding]:
    for (a, left), (b, right) in combinations(enumerate(grid, 1), 2):
        shared = [one & other for one, other in zip(left, right, strict=True)]
        if all(shared):
            yield Finding("overlap", (a, b), _example(table, pieces, [_lowest(bits) for bits in shared]))


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _gap(table: Table, pieces: list[list[Value]], grid: list[list[int]]) -> str:
    """An example that no row covers; empty for none."""
    work = [0]

    def search(column: int, rows: list[list[int]], chosen: list[int]) -> str:
        work[0] += 1
        if work[0] > _MOST_CELLS:
            raise RuleError(
                "这张表太大，查不出有没有空档。",
                mend="请拆成几张表，或写明其余情况的结果。",
                source=table.source,
            )
        if not rows:
            rest = [0] * (len(pieces) - len(chosen))
            return _example(table, pieces, [*chosen, *rest])
        if column == len(pieces):
            return ""
        for piece in range(len(pieces[column])):
            left = [row for row in rows if row[column] >> piece & 1]
            if found := search(column + 1, left, [*chosen, piece]):
                return found
        return ""

    return search(0, grid, [])


def _example(table: Table, pieces: list[list[Value]], chosen: Sequence[int]) -> str:
    return "，".join(
        f"{words(tested)}{say_value(cut[piece])}"
        for tested, cut, piece in zip(table.inputs, pieces, chosen, strict=True)
    )
