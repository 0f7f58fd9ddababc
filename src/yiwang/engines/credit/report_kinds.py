# SPDX-License-Identifier: Apache-2.0
"""How a credit report (信用报告) is written: for whom, for which uses, which parts it has, and what it does
not show, each with the reason.

A sort of information that no part names is in no report; what is over is in none, whatever is written.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yiwang.engines.definitions.kinds.base import Citation, Definition, Id, Part, Ref, Text, forbid_duplicates
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.termed import Termed

from .words import Sort


class Audience(Termed):
    """For whom a report is drawn; the term says so to whoever checks it."""

    OWN = "own", "报告主体自己"
    PUBLIC = "public", "社会公众"
    OFFICER = "officer", "有关单位因办理事项"


class Holds(StrEnum):
    """What a part of a report holds."""

    BASIC = "basic"
    RECORDS = "records"
    EVALUATION = "evaluation"
    MATTERS = "matters"


class ReportPart(Part):
    """One part: its heading, and what stands in it. `sorts`: of records, which sorts of information."""

    title: Text
    holds: Holds
    sorts: list[Sort] = Field(default_factory=list, description="holds: records 时，列哪几类信息")
    entries: list[Annotated[Id, Ref.to("credit")]] = Field(
        default_factory=list, description="只列这些目录条目；空为这几类的全部"
    )
    empty: Text = Field(description="没有内容时怎样写，例如：没有正在使用的行政处罚信息")

    @model_validator(mode="after")
    def _fits(self) -> ReportPart:
        if (self.holds is Holds.RECORDS) != bool(self.sorts):
            raise ValueError("holds: records 的部分必须写 sorts，其他部分不写")
        return self


class Omitted(Part):
    """What a report does not show, and why."""

    says: Text
    cite: Citation


class CreditReport(Definition):
    """A version of the credit report. A changed one has another id or other dates."""

    kind: Literal["report"]
    audience: Audience
    subjects: list[Subject] = Field(min_length=1)
    uses: list[Text] = Field(default_factory=list, description="可以用在哪些事上；查询单位从中选一项")
    asks_case: bool = Field(default=False, description="要写明办理的事项或者办件编号")
    evaluation: Annotated[Id, Ref.to("credit")] | None = Field(default=None, description="用哪个综合评价办法")
    parts: list[ReportPart] = Field(min_length=1)
    omitted: list[Omitted] = Field(min_length=1, description="哪些不列入、为什么")
    valid_days: Annotated[Id, Ref.to("settings")] = Field(description="有效多少天：设定的编号")
    basis: list[Citation] = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> CreditReport:
        forbid_duplicates([one.title for one in self.parts], "报告各部分的名称")
        forbid_duplicates(list(self.uses), "用途")
        if not {Subject.FIRM, Subject.PERSON}.issuperset(self.subjects):
            raise ValueError("subjects 只能是 firm 或 person")
        evaluated = any(one.holds is Holds.EVALUATION for one in self.parts)
        if evaluated != (self.evaluation is not None):
            raise ValueError("列出综合评价的部分和 evaluation 要一起写")
        if self.audience is Audience.PUBLIC:
            self._public()
        if self.audience is Audience.OFFICER and not (self.uses and self.asks_case):
            raise ValueError("单位查询用的报告必须写 uses，并且 asks_case: true")
        return self

    def _public(self) -> None:
        if self.subjects != [Subject.FIRM]:
            raise ValueError("公开版只能是 firm：个人信息不公开查询")
        if any(one.holds in (Holds.EVALUATION, Holds.MATTERS) for one in self.parts):
            raise ValueError("公开版只列公开的信息：综合评价、异议和修复的经过不公开")
