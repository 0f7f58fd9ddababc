# SPDX-License-Identifier: Apache-2.0
"""Life events must be possible: items for the right people, questions in order, no circle."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from yiwang.engines.definitions.kinds import Item, LifeEvent
from yiwang.engines.definitions.problems import Problem

from .checked import Checked, names_in

Graph = dict[str, dict[str, str]]
"""Item → the items it must wait for, each with the name of what it waits for."""


def wrong_subject(checked: Checked) -> Iterator[Problem]:
    """Items that are not for the people the life event is for."""
    for event, index, item in _members(checked):
        for who, asked, offered in (
            ("自然人（for_persons）", event.for_persons and not event.for_firms, item.for_persons),
            ("法人（for_firms）", event.for_firms and not event.for_persons, item.for_firms),
        ):
            if asked and not offered:
                what = f"“{event.name}”面向{who}，事项“{item.name}”却不面向它"
                path = ("items", index, "item")
                yield checked.problem(
                    "life_events", event.id, path, what, "换一个事项，或核对双方的 for_persons、for_firms"
                )


def early_questions(checked: Checked) -> Iterator[Problem]:
    """Questions whose condition uses an answer that has not been asked for yet."""
    elements = checked.catalogue.elements
    for event in checked.catalogue.life_events.values():
        asked: set[str] = set()
        later = {elements[q.element].name for q in event.questions if q.element in elements}
        for index, question in enumerate(event.questions):
            for name in names_in(question.when):
                if name in later and name not in asked:
                    what = f"这个问题的条件用到“{name}”，它却在后面才问"
                    path = ("questions", index, "when")
                    yield checked.problem("life_events", event.id, path, what, f"把“{name}”移到它前面")
            if question.element in elements:
                asked.add(elements[question.element].name)


def cycles(checked: Checked) -> Iterator[Problem]:
    """Items of one life event that wait for each other; doubtful where a condition may break it."""
    for event in checked.catalogue.life_events.values():
        certain = list(_circles(_graph(checked, event, certain=True)))
        possible = () if certain else list(_circles(_graph(checked, event, certain=False)))
        for circle in (*certain, *possible):
            told = " → ".join(f"{checked.catalogue.items[one].name}（{one}）" for one in circle)
            index = next(i for i, member in enumerate(event.items) if member.item in circle)
            what = f"事项互相等待：{told}" + ("" if certain else "（条件同时成立时）")
            mend = "核对这些事项的材料（materials）、结果（outputs）和 after，去掉其中一处依赖"
            where = checked.where("life_events", event.id, "items", index, "item")
            yield Problem.at(where, what, mend, doubt=not certain)


def _members(checked: Checked) -> Iterator[tuple[LifeEvent, int, Item]]:
    for event in checked.catalogue.life_events.values():
        for index, member in enumerate(event.items):
            if item := checked.catalogue.items.get(member.item):
                yield event, index, item


def _graph(checked: Checked, event: LifeEvent, *, certain: bool) -> Graph:
    """What waits for what; with `certain`, only where no condition and no choice is involved."""
    known = checked.catalogue.items
    members = {member.item: member for member in event.items if member.item in known}
    issued: dict[str, set[str]] = {}
    for item in members:
        for output in known[item].outputs:
            if not (certain and output.when):
                issued.setdefault(output.material, set()).add(item)
    graph: Graph = {}
    for item in members:
        waits = {other: other for other in known[item].after if other in members}
        for use in known[item].materials:
            if not (certain and (use.when or not use.required)):
                waits |= dict.fromkeys(issued.get(use.material, ()), use.material)
        graph[item] = waits
    return graph


def _circles(graph: Graph) -> Iterator[list[str]]:
    """Circles, each told once: after each one an edge of it is taken out."""
    while True:
        try:
            TopologicalSorter({item: sorted(waits) for item, waits in sorted(graph.items())}).prepare()
            return
        except CycleError as error:
            circle: list[str] = error.args[1]
            yield circle
            del graph[circle[1]][circle[0]]
