# SPDX-License-Identifier: Apache-2.0
"""The facts that a rule may name, as its writer looks them up: plain words, type, unit, choices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType

MOST: Final = 25
_TYPES: Final = {
    ElementType.INTEGER: "整数",
    ElementType.DECIMAL: "数",
    ElementType.MONEY: "金额",
    ElementType.DATE: "日期",
    ElementType.BOOLEAN: "是或否",
    ElementType.CHOICE: "选一个",
    ElementType.CHOICES: "选几个",
}


@dataclass(frozen=True)
class Fact:
    """One of them. `example`: a condition to copy."""

    name: str
    type: str
    question: str
    choices: tuple[str, ...]
    example: str


@dataclass(frozen=True)
class FactsFound:
    """Those to be shown: the ones in use first; how many more there are."""

    shown: tuple[Fact, ...]
    more: int
    wanted: str


def facts_like(catalogue: Catalogue, wanted: str, used: Collection[str]) -> FactsFound:
    """The facts whose name, question or choice has the words; without words those in use."""
    words = wanted.strip().lower()
    known = catalogue.elements.values()
    found = (
        [one for one in known if words in _text(one)] if words else [one for one in known if one.name in used]
    )
    found.sort(key=lambda one: (one.name not in used, words not in one.name.lower(), one.name))
    return FactsFound(tuple(_fact(one) for one in found[:MOST]), max(0, len(found) - MOST), wanted.strip())


def _text(element: Element) -> str:
    return "\n".join((element.name, element.question, *(one.value for one in element.choices))).lower()


def _fact(element: Element) -> Fact:
    unit = "元" if element.type is ElementType.MONEY else element.unit or ""
    kind = _TYPES.get(element.type, "文字")
    choices = tuple(one.value for one in element.choices)
    return Fact(
        element.name,
        f"{kind}（{unit}）" if unit else kind,
        element.question,
        choices,
        _example(element, choices),
    )


def _example(element: Element, choices: tuple[str, ...]) -> str:
    match element.type:
        case ElementType.BOOLEAN:
            return element.name
        case ElementType.CHOICE:
            return f'{element.name} = "{choices[0]}"'
        case ElementType.CHOICES:
            return f'list contains({element.name}, "{choices[0]}")'
        case ElementType.DATE:
            return f'{element.name} >= @"2026-01-01"'
        case ElementType.INTEGER | ElementType.DECIMAL | ElementType.MONEY:
            return f"{element.name} >= 100"
    return f'{element.name} = "…"'
