# SPDX-License-Identifier: Apache-2.0
"""What every definition has: an id, a name, validity dates and a source."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_serializer,
    field_validator,
    model_validator,
)

_DECIMAL_TEXT = re.compile(r"[-+]?[0-9]+\.[0-9]+")


@dataclass(frozen=True)
class Ref:
    """Marks an id: it must be the id of a definition in one of these folders."""

    folders: tuple[str, ...]

    @classmethod
    def to(cls, *folders: str) -> Ref:
        """A reference into `folders`."""
        return cls(folders)


@dataclass(frozen=True)
class RuleText:
    """Marks a text in the rule language; `result` names the type it must give."""

    result: str = "boolean"


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A definition's id: lower-case words joined by hyphens; never reused for something else."""

SourceId = Annotated[Id, Ref.to("sources")]
OrgId = Annotated[Id, Ref.to("orgs")]
PlaceId = Annotated[Id, Ref.to("places")]
ElementId = Annotated[Id, Ref.to("elements")]
MaterialId = Annotated[Id, Ref.to("materials")]
ItemId = Annotated[Id, Ref.to("items")]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Words for people."""

Lines = Annotated[str, StringConstraints(pattern=r"^L\d+(–\d+)?$")]
"""Lines of a gazette's full text: L607 or L607–609."""

Rule = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), RuleText()]
"""An expression in the house's one rule language (FEEL). Its names are the Chinese names of data
elements (`经营面积 >= 200 and 是否设招牌 = true`), so that an officer can read it."""


class Part(BaseModel):
    """Base of every piece of a definition: closed (unknown keys are errors) and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Citation(Part):
    """Where a figure or a duty comes from: a source document and the place in it."""

    doc: SourceId = Field(description="来源文件的编号（definitions/*/sources 中的 id）")
    at: Text = Field(description="条、款、项，公报行号，或网页栏目")
    quote: Text | None = Field(default=None, description="原文摘录，不超过一两句")


class Definition(Part):
    """A thing the city defines. A lower level (`henan`, `zhumadian`) refines it by the same id."""

    id: Id = Field(description="编号：小写字母、数字、连字符；全库唯一，不改作他用")
    name: Text = Field(description="正式名称")
    valid_from: dt.date | None = Field(default=None, description="自何日起有效（含当日）；空为一直")
    valid_to: dt.date | None = Field(default=None, description="至何日止（含当日）；空为未定")
    note: Text | None = Field(default=None, description="给维护人员看的说明")

    @model_validator(mode="after")
    def _dates_in_order(self) -> Definition:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError("valid_from 晚于 valid_to：请核对有效期")
        return self

    def valid_on(self, day: dt.date) -> bool:
        """Whether the definition is in force on `day` (both bounds included)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def line_span(lines: str) -> tuple[int, int]:
    """The first and the last line of `L607`, `L607–609`, `L607-L609`."""
    found = [int(one) for one in re.findall(r"\d+", lines.rpartition(" ")[2])]
    return found[0], found[-1]


class SourceKind(StrEnum):
    """What sort of document a source is."""

    LAW = "law"  # 法律
    REGULATION = "regulation"  # 行政法规
    RULE = "rule"  # 部门规章、地方性法规、规范性文件
    GAZETTE = "gazette"  # 政府公报
    STANDARD = "standard"  # 国家标准、行业标准
    PROCEDURE = "procedure"  # 某市公布的办事指南
    SETTING = "setting"  # 本市自行设定（来源未给数字）


class Source(Definition):
    """A source document: a law, a gazette, a published procedure."""

    kind: SourceKind
    number: Text | None = Field(default=None, description="文号，如 驻政办〔2022〕61号")
    publisher: Text
    published: dt.date | None = None
    in_force_from: dt.date | None = None
    address: Text | None = Field(default=None, description="公开网址或公报期号")
    printed_in: Citation | None = Field(default=None, description="刊载它的公报，以及在公报全文里的行号")
    parts: dict[Lines, Text] = Field(
        default_factory=dict, description="公报全文的行号 → 文件里的编号和小标题，页面上据此引用"
    )
    binding: bool = Field(default=True, description="是否约束本市；外市做法为 false，仅供参照")


class Setting(Definition):
    """A figure the sources leave open: dated, explained, changed here and never in code."""

    value: int | Decimal | bool | str
    unit: Text | None = None
    why: Text = Field(description="为什么取这个值；来源没有给数字时说明")
    cite: Citation | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _exact(cls, value: Any) -> Any:
        """A decimal written as text (as in a stored release) is the decimal again."""
        return Decimal(value) if isinstance(value, str) and _DECIMAL_TEXT.fullmatch(value) else value

    @field_serializer("value", when_used="json")
    def _with_a_point(self, value: int | Decimal | bool | str) -> int | bool | str:
        """A decimal as text with a point, so that it is told from other text."""
        if not isinstance(value, Decimal):
            return value
        text = format(value, "f")
        return text if "." in text else f"{text}.0"


class Unit(StrEnum):
    """How a duration counts."""

    WORKING = "working"  # 工作日
    CALENDAR = "calendar"  # 自然日


class Duration(Part):
    """A length of time with its source: working days unless said, halves allowed."""

    days: Annotated[Decimal, Field(ge=0, le=3650, multiple_of=Decimal("0.5"))]
    unit: Unit = Unit.WORKING
    cite: Citation
    note: Text | None = None


def forbid_duplicates(values: list[Any], what: str) -> None:
    """Raise ValueError naming the first value that stands twice."""
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{what}“{value}”重复：请删去一处")
        seen.add(value)
