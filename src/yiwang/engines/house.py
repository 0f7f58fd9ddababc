# SPDX-License-Identifier: Apache-2.0
"""What this product is made of: the kinds of definition of every engine, and every check over them.

The engines do not know each other's kinds; here, above them all, they are put together. Apps and
the command line load definitions through this module only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yiwang.engines import definitions
from yiwang.engines.definitions import Catalogue, Report
from yiwang.engines.definitions.loader import Check
from yiwang.engines.process.kinds import CalendarDefinition, ClockDefinition, ProcessDefinition

KINDS: dict[str, Any] = {
    **definitions.KINDS,
    "calendars": CalendarDefinition,
    "clocks": ClockDefinition,
    "processes": ProcessDefinition,
}
"""Folder name → kind, of all engines."""

CHECKS: tuple[Check, ...] = ()
"""Checks of the engines above `definitions` (they need planning or clocks to be told)."""


def load(directory: Path | str | None = None, *, levels: Sequence[str] | None = None) -> Catalogue:
    """The city's catalogue, from `directory` or the default one. Raises DefinitionErrors."""
    root = directory or definitions.default_directory()
    return definitions.load(root, kinds=KINDS, levels=levels, checks=CHECKS)


def inspect(directory: Path | str | None = None, *, levels: Sequence[str] | None = None) -> Report:
    """Like `load`, with the problems in the report instead of an error."""
    root = directory or definitions.default_directory()
    return definitions.inspect(root, kinds=KINDS, levels=levels, checks=CHECKS)
