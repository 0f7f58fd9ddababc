# SPDX-License-Identifier: Apache-2.0
"""How a personal score (个人信用分) and the scenes it brings benefits in (信易+) are written.

A score is asked for by the person it is about, and can bring benefits only: a scene says what it gives and
that the ordinary way stays open to everybody. There is no kind of scene that refuses anything.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from yiwang.engines.definitions.kinds.base import Citation, Definition, Id, OrgId, Part, Ref, Text
from yiwang.engines.definitions.kinds.elements import Subject

from .evaluation_kinds import Formula, Weighing


class Never(Part):
    """Facts about a person that are never used, by the words they are known by, and why."""

    words: list[Text] = Field(min_length=1, description="例如：宗教信仰；目录条目和信息项里出现就不能用")
    says: Text
    cite: Citation


class PersonalScore(Weighing):
    """A published way of scoring people, for whoever asks for it."""

    kind: Literal["score"]
    agreement: list[Text] = Field(min_length=1, description="本人同意的内容：一条一句")
    never_uses: list[Never] = Field(min_length=1, description="任何情况下都不使用的个人信息")

    @model_validator(mode="after")
    def _of_people(self) -> PersonalScore:
        if self.subject is not Subject.PERSON:
            raise ValueError("个人信用分的 subject 只能是 person")
        return self


class BenefitScene(Definition):
    """A scene in which good credit makes something easier (信易+).

    `otherwise`: how everybody else is served there; it may ask for no more than the law does.
    """

    kind: Literal["scene"]
    field: Text = Field(description="领域，例如：公共交通")
    score: Annotated[Id, Ref.to("credit")]
    when: Formula = Field(description="条件，只能用评价得分，例如：评价得分 >= 80")
    gives: Text = Field(description="给什么便利")
    otherwise: Text = Field(description="没有达到、没有同意评分的人怎样办：照常办理")
    org: OrgId = Field(description="由哪个单位负责")
    basis: Citation
