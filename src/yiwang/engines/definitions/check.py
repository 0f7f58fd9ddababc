# SPDX-License-Identifier: Apache-2.0
"""Check the definitions as a whole: what one says about another must be there and in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .catalogue import Catalogue
from .hints import Path, marked
from .kinds import Definition
from .kinds.base import Ref, RuleText
from .overlay import Entry
from .problems import Problem, Where, nearest
from .reading import locate


@dataclass(frozen=True)
class Checked:
    """A catalogue under check, with the text it came from."""

    catalogue: Catalogue
    entries: Mapping[tuple[str, str], Entry]

    def where(self, folder: str, identity: str, *path: int | str) -> Where:
        """Where the value at `path` of a definition stands."""
        return locate(self.entries[folder, identity].node, path)

    def problem(self, folder: str, definition: Definition, path: Path, what: str, mend: str) -> Problem:
        """A problem with the value at `path` of `definition`."""
        return Problem.at(self.where(folder, definition.id, *path), what, mend)

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """Folder → every id written there, also of definitions that are not sound."""
        found: dict[str, list[str]] = {}
        for folder, identity in self.entries:
            found.setdefault(folder, []).append(identity)
        return found

    @cached_property
    def marks(self) -> list[tuple[str, Definition, Ref | RuleText, Path, str]]:
        """Every reference and rule: folder, definition, marker, path, value."""
        return [
            (folder, definition, marker, path, value)
            for folder, known in self.catalogue.folders().items()
            for definition in known.values()
            for marker, path, value in marked(definition)
        ]


def check(checked: Checked, problems: list[Problem], warnings: list[Problem]) -> None:
    """Add what is wrong (`problems`) and what is doubtful (`warnings`)."""
    problems.extend(_references(checked))
    warnings.extend(_unused_sources(checked))


def _references(checked: Checked) -> Iterator[Problem]:
    folders = checked.catalogue.folders()
    for folder, definition, marker, path, value in checked.marks:
        if not isinstance(marker, Ref):
            continue
        targets = [folders[name][value] for name in marker.folders if value in folders.get(name, {})]
        if targets:
            for target in targets:
                yield from _in_force(checked, folder, definition, path, target)
        elif not any(value in checked.ids.get(name, ()) for name in marker.folders):
            known = [identity for name in marker.folders for identity in checked.ids.get(name, ())]
            hint = nearest(value, known) or "请改正编号，"
            names = " 或 ".join(f"{name}/" for name in marker.folders)
            yield checked.problem(
                folder, definition, path, f"没有编号为“{value}”的定义", f"{hint}或在 {names} 中补上它"
            )


def _in_force(
    checked: Checked, folder: str, definition: Definition, path: Path, target: Definition
) -> Iterator[Problem]:
    first, last = dt.date.min, dt.date.max
    if (target.valid_to or last) < (definition.valid_to or last):
        what = f"引用的“{target.name}”（{target.id}）{target.valid_to} 就失效了，而“{definition.name}”还有效"
        yield checked.problem(folder, definition, path, what, "换成仍有效的，或给本定义也写上 valid_to")
    if (target.valid_from or first) > (definition.valid_from or first):
        what = (
            f"引用的“{target.name}”（{target.id}）{target.valid_from} 才生效，而“{definition.name}”此前已有效"
        )
        yield checked.problem(folder, definition, path, what, "给本定义写上不早于它的 valid_from")


def _unused_sources(checked: Checked) -> Iterator[Problem]:
    cited = {value for *_, marker, _, value in checked.marks if marker == Ref.to("sources")}
    for identity in checked.catalogue.sources:
        if identity not in cited:
            where = checked.where("sources", identity)
            yield Problem.at(where, f"来源“{identity}”没有被引用", "不需要时可以删去")
