# SPDX-License-Identifier: Apache-2.0
"""Kinds of `definitions/<level>/processes/`: the state machine of a case."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yiwang.engines.definitions.kinds import Citation, Definition
from yiwang.engines.definitions.kinds.base import Part, Text

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A name inside one definition: a state, a transition, a step."""


class Role(StrEnum):
    """Who acts in a case. One officer may hold several roles; the casework decides who may."""

    APPLICANT = "applicant"  # 申请人
    RECEIVER = "receiver"  # 收件（受理）人员
    HANDLER = "handler"  # 经办（审查）人员
    APPROVER = "approver"  # 审批（决定）人员
    SYSTEM = "system"  # 系统


class ClockFlag(StrEnum):
    """What the decision clock does in a state."""

    NONE = "none"  # not begun
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # the decision is made, or there will be none


class ClockEffect(StrEnum):
    """The clock event a transition writes."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


class Need(StrEnum):
    """What a person must give for a transition."""

    REASON = "reason"  # 理由
    OPINION = "opinion"  # 审查意见
    BASIS = "basis"  # 法律依据
    REMEDY = "remedy"  # 救济途径：申请行政复议或者提起行政诉讼的权利
    CORRECTIONS = "corrections"  # 需要补正的全部内容
    SPECIAL_STEP = "special_step"  # 哪一个特殊环节、所需时间
    TARGET = "target"  # 转往的办理地
    RESULT = "result"  # 结果文书或证照
    RECEIPT = "receipt"  # 送达凭证


class StepDefinition(Part):
    """环节: a kind of work, to which states belong."""

    id: Name
    term: Text
    says: Text


class StateDefinition(Part):
    """A state of a case: what it means, whether it ends, who must act, what the clock does."""

    id: Name
    term: Text
    says: Text = Field(description="一句话，申请人看得懂")
    step: Name | None = None
    final: bool = False
    clock: ClockFlag = ClockFlag.NONE
    acts: Role | None = Field(default=None, description="该谁办；终结状态为空")


class TransitionDefinition(Part):
    """A move from one of several states to one state."""

    id: Name
    term: Text
    says: Text
    sources: list[Name] = Field(min_length=1, description="从哪些状态")
    to: Name
    who: list[Role] = Field(min_length=1)
    needs: list[Need] = Field(default_factory=list)
    once: bool = Field(default=False, description="同一办件只能做一次")
    clock: ClockEffect | None = None
    cite: Citation | None = None


class ProcessDefinition(Definition):
    """A process: its steps, states and transitions, each declared once."""

    kind: Literal["process"]
    initial: Name
    steps: list[StepDefinition] = Field(default_factory=list)
    states: list[StateDefinition] = Field(min_length=1)
    transitions: list[TransitionDefinition]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> ProcessDefinition:
        for what, ids in (
            ("环节", [one.id for one in self.steps]),
            ("状态", [one.id for one in self.states]),
            ("动作", [one.id for one in self.transitions]),
        ):
            twice = [one for one, count in Counter(ids).items() if count > 1]
            if twice:
                raise ValueError(f"{what}“{twice[0]}”定义了两次：请删去一处")
        return self
