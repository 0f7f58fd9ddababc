# SPDX-License-Identifier: Apache-2.0
"""Range functions of DMN 1.5 (table 78) and the function ``range``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from yiwang.engines.rules import nodes
from yiwang.engines.rules.dialect import Dialect
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.parser import parse
from yiwang.engines.rules.values import Range, read_date
from yiwang.engines.rules.wide_builtin import builtin
from yiwang.engines.rules.wide_temporal import read_date_time, read_span, read_time
from yiwang.engines.rules.wide_values import FunctionValue, equal, holds, kind, order

_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "date": read_date, "time": read_time, "date and time": read_date_time, "duration": read_span,
}  # fmt: skip


def _span(value: Any) -> Range:
    """A point as the range that holds it alone."""
    return value if isinstance(value, Range) else Range(value, value)


def _both(*verdicts: bool | None) -> bool | None:
    if any(each is False for each in verdicts):
        return False
    return None if any(each is None for each in verdicts) else True


def _either(*verdicts: bool | None) -> bool | None:
    if any(each is True for each in verdicts):
        return True
    return None if any(each is None for each in verdicts) else False


def _lt(a: Any, b: Any) -> bool | None:
    return holds("<", a, b)


def _eq(a: Any, b: Any) -> bool | None:
    return None if order(a, b) is None else equal(a, b)


def _before(one: Any, two: Any) -> bool | None:
    a, b = _span(one), _span(two)
    touching = not a.high_included or not b.low_included
    return _either(_lt(a.high, b.low), _both(touching, _eq(a.high, b.low)))


def _meets(a: Range, b: Range) -> bool | None:
    return _both(a.high_included and b.low_included, _eq(a.high, b.low))


def _low_first(a: Range, b: Range) -> bool | None:
    """Whether a begins before b does."""
    return _either(_lt(a.low, b.low), _both(a.low_included and not b.low_included, _eq(a.low, b.low)))


def _high_last(a: Range, b: Range) -> bool | None:
    """Whether a ends after b does."""
    return _either(_lt(b.high, a.high), _both(a.high_included and not b.high_included, _eq(a.high, b.high)))


def _same_low(a: Range, b: Range) -> bool | None:
    return _both(a.low_included == b.low_included, _eq(a.low, b.low))


def _same_high(a: Range, b: Range) -> bool | None:
    return _both(a.high_included == b.high_included, _eq(a.high, b.high))


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _overlaps(a: Range, b: Range) -> bool | None:
    return _both(_not(_before(a, b)), _not(_before(b, a)))


def _overlaps_before(a: Range, b: Range) -> bool | None:
    return _both(
        _either(_low_first(a, b)), _not(_before(a, b)), _not(_high_last(a, b)),
    )  # fmt: skip


def _includes(whole: Range, part: Any) -> bool | None:
    inner = _span(part)
    return _both(_not(_low_first(inner, whole)), _not(_high_last(inner, whole)))


def _starts(one: Any, whole: Range) -> bool | None:
    if not isinstance(one, Range):
        return _both(_eq(one, whole.low), whole.low_included)
    return _both(_same_low(one, whole), _not(_high_last(one, whole)))


def _finishes(one: Any, whole: Range) -> bool | None:
    if not isinstance(one, Range):
        return _both(_eq(one, whole.high), whole.high_included)
    return _both(_same_high(one, whole), _not(_low_first(one, whole)))


def _coincides(one: Any, two: Any) -> bool | None:
    if isinstance(one, Range) != isinstance(two, Range):
        return None
    a, b = _span(one), _span(two)
    return _both(_same_low(a, b), _same_high(a, b))


def _range(text: str) -> Range | None:
    """A range written as text, of literal ends; null for anything else."""
    try:
        found = parse(text.strip(), dialect=Dialect.DMN)
    except RuleError:
        return None
    if not isinstance(found, nodes.Interval):
        return None
    low, high = _end(found.low), _end(found.high)
    if low is None or high is None or kind(low) != kind(high) or (order(low, high) or 0) > 0:
        return None
    return Range(low, high, found.low_included, found.high_included)


def _end(expr: nodes.Expr) -> Any:
    if isinstance(expr, nodes.Literal):
        return expr.value
    match expr:
        case nodes.Invoke(of=nodes.Name(path=name), arguments=(nodes.Literal(value=str() as text),)):
            return _READERS[name](text) if name in _READERS else None
        case _:
            return None


_TWO: Final = "range1:range, range2:range"


def _points(run: Callable[..., Any], *signatures: str) -> FunctionValue:
    first, *rest = signatures
    return builtin(first, run, others=tuple(builtin(each, run) for each in rest))


_ANY_TWO: Final = (
    _TWO, "range:range, point:Any", "point:Any, range:range", "point1:Any, point2:Any",
)  # fmt: skip
RANGES: Final[Mapping[str, FunctionValue]] = {
    "before": _points(_before, *_ANY_TWO),
    "after": _points(lambda a, b: _before(b, a), *_ANY_TWO),
    "meets": builtin(_TWO, _meets),
    "met by": builtin(_TWO, lambda a, b: _meets(b, a)),
    "overlaps": builtin(_TWO, _overlaps),
    "overlaps before": builtin(_TWO, _overlaps_before),
    "overlaps after": builtin(_TWO, lambda a, b: _overlaps_before(b, a)),
    "finishes": _points(_finishes, _TWO, "point:Any, range:range"),
    "finished by": _points(lambda a, b: _finishes(b, a), _TWO, "range:range, point:Any"),
    "includes": _points(_includes, _TWO, "range:range, point:Any"),
    "during": _points(lambda a, b: _includes(b, a), _TWO, "point:Any, range:range"),
    "starts": _points(_starts, _TWO, "point:Any, range:range"),
    "started by": _points(lambda a, b: _starts(b, a), _TWO, "range:range, point:Any"),
    "coincides": _points(_coincides, _TWO, "point1:Any, point2:Any"),
    "range": builtin("from:string", _range),
}
