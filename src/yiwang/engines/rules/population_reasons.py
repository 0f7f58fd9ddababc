# SPDX-License-Identifier: Apache-2.0
"""Why a rule said what it said, for each row of a population: the number of the condition that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.engines.rules import nodes
from yiwang.engines.rules.population import Compiler
from yiwang.engines.rules.population_terms import Column
from yiwang.engines.rules.population_unknown import unknown_when
from yiwang.kernel.late import Late

ibis: Any = Late("ibis")


def conditions_of(expr: nodes.Expr) -> tuple[nodes.Expr, ...]:
    """The conditions that a reason code counts: those joined by `and` at the top."""
    return expr.parts if isinstance(expr, nodes.And) else (expr,)


@dataclass(frozen=True)
class Outcome:
    """A condition over a table: where it holds, and where that is not known."""

    holds: Any
    unknown: Any


def compile_conditions(
    expr: nodes.Expr, table: Any, columns: Mapping[str, Column], *, source: str = ""
) -> list[Outcome]:
    """The conditions that a reason code counts. Raises PopulationError, as `compile_rule` does."""
    compiler = Compiler(table, columns, source)
    compiled = [(part, compiler.term(part).value) for part in conditions_of(expr)]
    return [Outcome(value, unknown_when(compiler, [(part, value)])) for part, value in compiled]


def reason_code(outcomes: Sequence[Outcome], *then: tuple[Any, int]) -> Any:
    """Which of a row's outcomes decided: 0 all hold; n the n-th does not (the first such); -n none fails,
    but the n-th is not known yet (the first such). `then`: what is asked when all hold, and its code."""
    failed = [(~each.holds, number) for number, each in enumerate(outcomes, 1)]
    unknown = [(each.unknown, -n) for n, each in enumerate(outcomes, 1) if each.unknown is not None]
    return ibis.cases(*failed, *unknown, *then, else_=0)
