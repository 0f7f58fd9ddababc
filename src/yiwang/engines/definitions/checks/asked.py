# SPDX-License-Identifier: Apache-2.0
"""A condition can only be decided when somebody asks for what it names: doubtful where nobody does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yiwang.engines.definitions.kinds import Ref
from yiwang.engines.definitions.problems import Problem

from .checked import Checked, Mark, names_in


def unasked_names(checked: Checked) -> Iterator[Problem]:
    """Names in the rules of an item or a life event that no question there brings in."""
    for mark in checked.marks:
        if isinstance(mark.marker, Ref) or mark.folder not in ("items", "life_events"):
            continue
        known = _asked(checked, mark)
        for name in names_in(mark.value):
            if name not in known:
                what = f"条件用到“{name}”，这里却没有问到它"
                mend = (
                    "把它加进引导问题（questions）"
                    if mark.folder == "life_events"
                    else ("把它加进本事项的 elements，或加进一件事的引导问题")
                )
                where = checked.where(mark.folder, mark.definition.id, *mark.path)
                yield Problem.at(where, what, mend, doubt=True)


def _asked(checked: Checked, mark: Mark) -> set[str]:
    """Names asked for by the definition of `mark`; for an item also by every life event that has it."""
    catalogue = checked.catalogue
    if mark.folder == "life_events":
        return _names(checked, (q.element for q in catalogue.life_events[mark.definition.id].questions))
    item = catalogue.items[mark.definition.id]
    events = [
        _names(checked, (question.element for question in event.questions))
        for event in catalogue.life_events.values()
        if any(member.item == item.id for member in event.items)
    ]
    own = _names(checked, (use.element for use in item.elements))
    return own | (set.intersection(*events) if events else set())


def _names(checked: Checked, elements: Iterable[str]) -> set[str]:
    known = checked.catalogue.elements
    return {known[element].name for element in elements if element in known}
