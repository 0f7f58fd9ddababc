# SPDX-License-Identifier: Apache-2.0
"""Read only the folders of this engine (and the sources), without the whole catalogue.

Who has a catalogue already uses `build` instead. The reading, the overlay of levels and the
complaints are those of the definitions engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from yiwang.engines.definitions import Catalogue, load_part
from yiwang.engines.definitions.kinds import Source
from yiwang.engines.definitions.loader import LEVELS_FILE
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
    if not (root / LEVELS_FILE).is_file():
        raise NotFound("没有找到业务定义。", mend=f"请核对 definitions 目录（应有 {LEVELS_FILE}）。")
    return load_part(root, kinds={folder: _KINDS[folder] for folder in folders})
