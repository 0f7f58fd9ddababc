# SPDX-License-Identifier: Apache-2.0
"""`yiwang plan` over the definitions and the calendar of this house."""

from __future__ import annotations

from pathlib import Path

from yiwang.engines import house
from yiwang.engines.definitions import Catalogue
from yiwang.engines.planning.cli import make_command
from yiwang.kernel.workdays import WorkCalendar


def _load(directory: Path | None) -> tuple[Catalogue, WorkCalendar]:
    catalogue = house.load(directory)
    return catalogue, house.calendar_of(catalogue)


plan = make_command(_load)
