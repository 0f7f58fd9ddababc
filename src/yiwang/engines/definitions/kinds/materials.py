# SPDX-License-Identifier: Apache-2.0
"""Materials (材料): documents an item needs, and licences (证照) and results an item issues."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from .base import Citation, Definition, Duration, ElementId, OrgId, Part, Text
from .elements import Subject


class MaterialKind(StrEnum):
    """Where a material comes from; only the applicant's own papers can ever have to be asked for."""

    LICENCE = "licence"  # 证照：政府核发
    RESULT = "result"  # 非证照类结果：通知书、意见书、回执
    FORM = "form"  # 申请表：由平台从一表生成
    PROOF = "proof"  # 证明：由行政机关或其他机构出具
    OWN = "own"  # 申请人自备：合同、图纸、照片


class LicenceField(Part):
    """A field printed on a licence that answers a data element."""

    element: ElementId
    label: Text


class Material(Definition):
    """A document: who makes it, what it proves, which questions it answers."""

    kind: MaterialKind
    subject: Subject
    issuer: OrgId | None = Field(default=None, description="核发或出具单位（orgs 的 id）；自备材料为空")
    fields: list[LicenceField] = Field(default_factory=list, description="载明的数据元")
    validity: Duration | None = Field(default=None, description="有效期；空为长期")
    form: Text | None = Field(default=None, description="材料形式：原件/复印件/电子件及份数")
    sample: Text | None = Field(default=None, description="填写或拍照要点")
    accepts: list[Text] = Field(
        default_factory=lambda: ["pdf", "jpg", "png"], description="可上传的文件类型（按内容判定）"
    )
    max_megabytes: int = Field(default=10, ge=1, le=100)
    cite: Citation | None = None
