# SPDX-License-Identifier: Apache-2.0
"""What the taken items ask for, issue and look at, after their own conditions.

A condition of a use is read on the answers first, then on the facts; undecided, the use is kept.
What waits for what (`possible_edges`) is read on the answers alone: it never grows or shrinks
with facts, so nothing that relies on the order is lost when more becomes known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import ElementUse, MaterialUse, StepKind

from .conditions import Judge

_T = TypeVar("_T")


@dataclass(frozen=True)
class AskedElement:
    """An item asks for an element."""

    item: str
    use: ElementUse
    conditional: bool


@dataclass(frozen=True)
class AskedMaterial:
    """An item asks for a material."""

    item: str
    use: MaterialUse
    conditional: bool


@dataclass(frozen=True)
class Needs:
    """Everything the taken items ask for and issue, each by id, in the items' order."""

    items: Mapping[str, Item]
    elements: Mapping[str, tuple[AskedElement, ...]]
    materials: Mapping[str, tuple[AskedMaterial, ...]]
    makers: Mapping[str, tuple[str, ...]]  # material → items that certainly issue it
    perhaps_makers: Mapping[str, tuple[str, ...]]  # material → items that issue it, or may
    surveys: Mapping[str, tuple[str, ...]]  # place → items that have to look at it


class _Two:
    """A condition read on the answers, then, if they leave it open, on the facts too."""

    def __init__(self, answers: Judge, known: Judge) -> None:
        self.answers = answers
        self.known = known

    def holds(self, rule: str | None) -> bool | None:
        if rule is None:
            return True
        value = self.answers.holds(rule)
        return self.known.holds(rule) if value is None else value


def gather(catalogue: Catalogue, taken: Sequence[str], answers: Judge, known: Judge) -> Needs:
    """Collect the uses of the taken items. `known` judges on answers and facts together."""
    two = _Two(answers, known)
    items = {code: catalogue.items[code] for code in taken}
    elements: dict[str, list[AskedElement]] = {}
    materials: dict[str, list[AskedMaterial]] = {}
    makers: dict[str, list[str]] = {}
    perhaps: dict[str, list[str]] = {}
    surveys: dict[str, list[str]] = {}
    for code, item in items.items():
        for element in item.elements:
            if (value := two.holds(element.when)) is not False:
                elements.setdefault(element.element, []).append(AskedElement(code, element, value is None))
        for material in item.materials:
            if (value := two.holds(material.when)) is not False:
                materials.setdefault(material.material, []).append(
                    AskedMaterial(code, material, value is None)
                )
        for output in item.outputs:
            if (value := two.holds(output.when)) is not False:
                perhaps.setdefault(output.material, []).append(code)
                if value:
                    makers.setdefault(output.material, []).append(code)
        for place in _places(item, two):
            surveys.setdefault(place, []).append(code)
    return Needs(
        items, _frozen(elements), _frozen(materials), _frozen(makers), _frozen(perhaps), _frozen(surveys)
    )


def _places(item: Item, two: _Two) -> list[str]:
    return list(
        dict.fromkeys(
            step.visits
            for step in item.steps
            if step.kind is StepKind.SITE_SURVEY and step.visits and two.holds(step.when) is not False
        )
    )


def _frozen(lists: dict[str, list[_T]]) -> dict[str, tuple[_T, ...]]:
    return {key: tuple(values) for key, values in lists.items()}
