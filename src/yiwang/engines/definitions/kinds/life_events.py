# SPDX-License-Identifier: Apache-2.0
"""Life events (一件事): which items belong together, and the few questions that decide which apply."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, model_validator

from .base import (
    Citation,
    Definition,
    Duration,
    ElementId,
    ItemId,
    OrgId,
    Part,
    Rule,
    Text,
    forbid_duplicates,
)


class Question(Part):
    """A guiding question: an element, with the reason we ask it."""

    element: ElementId
    why: Text
    when: Rule | None = Field(default=None, description="仅在前面的回答使条件成立时才问")


class Member(Part):
    """An item of the life event. Order and parallelism are computed, never written here."""

    item: ItemId
    when: Rule | None = Field(default=None, description="适用条件（规则语言）；空为总是适用")
    because: Text = Field(description="为什么需要办（适用时）")
    otherwise: Text | None = Field(default=None, description="为什么不用办（不适用时）")
    optional: bool = Field(default=False, description="“+N”服务：默认不选，可加选")
    bound_with: list[ItemId] = Field(default_factory=list, description="依法必须一并办理的事项")
    bound_cite: Citation | None = None

    @model_validator(mode="after")
    def _bound_by_law(self) -> Member:
        if bool(self.bound_with) != (self.bound_cite is not None):
            raise ValueError("bound_with（必须一并办理）要写明 bound_cite（哪条法律规定）")
        return self


class Eligibility(Part):
    """A condition of the whole life event (e.g. who may deregister the simple way)."""

    when: Rule
    since: dt.date | None = Field(default=None, description="从哪天起申请的才看这一条；空为一直都看")
    refusal: Text = Field(description="不符合时对申请人说的话：为什么，改走哪条路")
    cite: Citation


class LifeEvent(Definition):
    """A life event: the whole errand as a resident sees it."""

    plain_names: list[Text] = Field(min_length=1, description="老百姓的说法（通俗化表述）")
    summary: Text
    for_persons: bool = False
    for_firms: bool = False
    lead: OrgId = Field(description="牵头部门")
    eligibility: list[Eligibility] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list)
    items: list[Member] = Field(min_length=1)
    promised_limit: Duration | None = Field(default=None, description="整件事的承诺时限")
    position: int = Field(default=100, ge=0, description="在首页的次序：小的在前")
    batch: Text | None = Field(default=None, description="列入哪一批基础清单")
    basis: list[Citation] = Field(min_length=1)

    @model_validator(mode="after")
    def _members_once(self) -> LifeEvent:
        if not (self.for_persons or self.for_firms):
            raise ValueError("for_persons、for_firms 至少一个为 true：一件事面向谁？")
        codes = [m.item for m in self.items]
        forbid_duplicates(codes, "事项")
        forbid_duplicates([q.element for q in self.questions], "引导问题")
        for member in self.items:
            for other in member.bound_with:
                if other not in codes:
                    raise ValueError(f"bound_with 中的“{other}”不在本件事的事项中")
        return self
