# SPDX-License-Identifier: Apache-2.0
"""Read only the folders of this engine (and the sources), without the whole catalogue.

Who has a catalogue already uses `build` instead. The reading, the overlay of levels and the
complaints are those of the definitions engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.complaints import problems_of
from yiwang.engines.definitions.kinds import Definition, Source
from yiwang.engines.definitions.loader import LEVELS_FILE
from yiwang.engines.definitions.overlay import Overlay
from yiwang.engines.definitions.problems import DefinitionErrors, Problem
from yiwang.engines.definitions.reading import plain, read
from yiwang.engines.process.build import ClockBook, calendar_of, clocks_of, machine_of
from yiwang.engines.process.kinds import PROCESS_KINDS
from yiwang.engines.process.machine import Machine
from yiwang.kernel.errors import NotFound
from yiwang.kernel.workdays import WorkCalendar

__all__ = ["load_calendar", "load_clocks", "load_machine", "read_folders"]

_KINDS: dict[str, Any] = {**PROCESS_KINDS, "sources": Source}


def load_calendar(root: Path) -> WorkCalendar:
    """The working-day calendar under `root`. Raises DefinitionErrors, NotFound."""
    return calendar_of(read_folders(root, ["calendars"]))


def load_clocks(root: Path) -> ClockBook:
    """The clock definitions under `root`. Raises DefinitionErrors, NotFound, Invalid."""
    return clocks_of(read_folders(root, ["clocks", "sources"]))


def load_machine(root: Path, process: str = "item-case") -> Machine:
    """The state machine of a process under `root`. Raises DefinitionErrors, NotFound, Invalid."""
    return machine_of(read_folders(root, ["processes"]), process)


def read_folders(root: Path, folders: Iterable[str]) -> Catalogue:
    """A catalogue of only these folders, levels laid over each other.

    Raises DefinitionErrors with every problem found, NotFound when `root` holds no definitions.
    """
    wanted = list(folders)
    overlay, problems = Overlay(), []
    for level in _levels(root):
        for folder in wanted:
            for path in sorted((root / level / folder).rglob("*.yaml")):
                problems += _add(overlay, folder, level, path)
    definitions: dict[str, dict[str, Definition]] = {folder: {} for folder in wanted}
    for (folder, identity), entry in overlay.entries.items():
        adapter: TypeAdapter[Definition] = TypeAdapter(_KINDS[folder])
        try:
            definitions[folder][identity] = adapter.validate_python(plain(entry.node))
        except ValidationError as error:
            problems += problems_of(error, _KINDS[folder], entry.node)
    if problems or overlay.problems:
        raise DefinitionErrors([*problems, *overlay.problems])
    return Catalogue.of(definitions)


def _add(overlay: Overlay, folder: str, level: str, path: Path) -> list[Problem]:
    node, problems = read(path.read_bytes(), f"definitions/{level}/{folder}/{path.name}")
    if node is not None:
        for one in node.value if isinstance(node.value, list) else [node]:
            overlay.add(folder, level, one)
    return problems


def _levels(root: Path) -> list[str]:
    path = root / LEVELS_FILE
    node = read(path.read_bytes(), LEVELS_FILE)[0] if path.is_file() else None
    value = plain(node) if node else None
    levels = value.get("levels") if isinstance(value, dict) else None
    if not isinstance(levels, list):
        raise NotFound("没有找到业务定义。", mend=f"请核对 definitions 目录（应有 {LEVELS_FILE}）。")
    return [str(level) for level in levels]
