# SPDX-License-Identifier: Apache-2.0
"""What a definition refers to must be there, and in force as long as the definition is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from yiwang.engines.definitions.kinds import Definition, Ref
from yiwang.engines.definitions.problems import Problem, nearest

from .checked import Checked, Mark


def references(checked: Checked) -> Iterator[Problem]:
    """Ids that name nothing, or something not in force."""
    folders = checked.catalogue.folders()
    for mark in checked.marks:
        if not isinstance(mark.marker, Ref):
            continue
        targets = [
            folders[name][mark.value] for name in mark.marker.folders if mark.value in folders.get(name, {})
        ]
        for target in targets:
            yield from _in_force(checked, mark, target)
        if not targets:
            yield from _missing(checked, mark, mark.marker)


def _missing(checked: Checked, mark: Mark, marker: Ref) -> Iterator[Problem]:
    known = [identity for name in marker.folders for identity in checked.ids.get(name, ())]
    if mark.value in known or not checked.unread.isdisjoint(marker.folders):
        return  # it is written, but not sound or not readable: that is told where it stands
    hint = nearest(mark.value, known) or "请改正编号，"
    names = " 或 ".join(f"{name}/" for name in marker.folders)
    what = f"没有编号为“{mark.value}”的定义"
    yield checked.problem(mark.folder, mark.definition.id, mark.path, what, f"{hint}或在 {names} 中补上它")


def _in_force(checked: Checked, mark: Mark, target: Definition) -> Iterator[Problem]:
    own, first, last = mark.definition, dt.date.min, dt.date.max
    named = f"引用的“{target.name}”（{target.id}）"
    if (target.valid_to or last) < (own.valid_to or last):
        what = f"{named}{target.valid_to} 失效，早于本定义"
        mend = "换成仍有效的，或给本定义写上同样的 valid_to"
        yield checked.problem(mark.folder, own.id, mark.path, what, mend)
    if (target.valid_from or first) > (own.valid_from or first):
        what = f"{named}{target.valid_from} 才生效，晚于本定义"
        mend = f"给本定义写上 valid_from: {target.valid_from}，或改用此前已有效的"
        yield checked.problem(mark.folder, own.id, mark.path, what, mend)


def unused_sources(checked: Checked) -> Iterator[Problem]:
    """Sources nobody cites: only doubtful."""
    cited = {mark.value for mark in checked.marks if mark.marker == Ref.to("sources")}
    for identity in checked.catalogue.sources:
        if identity not in cited:
            where = checked.where("sources", identity)
            yield Problem.at(where, f"来源“{identity}”没有被引用", "不需要时可以删去", doubt=True)
