# SPDX-License-Identifier: Apache-2.0
"""What the taken items ask for, issue and look at, after their own conditions.

A condition of a use is read on answers and facts (answers first); undecided, the use is kept.
What waits for what (`possible_edges`) is read on the answers alone: it never grows or shrinks
with facts, so nothing that relies on the order is lost when more becomes known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import ElementUse, Fee, MaterialUse, StepKind

from .conditions import Judge
from .model import FeeLine

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
    fees: tuple[FeeLine, ...]
    anew: frozenset[str]  # materials issued by the answers alone: one already held is something else


def gather(catalogue: Catalogue, taken: Sequence[str], known: Judge, answers: Judge) -> Needs:
    """Collect the uses of the taken items. `known` judges on answers and facts together, `answers`
    on the answers alone.

    The rule language promises that an answer, once given, stays when more becomes known: what the
    answers alone decide is decided here too.
    """
    items = {code: catalogue.items[code] for code in taken}
    elements: dict[str, list[AskedElement]] = {}
    materials: dict[str, list[AskedMaterial]] = {}
    makers: dict[str, list[str]] = {}
    perhaps: dict[str, list[str]] = {}
    surveys: dict[str, list[str]] = {}
    fees: list[FeeLine] = []
    for code, item in items.items():
        for element, conditional in _kept(item.elements, known):
            elements.setdefault(element.element, []).append(AskedElement(code, element, conditional))
        for material, conditional in _kept(item.materials, known):
            materials.setdefault(material.material, []).append(AskedMaterial(code, material, conditional))
        for output, conditional in _kept(item.outputs, known):
            perhaps.setdefault(output.material, []).append(code)
            if not conditional:
                makers.setdefault(output.material, []).append(code)
        for place in _places(item, known):
            surveys.setdefault(place, []).append(code)
        fees += [_fee(code, fee, conditional) for fee, conditional in _kept(item.fees, known)]
    return Needs(
        items=items,
        elements=_frozen(elements),
        materials=_frozen(materials),
        makers=_frozen(makers),
        perhaps_makers=_frozen(perhaps),
        surveys=_frozen(surveys),
        fees=tuple(fees),
        anew=_issued_anew(items, answers),
    )


def _issued_anew(items: Mapping[str, Item], answers: Judge) -> frozenset[str]:
    """The materials that the taken items issue by the answers alone: one already held is about
    something else. Facts have no say, so that more of them never take an answer away."""
    return frozenset(
        output.material for item in items.values() for output in item.outputs if answers.holds(output.when)
    )


class _Conditional(Protocol):
    @property
    def when(self) -> str | None: ...


_U = TypeVar("_U", bound=_Conditional)


def _kept(uses: Iterable[_U], known: Judge) -> Iterator[tuple[_U, bool]]:
    """The uses whose condition is not refuted, each with whether it is still open."""
    for use in uses:
        value = known.holds(use.when)
        if value is not False:
            yield use, value is None


def _fee(code: str, fee: Fee, conditional: bool) -> FeeLine:
    return FeeLine(code, fee.name, fee.standard, fee.amount_fen, conditional, fee.cite)


def _places(item: Item, known: Judge) -> list[str]:
    surveys = [step for step in item.steps if step.kind is StepKind.SITE_SURVEY]
    return list(dict.fromkeys(step.visits for step, _ in _kept(surveys, known) if step.visits))


def _frozen(lists: dict[str, list[_T]]) -> dict[str, tuple[_T, ...]]:
    return {key: tuple(values) for key, values in lists.items()}
