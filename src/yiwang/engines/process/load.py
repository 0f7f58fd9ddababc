# SPDX-License-Identifier: Apache-2.0
"""Read calendars, clocks and processes from a `definitions/` folder.

Levels are read from the nation down; a lower level's definition replaces the one above it with
the same id, and its holiday notices refine those above, day by day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from yiwang.engines.definitions.kinds import Definition
from yiwang.engines.process.kinds import (
    ClockLimits,
    ClockWarnings,
    HolidayNoticeDefinition,
    ProcessDefinition,
    SpecialSteps,
    StatutoryHolidaysDefinition,
    TacitRules,
    calendar_adapter,
    clock_adapter,
    process_adapter,
)
from yiwang.engines.process.machine import Machine
from yiwang.engines.process.rules import ClockRules, rules_from
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.holidays import HalfDay, HolidayNotice, Layer, StatutoryHolidays
from yiwang.kernel.workdays import WorkCalendar

__all__ = [
    "LEVELS",
    "ClockBook",
    "load_calendar",
    "load_clocks",
    "load_machine",
    "notice_from",
    "statutory_from",
]

LEVELS = ("national", "henan", "zhumadian")
"""The levels of this city, from the nation down, by their folder."""

_LAYERS = (Layer.NATIONAL, Layer.PROVINCE, Layer.CITY)
_D = TypeVar("_D", bound=Definition)


def load_calendar(root: Path, *, levels: tuple[str, ...] = LEVELS) -> WorkCalendar:
    """The working-day calendar of the notices under `root`.

    Raises Invalid when a file is wrong, NotFound when the national notices are not there.
    """
    notices: list[HolidayNotice] = []
    statutory: list[StatutoryHolidays] = []
    for level, layer in zip(levels, _LAYERS, strict=True):
        for definition in _read(root, level, "calendars", calendar_adapter):
            if isinstance(definition, HolidayNoticeDefinition):
                notices.append(notice_from(definition, layer))
            else:
                statutory.append(statutory_from(definition))
    if not notices:
        raise NotFound("没有找到放假通知。", mend="请核对 definitions 目录的位置。")
    return WorkCalendar(notices, statutory)


def notice_from(definition: HolidayNoticeDefinition, layer: Layer) -> HolidayNotice:
    """The notice as the calendar takes it. Raises Invalid when it names a day twice."""
    closed: dict[date, str] = {}
    for run in definition.closed:
        for offset in range((run.last - run.first).days + 1):
            closed[run.first + timedelta(days=offset)] = run.name
    return HolidayNotice(
        year=definition.year,
        number=definition.number,
        announced=definition.announced,
        published_by=definition.published_by,
        closed=closed,
        makeup={day.date: f"{day.name}调休上班" for day in definition.makeup},
        half={day.date: HalfDay(day.reason, day.open) for day in definition.half},
        layer=layer,
    )


def statutory_from(definition: StatutoryHolidaysDefinition) -> StatutoryHolidays:
    """The statutory list as the calendar takes it."""
    return StatutoryHolidays(
        number=definition.number,
        announced=definition.announced,
        in_force_from=definition.in_force_from,
        days={(one.month, one.day): one.name for one in definition.days},
    )


@dataclass(frozen=True)
class ClockBook:
    """All clock definitions of one city."""

    limits: ClockLimits
    steps: SpecialSteps
    warnings: ClockWarnings | None = None
    tacit: TacitRules | None = None
    titles: dict[str, str] = field(default_factory=dict)

    def rules(self, limit: str, *, on: date) -> ClockRules:
        """The rules for the limit named `limit`, as they stand on `on`. Raises NotFound."""
        return rules_from(self.limits, self.steps, self.warnings, limit=limit, on=on, titles=self.titles)


def load_clocks(root: Path, *, levels: tuple[str, ...] = LEVELS) -> ClockBook:
    """The clock definitions under `root`; of each kind the lowest level's holds.

    Raises Invalid when a file is wrong, NotFound when limits or special steps are missing.
    """
    found: dict[type[Definition], Definition] = {}
    for level in levels:
        for definition in _read(root, level, "clocks", clock_adapter):
            found[type(definition)] = definition
    limits, steps = _of(found, ClockLimits), _of(found, SpecialSteps)
    if limits is None or steps is None:
        raise NotFound("没有找到办理期限或特殊环节清单。", mend="请核对 definitions 目录的位置。")
    return ClockBook(limits, steps, _of(found, ClockWarnings), _of(found, TacitRules), _titles(root, levels))


def load_machine(root: Path, process: str = "item-case", *, levels: tuple[str, ...] = LEVELS) -> Machine:
    """The state machine of the process with this id; the lowest level's holds.

    Raises Invalid when it is wrong, NotFound when there is none.
    """
    found: ProcessDefinition | None = None
    for level in levels:
        for definition in _read(root, level, "processes", process_adapter):
            if definition.id == process:
                found = definition
    if found is None:
        raise NotFound(f"没有名为“{process}”的办理流程。", mend="请核对 definitions 目录的位置。")
    return Machine.load(found)


# -- inside


def _of(found: dict[type[Definition], Definition], kind: type[_D]) -> _D | None:
    definition = found.get(kind)
    return definition if isinstance(definition, kind) else None


def _read(root: Path, level: str, folder: str, adapter: TypeAdapter[_D]) -> Iterator[_D]:
    for path in sorted((root / level / folder).glob("*.yaml")):
        where = f"{level}/{folder}/{path.name}"
        try:
            yield adapter.validate_python(_parse(path))
        except yaml.YAMLError as error:
            raise Invalid(f"{where} 不是正确的 YAML。", mend=str(error)) from None
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise Invalid(f"{where} 的 {place} 不对。", mend=str(first["msg"])) from None


def _parse(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@lru_cache(maxsize=8)
def _titles(root: Path, levels: tuple[str, ...]) -> dict[str, str]:
    """Titles of the source documents, where they are defined; best effort, for messages only."""
    titles: dict[str, str] = {}
    for level in levels:
        for path in sorted((root / level / "sources").glob("*.yaml")):
            documents = _parse(path)
            for one in documents if isinstance(documents, list) else [documents]:
                if isinstance(one, dict) and "id" in one and "name" in one:
                    titles[str(one["id"])] = f"《{one['name']}》"
    return titles
