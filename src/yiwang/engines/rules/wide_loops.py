# SPDX-License-Identifier: Apache-2.0
"""`for`, `some` and `every` of a DMN model: over lists, ranges, and spans of numbers or days."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from yiwang.engines.rules import nodes
from yiwang.engines.rules import wide_values as wide
from yiwang.engines.rules.compute import conjunction, disjunction
from yiwang.engines.rules.values import Range


class WideRun(Protocol):
    """What a loop needs of an evaluation."""

    steps: int

    def value(self, expr: nodes.Expr) -> Any:
        """The value of a node."""

    def scope(self, names: Mapping[str, Any]) -> AbstractContextManager[None]:
        """Local names for a while."""


def _combinations(
    run: WideRun, bindings: tuple[nodes.Binding, ...], more: Callable[[], Mapping[str, Any]]
) -> Iterator[bool]:
    """Bind each combination in turn; yields False once if a source cannot be gone through."""
    if not bindings:
        yield True
        return
    first, *rest = bindings
    with run.scope(more()):
        items = _items(run, first.source)
    if items is None:
        yield False
        return
    for item in items:
        run.steps -= 1
        with run.scope({**more(), first.name: item}):
            yield from _combinations(run, tuple(rest), more)


def _items(run: WideRun, source: nodes.Expr) -> Any:
    if isinstance(source, nodes.Span):
        return _counted(run.value(source.low), run.value(source.high))
    found = run.value(source)
    if isinstance(found, Range):
        return _in_range(found)
    if found is None:
        return None
    return found if isinstance(found, tuple) else (found,)


def _in_range(limits: Range) -> Any:
    if limits.low is None or limits.high is None or (wide.order(limits.low, limits.high) or 0) > 0:
        return None
    items = _counted(limits.low, limits.high)
    if items is None:
        return None
    inside = (item for item in items if wide.within(item, limits))
    return inside


def _counted(low: Any, high: Any) -> Any:
    """Every whole number, or day, from one to the other, in either direction."""
    sign = wide.order(low, high)
    whole = isinstance(low, Decimal) and low == int(low)
    if sign is None or not (whole or (isinstance(low, date) and not isinstance(low, datetime))):
        return None
    one: Any = Decimal(1) if whole else timedelta(days=1)
    count = itertools.count() if whole else range((abs(high - low)).days + 1)
    steps = (low + one * (-n if sign > 0 else n) for n in count)
    return itertools.takewhile(
        lambda each: (wide.order(each, high) or 0) * (sign or -1) >= 0 or each == high, steps
    )


def for_(run: WideRun, expr: nodes.For) -> Any:
    """What a `for` gives, or null when one of its sources cannot be gone through."""
    given: list[Any] = []
    told = any(name.split(".")[0] == "partial" for name in nodes.names(expr))

    def partial() -> Mapping[str, Any]:
        run.steps -= len(given) if told else 0
        return {"partial": tuple(given)} if told else {}

    for bound in _combinations(run, expr.bindings, partial):
        if not bound:
            return None
        given.append(run.value(expr.gives))
    return tuple(given)


def quantified(run: WideRun, expr: nodes.Quantified) -> Any:
    """Whether some or every combination satisfies; null when what it satisfies is no condition."""
    combine = disjunction if expr.quantifier == "some" else conjunction
    outcomes = []
    for bound in _combinations(run, expr.bindings, dict):
        if not bound:
            return None
        outcomes.append(run.value(expr.satisfies))
    if any(each is not None and not isinstance(each, bool) for each in outcomes):
        return None
    return combine(outcomes)
