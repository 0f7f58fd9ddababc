# SPDX-License-Identifier: Apache-2.0
"""Kinds of `definitions/<level>/calendars/`: holiday notices and the statutory list."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yiwang.engines.definitions.kinds import Citation, Definition
from yiwang.engines.definitions.kinds.base import Part, Text
from yiwang.kernel.holidays import Half

_SATURDAY = 5


class NoticeLayer(StrEnum):
    """Whose notice it is. A lower layer refines the one above it, day by day."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"


class ClosedDays(Part):
    """A run of closed days under the name of one holiday; both ends included."""

    name: Text
    first: dt.date
    last: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> ClosedDays:
        if self.last < self.first or (self.last - self.first).days > 31:
            raise ValueError(f"“{self.name}”的放假起止日期不对：请核对 first 和 last")
        return self


class MakeupDay(Part):
    """A weekend day that is worked (调休上班), and for which holiday."""

    date: dt.date
    name: Text


class HalfOpenDay(Part):
    """A day worked in one half only."""

    date: dt.date
    open: Half = Half.AM
    reason: Text


class HolidayNoticeDefinition(Definition):
    """放假通知: what one notice says of the days it names."""

    kind: Literal["holiday-notice"]
    year: Annotated[int, Field(ge=1990, le=2200)]
    number: Text = Field(description="文号")
    signed: dt.date = Field(description="成文日期")
    announced: dt.date = Field(description="公布日期：自这一天起可知")
    published_by: Text
    layer: NoticeLayer = NoticeLayer.NATIONAL
    amends: Text | None = Field(default=None, description="被调整的通知的文号")
    closed: list[ClosedDays] = Field(default_factory=list)
    makeup: list[MakeupDay] = Field(default_factory=list)
    half: list[HalfOpenDay] = Field(default_factory=list)
    cite: Citation

    @model_validator(mode="after")
    def _announced_after_signing(self) -> HolidayNoticeDefinition:
        if self.announced < self.signed:
            raise ValueError("公布日期早于成文日期：请核对 signed 和 announced")
        return self

    @model_validator(mode="after")
    def _makeup_days_are_weekends(self) -> HolidayNoticeDefinition:
        odd = [day.date for day in self.makeup if day.date.weekday() < _SATURDAY]
        if odd and self.amends is None:
            raise ValueError(f"调休上班日 {odd[0]} 不是周末：请核对日期（撤销放假的通知须写 amends）")
        return self


class FixedHoliday(Part):
    """A statutory holiday with a fixed solar date."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]
    name: Text


class StatutoryHolidaysDefinition(Definition):
    """One version of 《全国年节及纪念日放假办法》: the holidays with a fixed solar date."""

    kind: Literal["statutory-holidays"]
    number: Text
    announced: dt.date
    in_force_from: dt.date
    days: list[FixedHoliday]
    cite: Citation
