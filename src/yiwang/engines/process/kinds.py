# SPDX-License-Identifier: Apache-2.0
"""The kinds of definition this engine reads: calendars, clocks, processes.

Folders of `definitions/<level>/`: `calendars/` (holiday notices, the statutory list), `clocks/`
(limits, special steps, warnings, tacit rules), `processes/` (state machines). One definition a
file; `kind` says which. A figure without a source in the documents cites `setting` and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from yiwang.engines.process.kinds_calendar import (
    ClosedDays,
    FixedHoliday,
    HalfOpenDay,
    HolidayNoticeDefinition,
    MakeupDay,
    NoticeLayer,
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
    "PROCESS_KINDS",
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
    "NoticeLayer",
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
]

CalendarDefinition = Annotated[
    HolidayNoticeDefinition | StatutoryHolidaysDefinition, Field(discriminator="kind")
]
ClockDefinition = Annotated[
    ClockLimits | SpecialSteps | ClockWarnings | TacitRules, Field(discriminator="kind")
]

PROCESS_KINDS: Mapping[str, Any] = {
    "calendars": CalendarDefinition,
    "clocks": ClockDefinition,
    "processes": ProcessDefinition,
}
"""Folder → kind, to be joined to the loader's own: `load(root, kinds=KINDS | PROCESS_KINDS)`."""
