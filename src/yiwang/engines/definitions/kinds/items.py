# SPDX-License-Identifier: Apache-2.0
"""Service items (事项): a function with typed inputs and outputs, and all a guide must say."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from yiwang.kernel.termed import Termed

from .base import (
    Citation,
    Definition,
    Duration,
    ElementId,
    Id,
    ItemId,
    MaterialId,
    OrgId,
    Part,
    Ref,
    Rule,
    Text,
    forbid_duplicates,
)
from .standing_in import Commitment, Deferral


class ItemKind(Termed):
    """事项类型 (国务院办公厅 政务服务事项类型)."""

    LICENSING = "licensing", "行政许可"
    CONFIRMATION = "confirmation", "行政确认"
    PAYMENT = "payment", "行政给付"
    REWARD = "reward", "行政奖励"
    RULING = "ruling", "行政裁决"
    LEVY = "levy", "行政征收"
    OTHER_POWER = "other_power", "其他行政权力"  # 其他行政权力（备案等）
    PUBLIC_SERVICE = "public_service", "公共服务"


class ElementUse(Part):
    """A data element an item asks for."""

    element: ElementId
    required: bool = True
    when: Rule | None = Field(default=None, description="仅在条件成立时需要（规则语言）")


class MaterialUse(Part):
    """A document an item needs."""

    material: MaterialId
    required: bool = True
    when: Rule | None = None
    copies: Annotated[int, Field(ge=1, le=20)] = 1
    paper_original: bool = Field(default=False, description="须核验或收取纸质原件")
    deferrable: Deferral | None = Field(default=None, description="可容缺")
    commitment: Commitment | None = Field(default=None, description="可告知承诺替代")
    review_points: list[Text] = Field(default_factory=list, description="审查要点（窗口业务手册）")
    cite: Citation


class SignatureUse(Part):
    """The applicant signs the application form (申请表): electronically, or by hand at the counter."""

    says: Text = Field(description="告诉申请人为什么要签，用白话")
    level: Annotated[int, Field(ge=1, le=9)] = Field(
        description="电子签名时登录方式的最低实名等级（见 settings/auth-level-…）"
    )
    cite: Citation


class Output(Part):
    """What an item produces: a licence or another result. A licence one item issues and another
    needs is an edge of the plan."""

    material: MaterialId
    when: Rule | None = None


class StepKind(StrEnum):
    """Ordinary steps of handling, and the special steps (特殊环节, 驻政办〔2022〕62号)."""

    ACCEPT = "accept"  # 受理
    COMPLIANCE_REVIEW = "compliance_review"  # 合规审查
    TECHNICAL_REVIEW = "technical_review"  # 业务技术审核
    DECIDE = "decide"  # 决定
    ISSUE = "issue"  # 制证
    DELIVER = "deliver"  # 送达
    SITE_SURVEY = "site_survey"  # 现场踏勘
    TECHNICAL_EXAMINATION = "technical_examination"  # 技术审查
    EXPERT_REVIEW = "expert_review"  # 专家评审
    PUBLICITY = "publicity"  # 公示
    HEARING = "hearing"  # 听证
    TENDER = "tender"  # 招标
    AUCTION = "auction"  # 拍卖
    INSPECTION = "inspection"  # 检验
    TESTING = "testing"  # 检测
    QUARANTINE = "quarantine"  # 检疫
    APPRAISAL = "appraisal"  # 鉴定


SPECIAL_STEPS = frozenset(list(StepKind)[list(StepKind).index(StepKind.SITE_SURVEY) :])


class Step(Part):
    """A step of handling. A special step needs a legal basis and a limit of its own
    (无法定依据的特殊环节一律取消；保留的须限时办结)."""

    kind: StepKind
    name: Text | None = None
    when: Rule | None = None
    visits: Annotated[Id, Ref.to("materials", "elements")] | None = Field(
        default=None, description="现场踏勘的地点（材料或数据元 id）；同一地点可联合踏勘"
    )
    limit: Duration | None = None
    cite: Citation | None = None

    @model_validator(mode="after")
    def _special_steps_have_basis_and_limit(self) -> Step:
        if self.kind in SPECIAL_STEPS and (self.cite is None or self.limit is None):
            raise ValueError("特殊环节必须写明依据（cite）和限时（limit）；没有法定依据的应当取消")
        if (self.kind is StepKind.SITE_SURVEY) != (self.visits is not None):
            raise ValueError("现场踏勘（site_survey）必须且只有它写明 visits（去哪里看）")
        return self


class Fee(Part):
    """收费: what is charged, by which standard. No fee → an empty list."""

    name: Text
    standard: Text = Field(description="收费标准的原文")
    amount_fen: int | None = Field(default=None, ge=0, description="定额收费的金额（分）；按公式计收的留空")
    when: Rule | None = None
    cite: Citation


class Scope(StrEnum):
    """通办范围: how far from the handling place an application may be handed in."""

    COUNTY = "county"  # 本县区
    CITY = "city"  # 全市通办
    PROVINCE = "province"  # 全豫通办
    CROSS_PROVINCE = "cross_province"  # 跨省通办


class Level(StrEnum):
    """行使层级."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


