# SPDX-License-Identifier: Apache-2.0
"""Which items of a life event a visitor may take or leave (自主选择全部或部分事项)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds.life_events import Member
from yiwang.engines.planning import Plan
from yiwang.engines.planning.conditions import Judge

from .guiding import Guiding


@dataclass(frozen=True)
class Choice:
    """One line of the choice. `locked`: goes with another item by law, and has no box of its own."""

    item: str
    name: str
    department: str
    included: bool
    applies: bool
    optional: bool
    locked: str
    reason: str
    cite: str


def choices_of(guiding: Guiding, plan: Plan) -> list[Choice]:
    """Every member of the life event as the plan took or left it, and whether it can be chosen."""
    known = guiding.release.catalogue
    applicable = _applicable(guiding, plan)
    leaders = _leaders(guiding.event.items, applicable)
    members = {member.item: member for member in guiding.event.items}
    lines = []
    for item in plan.items:
        leader = leaders.get(item.id, item.id)
        lines.append(
            Choice(
                item=item.id,
                name=item.name,
                department=item.department,
                included=item.included,
                applies=item.id in applicable,
                optional=members[item.id].optional,
                locked="" if leader == item.id else known.items[leader].name,
                reason=item.reason,
                cite=cite_words(known, item.cite) if item.cite else "",
            )
        )
    return lines


def with_bound(guiding: Guiding, choice: Sequence[str] | None) -> list[str] | None:
    """The choice with what the law binds to it: a bound item follows the one that leads it."""
    if choice is None:
        return None
    every = [member.item for member in guiding.event.items]
    leaders = _leaders(guiding.event.items, set(every))
    taken = set(choice)
    return [item for item in every if item in taken or leaders.get(item) in taken]


def _applicable(guiding: Guiding, plan: Plan) -> set[str]:
    """Items the answers do not rule out: those taken, and those left only because nobody chose them."""
    judge = Judge(guiding.release.catalogue, guiding.answers)
    known = guiding.release.catalogue.items
    return {
        member.item
        for member in guiding.event.items
        if judge.holds(member.when) is not False and known[member.item].valid_on(plan.start)
    }


def _leaders(members: Sequence[Member], among: set[str]) -> dict[str, str]:
    """Bound item → the first item of its group, which is chosen for the whole group."""
    groups: list[set[str]] = []
    for member in members:
        if not member.bound_with:
            continue
        own = {member.item, *member.bound_with}
        touching = [group for group in groups if group & own]
        groups = [group for group in groups if not group & own] + [own.union(*touching)]
    order = [member.item for member in members if member.item in among]
    leaders: dict[str, str] = {}
    for group in groups:
        present = [item for item in order if item in group]
        leaders.update(dict.fromkeys(present, present[0]) if present else {})
    return leaders
