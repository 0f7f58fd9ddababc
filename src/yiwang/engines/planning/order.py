# SPDX-License-Identifier: Apache-2.0
"""Who waits for whom: edges, reachability, stages, and cycles with all their names.

Sets of items are integers (bit i stands for the i-th item), so reachability of a life event
with dozens of items costs a handful of machine operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .errors import CycleFound
from .model import Edge


@dataclass(frozen=True)
class Order:
    """A partial order of items. `rank` is the life event's own order, used only to break ties."""

    items: tuple[str, ...]  # in an order in which every item comes after all it waits for
    before: dict[str, int]  # item → bits of all items it waits for, directly or not
    level: dict[str, int]  # item → length of the longest chain of items before it
    rank: dict[str, int]

    def precedes(self, first: str, second: str) -> bool:
        """Whether `second` waits for `first`, directly or through others."""
        return bool(self.before[second] >> self.rank[first] & 1)

    def independent(self, one: str, other: str) -> bool:
        """Whether neither waits for the other."""
        return not self.precedes(one, other) and not self.precedes(other, one)

    def stages(self) -> list[tuple[str, ...]]:
        """Items by level: those of one stage may run at once."""
        found: list[list[str]] = []
        for item in sorted(self.items, key=lambda one: (self.level[one], self.rank[one])):
            while len(found) <= self.level[item]:
                found.append([])
            found[self.level[item]].append(item)
        return [tuple(stage) for stage in found]


def arrange(items: Sequence[str], edges: Iterable[Edge], name: Callable[[Edge], str]) -> Order:
    """Put `items` into an order that respects `edges`; ties keep the given order.

    `name` says an edge in words, for the error. Raises CycleFound naming every cycle's members.
    """
    rank = {item: index for index, item in enumerate(items)}
    waits: dict[str, list[Edge]] = {item: [] for item in items}
    for edge in edges:
        waits[edge.after].append(edge)
    before = dict.fromkeys(items, 0)
    level = dict.fromkeys(items, 0)
    placed: list[str] = []
    open_items = list(items)
    done = 0
    while open_items:
        ready = [item for item in open_items if all(done >> rank[e.before] & 1 for e in waits[item])]
        if not ready:
            raise _cycle_error(open_items, waits, name)
        for item in ready:
            for edge in waits[item]:
                before[item] |= before[edge.before] | 1 << rank[edge.before]
                level[item] = max(level[item], level[edge.before] + 1)
        placed += ready
        done |= sum(1 << rank[item] for item in ready)
        open_items = [item for item in open_items if not done >> rank[item] & 1]
    return Order(tuple(placed), before, level, rank)


def _cycle_error(
    stuck: Sequence[str], waits: dict[str, list[Edge]], name: Callable[[Edge], str]
) -> CycleFound:
    groups = _knots(stuck, waits)
    sentences = []
    for group in groups:
        inside = set(group)
        path = _shortest_cycle(group[0], inside, waits)
        sentences.append("；".join(name(edge) for edge in path))
    return CycleFound(
        "事项互相等待，排不出先后：" + "。".join(sentences) + "。",
        members=tuple(groups),
        mend="请核对这些事项的材料和结果（definitions/*/items），去掉其中一处依赖。",
    )


def _knots(stuck: Sequence[str], waits: dict[str, list[Edge]]) -> list[tuple[str, ...]]:
    """Groups of items that all wait for each other."""
    reach = {item: _reachable(item, waits) for item in stuck}
    groups: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for item in stuck:
        if item in seen or item not in reach[item]:
            continue
        group = tuple(one for one in stuck if one in reach[item] and item in reach[one])
        seen.update(group)
        groups.append(group)
    return groups


def _reachable(item: str, waits: dict[str, list[Edge]]) -> set[str]:
    found: set[str] = set()
    todo = [item]
    while todo:
        for edge in waits[todo.pop()]:
            if edge.before not in found:
                found.add(edge.before)
                todo.append(edge.before)
    return found


def _shortest_cycle(start: str, inside: set[str], waits: dict[str, list[Edge]]) -> list[Edge]:
    """Edges from `start` back to `start`, inside one knot."""
    paths: list[list[Edge]] = [[edge] for edge in waits[start] if edge.before in inside]
    seen = {start}
    while paths:
        longer: list[list[Edge]] = []
        for path in paths:
            at = path[-1].before
            if at == start:
                return path
            if at not in seen:
                seen.add(at)
                longer += [[*path, edge] for edge in waits[at] if edge.before in inside]
        paths = longer
    raise AssertionError("a knot always holds a cycle through each of its members")
