# SPDX-License-Identifier: Apache-2.0
"""Text functions of DMN 1.5 (table 74), and how any value is written as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from yiwang.engines.rules.compute import MAX_TEXT
from yiwang.engines.rules.functions import _substring as substring
from yiwang.engines.rules.values import Months, Range, number_text
from yiwang.engines.rules.wide_builtin import builtin
from yiwang.engines.rules.wide_temporal import temporal_text
from yiwang.engines.rules.wide_values import FunctionValue

MAX_PATTERN: Final = 1_000
MAX_SEARCHED: Final = 20_000


def text_of(value: Any) -> str | None:
    """The function ``string``: a text as it is, anything else as it would be written."""
    return value if isinstance(value, str) or value is None else _written(value)


def _written(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case Decimal():
            return number_text(value)
        case date() | time() | timedelta() | Months():
            return temporal_text(value)
        case tuple():
            return f"[{', '.join(_written(item) for item in value)}]"
        case Range():
            ends = ("[" if value.low_included else "(", "]" if value.high_included else ")")
            return f"{ends[0]}{_written(value.low)}..{_written(value.high)}{ends[1]}"
        case Mapping():
            return "{" + ", ".join(f"{_key(key)}: {_written(item)}" for key, item in value.items()) + "}"
        case _:
            return "function"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[^\W\d][\w ]*", key) else _written(key)


def _number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
        or (grouping and grouping == point)
    ):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point == ",":
        text = text.replace(",", ".")
    return (
        Decimal(text) if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", text, re.ASCII) else None
    )


def _before(text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark and mark in text else ""


def _after(text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark in text and mark else text if not mark else ""


@lru_cache(maxsize=256)
def pattern_of(pattern: str, flags: str = "") -> re.Pattern[str]:
    """An XPath pattern as Python's. Raises ValueError for one that is wrong or asks for what is lacking."""
    if len(pattern) > MAX_PATTERN or set(flags) - set("smixq"):
        raise ValueError(pattern)
    found = 0
    for letter, flag in (("s", re.DOTALL), ("m", re.MULTILINE), ("i", re.IGNORECASE)):
        found |= flag if letter in flags else 0
    if "q" in flags:
        return re.compile(re.escape(pattern), found)
    if "x" in flags:
        pattern = re.sub(r"(\[[^\]]*\])|\s+", lambda match: match[1] or "", pattern)
    if re.search(r"\(\?(?!:)|\[[^\]]*\\[1-9]", pattern) or _open_reference(pattern):
        raise ValueError(pattern)
    if _may_not_end(pattern):
        raise ValueError(pattern)
    try:
        return re.compile(_translated(pattern, found), found)
    except (re.error, RecursionError) as error:
        raise ValueError(pattern) from error


_MARK: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|[()*+]|\{\d+,\}", re.DOTALL)


def _may_not_end(pattern: str) -> bool:
    """Whether a group that repeats without limit is itself repeated: trying all ways may take for ever."""
    repeats = [False]  # for each open group: whether something in it repeats without limit
    closed = False  # whether the group just closed had such a repetition
    end = 0
    for mark in _MARK.finditer(pattern):
        sign, adjacent = mark[0], mark.start() == end
        end = mark.end()
        unlimited = sign in ("*", "+") or sign.startswith("{")
        if unlimited and closed and adjacent:
            return True
        closed = False
        if sign == "(":
            repeats.append(False)
        elif sign == ")" and len(repeats) > 1:
            closed = repeats.pop()
            repeats[-1] |= closed
        elif unlimited:
            repeats[-1] = True
    return False


def _open_reference(pattern: str) -> bool:
    """Whether a group is referred to inside itself, which XPath forbids."""
    opened: list[int] = []
    count = 0
    for token in re.finditer(r"\\(\d)|\\.|\((?!\?:)|\(\?:|\)", pattern):
        if token[1]:
            if int(token[1]) in opened or int(token[1]) > count:
                return True
        elif token[0] == "(":
            count += 1
            opened.append(count)
        elif token[0] == "(?:":
            opened.append(0)
        elif token[0] == ")" and opened:
            opened.pop()
    return False


