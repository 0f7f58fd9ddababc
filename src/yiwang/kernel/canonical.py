# SPDX-License-Identifier: Apache-2.0
"""One value, one text, one digest: canonical JSON by RFC 8785 (JCS), without floats.

Two writers that agree on a value agree on its bytes: no blanks, keys ordered by their UTF-16
code units, text as UTF-8. Floats are refused because they do not survive a round trip through
law: money is fen, days are halves, decimals are text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from yiwang.kernel.errors import Invalid

__all__ = ["canonical_digest", "canonical_json"]

_SAFE = 2**53 - 1  # the integers that every JSON reader keeps exact
_DEPTH = 100


def canonical_json(value: Any) -> bytes:
    """The canonical bytes of None, bool, int, str, list, tuple and mappings with text keys.

    Raises Invalid for anything else: floats, dates, enums, integers beyond 2^53-1, text that
    is not Unicode (a lone surrogate), more than 100 levels.
    """
    try:
        return _written(_ready(value, _DEPTH)).encode("utf-8")
    except UnicodeEncodeError:
        raise _refuse("文字里有不完整的字符") from None


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def canonical_digest(value: Any) -> str:
    """The SHA-256 of the canonical bytes, in lower-case hexadecimal. Raises Invalid as above."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _ready(value: Any, depth: int) -> Any:
    """`value` with every mapping in canonical key order, checked all the way down."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if kind is int:
        if -_SAFE <= value <= _SAFE:
            return value
        raise _refuse("整数超出可精确表示的范围")
    if depth == 0:
        raise _refuse("层次太深")
    if isinstance(value, list | tuple):
        return [one if type(one) is str else _ready(one, depth - 1) for one in value]
    if isinstance(value, Mapping):
        found = [(key, value[key]) for key in _ordered(value)]
        return {key: one if type(one) is str else _ready(one, depth - 1) for key, one in found}
    if isinstance(value, float):
        raise _refuse("不能有浮点数")
    if isinstance(value, Enum):
        raise _refuse("不能有枚举，请先取它的值")
    raise _refuse(f"不能有这种值（{kind.__name__}）")


def _ordered(mapping: Mapping[Any, Any]) -> tuple[str, ...]:
    keys = tuple(mapping)
    if keys and {*map(type, keys)} != {str}:
        raise _refuse("键必须是文字")
    return _in_order(keys)


@lru_cache(maxsize=1024)
def _in_order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Values of one kind have the same keys again and again."""
    try:
        return tuple(sorted(keys, key=lambda key: key.encode("utf-16-be")))
    except UnicodeEncodeError:
        raise _refuse("文字里有不完整的字符") from None


def _refuse(why: str) -> Invalid:
    return Invalid(f"内容不能写成规范 JSON：{why}。", mend="金额用分，天数和小数用文字，日期用文字。")
