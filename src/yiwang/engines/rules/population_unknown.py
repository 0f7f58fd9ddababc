# SPDX-License-Identifier: Apache-2.0
"""When a part of a rule over a population is not known, asked as cheaply as can be.

A part that is missing exactly when one of its names is ("strict") need not be worked out to see whether there
is a value: it is enough to look whether its names are there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.population_terms import Compiling

_STRICT_CALLS: Final = frozenset(
    {"floor", "ceiling", "round half up", "round up", "round down", "min", "max", "sum", "abs"}
)


def unknown_when(compiler: Compiling, given: Iterable[tuple[nodes.Expr, Any]]) -> Any:
    """What must be so for one of some parts (each with its compiled value) not to be known; None when all
    always are."""
    found: dict[str, Any] = {}
    for part, value in given:
        if is_strict(part):
            used = (node for node in nodes.walk(part) if isinstance(node, nodes.Name))
            found |= {name.path: compiler.term(name).value.isnull() for name in used}
        else:
            found[str(id(part))] = value.isnull()
    return reduce(lambda a, b: a | b, found.values()) if found else None


def goes_with(test: nodes.Expr, branch: nodes.Expr) -> bool:
    """Whether a branch is missing whenever the test is."""
    if any(isinstance(part, nodes.Literal) and part.value is None for part in nodes.walk(test)):
        return False
    return is_strict(branch) and set(nodes.names(test)) <= set(nodes.names(branch))


def is_strict(expr: nodes.Expr) -> bool:
    """Whether a part is missing exactly when one of its names is: nothing that may be decided by one of them
    alone, such as `or`, or a choice between branches."""
    return all(_needs_all(node) for node in nodes.walk(expr))


def _needs_all(node: nodes.Node) -> bool:
    match node:
        case nodes.Literal():
            return node.value is not None
        case nodes.Call():
            return node.function in _STRICT_CALLS
        case nodes.Between():
            return not (nodes.names(node.low) or nodes.names(node.high))
        case nodes.In():
            return not any(nodes.names(test) for test in node.tests)
        case _:
            return isinstance(node, _STRICT)


_STRICT: Final = (
    nodes.Name,
    nodes.Arithmetic,
    nodes.Negative,
    nodes.Compare,
    nodes.Not,
    nodes.ListOf,
    nodes.Against,
    nodes.Interval,
)
