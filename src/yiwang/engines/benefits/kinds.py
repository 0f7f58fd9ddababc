# SPDX-License-Identifier: Apache-2.0
"""The kind `policies`: what a policy gives to whom, how much, until when, and by which clause.

A policy without a source does not load; neither does one whose examples come out otherwise, whose
tiers overlap or leave a gap. Money is written in yuan and given in fen.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from yiwang.engines.definitions.kinds.base import (
    Citation,
    Definition,
    Id,
    OrgId,
    Part,
    Rule,
    RuleText,
    Text,
    forbid_duplicates,
)

from .settlement_kinds import Budget, CreditBar, Settled

Amount = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), RuleText("number")
]
"""A rule that gives a number, of yuan unless said."""
Share = Annotated[Decimal, Field(gt=0, le=1)]


class For(StrEnum):
    """Whom a policy is for."""

    FIRM = "firm"
    PERSON = "person"
    BODY = "body"  # 机关、事业单位、县区


FOR_WORDS = {For.FIRM: "企业", For.PERSON: "个人", For.BODY: "机关和县区"}


class Level(StrEnum):
    """Who stands behind a policy: not always who published it (市里转述省级资金)."""

    NATIONAL = "国家"
    PROVINCIAL = "省"
    CITY = "市"
    COUNTY = "县区"


class View(StrEnum):
    """The published lists a policy stands on (政策清单)."""

    FIRMS = "惠企"
    PEOPLE = "惠民"
    TALENT = "人才"
    INVESTMENT = "招商"
    FINANCE = "金融"


class Per(StrEnum):
    """How often an amount is given."""

    ONCE = "once"  # 一次性
    YEAR = "year"  # 每年
    MONTH = "month"  # 每月


class Form(StrEnum):
    """What a computed amount is: only the first is paid out."""

    PAID = "paid"  # 拨付
    SAVED = "saved"  # 少缴、少付：免费、减税、打折
    DEDUCTED = "deducted"  # 计税时少算的所得额


FORM_WORDS = {Form.PAID: "给", Form.SAVED: "少付", Form.DEDUCTED: "少计税"}
PER_WORDS = {Per.ONCE: "一次性", Per.YEAR: "每年", Per.MONTH: "每月"}


class Tier(Part):
    """One step of a scale: a test of its measure (`[500..1000)`), and what it gives."""

    test: Text
    gives: Amount


class Tiers(Part):
    """A scale (分档). The tests say which bound is included: the sources differ."""

    of: Amount = Field(description="按什么分档")
    rows: list[Tier] = Field(min_length=1)
    otherwise: Amount | None = Field(default=None, description="各档之外给多少；空为不给")


class Cap(Part):
    """The most that is given (最高不超过)."""

    most: Amount
    cite: Citation


class Payer(Part):
    """Who pays which share (市、区分担)."""

    who: Text
    share: Share


class Instalment(Part):
    """One payment of several: in which year after the first, which share."""

    year: int = Field(ge=1, le=20)
    share: Share


class Exclusion(Part):
    """Policies of one group are not added up: only the highest is given (就高不重复)."""

    group: Id
    cite: Citation


class Money(Part):
    """How much: a rule or a scale, capped, per time; exact, or only the upper bound of a decision."""

    rule: Amount | None = None
    tiers: Tiers | None = None
    cap: Cap | None = None
    per: Per = Per.ONCE
    form: Form = Field(default=Form.PAID, description="算出的是什么：拨付的钱、少缴少付的钱、少计税的数额")
    upper_bound: bool = Field(default=False, description="来源只给上限（不超过、最高），实际数额另行核定")
    payers: list[Payer] = Field(default_factory=list)
    instalments: list[Instalment] = Field(default_factory=list)
    budget: Budget | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Money:
        if (self.rule is None) == (self.tiers is None):
            raise ValueError("rule（算式）和 tiers（分档）写且只写一个")
        for what, shares in (
            ("payers", [p.share for p in self.payers]),
            ("instalments", [i.share for i in self.instalments]),
        ):
            if shares and sum(shares) != 1:
                raise ValueError(f"{what} 的份额合计应为 1，现在是 {sum(shares)}")
        if self.form is not Form.PAID and (self.instalments or self.budget):
            raise ValueError("不拨付的（saved、deducted）没有分期和预算")
        return self


class Automatic(Part):
    """How a policy is given without application (免申即享): on whose list it rests, how often it is given."""

    roster: Text = Field(description="依据哪个部门认定的什么名单，例如：市工业和信息化局认定的智能工厂名单")
    per: Per = Field(default=Per.YEAR, description="多久享受一次：once 一次，year 每年一次")
    publicity: bool = Field(default=False, description="拨付前是否公示名单")
    cite: Citation

    @model_validator(mode="after")
    def _not_monthly(self) -> Automatic:
        if self.per is Per.MONTH:
            raise ValueError("免申即享目前按一次或每年一次发放；按月的补贴走月度结算")
        return self


class LateClaims(Part):
    """Claims after a policy has ended, for what was met while it was in force (到期后补报)."""

    until: dt.date = Field(description="收到哪一天，含当天")
    cite: Citation


class Example(Part):
    """A case a lawyer can read: who, and what they get. `facts` are by the names used in rules."""

    says: Text
    facts: dict[str, Any] = Field(default_factory=dict)
    on: dt.date | None = Field(default=None, description="哪一天；空为政策有效期的第一天或今天")
    gives: Decimal | None = Field(default=None, description="元；不给钱的政策写 fits")
    fits: bool | None = None
    needs: list[Text] = Field(default_factory=list, description="还缺哪些信息，因而还不能确定")

    @model_validator(mode="after")
    def _one_outcome(self) -> Example:
        if [self.gives is not None, self.fits is not None, bool(self.needs)].count(True) != 1:
            raise ValueError("gives、fits、needs 写且只写一个")
        return self


class Policy(Definition):
    """One benefit (惠企惠民政策): its conditions are a rule; without money it gives what `brings` says."""

    to: For
    level: Level = Field(default=Level.CITY, description="谁的政策、谁的钱：省级资金写 省，即使由市里发文")
    views: list[View] = Field(min_length=1)
    field: Text = Field(description="支持领域，例如：现代物流")
    support: Text = Field(description="支持方式，例如：资金奖补、税收优惠、用地")
    departments: list[OrgId] = Field(min_length=1)
    brings: Text = Field(description="一句话：给什么")
    when: Rule | None = Field(default=None, description="条件；空为只作指引，不能计算")
    conditions: list[Text] = Field(
        default_factory=list, description="给谁，用平常的话；不能计算的政策写在这里，能计算的由 when 说"
    )
    money: Money | None = None
    not_with: list[Exclusion] = Field(default_factory=list, max_length=1)
    claw_back: list[Text] = Field(default_factory=list, description="什么情况下追回、几年内不得再申请")
    discretion: Text | None = Field(default=None, description="还要由谁审核认定，例如：经省审核认定")
    procedure: list[Text] = Field(default_factory=list, description="怎么办：一步一句")
    takes: Text | None = Field(default=None, description="办理时限，来源写了才写")
    papers: list[Text] = Field(default_factory=list, description="申请材料，来源写了才写")
    automatic: Automatic | None = Field(default=None, description="免申即享：不用申请；空为需要申请")
    settled: Settled | None = Field(default=None, description="按期结算：凭记录按月结、付给谁、哪几步")
    credit: CreditBar | None = Field(default=None, description="限制享受政策的信用记录对它有效；空为不看信用")
    item: Annotated[Id | None, Field(description="申领事项的编号，有才写")] = None
    late_claims: LateClaims | None = Field(
        default=None, description="到期以后，到期以前符合条件的还收不收补报；来源没有写的空着，就是不收"
    )
    cite: Citation
    examples: list[Example] = Field(default_factory=list)

    @model_validator(mode="after")
    def _complete(self) -> Policy:
        if self.money is not None and self.when is None:
            raise ValueError("给钱的政策必须写 when：什么情况下给")
        if self.automatic is not None and self.money is None:
            raise ValueError("免申即享的政策必须写 money：给多少")
        if self.automatic is not None and self.money is not None and self.money.form is not Form.PAID:
            raise ValueError("免申即享的政策是拨付的：少缴少付的由收费的一方直接减免")
        if self.settled is not None and (self.money is None or self.automatic is not None):
            raise ValueError("按期结算的政策必须写 money，不写 automatic")
        if self.when is not None and not self.examples:
            raise ValueError("能计算的政策必须有 examples：至少一个符合、一个不符合的例子")
        if self.late_claims is not None and (
            self.valid_to is None or self.late_claims.until <= self.valid_to
        ):
            raise ValueError("late_claims（到期后补报）要在 valid_to 以后")
        forbid_duplicates([one.group for one in self.not_with], "排他组")
        return self

    def takes_claims_on(self, day: dt.date) -> bool:
        """Whether a claim handed in on this day is taken: while the policy is in force, and afterwards as
        long as its source says."""
        last = self.late_claims.until if self.late_claims else self.valid_to
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (last is None or day <= last)


BENEFIT_KINDS: dict[str, Any] = {"policies": Policy}
"""Folder name → kind."""
