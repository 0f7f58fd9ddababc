# SPDX-License-Identifier: Apache-2.0
"""List and number functions of DMN 1.5 (tables 75 and 76)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from functools import cmp_to_key, reduce
from typing import Any, Final

from yiwang.engines.rules.compute import conjunction, disjunction
from yiwang.engines.rules.errors import RuleError
from yiwang.engines.rules.functions import _modulo as modulo
from yiwang.engines.rules.functions import _round as rounding
from yiwang.engines.rules.values import DECIMALS, Months
from yiwang.engines.rules.wide_builtin import builtin
from yiwang.engines.rules.wide_values import FunctionValue, arithmetic, equal, kind, order

MAX_ITEMS: Final = 100_000
MAX_COMPARED: Final = 2_000
Items = tuple[Any, ...]


def _numbers(items: Items) -> bool:
    return bool(items) and all(kind(item) == "number" for item in items)


def _sum(items: Items) -> Any:
    return reduce(lambda a, b: arithmetic("+", a, b), items) if items and _addable(items) else None


def _addable(items: Items) -> bool:
    return kind(items[0]) in ("number", "days and time duration", "years and months duration")


def _mean(items: Items) -> Any:
    return arithmetic("/", _sum(items), Decimal(len(items))) if items else None


def _extreme(sign: int) -> Callable[[Items], Any]:
    def run(items: Items) -> Any:
        best = items[0] if items else None
        for item in items:
            found = order(item, best)
            if found is None:
                return None
            best = item if found * sign > 0 else best
        return best

    return run


def _product(items: Items) -> Any:
    return reduce(DECIMALS.multiply, items) if _numbers(items) else None


def _median(items: Items) -> Any:
    if not _numbers(items):
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return DECIMALS.divide(DECIMALS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def _stddev(items: Items) -> Any:
    if not _numbers(items) or len(items) < 2:
        return None
    mean = _mean(items)
    squares = [DECIMALS.power(DECIMALS.subtract(item, mean), Decimal(2)) for item in items]
    return DECIMALS.sqrt(DECIMALS.divide(_sum(tuple(squares)), Decimal(len(items) - 1)))


def _mode(items: Items) -> Any:
    if items and not _numbers(items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return tuple(sorted(item for item, count in counts.items() if count == most))


def _truth(combine: Callable[[Items], Any]) -> Callable[[Items], Any]:
    return lambda items: combine(items)


def _contains(items: Items, wanted: Any) -> bool:
    return any(equal(item, wanted) is True for item in items)


def _distinct(items: Items) -> Items:
    if len(items) > MAX_COMPARED:
        raise RuleError("列表太长，不能逐项比较。", mend=f"最多{MAX_COMPARED}项。")
    kept: list[Any] = []
    for item in items:
        if not _contains(tuple(kept), item):
            kept.append(item)
    return tuple(kept)


def _flatten(items: Items) -> Items:
    return tuple(
        inner for item in items for inner in (_flatten(item) if isinstance(item, tuple) else (item,))
    )


def _as_list(value: Any) -> Items:
    return value if isinstance(value, tuple) else (value,)


def _concatenated(lists: Items) -> Any:
    joined = tuple(item for each in lists for item in _as_list(each))
    return joined if len(joined) <= MAX_ITEMS else None


def _sublist(items: Items, start: Decimal, length: Decimal | None = None) -> Any:
    first, count = int(start), len(items)
    if first == 0 or abs(first) > count or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else count + first
    if length is not None and begin + int(length) > count:
        return None
    return items[begin:] if length is None else items[begin : begin + int(length)]


def _place(items: Items, position: Decimal) -> int | None:
    place = int(position)
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


def _insert(items: Items, position: Decimal, new: Any) -> Any:
    place = _place(items, position)
    return None if place is None else (*items[:place], new, *items[place:])


def _remove(items: Items, position: Decimal) -> Any:
    place = _place(items, position)
    return None if place is None else items[:place] + items[place + 1 :]


def _replace_at(items: Items, position: Decimal, new: Any) -> Any:
    place = _place(items, position)
    return None if place is None else (*items[:place], new, *items[place + 1 :])


def _replace_matching(items: Items, match: FunctionValue, new: Any) -> Any:
    if len(match.parameters) != 2:
        return None
    verdicts = [match.run(item, new) for item in items]
    if any(not isinstance(verdict, bool) for verdict in verdicts):
        return None
    return tuple(new if verdict else item for item, verdict in zip(items, verdicts, strict=True))


def _index_of(items: Items, wanted: Any) -> Items:
    return tuple(Decimal(n) for n, item in enumerate(items, 1) if equal(item, wanted) is True)


def _sort(items: Items, precedes: FunctionValue | None = None) -> Any:
    def compared(a: Any, b: Any) -> int:
        if precedes is None:
            return order(a, b) or 0
        return -1 if precedes.run(a, b) is True else 1 if precedes.run(b, a) is True else 0

    if precedes is not None and len(precedes.parameters) != 2:
        return None
    return tuple(sorted(items, key=cmp_to_key(compared)))


def _abs(value: Any) -> Any:
    return Months(abs(value.count)) if isinstance(value, Months) else abs(value)


def _root(value: Decimal) -> Any:
    return None if value < 0 else DECIMALS.sqrt(value)


def _log(value: Decimal) -> Any:
    return None if value <= 0 else DECIMALS.ln(value)


def _parity(rest: int) -> Callable[[Decimal], bool]:
    return lambda value: value % 2 in (rest, -rest)


def _spread(run: Callable[[Items], Any]) -> FunctionValue:
    return builtin("list:list", run, spread=True)


def _scaled(how: str, *, optional: bool = False) -> FunctionValue:
    return builtin(f"n:number, scale{'?' if optional else ''}:number", rounding(how))


LISTS: Final[Mapping[str, FunctionValue]] = {
    "list contains": builtin("list:list, element:Any", _contains),
    "count": builtin("list:list", lambda items: Decimal(len(items)), spread=True),
    "min": _spread(_extreme(-1)),
    "max": _spread(_extreme(1)),
    "sum": _spread(_sum),
    "mean": _spread(_mean),
    "all": _spread(_truth(conjunction)),
    "any": _spread(_truth(disjunction)),
    "product": _spread(_product),
    "median": _spread(_median),
    "stddev": _spread(_stddev),
    "mode": _spread(_mode),
    "sublist": builtin("list:list, start position:number, length?:number", _sublist),
    "append": builtin("list:list, item:Any", lambda items, *new: (*items, *new), rest=True),
    "concatenate": builtin("list:list", lambda *given: _concatenated(given), rest=True),
    "union": builtin("list:list", lambda *given: _distinct(_concatenated(given)), rest=True),
    "insert before": builtin("list:list, position:number, newItem:Any", _insert),
    "remove": builtin("list:list, position:number", _remove),
    "list replace": builtin(
        "list:list, position:number, newItem:Any",
        _replace_at,
        others=(builtin("list:list, match:function, newItem:Any", _replace_matching),),
    ),
    "reverse": builtin("list:list", lambda items: items[::-1]),
    "index of": builtin("list:list, match:Any", _index_of),
    "distinct values": builtin("list:list", _distinct),
    "flatten": builtin("list:list", _flatten),
    "sort": builtin("list:list, precedes?:function", _sort),
}
NUMBERS: Final[Mapping[str, FunctionValue]] = {
    "decimal": _scaled(ROUND_HALF_EVEN),
    "floor": _scaled(ROUND_FLOOR, optional=True),
    "ceiling": _scaled(ROUND_CEILING, optional=True),
    "round up": _scaled(ROUND_UP),
    "round down": _scaled(ROUND_DOWN),
    "round half up": _scaled(ROUND_HALF_UP),
    "round half down": _scaled(ROUND_HALF_DOWN),
    "abs": builtin(
        "n:number",
        _abs,
        others=(
            builtin("n:days and time duration", _abs),
            builtin("n:years and months duration", _abs),
        ),
    ),
    "modulo": builtin("dividend:number, divisor:number", modulo),
    "sqrt": builtin("number:number", _root),
    "log": builtin("number:number", _log),
    "exp": builtin("number:number", DECIMALS.exp),
    "even": builtin("number:number", _parity(0)),
    "odd": builtin("number:number", _parity(1)),
}
