# SPDX-License-Identifier: Apache-2.0
"""From definitions to things that work: the calendar, the clock rules, the state machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import Definition, Source
from yiwang.engines.process.kinds import (
    ClockLimit,
    ClockLimits,
    ClockWarnings,
    HolidayNoticeDefinition,
    NoticeLayer,
    ProcessDefinition,
    SpecialStep,
    SpecialSteps,
    StatutoryHolidaysDefinition,
    TacitRule,
    TacitRules,
)
from yiwang.engines.process.machine import Machine
from yiwang.engines.process.rules import ClockRules, ExtensionRule
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.holidays import HalfDay, HolidayNotice, Layer, StatutoryHolidays
from yiwang.kernel.workdays import Limit, WorkCalendar

__all__ = [
    "ClockBook",
    "calendar_of",
    "clocks_of",
    "machine_of",
    "notice_from",
    "statutory_from",
]

_LAYERS = {
    NoticeLayer.NATIONAL: Layer.NATIONAL,
    NoticeLayer.PROVINCE: Layer.PROVINCE,
    NoticeLayer.CITY: Layer.CITY,
}
_WHERE = "请核对 definitions 目录。"
_D = TypeVar("_D", bound=Definition)
_Named = TypeVar("_Named", ClockLimit, SpecialStep, TacitRule)


def calendar_of(catalogue: Catalogue) -> WorkCalendar:
    """The working-day calendar of all notices. Raises NotFound when there is none."""
    notices = _of(catalogue, "calendars", HolidayNoticeDefinition)
    if not notices:
        raise NotFound("没有找到放假通知。", mend=_WHERE)
    statutory = _of(catalogue, "calendars", StatutoryHolidaysDefinition)
    return WorkCalendar(map(notice_from, notices), map(statutory_from, statutory))


def notice_from(definition: HolidayNoticeDefinition) -> HolidayNotice:
    """The notice as the calendar takes it. Raises Invalid when it names a day twice."""
    closed: dict[date, str] = {}
    for run in definition.closed:
        for offset in range((run.last - run.first).days + 1):
            day = run.first + timedelta(days=offset)
            if day in closed:
                raise Invalid(f"放假通知 {definition.number} 两次写到 {day}。", mend="请核对起止日期。")
            closed[day] = run.name
    return HolidayNotice(
        year=definition.year,
        number=definition.number,
        announced=definition.announced,
        published_by=definition.published_by,
        closed=closed,
        makeup={day.date: f"{day.name}调休上班" for day in definition.makeup},
        half={day.date: HalfDay(day.reason, day.open) for day in definition.half},
        layer=_LAYERS[definition.layer],
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
    """All clock definitions of one city, by name. `sources`: what they cite, for messages."""

    limits: Mapping[str, ClockLimit]
    steps: Mapping[str, SpecialStep]
    tacit: Mapping[str, TacitRule] = field(default_factory=dict)
    warnings: ClockWarnings | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)

    def rules(self, limit: str, *, on: date) -> ClockRules:
        """The rules for the limit named `limit` (e.g. `decision`) as they stand on `on`.

        Raises NotFound when there is no such limit, or none was in force on that day.
        """
        named = self.limits.get(limit)
        value = named.on(on) if named else None
        if named is None or value is None:
            raise NotFound(f"没有名为“{limit}”的法定期限。", mend=_WHERE)
        lights = self.warnings.on(on) if self.warnings else None
        return ClockRules(
            limit=Limit(value.days, value.unit),
            extension=self._extension(named),
            yellow=lights[0] if lights else None,
            red=lights[1] if lights else None,
            steps=self.steps,
        )

    def _extension(self, named: ClockLimit) -> ExtensionRule | None:
        rule = named.extension
        if rule is None:
            return None
        basis = cite_words(self, rule.cite)
        return ExtensionRule(rule.times, rule.at_most, rule.approver, basis)


def clocks_of(catalogue: Catalogue) -> ClockBook:
    """The clock definitions. Raises NotFound without any, Invalid when a name stands twice."""
    limits = _by_id(one for d in _of(catalogue, "clocks", ClockLimits) for one in d.limits)
    steps = _by_id(one for d in _of(catalogue, "clocks", SpecialSteps) for one in d.steps)
    tacit = _by_id(one for d in _of(catalogue, "clocks", TacitRules) for one in d.rules)
    warnings = _of(catalogue, "clocks", ClockWarnings)
    if not limits or not steps:
        raise NotFound("没有找到办理期限或特殊环节清单。", mend=_WHERE)
    if len(warnings) > 1:
        raise Invalid("预警天数定义了两次。", mend="请只留一份；下级要改，请细化同一编号。")
    return ClockBook(limits, steps, tacit, warnings[0] if warnings else None, catalogue.sources)


def machine_of(catalogue: Catalogue, process: str = "item-case") -> Machine:
    """The state machine of a process. Raises NotFound, and Invalid when it has a hole."""
    for definition in _of(catalogue, "processes", ProcessDefinition):
        if definition.id == process:
            return Machine.load(definition)
    raise NotFound(f"没有名为“{process}”的办理流程。", mend=_WHERE)


def _of(catalogue: Catalogue, folder: str, kind: type[_D]) -> list[_D]:
    known = catalogue.others.get(folder, {}).values()
    return [definition for definition in known if isinstance(definition, kind)]


def _by_id(named: Iterable[_Named]) -> dict[str, _Named]:
    found: dict[str, _Named] = {}
    for one in named:
        if one.id in found:
            raise Invalid(f"“{one.term}”（{one.id}）定义了两次。", mend="请删去其中一处。")
        found[one.id] = one
    return found
