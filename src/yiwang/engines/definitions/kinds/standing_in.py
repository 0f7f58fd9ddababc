# SPDX-License-Identifier: Apache-2.0
"""What may stand in for a document of an item: a promise to bring it later (容缺), a signed commitment
(告知承诺)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Citation, Duration, ElementId, Id, Part, Ref, Text


class Deferral(Part):
    """容缺: this material may come later."""

    promise: Text = Field(description="申请人补交的承诺")
    within: Duration
    good_credit: bool = Field(default=False, description="只给信用良好的申请人（守信激励）")


class Excluded(StrEnum):
    """What a proof may not directly touch if a commitment is to replace it (驻政办〔2021〕8号 L759)."""

    NATIONAL_SECURITY = "国家安全"
    STATE_SECRETS = "国家秘密"
    PUBLIC_SAFETY = "公共安全"
    PRUDENTIAL = "金融业审慎监管"
    ENVIRONMENT = "生态环境保护"
    HEALTH = "人身健康"
    LIFE_AND_PROPERTY = "生命财产安全"
    FOREIGN = "重要涉外"


class Publicity(Part):
    """A letter is made public where others are concerned or checking is hard (驻政办〔2021〕8号 L787)."""

    because: Literal["社会公共利益", "第三人利益", "核查难度较大"]
    scope: Text = Field(description="公开范围")
    shown: Duration = Field(description="公开时限")


class CommitmentCheck(Part):
    """How a commitment is checked after the decision: when, by what standard, or not (L775)."""

    standard: Text = Field(description="核查标准：可量化、易操作")
    within: Duration | None = Field(
        default=None, description="作出决定后多久核查完；空为免于核查，实施日常监管"
    )
    share: Annotated[int, Field(ge=1, le=99)] | None = Field(
        default=None, description="抽查的百分比；空为逐件核查"
    )

    @model_validator(mode="after")
    def _sampled_in_time(self) -> Self:
        if self.share is not None and self.within is None:
            raise ValueError("免于核查的不写抽查比例（share）：要抽查的请写核查时间（within）")
        return self


class Comparison(Part):
    """What a commitment says is compared with shared data by itself, before anybody looks (L777)."""

    resource: Annotated[Id, Ref.to("exchange")] = Field(description="与哪个数据资源比（exchange 的 id）")
    by: ElementId = Field(description="按表里的哪个号码查：数据元；资源里填这个数据元的信息项要能查询")
    elements: list[ElementId] = Field(min_length=1, description="比哪些数据元：资源里要有填它们的信息项")


class Commitment(Part):
    """告知承诺: a signed commitment may stand for this proof."""

    list_entry: Text = Field(description="在告知承诺制清单中的名称")
    proves: Text = Field(description="证明内容：这份证明要说明什么，可量化、易操作")
    agent_may: bool = Field(default=False, description="依法可以由他人代为承诺（要有特别授权）")
    agent_cite: Citation | None = Field(default=None, description="可以由他人代为承诺的法律依据")
    concerns: list[Excluded] = Field(default_factory=list, description="直接涉及哪些不适用告知承诺制的情形")
    check: CommitmentCheck
    compare: list[Comparison] = Field(
        default_factory=list, description="作出决定后自动在线比对：所写的与哪些共享数据比"
    )
    public: Publicity | None = Field(default=None, description="承诺书向社会公开；空为不公开")
    cite: Citation

    @model_validator(mode="after")
    def _agents_by_law(self) -> Self:
        if self.agent_may is not (self.agent_cite is not None):
            raise ValueError("可以由他人代为承诺的（agent_may）要写法律依据（agent_cite），不可以的不写")
        return self
