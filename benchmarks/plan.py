# SPDX-License-Identifier: Apache-2.0
"""How long a plan takes: the largest life event, in a catalogue padded to 10,000 items.

The limit beside it, measured in the same run, is the bare work by hand on the same items: one
topological sort and one merge of questions and documents into dictionaries, without conditions,
reasons, sources or dates. The ratio says what these cost.
"""

from __future__ import annotations

import datetime as dt
from graphlib import TopologicalSorter
from typing import Any

from yiwang.engines import house
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Definition, LifeEvent
from yiwang.engines.planning import plan

from .measure import Line, in_turns, table

ITEMS = 10_000
ROUNDS = 300
PROMISED_MS = 20.0
START = dt.date(2026, 3, 2)


def padded(catalogue: Catalogue, size: int) -> Catalogue:
    """The catalogue with copies of its items under new ids, until it has `size` of them."""
    originals = list(catalogue.items.values())
    copies: dict[str, Definition] = dict(catalogue.items)
    number = 0
    while len(copies) < size:
        one = originals[number % len(originals)]
        code = f"{one.id}-copy-{number}"
        copies[code] = one.model_copy(update={"id": code})
        number += 1
    folders: dict[str, Any] = {**catalogue.folders(), "items": copies}
    return Catalogue.of(folders, digest=catalogue.digest)


def by_hand(catalogue: Catalogue, event: LifeEvent) -> tuple[int, int, int]:
    """A topological sort and a merge, and nothing else."""
    items = [catalogue.items[member.item] for member in event.items]
    makers: dict[str, list[str]] = {}
    for item in items:
        for output in item.outputs:
            makers.setdefault(output.material, []).append(item.id)
    sorter: TopologicalSorter[str] = TopologicalSorter()
    form: dict[str, list[str]] = {}
    materials: dict[str, list[str]] = {}
    for item in items:
        sorter.add(item.id, *(maker for use in item.materials for maker in makers.get(use.material, ())))
        for element in item.elements:
            form.setdefault(element.element, []).append(item.id)
        for material in item.materials:
            materials.setdefault(material.material, []).append(item.id)
    return len(list(sorter.static_order())), len(form), len(materials)


def run() -> list[Line]:
    """The plan against its promise (p95 within 20 ms), and against the bare work by hand."""
    small = house.load()
    calendar = house.calendar_of(small)
    catalogue = padded(small, ITEMS)
    event = max(catalogue.life_events.values(), key=lambda one: (len(one.items), one.id))
    choice = [member.item for member in event.items]

    def whole() -> object:
        return plan(catalogue, event, {}, start=START, calendar=calendar, choice=choice)

    ours, theirs = in_turns(whole, lambda: by_hand(catalogue, event), rounds=ROUNDS)
    what = f"plan of the largest life event, {len(choice)} of {len(catalogue.items):,} items"
    return [
        Line(what, f"limit of {PROMISED_MS:g} ms, by p95", ours, None, ours.p95 / PROMISED_MS, target=1.0),
        Line(
            what,
            "topological sort and merge by hand",
            ours,
            theirs,
            ours.median / theirs.median,
            target=None,
            note="without conditions, reasons, sources, dates",
        ),
    ]


if __name__ == "__main__":
    print(table(run()))