_BLOCKS: Final = {
    r"\p{L}": r"[^\W\d_]", r"\p{Lu}": "[A-ZÀ-ÖØ-Þ]", r"\p{Ll}": "[a-zß-öø-ÿ]", r"\p{N}": r"\d",
    r"\p{Nd}": r"\d", r"\p{IsBasicLatin}": r"[\x00-\x7f]", r"\P{IsBasicLatin}": r"[^\x00-\x7f]",
    r"\i": r"[^\W\d]", r"\c": r"[\w.:·-]", r"\I": r"[\W\d]", r"\C": r"[^\w.:·-]",
}  # fmt: skip


def _translated(pattern: str, flags: int) -> str:
    """XPath's classes in Python's words. Raises ValueError for the rest."""

    def swap(match: re.Match[str]) -> str:
        token = match[0]
        if token in _BLOCKS:
            return _BLOCKS[token]
        if token[1] in "pPuUxNaAbBZz0" or token[1] in "<>":
            raise ValueError(token)
        return token

    swapped = re.sub(r"\\[pP]\{\w*\}|\\.", swap, pattern, flags=re.DOTALL)
    swapped = re.sub(r"\[([^\[\]]*)-\[([^\[\]]*)\]\]", r"(?:(?![\2])[\1])", swapped)
    return re.sub(r"\[[^\]]*\]|\\.|[.$]", lambda match: _place(match[0], flags), swapped, flags=re.DOTALL)


def _place(mark: str, flags: int) -> str:
    """`.` stands for no end of a line, `$` for the very end, unless the flags say otherwise."""
    if mark == "." and not flags & re.DOTALL:
        return r"[^\n\r]"
    return r"\Z" if mark == "$" and not flags & re.MULTILINE else mark


def _matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    if len(text) > MAX_SEARCHED or not isinstance(flags, str | None):
        return None
    return pattern_of(pattern, flags or "").search(text) is not None


def _replace(text: str, pattern: str, by: str, flags: str | None = None) -> str | None:
    compiled = pattern_of(pattern, flags or "")
    if len(text) > MAX_SEARCHED or compiled.search(""):
        return None
    literal = "q" in (flags or "")
    if not literal and re.search(r"\\(?![\\$])|(?<!\\)\$(?!\d)", by):
        return None

    def filled(match: re.Match[str]) -> str:
        return by if literal else re.sub(r"\\([\\$])|\$(\d)", lambda each: _group(match, each), by)

    result = compiled.sub(filled, text)
    return result if len(result) <= MAX_TEXT else None


def _group(match: re.Match[str], each: re.Match[str]) -> str:
    if each[1]:
        return each[1]
    number = int(each[2])
    return (match[number] or "") if number <= (match.re.groups or 0) else ""


def _split(text: str, delimiter: str) -> tuple[str, ...] | None:
    compiled = pattern_of(delimiter)
    if len(text) > MAX_SEARCHED or compiled.search(""):
        return None
    parts, start = [], 0
    for match in compiled.finditer(text):
        parts.append(text[start : match.start()])
        start = match.end()
    return (*parts, text[start:])


def _join(items: tuple[Any, ...], delimiter: str | None = None) -> str | None:
    if any(item is not None and not isinstance(item, str) for item in items):
        return None
    result = (delimiter or "").join(item for item in items if item is not None)
    return result if len(result) <= MAX_TEXT else None


_TWO: Final = "string:string, match:string"
TEXT: Final[Mapping[str, FunctionValue]] = {
    "string": builtin("from:Any", text_of),
    "number": builtin("from:string, grouping separator:Any, decimal separator:Any", _number),
    "substring": builtin("string:string, start position:number, length?:number", substring),
    "string length": builtin("string:string", lambda text: Decimal(len(text))),
    "upper case": builtin("string:string", lambda text: text.upper()),
    "lower case": builtin("string:string", lambda text: text.lower()),
    "substring before": builtin(_TWO, _before),
    "substring after": builtin(_TWO, _after),
    "contains": builtin(_TWO, lambda text, part: part in text),
    "starts with": builtin(_TWO, lambda text, part: text.startswith(part)),
    "ends with": builtin(_TWO, lambda text, part: text.endswith(part)),
    "matches": builtin("input:string, pattern:string, flags?:Any", _matches),
    "replace": builtin("input:string, pattern:string, replacement:string, flags?:Any", _replace),
    "split": builtin("string:string, delimiter:string", _split),
    "string join": builtin("list:list, delimiter?:Any", _join),
}
