# SPDX-License-Identifier: Apache-2.0
"""Parts of a policy about money that is limited, settled by period, or held back: its budget, its settlement
(按期结算), and whether credit records bar it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from yiwang.engines.definitions.kinds.base import Citation, OrgId, Part, RuleText, Text, forbid_duplicates
from yiwang.kernel.termed import Termed

Number = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), RuleText("number")
]
"""A rule that gives a number."""


class Short(StrEnum):
    """What happens when the money of a year does not reach for everybody."""

    QUEUE = "queue"  # 按次序，用完为止，后面的等下一年或者追加
    SHARE = "share"  # 到结算日一起按比例


class Budget(Part):
    """The money there is in a year, who is served first, and what happens when it runs out."""

    yuan: Decimal = Field(gt=0)
    order: Text = Field(description="先后次序，例如：按申报先后")
    rank: Number | None = Field(default=None, description="按算式排先后，数大的在前；空为按先后时间")
    short: Short = Field(default=Short.QUEUE, description="不够时：queue 按次序等，share 到结算日按比例")
    closes: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")] | None = Field(
        default=None, description="每年哪一天（月-日）一起分；share 必须写"
    )
    cite: Citation

    @model_validator(mode="after")
    def _closing_day(self) -> Budget:
        if (self.closes is not None) != (self.short is Short.SHARE):
            raise ValueError("按比例分（share）要写 closes：每年哪一天一起分；按次序（queue）不写")
        if self.closes is not None:
            self.closing_day(2001)
        return self

    def closing_day(self, year: int) -> dt.date | None:
        """The day of a year on which its money is shared out; None when it goes by order."""
        return dt.date.fromisoformat(f"{year}-{self.closes}") if self.closes else None


class CreditBar(Part):
    """Credit records that bar benefits (限制享受政策) bar this one; by which clause."""

    cite: Citation


class At(Termed):
    """Where a step of a settlement is done."""

    VILLAGE = "village", "村（居）"  # 居委会、村委会
    TOWNSHIP = "township", "乡镇（街道）"  # 街道、乡镇
    COUNTY = "county", "县区"  # 县、区
    CITY = "city", "市"


class Publicity(Part):
    """For how many days a sheet is shown (公示), all days counted."""

    days: int = Field(ge=1, le=60)
    where: Text = Field(description="在哪里公示，例如：居（村）务公开栏")
    cite: Citation


class SettlementStep(Part):
    """One step of a settlement. More than one organisation: each has to agree."""

    name: Text
    at: At
    orgs: list[OrgId] = Field(min_length=1)
    publicity: Publicity | None = None
    cite: Citation


class RecordColumn(Part):
    """A column of the records. `fact`: the name in the rules; `adds`: it is added up over the year."""

    name: Text
    fact: Text | None = Field(default=None, description="规则里的名称；空为只登记、不参加计算")
    adds: bool = False


class Recover(Part):
    """When money is taken back, and how long nobody may apply then (追回、禁止申报)."""

    must_run_years: int | None = Field(default=None, ge=1, le=30, description="要运营满几年")
    runs_from: Text | None = Field(default=None, description="从登记里的哪一天算起，例如：验收日期")
    ban_years: int = Field(default=0, ge=0, le=10, description="几年内不得再申请")
    cite: Citation

    @model_validator(mode="after")
    def _from_when(self) -> Recover:
        if (self.must_run_years is None) != (self.runs_from is None):
            raise ValueError("must_run_years 和 runs_from 一起写")
        return self


class Settled(Part):
    """Money that is settled by period from records (按期结算).

    The policy's own rule says what a unit is owed for a year; what a period gives is what its records add to
    that. So caps of the year hold whatever comes late or is corrected.
    """

    period: Literal["month"] = "month"
    unit: Text = Field(description="限额按什么算，例如：户、桩")
    registered: list[Text] = Field(
        default_factory=list, description="登记在册的事实（规则里的名称），例如：家庭人数"
    )
    kept: list[Text] = Field(default_factory=list, description="登记时另外要写的，例如：住址、联系方式")
    records: Text = Field(description="凭什么记录，例如：洁净型煤销售记录")
    columns: list[RecordColumn] = Field(min_length=1)
    proof: Text | None = Field(
        default=None, description="每笔的凭证号，例如：七联单发票号；空为每个单位每期一笔"
    )
    certificate: Text | None = Field(
        default=None, description="登记后开什么证明，例如：购买洁净型煤证明；空为不开"
    )
    pays: Literal["reporter", "holder"] = Field(description="付给谁：报记录的企业，还是登记的单位本人")
    reporter: Text = Field(description="谁报记录，例如：生产企业")
    through: Text | None = Field(default=None, description="先拨给谁、再由谁付出，例如：区财政")
    steps: list[SettlementStep] = Field(min_length=1)
    recover: Recover | None = None
    cite: Citation

    @model_validator(mode="after")
    def _together(self) -> Settled:
        forbid_duplicates([one.name for one in self.columns], "列名")
        forbid_duplicates([one.name for one in self.steps], "步骤")
        order = [list(At).index(one.at) for one in self.steps]
        if order != sorted(order):
            raise ValueError("步骤要从下往上：村（居）、乡镇（街道）、县区、市")
        if not any(one.adds for one in self.columns):
            raise ValueError("至少有一列要按年累计（adds）")
        if any(one.adds and one.fact is None for one in self.columns):
            raise ValueError("按年累计的列要写 fact：规则里叫什么")
        if any(one.publicity for one in self.steps[1:]):
            raise ValueError("公示只能在第一步：由汇总的单位公示")
        return self

    @property
    def facts(self) -> set[str]:
        """Every name in the rules that the register or the records give."""
        return {*self.registered, *(one.fact for one in self.columns if one.fact)}
