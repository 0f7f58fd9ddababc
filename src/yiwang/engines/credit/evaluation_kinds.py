# SPDX-License-Identifier: Apache-2.0
"""How a comprehensive evaluation (公共信用综合评价) is written: what is counted, what each count is worth,
which class follows, and which facts may never be used.

Weights and bounds are rules of the house's one language over the names of the indicators and nothing else,
so that no other fact about anybody can slip in.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yiwang.engines.definitions.kinds.base import Citation, Definition, Id, Part, Ref, Text, forbid_duplicates
from yiwang.engines.definitions.kinds.elements import Subject

from .words import Severity

EntryId = Annotated[Id, Ref.to("credit")]
Formula = Annotated[str, Field(min_length=1, max_length=2000)]
"""A rule over the indicators' names; not checked as one over data elements."""

SCORE = "评价得分"
"""The name of the score in the conditions of classes."""


class Indicator(Part):
    """A number of facts that count: of which entries, how grave, decided how lately."""

    name: Text = Field(description="规则里用的名称，不含空格")
    entries: list[EntryId] = Field(min_length=1, description="数哪些目录条目的信息")
    severities: list[Severity] = Field(default_factory=list, description="只数这些失信程度；空为不论程度")
    months: int | None = Field(default=None, ge=1, le=600, description="只数多少个月内决定的；空为使用期内的")
    cite: Citation


class Clause(Part):
    """One line of the score: how many points the indicators give or take."""

    name: Text
    gives: Formula = Field(description="加减多少分，例如：- min(30, 一般处罚数 * 10)")
    cite: Citation


class Score(Part):
    """Where the score starts, and between which bounds it stays."""

    starts: Decimal
    least: Decimal
    most: Decimal
    cite: Citation


class Grade(Part):
    """A class of supervision; the first whose condition holds is taken, the last has none."""

    name: Text
    when: Formula | None = Field(default=None, description="条件；最后一级不写")
    brings: Text = Field(description="这一级怎样监管")
    cite: Citation


class Excluded(Part):
    """Facts that may never be used, and why."""

    entries: list[EntryId] = Field(min_length=1)
    says: Text
    cite: Citation


class Weighing(Definition):
    """A published way of evaluating: a later one has another id or other dates, and is another version."""

    subject: Subject
    basis: list[Citation] = Field(min_length=1)
    excluded: list[Excluded] = Field(min_length=1, description="不得使用的信息")
    indicators: list[Indicator] = Field(min_length=1)
    score: Score
    clauses: list[Clause] = Field(min_length=1)
    classes: list[Grade] = Field(min_length=2)

    @model_validator(mode="after")
    def _complete(self) -> Weighing:
        names = [SCORE, *(one.name for one in self.indicators), *(one.name for one in self.clauses)]
        forbid_duplicates(names, "指标或计分项的名称")
        forbid_duplicates([one.name for one in self.classes], "等级")
        if self.classes[-1].when is not None or any(one.when is None for one in self.classes[:-1]):
            raise ValueError("只有最后一级不写条件：它收下前面都不符合的")
        if not self.score.least <= self.score.starts <= self.score.most:
            raise ValueError("起评分要在最低分和最高分之间")
        return self

    def never(self) -> dict[str, Excluded]:
        """Entry → why it may not be used."""
        return {entry: one for one in self.excluded for entry in one.entries}


class Evaluation(Weighing):
    """A comprehensive evaluation: it says how its subjects are supervised."""

    kind: Literal["evaluation"]
