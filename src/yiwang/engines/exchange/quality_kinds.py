# SPDX-License-Identifier: Apache-2.0
"""How the quality of a resource is judged (数据质量规则), as a part of its definition.

The four dimensions are those of 驻政办〔2022〕60号 (市政府公报2022年第10号 L479–481): 完整性、准确性、
可用性、时效性. Every rule is a sentence about rows; `share` says how many of them must fulfil it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from yiwang.engines.definitions.kinds.base import Citation, Id, Part, Ref, Text, forbid_duplicates
from yiwang.kernel.termed import Termed

Share = Annotated[Decimal, Field(gt=0, le=1)]
_OTHER_ENGINES = re.compile(r"\(\?[=!<P]|\\[1-9bBAZz]")


class Dimension(Termed):
    """What is judged: the four dimensions of the city's plan."""

    COMPLETE = "complete", "完整性"
    ACCURATE = "accurate", "准确性"
    USABLE = "usable", "可用性"
    TIMELY = "timely", "时效性"


class QualityKind(Termed):
    """What a rule looks at."""

    FILLED = "filled", "必填"  # 该填的填了
    FORMAT = "format", "格式和校验位"  # 按信息项的类型读得出来；证件号码、信用代码校验位对得上
    PATTERN = "pattern", "编号规则"  # 符合编号规则
    RANGE = "range", "合理范围"  # 数在合理范围内
    CONDITION = "condition", "逻辑关系"  # 规则语言写的条件成立
    AGREES = "agrees", "多源比对"  # 多源比对：与另一资源中同一对象的记录一致
    UNIQUE = "unique", "不重复"
    FRESH = "fresh", "按周期更新"  # 最新的一行在更新周期内
    FRESH_ROWS = "fresh_rows", "逐条按周期更新"  # 每一行都在更新周期内更新过

    @property
    def dimension(self) -> Dimension:
        """The dimension that the rule counts for."""
        return _KINDS[self][1]


_KINDS: Mapping[QualityKind, tuple[str, Dimension]] = MappingProxyType(
    {
        QualityKind.FILLED: ("必填", Dimension.COMPLETE),
        QualityKind.FORMAT: ("格式和校验位", Dimension.ACCURATE),
        QualityKind.PATTERN: ("编号规则", Dimension.ACCURATE),
        QualityKind.RANGE: ("合理范围", Dimension.ACCURATE),
        QualityKind.CONDITION: ("逻辑关系", Dimension.ACCURATE),
        QualityKind.AGREES: ("多源比对", Dimension.ACCURATE),
        QualityKind.UNIQUE: ("不重复", Dimension.USABLE),
        QualityKind.FRESH: ("按周期更新", Dimension.TIMELY),
        QualityKind.FRESH_ROWS: ("逐条按周期更新", Dimension.TIMELY),
    }
)


class Comparison(Part):
    """The other source (多源比对): where the same subject stands, and what must agree."""

    resource: Annotated[Id, Ref.to("exchange")] = Field(description="与哪个资源比对")
    match: dict[Id, Id] = Field(min_length=1, description="本资源信息项 → 对方信息项：凭什么认出是同一对象")
    agree: dict[Id, Id] = Field(default_factory=dict, description="本资源信息项 → 对方信息项：必须一致的")
    tolerance: Annotated[Decimal, Field(ge=0)] = Field(default=Decimal(0), description="数相差多少算一致")
    days: Annotated[int, Field(ge=0)] = Field(default=0, description="日期相差几天算一致")
    must_exist: bool = Field(default=False, description="对方没有这个对象算不合格；否则不评")

    @model_validator(mode="after")
    def _says_something(self) -> Comparison:
        if not self.agree and not self.must_exist:
            raise ValueError("比对要写 agree（哪些必须一致），或者 must_exist: true（对方必须有）")
        return self


class QualityRule(Part):
    """One rule: what every row must fulfil, and the share of rows that must."""

    id: Id = Field(description="规则编号；同一资源内不重复，改了口径就换编号，趋势才可比")
    kind: QualityKind
    fields: list[Id] = Field(default_factory=list, description="看哪些信息项；unique 是合在一起不重复")
    share: Share = Field(description="合格率不低于多少，0 到 1；低于它就要整改")
    pattern: Text | None = Field(default=None, description="pattern：整个值要符合的正则表达式")
    minimum: Decimal | None = Field(default=None, description="range：不小于")
    maximum: Decimal | None = Field(default=None, description="range：不大于")
    holds: Text | None = Field(default=None, description="condition：成立才合格；用信息项名称写")
    only_if: Text | None = Field(default=None, description="只评满足这个条件的行；用信息项名称写")
    compared: Comparison | None = Field(default=None, description="agrees：与谁比、比什么")
    within_days: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="fresh、fresh_rows：几个自然日以内；空为更新周期"
    )
    mend: Text = Field(description="不合格时给提供部门的整改建议")
    cite: Citation

    @field_validator("pattern")
    @classmethod
    def _pattern_runs_everywhere(cls, value: str | None) -> str | None:
        """Only what every engine reads alike: no look-around, no back references."""
        if value is None:
            return None
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"正则表达式写错了：{error}") from None
        if _OTHER_ENGINES.search(value):
            raise ValueError("正则表达式不能用环视、反向引用和边界符：各引擎读法不同，请改写")
        return value

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> QualityRule:
        given = {name for name in _OWN if getattr(self, name) is not None}
        needed = _NEEDS.get(self.kind, frozenset())
        if self.kind is QualityKind.RANGE and not given & {"minimum", "maximum"}:
            raise ValueError("range 要写 minimum 或 maximum")
        if missing := needed - given:
            raise ValueError(f"{self.kind} 要写 {'、'.join(sorted(missing))}")
        if extra := given - needed - _MAY.get(self.kind, frozenset()):
            raise ValueError(f"{self.kind} 不写 {'、'.join(sorted(extra))}：请删去，或改正 kind")
        if bool(self.fields) is (self.kind in _WITHOUT_FIELDS):
            told = "不写 fields" if self.fields else "要写 fields"
            raise ValueError(f"{self.kind} {told}")
        if self.kind in (QualityKind.FRESH, QualityKind.FRESH_ROWS) and len(self.fields) != 1:
            raise ValueError(f"{self.kind} 只看一个日期信息项")
        forbid_duplicates(list(self.fields), "信息项")
        return self

    @property
    def dimension(self) -> Dimension:
        """The dimension that the rule counts for."""
        return self.kind.dimension

    @property
    def reads(self) -> tuple[str, ...]:
        """Ids of the fields of its own resource that the rule reads, conditions aside."""
        matched = [*self.compared.match, *self.compared.agree] if self.compared else []
        return tuple(dict.fromkeys([*self.fields, *matched]))


_OWN = ("pattern", "minimum", "maximum", "holds", "compared", "within_days")
_NEEDS: Mapping[QualityKind, frozenset[str]] = {
    QualityKind.PATTERN: frozenset({"pattern"}),
    QualityKind.CONDITION: frozenset({"holds"}),
    QualityKind.AGREES: frozenset({"compared"}),
}
_MAY: Mapping[QualityKind, frozenset[str]] = {
    QualityKind.RANGE: frozenset({"minimum", "maximum"}),
    QualityKind.FRESH: frozenset({"within_days"}),
    QualityKind.FRESH_ROWS: frozenset({"within_days"}),
}
_WITHOUT_FIELDS = (QualityKind.CONDITION, QualityKind.AGREES)