class Delivery(StrEnum):
    """送达方式."""

    ELECTRONIC = "electronic"
    COUNTER = "counter"
    COURIER = "courier"


class Intermediary(Part):
    """中介服务: only with a legal basis (清单之外无中介)."""

    name: Text
    result: MaterialId | None = Field(default=None, description="中介服务成果（materials 的 id）")
    fee_standard: Text
    cite: Citation


class HallEntry(Part):
    """进驻: whether the item is handled in the service centre; if not, why (进驻事项负面清单)."""

    in_hall: bool = True
    counter: Text | None = None
    exempt_because: Text | None = None

    @model_validator(mode="after")
    def _exemption_has_a_reason(self) -> HallEntry:
        if not self.in_hall and not self.exempt_because:
            raise ValueError("不进驻大厅的事项须写明原因（exempt_because），并列入进驻事项负面清单")
        return self


class Tacit(Part):
    """A silence rule: no answer in time counts as consent or no objection."""

    meaning: Text
    cite: Citation


class Item(Definition):
    """A service item with every element of a Chinese implementation list (实施清单)."""

    kind: ItemKind
    org: OrgId = Field(description="实施主体（orgs 的 id）")
    level: Level = Level.COUNTY
    catalogue_code: Text | None = Field(
        default=None, description="基本目录编码；以省事项库为准，未取得时留空"
    )
    short_name: Text | None = None
    for_persons: bool = False
    for_firms: bool = False
    summary: Text = Field(description="一句话白话说明")
    conditions: list[Text] = Field(min_length=1, description="受理条件")
    basis: list[Citation] = Field(min_length=1, description="设定依据")
    elements: list[ElementUse] = Field(default_factory=list)
    materials: list[MaterialUse] = Field(default_factory=list)
    outputs: list[Output] = Field(min_length=1, description="办理结果")
    signature: SignatureUse | None = Field(default=None, description="申请表要申请人签名；不要求则空")
    after: list[ItemId] = Field(
        default_factory=list, description="法律规定须在其后办理、但没有证照往来的事项；能由材料推出的不写"
    )
    steps: list[Step] = Field(min_length=1)
    legal_limit: Duration = Field(description="法定办结时限")
    promised_limit: Duration = Field(description="承诺办结时限")
    on_the_spot: bool = Field(default=False, description="即办件")
    tacit: Tacit | None = None
    fees: list[Fee] = Field(default_factory=list, description="不收费留空")
    scope: Scope = Scope.CITY
    delivery: list[Delivery] = Field(default_factory=lambda: list(Delivery), min_length=1)
    visits_to_hall: Annotated[int, Field(ge=0, le=3)] = Field(default=0, description="到现场次数")
    intermediaries: list[Intermediary] = Field(default_factory=list)
    hall: HallEntry = Field(default_factory=HallEntry)
    quantity_limit: Text | None = Field(default=None, description="数量限制；无则空")
    annual_check: Text | None = Field(default=None, description="年检要求；无则空")
    remedies: list[Citation] = Field(default_factory=list, description="救济依据；空则用通用规定")
    consult_phone: Text | None = None
    complaint_phone: Text = "12345"
    same_elements: dict[str, Text] = Field(
        default_factory=dict, description="三级三十二同中上文没有的要素：名称 → 值"
    )

    @model_validator(mode="after")
    def _item_holds_together(self) -> Item:
        if not (self.for_persons or self.for_firms):
            raise ValueError("for_persons、for_firms 至少一个为 true：事项面向谁？")
        forbid_duplicates([u.element for u in self.elements], "数据元")
        forbid_duplicates([u.material for u in self.materials], "材料")
        forbid_duplicates([o.material for o in self.outputs], "结果")
        wants = {u.material for u in self.materials}
        if own := wants & {o.material for o in self.outputs}:
            raise ValueError(f"事项既需要又产生“{sorted(own)[0]}”：请核对材料与结果")
        same_unit = self.promised_limit.unit == self.legal_limit.unit
        if same_unit and self.promised_limit.days > self.legal_limit.days:
            raise ValueError("承诺时限长于法定时限")
        return self
