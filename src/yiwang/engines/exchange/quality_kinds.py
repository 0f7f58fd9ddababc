# SPDX-License-Identifier: Apache-2.0
"""How the quality of a resource is judged (数据质量规则), as a part of its definition."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from yiwang.engines.definitions.kinds.base import Citation, Id, Part

Share = Annotated[Decimal, Field(gt=0, le=1)]


class QualityKind(StrEnum):
    """What a rule looks at: 完整性、格式（准确性）、多源比对、时效性."""

    COMPLETENESS = "completeness"
    FORMAT = "format"
    COMPARISON = "comparison"
    FRESHNESS = "freshness"


class QualityRule(Part):
    """One rule: the share of rows that must pass."""

    kind: QualityKind
    field: Id | None = Field(default=None, description="看哪个信息项；空为整行")
    share: Share = Field(description="合格率不低于多少，0 到 1")
    cite: Citation
