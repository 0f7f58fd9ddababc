# SPDX-License-Identifier: Apache-2.0
"""Data elements (数据元): each question the government may ask, defined once."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from .base import Citation, Definition, Part, Text, forbid_duplicates


class ElementType(StrEnum):
    """The type of an answer; the form widget, the check and the rule type follow from it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"  # asked in yuan, kept in fen
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    ID_NUMBER = "id_number"  # 公民身份号码
    USCC = "uscc"  # 统一社会信用代码
    PHONE = "phone"
    PLACE = "place"  # 行政区划: one of the places
    ADDRESS = "address"


class Subject(StrEnum):
    """Whom the answer is about."""

    PERSON = "person"
    FIRM = "firm"
    THING = "thing"  # 房屋、项目、经营场所
    CASE = "case"  # only this application


class Choice(Part):
    """One answer of a choice: the Chinese words are the value, in forms, rules and files alike."""

    value: Text
    help: Text | None = None


class Element(Definition):
    """A data element: a typed question, asked at most once per application."""

    type: ElementType
    subject: Subject
    question: Text = Field(description="问申请人的话，用白话")
    help: Text | None = Field(default=None, description="不懂时的解释，用白话")
    example: Text | None = None
    unit: Text | None = None
    choices: list[Choice] = Field(default_factory=list)
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] | None = None
    pattern: str | None = None
    sensitive: bool = Field(default=False, description="个人信息：显示时脱敏")
    group: Text = Field(default="基本信息", description="表单中的分组")
    cite: Citation | None = None

    @model_validator(mode="after")
    def _choices_fit_the_type(self) -> Element:
        is_choice = self.type in (ElementType.CHOICE, ElementType.CHOICES)
        if is_choice != bool(self.choices):
            raise ValueError("choice/choices 类型必须列出 choices，其他类型不能列出")
        forbid_duplicates([c.value for c in self.choices], "选项")
        return self
