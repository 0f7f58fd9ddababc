# SPDX-License-Identifier: Apache-2.0
"""What may wait for what, and what in the end really waits.

`possible_order` rests on the answers alone. From it the form and the material set learn what an
earlier item will supply; `real_edges` then keeps only the waiting that something depends on, so a
licence already held makes items independent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Definition, Item

from .conditions import Judge
from .model import Edge, EdgeKind, Supply
from .needs import Needs
from .order import Order, arrange

_NOT_WAITED_FOR = frozenset({Supply.GENERATED, Supply.E_LICENCE, Supply.SHARED_DATA, Supply.E_MATERIAL})


def edge_words(catalogue: Catalogue) -> Callable[[Edge], str]:
    """Says an edge: “A”需要“X”，由“B”产生."""

    def name(known: Mapping[str, Definition], code: str) -> str:
        return known[code].name if code in known else code

    def say(edge: Edge) -> str:
        after, before = name(catalogue.items, edge.after), name(catalogue.items, edge.before)
        if edge.kind is EdgeKind.LAW:
            return f"“{after}”依法须在“{before}”之后办理"
        kind = catalogue.materials if edge.kind is EdgeKind.LICENCE else catalogue.elements
        return f"“{after}”需要“{name(kind, edge.what)}”→由“{before}”产生"

    return say


def law_edges(items: Mapping[str, Item]) -> list[Edge]:
    """Edges that the definitions state themselves."""
    return [
        Edge(before, code, EdgeKind.LAW)
        for code, item in items.items()
        for before in item.after
        if before in items
    ]


def certain_edges(items: Mapping[str, Item]) -> list[Edge]:
    """The waiting that no answer can take away: unconditional outputs that are needed without condition."""
    edges = law_edges(items)
    makers: dict[str, list[str]] = {}
    for code, item in items.items():
        for output in item.outputs:
            if output.when is None:
                makers.setdefault(output.material, []).append(code)
    for code, item in items.items():
        for use in item.materials:
            if use.when is None:
                edges += [
                    Edge(maker, code, EdgeKind.LICENCE, use.material)
                    for maker in makers.get(use.material, ())
                ]
    return edges


@dataclass(frozen=True)
class Possible:
    """The order that holds whatever facts may be known, and what comes into being on the way."""

    order: Order
    born: Mapping[str, tuple[str, ...]]  # element → the items whose results bring it into being


def possible_order(
    catalogue: Catalogue, taken: Sequence[str], answers: Judge, asked_before: Collection[str]
) -> Possible:
    """Order the items by what the answers alone leave possible. Raises CycleFound.

    An element that only the result of an item brings into being (a registration number, a
    project code) makes whoever asks for it wait too, unless that would close a circle. What is
    `asked_before` (answered, or a guiding question) makes nobody wait.
    """
    items = {code: catalogue.items[code] for code in taken}
    makers: dict[str, list[str]] = {}
    for code, item in items.items():
        for output in item.outputs:
            if answers.holds(output.when) is not False:
                makers.setdefault(output.material, []).append(code)
    edges = law_edges(items)
    for code, item in items.items():
        for use in item.materials:
            if use.material in makers and answers.holds(use.when) is not False:
                edges += [
                    Edge(before, code, EdgeKind.LICENCE, use.material) for before in makers[use.material]
                ]
    say = edge_words(catalogue)
    order = arrange(taken, edges, say)
    asked = _asked(items, answers, asked_before)
    further, kept = _born_edges(_born(catalogue, items, answers, asked), asked, order)
    return Possible(arrange(taken, edges + further, say) if further else order, kept)


def _asked(items: Mapping[str, Item], answers: Judge, asked_before: Collection[str]) -> dict[str, list[str]]:
    """Element → the items that ask for it, or may."""
    asked: dict[str, list[str]] = {}
    for code, item in items.items():
        for use in item.elements:
            if use.element not in asked_before and answers.holds(use.when) is not False:
                asked.setdefault(use.element, []).append(code)
    return asked


def _born_edges(
    born: Mapping[str, Sequence[str]], asked: Mapping[str, Sequence[str]], order: Order
) -> tuple[list[Edge], dict[str, tuple[str, ...]]]:
    """Edges from the items that bring an element into being to those that ask for it."""
    before = dict(order.before)
    found: list[Edge] = []
    kept: dict[str, tuple[str, ...]] = {}
    for element, makers in born.items():
        new = [Edge(maker, asker, EdgeKind.ELEMENT, element) for asker in asked[element] for maker in makers]
        after = _with_edges(before, order, new)
        if after is not None:
            before = after
            found += new
            kept[element] = tuple(makers)
    return found, kept


def _born(
    catalogue: Catalogue, items: Mapping[str, Item], answers: Judge, asked: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Asked element → items whose result carries it though nothing they take in does.

    Not so where an asker's own result carries it: then it goes in before it comes out.
    """
    perhaps = {code: _carried(catalogue, item, answers, certain=False) for code, item in items.items()}
    found: dict[str, list[str]] = {}
    for code, item in items.items():
        taken_in = {use.element for use in item.elements}
        for use in item.materials:
            taken_in.update(_printed(catalogue, use.material))
        for element in _carried(catalogue, item, answers, certain=True):
            goes_in = any(element in perhaps[asker] for asker in asked.get(element, ()))
            if element in asked and element not in taken_in and not goes_in:
                found.setdefault(element, []).append(code)
    return found


