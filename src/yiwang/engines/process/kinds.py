# SPDX-License-Identifier: Apache-2.0
"""The kinds of definition this engine reads: calendars, clocks, processes.

Folders of `definitions/<level>/`: `calendars/` (holiday notices, the statutory list), `clocks/`
(limits, special steps, warnings, tacit rules), `processes/` (state machines). One definition a
file; `kind` says which. A figure without a source in the documents cites `setting` and says why.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from yiwang.engines.process.kinds_calendar import (
    ClosedDays,
    FixedHoliday,
    HalfOpenDay,
    HolidayNoticeDefinition,
    MakeupDay,
    StatutoryHolidaysDefinition,
)
from yiwang.engines.process.kinds_clock import (
    ClockLimit,
    ClockLimits,
    ClockWarnings,
    DatedDays,
    ExtensionLimit,
    SpecialStep,
    SpecialSteps,
    TacitRule,
    TacitRules,
)
from yiwang.engines.process.kinds_process import (
    ClockEffect,
    ClockFlag,
    Need,
    ProcessDefinition,
    Role,
    StateDefinition,
    StepDefinition,
    TransitionDefinition,
)

__all__ = [
    "CalendarDefinition",
    "ClockDefinition",
    "ClockEffect",
    "ClockFlag",
    "ClockLimit",
    "ClockLimits",
    "ClockWarnings",
    "ClosedDays",
    "DatedDays",
    "ExtensionLimit",
    "FixedHoliday",
    "HalfOpenDay",
    "HolidayNoticeDefinition",
    "MakeupDay",
    "Need",
    "ProcessDefinition",
    "Role",
    "SpecialStep",
    "SpecialSteps",
    "StateDefinition",
    "StatutoryHolidaysDefinition",
    "StepDefinition",
    "TacitRule",
    "TacitRules",
    "TransitionDefinition",
    "calendar_adapter",
    "clock_adapter",
    "process_adapter",
]

CalendarDefinition = Annotated[
    HolidayNoticeDefinition | StatutoryHolidaysDefinition, Field(discriminator="kind")
]
ClockDefinition = Annotated[
    ClockLimits | SpecialSteps | ClockWarnings | TacitRules, Field(discriminator="kind")
]

calendar_adapter: TypeAdapter[HolidayNoticeDefinition | StatutoryHolidaysDefinition] = TypeAdapter(
    CalendarDefinition
)
clock_adapter: TypeAdapter[ClockLimits | SpecialSteps | ClockWarnings | TacitRules] = TypeAdapter(
    ClockDefinition
)
process_adapter: TypeAdapter[ProcessDefinition] = TypeAdapter(ProcessDefinition)
