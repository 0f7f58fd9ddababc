# SPDX-License-Identifier: Apache-2.0
"""Context functions of DMN 1.5 (table 79)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from yiwang.engines.rules.wide_builtin import builtin
from yiwang.engines.rules.wide_values import FunctionValue

Items = tuple[Any, ...]


def _get_value(where: Mapping[str, Any], key: str) -> Any:
    return where.get(key)


def _get_path(where: Any, keys: Items) -> Any:
    for key in keys:
        where = where.get(key) if isinstance(where, Mapping) and isinstance(key, str) else None
    return where if keys else None


def _get_entries(where: Mapping[str, Any]) -> Items:
    return tuple({"key": key, "value": value} for key, value in where.items())


def _context(entries: Items) -> Any:
    found: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or "value" not in entry or not isinstance(entry.get("key"), str):
            return None
        if entry["key"] in found:
            return None
        found[entry["key"]] = entry["value"]
    return found


def _put(where: Mapping[str, Any], key: str, value: Any) -> Any:
    return {**where, key: value}


def _put_path(where: Any, keys: Items, value: Any) -> Any:
    if not keys or not isinstance(keys[0], str) or not isinstance(where, Mapping):
        return None
    inner = value
    if len(keys) > 1:
        inner = _put_path(where.get(keys[0]), keys[1:], value)
        if inner is None:
            return None
    return {**where, keys[0]: inner}


def _merge(contexts: Items) -> Any:
    if any(not isinstance(each, Mapping) for each in contexts):
        return None
    return {key: value for each in contexts for key, value in each.items()}


CONTEXTS: Final[Mapping[str, FunctionValue]] = {
    "get value": builtin(
        "m:context, key:string", _get_value, others=(builtin("m:context, keys:list", _get_path),)
    ),
    "get entries": builtin("m:context", _get_entries),
    "context": builtin("entries:list", _context),
    "context put": builtin(
        "context:context, key:string, value:Any",
        _put,
        others=(builtin("context:context, keys:list, value:Any", _put_path),),
    ),
    "context merge": builtin("contexts:list", _merge),
}
