# SPDX-License-Identifier: Apache-2.0
"""Kinds of `definitions/<level>/clocks/`: limits, special steps, warnings, tacit rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yiwang.engines.definitions.kinds import Citation, Definition
from yiwang.engines.definitions.kinds.base import Part, Text
from yiwang.kernel.workdays import Unit

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A name inside one definition: a limit, a step, a rule."""

Days = Annotated[Decimal, Field(ge=0, le=3650, multiple_of=Decimal("0.5"))]

_SETTING = "setting"


class DatedDays(Part):
    """A number of days that holds from a date on, with its source."""

    since: dt.date = Field(description="自何日起适用")
    days: Days
    unit: Unit = Unit.WORKING
    cite: Citation
    why: Text | None = Field(default=None, description="来源没有给数字时，为什么取这个值")

    @model_validator(mode="after")
    def _settings_say_why(self) -> DatedDays:
        if (self.cite.doc == _SETTING) != (self.why is not None):
            raise ValueError("自行设定的数字（cite.doc: setting）必须写 why，有来源的不写")
        return self


def _in_force(values: list[DatedDays], day: dt.date) -> DatedDays | None:
    known = [value for value in values if value.since <= day]
    return max(known, key=lambda value: value.since) if known else None


class ExtensionLimit(Part):
    """延长: how often, by how many days at most, and who must approve."""

    times: Annotated[int, Field(ge=1, le=5)]
    at_most: Days
    approver: Text
    cite: Citation


class ClockLimit(Part):
    """One limit in law: from what event to what event, how long, how far it may be extended."""

    id: Name
    term: Text
    starts: Text = Field(description="从何时起算")
    ends: Text = Field(description="到何事为止")
    values: list[DatedDays] = Field(min_length=1)
    extension: ExtensionLimit | None = None

    def on(self, day: dt.date) -> DatedDays | None:
        """The value in force on `day`."""
        return _in_force(self.values, day)


class ClockLimits(Definition):
    """The limits of the law, for items that have none of their own."""

    kind: Literal["clock-limits"]
    limits: list[ClockLimit]


class SpecialStep(Part):
    """特殊环节: whether the clock stops for it, on which basis, and its own limit (限时)."""

    id: Name
    term: Text
    stops_clock: bool = Field(description="所需时间是否不计入办理期限")
    basis: Citation = Field(description="计入或不计入的依据")
    limits: list[DatedDays] = Field(min_length=1, description="限时办结")
    note: Text | None = None

    def limit_on(self, day: dt.date) -> DatedDays | None:
        """The step's own limit in force on `day`."""
        return _in_force(self.limits, day)


class SpecialSteps(Definition):
    """行政审批特殊环节清单."""

    kind: Literal["special-steps"]
    cite: Citation
    steps: list[SpecialStep]


class ClockWarnings(Definition):
    """When a running case turns yellow and red: days left, by date."""

    kind: Literal["clock-warnings"]
    yellow: list[DatedDays] = Field(min_length=1)
    red: list[DatedDays] = Field(min_length=1)

    def on(self, day: dt.date) -> tuple[Decimal, Decimal] | None:
        """(yellow, red) days left in force on `day`."""
        yellow, red = _in_force(self.yellow, day), _in_force(self.red, day)
        return (yellow.days, red.days) if yellow and red else None


class TacitRule(Part):
    """What silence means (逾期视为): after `after` days, counted from `starts`, `means` holds."""

    id: Name
    term: Text
    starts: Text
    silent: Text = Field(description="谁没有做什么")
    means: Text = Field(description="视为什么")
    values: list[DatedDays] = Field(min_length=1)

    def on(self, day: dt.date) -> DatedDays | None:
        """The value in force on `day`."""
        return _in_force(self.values, day)


class TacitRules(Definition):
    """The tacit rules of the law and of the city's documents."""

    kind: Literal["tacit-rules"]
    rules: list[TacitRule]
