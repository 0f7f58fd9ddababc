# SPDX-License-Identifier: Apache-2.0
"""Call a function value of a model: by place or by name, arguments fitted to their types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain, cycle
from typing import Any

from yiwang.engines.rules.wide_types import WideType, conforms, read_type
from yiwang.engines.rules.wide_values import FunctionValue


class _Missing:
    """An optional argument that was not given."""


MISSING = _Missing()


def call(
    function: FunctionValue, given: Sequence[Any], keys: Sequence[str], types: Mapping[str, WideType]
) -> Any:
    """The result; None where the arguments do not fit, as DMN says."""
    for one in (function, *function.others):
        fitted = _fitted(one, given, keys, types)
        if fitted is not None:
            result = one.run(*fitted)
            wanted = read_type(one.gives, types) if one.gives else None
            return result if wanted is None else coerced(result, wanted)
    return None


def _fitted(
    function: FunctionValue, given: Sequence[Any], keys: Sequence[str], types: Mapping[str, WideType]
) -> list[Any] | None:
    """The arguments in their places; None where they do not fit this signature."""
    arguments = _named(function, given, keys) if keys else _placed(function, given)
    if arguments is None:
        return None
    fitted = []
    last = function.parameters[-1:]
    for value, (_, written) in zip(arguments, chain(function.parameters, cycle(last)), strict=False):
        wanted = read_type(written, types) if written else None
        value, fits = (value, True) if wanted is None or value is MISSING else fitted_to(value, wanted)
        if not fits and not function.builtin:
            value, fits = None, True
        if not fits:
            return None
        fitted.append(value)
    while fitted and fitted[-1] is MISSING:
        fitted.pop()
    return [None if value is MISSING else value for value in fitted]


def _named(function: FunctionValue, given: Sequence[Any], keys: Sequence[str]) -> list[Any] | None:
    names = [name for name, _ in function.parameters]
    values = dict(zip(keys, given, strict=True))
    if len(values) < len(keys) or not set(values) <= set(names):
        return None
    needed = names[: len(names) - function.optional]
    if not set(needed) <= set(values):
        return None
    return [values.get(name, MISSING) for name in names]


def _placed(function: FunctionValue, given: Sequence[Any]) -> list[Any] | None:
    count = len(function.parameters)
    if function.spread and not (len(given) == 1 and isinstance(given[0], tuple)):
        return [tuple(given)] if given else None
    if function.rest:
        return list(given) if len(given) >= count else None
    if not count - function.optional <= len(given) <= count:
        return None
    return list(given)


def fitted_to(value: Any, wanted: WideType) -> tuple[Any, bool]:
    """A value as an argument of a type: a list of one as its item, an item as a list of one."""
    if conforms(value, wanted):
        return value, True
    if isinstance(value, tuple) and len(value) == 1 and conforms(value[0], wanted):
        return value[0], True
    if wanted.name == "list" and not isinstance(value, tuple) and conforms((value,), wanted):
        return (value,), True
    return _as_moment(value, wanted)


def _as_moment(value: Any, wanted: WideType) -> tuple[Any, bool]:
    # a date stands for its midnight
    if wanted.name == "date and time" and isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), True
    return None, False


def coerced(value: Any, wanted: WideType) -> Any:
    """A value as the result of a type; null where it does not fit."""
    return fitted_to(value, wanted)[0]
