# SPDX-License-Identifier: Apache-2.0
"""What every check is given: the catalogue, and where each value was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.hints import Marker, Path, marked
from yiwang.engines.definitions.kinds import Definition
from yiwang.engines.definitions.overlay import Entry
from yiwang.engines.definitions.problems import Problem, Where
from yiwang.engines.definitions.reading import locate
from yiwang.engines.rules import RuleError, parse
from yiwang.engines.rules.nodes import names


class Mark(NamedTuple):
    """A reference or a rule inside a definition."""

    folder: str
    definition: Definition
    marker: Marker
    path: Path
    value: str


@dataclass(frozen=True)
class Checked:
    """A catalogue under check, with the text it came from."""

    catalogue: Catalogue
    entries: Mapping[tuple[str, str], Entry]
    unread: frozenset[str] = frozenset()
    """Folders with a file that cannot be read."""

    def where(self, folder: str, identity: str, *path: int | str) -> Where:
        """Where the value at `path` of a definition stands."""
        return locate(self.entries[folder, identity].node, path)

    def problem(self, folder: str, identity: str, path: Path, what: str, mend: str) -> Problem:
        """A problem with the value at `path` of a definition."""
        return Problem.at(self.where(folder, identity, *path), what, mend)

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """Folder → every id written there, also of definitions that are not sound."""
        found: dict[str, list[str]] = {}
        for folder, identity in self.entries:
            found.setdefault(folder, []).append(identity)
        return found

    @cached_property
    def marks(self) -> list[Mark]:
        """Every reference and every rule of all sound definitions."""
        return [
            Mark(folder, definition, marker, path, value)
            for folder, known in self.catalogue.folders().items()
            for definition in known.values()
            for marker, path, value in marked(definition)
        ]


def names_in(rule: str | None) -> tuple[str, ...]:
    """The elements a rule uses (`出生日期` for `出生日期.year`); none for no or an unreadable rule."""
    try:
        return tuple(dict.fromkeys(name.split(".")[0] for name in names(parse(rule)))) if rule else ()
    except RuleError:
        return ()  # told by the check of rules


Check = Callable[[Checked], Iterable[Problem]]
"""A check over the whole: what it yields is wrong, or doubtful (`Problem.doubt`)."""
