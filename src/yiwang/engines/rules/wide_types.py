# SPDX-License-Identifier: Apache-2.0
"""Types of a DMN model as they are written (`list<number>`), and which value is of which type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from yiwang.engines.rules.values import Range
from yiwang.engines.rules.wide_values import FunctionValue, kind

SIMPLE: Final[Mapping[str, str]] = {
    "number": "number", "string": "string", "boolean": "boolean", "date": "date", "time": "time",
    "date and time": "date and time", "dateTime": "date and time",
    "days and time duration": "days and time duration", "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "list": "list", "range": "range", "context": "context", "function": "function", "Any": "Any",
    "any": "Any", "Null": "null", "null": "null",
}  # fmt: skip


@dataclass(frozen=True)
class WideType:
    """A type. `items`: of a list or range its item, of a function its parameters, then its result.

    `allowed` says whether a value of the kind is among the allowed ones.
    """

    name: str
    items: tuple[WideType, ...] = ()
    members: tuple[tuple[str, WideType], ...] = ()
    allowed: Callable[[Any], bool] | None = None


ANY: Final = WideType("Any")


def conforms(value: Any, wanted: WideType, *, kind_only: bool = False) -> bool:
    """Whether a value is of a type; null is of every type. `kind_only`: whatever values are allowed."""
    if value is None or wanted.name == "Any":
        return value is None or kind_only or wanted.allowed is None or wanted.allowed(value)
    found = kind(value)
    if found != wanted.name:
        return False
    if not _parts_conform(value, wanted, kind_only=kind_only):
        return False
    return kind_only or wanted.allowed is None or wanted.allowed(value)


def _parts_conform(value: Any, wanted: WideType, *, kind_only: bool) -> bool:
    if isinstance(value, tuple) and wanted.items:
        return all(conforms(item, wanted.items[0], kind_only=kind_only) for item in value)
    if isinstance(value, Range) and wanted.items:
        return conforms(value.low, wanted.items[0]) and conforms(value.high, wanted.items[0])
    if isinstance(value, Mapping) and wanted.members:
        return all(
            name in value and conforms(value[name], of, kind_only=kind_only) for name, of in wanted.members
        )
    if isinstance(value, FunctionValue) and wanted.items:
        return len(value.parameters) == len(wanted.items) - 1
    return True


def instance_of(value: Any, wanted: WideType) -> bool:
    """``value instance of wanted``: null is an instance of Null alone."""
    if value is None:
        return wanted.name == "null"
    return conforms(value, wanted, kind_only=True)


def read_type(text: str, known: Mapping[str, WideType]) -> WideType | None:
    """Read a type as it is written; `known` are those the model defines. None if there is no such type."""
    text = " ".join(text.split())
    if text in known:
        return known[text]
    if text in SIMPLE:
        return WideType(SIMPLE[text])
    head, bracket, rest = text.partition("<")
    head = head.strip()
    if not bracket or head not in ("list", "range", "context", "function"):
        return None
    inner, tail = _enclosed(rest)
    if head == "context":
        return _context_type(inner, known)
    items = [read_type(part, known) for part in _parts(inner)]
    if head == "function":
        items.append(read_type(tail.strip().removeprefix("->"), known))
    if any(item is None for item in items):
        return None
    return WideType(head, tuple(item for item in items if item is not None))


def _context_type(inner: str, known: Mapping[str, WideType]) -> WideType | None:
    members: list[tuple[str, WideType]] = []
    for part in _parts(inner):
        name, _, written = part.partition(":")
        found = read_type(written, known)
        if found is None:
            return None
        members.append((" ".join(name.split()), found))
    return WideType("context", members=tuple(members))


def _enclosed(rest: str) -> tuple[str, str]:
    """What stands up to the `>` that closes, and what follows."""
    depth = 1
    for place, letter in enumerate(rest):
        if letter == "<":
            depth += 1
        elif letter == ">" and rest[place - 1 : place] != "-":
            depth -= 1
        if depth == 0:
            return rest[:place], rest[place + 1 :]
    return rest, ""


def _parts(text: str) -> list[str]:
    """The parts between commas that stand in no brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "<") - (letter == ">" and text[place - 1 : place] != "-")
        if letter == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]
