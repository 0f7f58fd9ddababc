# SPDX-License-Identifier: Apache-2.0
"""Reuse (电子材料复用): which documents a decided case accepted may stand in later cases, how long."""

from __future__ import annotations

from pydantic import Field, model_validator

from .base import Definition, Duration, MaterialId, Text, Unit, forbid_duplicates


class ReuseRule(Definition):
    """Documents of one sort, named one by one: what no rule names is kept and never used again.

    Only documents about the person or the firm belong here: a paper about one shop, one house or one
    case says nothing of the next.
    """

    materials: list[MaterialId] = Field(min_length=1, description="可以复用的材料，逐项列明")
    within: Duration = Field(description="自采用之日起多少天内可以再用（自然日）")
    why: Text = Field(description="为什么可以、为什么是这个期限")

    @model_validator(mode="after")
    def _counts_days_as_they_come(self) -> ReuseRule:
        if self.within.unit is not Unit.CALENDAR:
            raise ValueError("复用期限按自然日写：请把 within.unit 写成 calendar")
        forbid_duplicates(list(self.materials), "材料")
        return self