def _carried(catalogue: Catalogue, item: Item, answers: Judge, *, certain: bool) -> dict[str, None]:
    """The elements that an item's results carry, or (not `certain`) may carry; in their order."""
    return {
        element: None
        for output in item.outputs
        for value in [answers.holds(output.when)]
        if value is True or (value is None and not certain)
        for element in _printed(catalogue, output.material)
    }


def _printed(catalogue: Catalogue, material: str) -> list[str]:
    known = catalogue.materials.get(material)
    return [field.element for field in known.fields] if known else []


def _with_edges(before: Mapping[str, int], order: Order, new: Sequence[Edge]) -> dict[str, int] | None:
    """Reachability with further edges; None if they would close a circle."""
    found = dict(before)
    for edge in new:
        bits = found[edge.before] | 1 << order.rank[edge.before]
        if bits >> order.rank[edge.after] & 1:
            return None
        mark = 1 << order.rank[edge.after]
        for item, seen in found.items():
            if item == edge.after or seen & mark:
                found[item] = seen | bits
    return found


def carriers(catalogue: Catalogue, needs: Needs, possible: Order) -> dict[str, tuple[str, ...]]:
    """Element → items whose certain result carries it, earliest first."""
    found: dict[str, dict[str, None]] = {}
    for code in possible.items:
        for output in needs.items[code].outputs:
            if code in needs.makers.get(output.material, ()):
                for element in _printed(catalogue, output.material):
                    found.setdefault(element, {})[code] = None
    return {element: tuple(codes) for element, codes in found.items()}


def _needful(
    items: Sequence[str], edges: list[Edge], extra: list[Edge], say: Callable[[Edge], str]
) -> list[Edge]:
    """Those of `extra` that no longer chain implies."""
    order = arrange(items, edges + extra, say)
    waits: dict[str, set[str]] = {}
    for edge in edges + extra:
        waits.setdefault(edge.after, set()).add(edge.before)
    return [
        edge for edge in extra if not any(order.precedes(edge.before, other) for other in waits[edge.after])
    ]


def real_edges(
    catalogue: Catalogue,
    needs: Needs,
    possible: Possible,
    supplies: Mapping[str, Supply],
    supplied: Mapping[str, Sequence[str]],
) -> list[Edge]:
    """The waiting that something depends on, once it is known where everything comes from.

    `supplied`: element that an earlier item supplies → the items whose result carries it.
    """
    edges = law_edges(needs.items)
    for material, askers in needs.materials.items():
        if supplies[material] not in _NOT_WAITED_FOR:
            edges += [
                Edge(maker, asker.item, EdgeKind.LICENCE, material)
                for asker in askers
                for maker in needs.perhaps_makers.get(material, ())
            ]
    order = arrange(possible.order.items, edges, edge_words(catalogue))
    extra: list[Edge] = []
    for element, makers in supplied.items():
        for asker in needs.elements[element]:
            before = [maker for maker in makers if possible.order.precedes(maker, asker.item)]
            origins = [maker for maker in before if maker in possible.born.get(element, ())]
            if not origins and not any(order.precedes(maker, asker.item) for maker in before):
                origins = before[:1]
            extra += [
                Edge(maker, asker.item, EdgeKind.ELEMENT, element)
                for maker in origins
                if not order.precedes(maker, asker.item)
            ]
    return edges + (_needful(possible.order.items, edges, extra, edge_words(catalogue)) if extra else [])
