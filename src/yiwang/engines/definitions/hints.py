# SPDX-License-Identifier: Apache-2.0
"""Walk a definition by its types: which values refer to what, which are rules, which keys exist.

A kind says what a field means by a marker in its annotation (`Ref`, `RuleText` in kinds/base.py),
so the checks work for the kinds of other engines too.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from .kinds.base import Ref, RuleText

_PLAIN = (str, int, Decimal, dt.date, Enum, types.NoneType)
Path = tuple[int | str, ...]
Marker = Ref | RuleText


def marked(value: BaseModel, path: Path = ()) -> Iterator[tuple[Marker, Path, str]]:
    """Every marked value inside the model `value`: its marker, its path and itself."""
    for name, hint in _telling(type(value)):
        yield from _marked(getattr(value, name), hint, (*path, name))


@cache
def _telling(kind: type[BaseModel]) -> tuple[tuple[str, Any], ...]:
    """The fields of one model in which something may be marked, with their annotations: a few of many."""
    return tuple((name, hint) for name, hint in fields(kind).items() if not _plain(hint))


def _plain(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        inner, *metadata = get_args(hint)
        return _plain(inner) and not any(isinstance(mark, Ref | RuleText) for mark in metadata)
    if arguments := get_args(hint):
        return all(map(_plain, arguments))
    return isinstance(hint, type) and issubclass(hint, _PLAIN)


def _marked(value: Any, hint: Any, path: Path) -> Iterator[tuple[Marker, Path, str]]:
    if value is None:
        return
    if isinstance(value, BaseModel):
        yield from marked(value, path)
    elif get_origin(hint) is Annotated:
        inner, *metadata = get_args(hint)
        yield from ((mark, path, value) for mark in metadata if isinstance(mark, Ref | RuleText))
        yield from _marked(value, inner, path)
    elif isinstance(value, list | tuple):
        inner = _element_hint(hint)
        for index, child in enumerate(value):
            yield from _marked(child, inner, (*path, index))
    elif isinstance(value, dict):
        of_key, of_value = get_args(_without_none(hint)) or (Any, Any)
        for key, child in value.items():
            yield from _marked(key, of_key, (*path, key))
            yield from _marked(child, of_value, (*path, key))
    elif _is_union(hint):
        for arm in get_args(hint):
            yield from _marked(value, arm, path)


@cache
def fields(kind: type[BaseModel]) -> dict[str, Any]:
    """Field name → annotation, of one model."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.model_fields}


def models_at(kind: Any, path: Path) -> list[type[BaseModel]]:
    """The models that may stand at `path` inside `kind` (several where the type is a choice)."""
    hints: list[Any] = _arms(kind)
    for step in path:
        found = [inner for hint in hints for inner in _step(hint, step)]
        hints = found or hints  # a step that only names an arm of a choice leads nowhere
    return [hint for hint in hints if isinstance(hint, type) and issubclass(hint, BaseModel)]


def _step(hint: Any, step: int | str) -> list[Any]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        known = fields(hint)
        return _arms(known[step]) if isinstance(step, str) and step in known else []
    if get_origin(hint) in (list, tuple) and isinstance(step, int):
        return _arms(get_args(hint)[0])
    if get_origin(hint) is dict and isinstance(step, str):
        return _arms(get_args(hint)[1])
    return []


def _arms(hint: Any) -> list[Any]:
    if get_origin(hint) is Annotated:
        return _arms(get_args(hint)[0])
    if _is_union(hint):
        return [arm for inner in get_args(hint) for arm in _arms(inner)]
    return [hint]


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


def _without_none(hint: Any) -> Any:
    return next((arm for arm in _arms(hint) if arm is not types.NoneType), hint)


def _element_hint(hint: Any) -> Any:
    arguments = get_args(_without_none(hint))
    return arguments[0] if arguments else Any
