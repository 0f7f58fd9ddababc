# SPDX-License-Identifier: Apache-2.0
"""Joint site visits (联合踏勘): one visit to one place for all items that run at that time.

Two items share a visit only when neither waits for the other and the days in which they run
overlap: then there is a day on which both can be there. Choosing the fewest such days is the
old problem of stabbing intervals, solved by taking the earliest end first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .model import JointVisit, Savings
from .order import Order
from .schedule import Clock, Span


def joint_visits(
    wanted: Mapping[str, Sequence[str]],
    order: Order,
    when: Mapping[str, Span],
    clock: Clock,
    place_name: Callable[[str], str],
) -> tuple[tuple[JointVisit, ...], Savings]:
    """Merge visits. `wanted`: place → items that have to look at it."""
    visits: list[JointVisit] = []
    separate = 0
    made = 0
    for place in sorted(wanted):
        groups = _fewest_groups(wanted[place], order, when)
        separate += len(wanted[place])
        made += len(groups)
        for group in groups:
            if len(group) < 2:
                continue
            first = max(when[item].begins for item in group) + 1
            last = min(when[item].ends for item in group)
            visits.append(JointVisit(place, place_name(place), group, clock.day(first), clock.day(last)))
    return tuple(visits), Savings(separate, made)


def _fewest_groups(items: Sequence[str], order: Order, when: Mapping[str, Span]) -> list[tuple[str, ...]]:
    """Groups whose spans have a half day in common. An item that takes no time goes alone."""
    todo = sorted(items, key=lambda one: (when[one].ends, order.rank[one]))
    groups: list[tuple[str, ...]] = []
    while todo:
        first = todo[0]
        at = when[first].ends  # the last half day in which `first` still runs
        group = [first]
        if when[first].begins < at:
            group += [one for one in todo[1:] if when[one].begins < at]
        groups.append(tuple(sorted(group, key=order.rank.__getitem__)))
        todo = [one for one in todo if one not in group]
    return groups
