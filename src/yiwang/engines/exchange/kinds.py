# SPDX-License-Identifier: Apache-2.0
"""The kind `exchange`: a data resource (政务数据资源) that a department provides.

What is written here is the catalogue (目录); nobody gets data by it. The terms follow the city's
plan 驻政办〔2022〕60号 and the national catalogue standard (GB/T 21063.4); grades GB/T 43697-2024.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from yiwang.engines.definitions.kinds.base import (
    Citation,
    Definition,
    ElementId,
    Id,
    MaterialId,
    OrgId,
    Part,
    PlaceId,
    Ref,
    Text,
    forbid_duplicates,
)
from yiwang.engines.definitions.kinds.elements import ElementType, Subject

from .quality_kinds import QualityRule
from .words import Cycle, Form, Grade, Level, Library, Mask, Sharing

FOLDER = "exchange"
"""The folder of the kind."""

ResourceId = Annotated[Id, Ref.to(FOLDER)]

_SECRET = re.compile(r"绝密|机密|国家秘密|涉密|秘密级|秘密★|\b(?:top[_ -]?)?secret\b", re.IGNORECASE)
_REFUSED = (
    "涉密数据不进入本平台，按保密规定另行管理（政务数据安全管理暂行办法第二条）：请整条删去，不要改写等级"
)


def _not_secret(value: Any) -> Any:
    if isinstance(value, str) and _SECRET.search(value.replace("非涉密", "")):
        raise ValueError(_REFUSED)
    return value


class ResourceField(Part):
    """One information item (信息项) of a resource: one column of what the provider gives."""

    id: Id = Field(description="字段编号，接口里用；同一资源内不重复")
    name: Text = Field(description="信息项名称")
    type: ElementType
    element: ElementId | None = Field(default=None, description="对应的数据元；没有对应的为空")
    grade: Grade
    mask: Mask = Field(default=Mask.NONE, description="没有被授权看原值的人看到的样子")
    key: bool = Field(default=False, description="是否可以按它查询")
    subject_id: bool = Field(default=False, description="说明这一行是关于谁的：身份号码或统一社会信用代码")
    note: Text | None = None

    @field_validator("grade", "name", mode="before")
    @classmethod
    def _open(cls, value: Any) -> Any:
        """State secrets are refused where they are named."""
        return _not_secret(value)

    @model_validator(mode="after")
    def _consistent(self) -> ResourceField:
        if self.subject_id and self.type not in (ElementType.ID_NUMBER, ElementType.USCC):
            raise ValueError("subject_id 只能写在身份号码（id_number）或统一社会信用代码（uscc）的信息项上")
        if self.type is ElementType.ID_NUMBER and self.mask not in (Mask.ID_NUMBER, Mask.HIDE):
            raise ValueError("身份号码必须脱敏：请写 mask: id_number 或 mask: hide")
        if self.type in (ElementType.CHOICE, ElementType.CHOICES) and self.element is None:
            raise ValueError("选项类的信息项要写 element，选项由数据元给出；没有数据元的请用 text")
        return self


class Resource(Definition):
    """A data resource (政务数据资源): whose it is, what it holds, who may have it, on what terms."""

    provider: OrgId = Field(description="资源提供方：负责审核申请和数据质量的部门")
    level: Level = Field(default=Level.CITY, description="列入市级还是县级清单")
    places: list[PlaceId] = Field(default_factory=list, description="覆盖的县区；空为全市")
    subject: Subject = Field(description="关于谁：person、firm、thing")
    library: Library
    theme: Text | None = Field(default=None, description="主题，如 社会保障；主题库必须写")
    summary: Text = Field(description="一两句白话：里面有什么")
    duty: Text | None = Field(default=None, description="对应的职责（履职过程和结果）")
    sharing: Sharing
    condition: Text | None = Field(default=None, description="共享条件；有条件共享必须写")
    not_shared: Citation | None = Field(default=None, description="不予共享的法律、行政法规或国家政策依据")
    openness: Text | None = Field(default=None, description="向社会开放的条件；空为不开放")
    grade: Grade
    cycle: Cycle
    form: Form = Form.DATABASE
    system: Text | None = Field(default=None, description="来自哪个业务系统")
    fields: list[ResourceField] = Field(min_length=1, max_length=200)
    answers: list[MaterialId] = Field(default_factory=list, description="可以替代的材料：查到了就不用交")
    quality: list[QualityRule] = Field(default_factory=list, description="数据质量规则")
    related: list[ResourceId] = Field(default_factory=list, description="关联的资源")
    formerly: list[Text] = Field(default_factory=list, description="曾用名称、曾用目录代码")
    cite: Citation = Field(description="凭什么列入目录：清单、职责依据")

    @field_validator("grade", "name", "summary", mode="before")
    @classmethod
    def _open(cls, value: Any) -> Any:
        """State secrets are refused where they are named."""
        return _not_secret(value)

    @model_validator(mode="after")
    def _terms_fit_the_class(self) -> Resource:
        needed = {Sharing.CONDITIONAL: "condition", Sharing.NOT_SHARED: "not_shared"}.get(self.sharing)
        for name in ("condition", "not_shared"):
            given = getattr(self, name) is not None
            if name == needed and not given:
                wanted = "共享条件" if name == "condition" else "不予共享的法律依据"
                raise ValueError(f"{self.sharing.term}的资源必须写 {name}（{wanted}）")
            if name != needed and given:
                raise ValueError(f"{self.sharing.term}的资源不写 {name}：请删去，或改正共享类型")
        if self.sharing is Sharing.UNCONDITIONAL and self.grade >= Grade.IMPORTANT:
            raise ValueError(f"{self.grade.term}不能无条件共享：请改为有条件共享并写明条件")
        return self

    @model_validator(mode="after")
    def _whole(self) -> Resource:
        forbid_duplicates([field.id for field in self.fields], "信息项编号")
        forbid_duplicates([field.name for field in self.fields], "信息项名称")
        forbid_duplicates(list(self.answers), "可替代的材料")
        if self.subject is Subject.CASE:
            raise ValueError("数据资源关于 person、firm 或 thing，不关于一次申请（case）")
        if self.library is Library.THEME and not self.theme:
            raise ValueError("主题库的资源必须写 theme（哪个主题）")
        if self.level is Level.COUNTY and not self.places:
            raise ValueError("县级清单的资源必须写 places（哪些县区）")
        if self.id in self.related:
            raise ValueError("related 里不能有自己")
        return self

    def field(self, identity: str) -> ResourceField | None:
        """The information item with this id."""
        return next((one for one in self.fields if one.id == identity), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """Ids of the items it may be searched by."""
        return tuple(one.id for one in self.fields if one.key)

    @property
    def personal(self) -> bool:
        """Whether a row says something of a person (个人信息): some item needs a mask."""
        return any(one.mask is not Mask.NONE for one in self.fields)


EXCHANGE_KINDS: dict[str, Any] = {FOLDER: Resource}
"""Folder name → kind."""
