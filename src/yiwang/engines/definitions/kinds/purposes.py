# SPDX-License-Identifier: Apache-2.0
"""Purposes of using a licence (用证目的): who may look, at what, by what right.

A holder shows a licence (亮证), authorises a clerk (授权用证) or looks at their own (本人调用) for one
purpose, and whoever looks sees what the purpose lists and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from yiwang.kernel.actor import Role

from .base import Citation, Definition, ElementId, MaterialId, Part, Text
from .elements import Subject


class Way(StrEnum):
    """How a licence comes to be looked at."""

    OWN = "own"  # 本人调用
    SHOW = "show"  # 亮证：出示动态码，对方扫
    AUTHORISE = "authorise"  # 授权窗口工作人员调用


class Shown(StrEnum):
    """What of the record itself is shown, besides the licence's kind and standing (always shown)."""

    HOLDER = "holder"  # 持证主体全名
    HOLDER_MASKED = "holder-masked"  # 持证主体，个人隐去部分字
    NUMBER = "number"  # 证照编号
    ISSUER = "issuer"  # 发证机关
    DATES = "dates"  # 有效期


class AgeLimit(Part):
    """Whether the holder is old enough, told by yes or no; the birth date is not shown."""

    years: int = Field(ge=1, le=150, description="年满多少周岁")
    cite: Citation


class UsePurpose(Definition):
    """One purpose: its ways, who may look, which licences it is for, what they see, the basis."""

    tells: Text = Field(description="给持证人看的一句话：对方会看到什么")
    ways: list[Way] = Field(min_length=1)
    officers: list[Role] = Field(default_factory=list, description="哪些岗位的工作人员可以看")
    people: bool = Field(default=False, description="登录的个人、企业经办人是否可以扫码看")
    materials: list[MaterialId] = Field(default_factory=list, description="限于哪些证照；空为不限")
    subjects: list[Subject] = Field(default_factory=list, description="限于哪类主体的证照；空为不限")
    shows: list[Shown] = Field(default_factory=list)
    fields: list[ElementId] = Field(default_factory=list, description="还显示哪些载明事项")
    all_fields: bool = Field(default=False, description="显示全部载明事项")
    age: AgeLimit | None = Field(default=None, description="只回答是否年满多少周岁")
    basis: Text = Field(description="依据，写进用证记录，持证人看得到")
    cite: Citation

    @model_validator(mode="after")
    def _somebody_may_look(self) -> UsePurpose:
        others = {Way.SHOW, Way.AUTHORISE} & set(self.ways)
        if others and not (self.officers or self.people):
            raise ValueError("没有人可以看：请写 officers 或 people")
        if Way.AUTHORISE in self.ways and not self.officers:
            raise ValueError("授权用证只授权给工作人员：请写 officers")
        if self.all_fields and self.people:
            raise ValueError("给个人、企业看的，不能显示全部载明事项：请在 fields 里逐项写明")
        return self


USE_KINDS: Mapping[str, Any] = {"purposes": UsePurpose}
"""Folder → kind, of using licences; `engines.house` puts it beside the others."""
