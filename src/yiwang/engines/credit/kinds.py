# SPDX-License-Identifier: Apache-2.0
"""The kind `credit`: the catalogue of public credit information (公共信用信息目录), the measures list
(联合奖惩措施清单) and the conditions of repair (信用修复); `kind` says which one a definition is.

A record has an effect only by an entry that names a measure, and a measure only by its basis: what stands
in no list is done to nobody (henan-2023 L735-736).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from yiwang.engines.definitions.kinds.base import (
    Citation,
    Definition,
    Duration,
    Id,
    ItemId,
    OrgId,
    Part,
    Ref,
    Text,
    forbid_duplicates,
)
from yiwang.engines.definitions.kinds.elements import Subject

from .evaluation_kinds import Evaluation
from .report_kinds import CreditReport
from .score_kinds import BenefitScene, PersonalScore
from .words import Dealing, EffectKind, Proof, Scene, Severity, Sort, Way

FOLDER = "credit"
CreditId = Annotated[Id, Ref.to(FOLDER)]
Months = Annotated[int, Field(ge=0, le=600)]


class CreditField(Part):
    """One column of an entry beside those every record has. `public`: shown to everybody."""

    name: Text
    required: bool = False
    public: bool = False
    date: bool = Field(default=False, description="写成 2026-01-04 的日期")


class Term(Part):
    """How long a record is shown and used, in months from the day it was decided.

    `severity` empty: for records that state none. After `shown` months it is shown to nobody any more;
    after `used` months it has no effect and is not used. `least`: before that no repair is granted.
    """

    severity: Severity | None = None
    least: Months = Field(default=0, description="最短公示期（月）；期满才能申请修复")
    shown: Months | None = Field(description="最长公示期（月）；0 为不公示，空为长期公示")
    used: Months | None = Field(description="使用期（月）；空为长期使用")
    cite: Citation

    @model_validator(mode="after")
    def _in_order(self) -> Term:
        if self.shown is not None and self.least > self.shown:
            raise ValueError("最短公示期长于最长公示期：请核对")
        if self.used is not None and (self.shown is None or self.shown > self.used):
            raise ValueError("公示期不能长于使用期：期满既不公示也不使用")
        return self


class Publicity(Part):
    """Whether and how soon after the decision a record is made public (公示)."""

    within: Duration
    of: list[Subject] = Field(min_length=1, description="公示哪类主体的：firm、person")


class Ground(Part):
    """What an entry on a list must rest on: at least so many records of these entries that count."""

    entries: list[CreditId] = Field(min_length=1)
    severities: list[Severity] = Field(default_factory=list, description="只算这些程度的；空为不论程度")
    least: int = Field(default=1, ge=1, le=100)
    cite: Citation


class Entering(Part):
    """How somebody is entered on a list: by which standard, told when, heard how long, out when.

    `clean`: only whom no record that counts speaks against; one that comes later stops what the list brings.
    """

    standard: list[Text] = Field(min_length=1, description="列入标准：一条一句")
    standard_cite: Citation
    clean: bool = Field(default=False, description="列入时没有、列入后出现在使用期内的失信信息就移出")
    ground: Ground | None = Field(default=None, description="要有哪些已经记入的信息才能列入")
    notice: Duration = Field(description="列入前告知，多少天内可以陈述申辩")
    leaving: list[Text] = Field(min_length=1, description="退出条件和程序：一条一句")
    leaving_cite: Citation


class CreditEntry(Definition):
    """An entry of the catalogue of public credit information."""

    kind: Literal["entry"]
    sort: Sort
    subjects: list[Subject] = Field(min_length=1)
    departments: list[OrgId] = Field(default_factory=list, description="来源单位；空为各有关单位")
    basis: list[Citation] = Field(min_length=1, description="记入目录的依据")
    domain: Text | None = Field(default=None, description="重点领域，例如：交通运输")
    occupation: Text | None = Field(default=None, description="重点职业人群，例如：导游")
    reference: Text = Field(default="决定文书号", description="哪一栏是这条信息的文号")
    fields: list[CreditField] = Field(default_factory=list)
    publicity: Publicity | None = Field(default=None, description="空为不公示")
    terms: list[Term] = Field(min_length=1)
    measures: list[CreditId] = Field(default_factory=list, description="产生效果的措施")
    entering: Entering | None = None
    repair: CreditId | None = Field(default=None, description="修复条件；空为不能修复")

    @model_validator(mode="after")
    def _complete(self) -> CreditEntry:
        forbid_duplicates([one.name for one in self.fields], "信息项")
        forbid_duplicates([one.severity for one in self.terms], "失信程度")
        forbid_duplicates(list(self.measures), "措施")
        if not {Subject.FIRM, Subject.PERSON}.issuperset(self.subjects):
            raise ValueError("subjects 只能是 firm 或 person")
        if self.occupation and self.subjects != [Subject.PERSON]:
            raise ValueError("occupation 是人的职业：subjects 只写 person")
        if self.sort.is_list != (self.entering is not None):
            raise ValueError("名单类必须写 entering：列入标准、事先告知、退出；其他类不写")
        if self.entering is not None and self.entering.clean and self.sort.is_against:
            raise ValueError("clean 只用于守信名单：列入的前提是没有失信信息")
        if self.sort.is_against:
            if any(term.used is None for term in self.terms):
                raise ValueError("不利信息必须写使用期：期满不再公示、不再使用")
        elif self.repair is not None:
            raise ValueError("不是不利信息，不需要修复：请删去 repair")
        return self

    def term_of(self, severity: Severity | None) -> Term:
        """How long a record of this severity counts; one that states none counts as the entry says.

        Where nothing is said for it, the shortest term of the entry holds: doubt never harms.
        """
        named = {term.severity: term for term in self.terms}
        return named.get(severity) or named.get(None) or min(self.terms, key=_length)

    def severities(self) -> list[Severity]:
        """Which degrees a record of this entry may state."""
        return [term.severity for term in self.terms if term.severity is not None]


def _length(term: Term) -> tuple[int, int]:
    endless = 10_000
    used = endless if term.used is None else term.used
    return used, endless if term.shown is None else term.shown


class CreditMeasure(Definition):
    """A line of the measures list: what is done, in which scene, by which section and post, by what basis."""

    kind: Literal["measure"]
    effect: EffectKind
    scenes: list[Scene] = Field(min_length=1)
    items: list[ItemId] = Field(default_factory=list, description="只对这些事项；空为场景内的全部事项")
    same_item: bool = Field(default=False, description="只对这条记录所说的那个事项（不得再次申请该许可）")
    dealings: list[Dealing] = Field(default_factory=list, description="只对这些公共资源事项；空为全部")
    severities: list[Severity] = Field(default_factory=list, description="只因这些程度的记录；空为不论程度")
    org: OrgId = Field(description="由哪个单位实施")
    section: Text = Field(description="明确到科室")
    post: Text = Field(description="具体到人：岗位")
    basis: Citation

    @model_validator(mode="after")
    def _dealings_of_resources(self) -> CreditMeasure:
        if self.dealings and Scene.RESOURCES not in self.scenes:
            raise ValueError("dealings 只用于场景“公共资源交易”：请核对 scenes")
        return self


class Condition(Part):
    """One condition of a repair."""

    asks: Proof
    says: Text
    ways: list[Way] = Field(default_factory=list, description="可以用哪些方式；空为不限")
    cite: Citation


class CreditRepair(Definition):
    """The conditions of a repair: what must be fulfilled and shown, and in how many days it is decided.

    `unasked`: the unit sees for itself that what was owed is done, and repairs without being asked.
    """

    kind: Literal["repair"]
    conditions: list[Condition] = Field(min_length=1)
    decided: Duration = Field(description="受理后多少天内决定")
    unasked: bool = Field(default=False, description="履行完毕的，由认定单位直接修复，不用申请")

    @model_validator(mode="after")
    def _seen_by_the_unit(self) -> CreditRepair:
        if self.unasked and any(one.asks is not Proof.MENDED for one in self.conditions):
            raise ValueError("unasked 只用于履行完毕就修复的：其他条件要当事人自己做到")
        return self

    def asks(self, proof: Proof) -> bool:
        """Whether one of the conditions asks for this proof."""
        return any(one.asks is proof for one in self.conditions)


CreditDefinition = Annotated[
    CreditEntry | CreditMeasure | CreditRepair | Evaluation | CreditReport | PersonalScore | BenefitScene,
    Field(discriminator="kind"),
]

CREDIT_KINDS: Mapping[str, Any] = {FOLDER: CreditDefinition}
"""Folder name → kind."""
