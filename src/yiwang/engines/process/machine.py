# SPDX-License-Identifier: Apache-2.0
"""The state machine of a case, read from its definition.

Each state and each move is declared once, in the definition. The machine only answers: may this
move be made from here, by whom, with what; which state follows; what it means for the clock. It
checks the definition itself and refuses one with a hole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from yiwang.engines.process.kinds import (
    ClockFlag,
    Need,
    ProcessDefinition,
    Role,
    StateDefinition,
    TransitionDefinition,
)
from yiwang.engines.process.machine_check import check_process
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

__all__ = ["IllegalMove", "Machine"]


class IllegalMove(Conflict):
    """The move cannot be made from this state; the message names those that can."""


_ROLES = {
    Role.APPLICANT: "申请人",
    Role.RECEIVER: "收件人员",
    Role.HANDLER: "经办人员",
    Role.APPROVER: "审批人员",
    Role.SYSTEM: "系统",
}

_NEEDS = {
    Need.REASON: "理由",
    Need.OPINION: "审查意见",
    Need.BASIS: "法律依据",
    Need.REMEDY: "救济途径",
    Need.CORRECTIONS: "需要补正的全部内容",
    Need.SPECIAL_STEP: "特殊环节及所需时间",
    Need.TARGET: "办理地",
    Need.RESULT: "结果文书或证照",
    Need.RECEIPT: "送达凭证",
}


class Machine:
    """One process. Make it with `Machine.load`."""

    def __init__(self, definition: ProcessDefinition) -> None:
        self.definition = definition
        self.initial = definition.initial
        self._states = {state.id: state for state in definition.states}
        self._moves = {move.id: move for move in definition.transitions}
        check_process(definition)

    @classmethod
    def load(cls, definition: ProcessDefinition | Mapping[str, Any]) -> Machine:
        """The machine of `definition`. Raises Invalid when the definition has a hole."""
        if isinstance(definition, ProcessDefinition):
            return cls(definition)
        try:
            return cls(ProcessDefinition.model_validate(definition))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise Invalid(f"流程定义的 {place} 不对。", mend=str(first["msg"])) from None

    # -- moving

    def move(
        self,
        state: str,
        transition: str,
        *,
        by: Role | str,
        given: Collection[Need | str] = (),
        taken: Collection[str] = (),
    ) -> str:
        """The state after `transition`. `given` names what the actor supplies, `taken` the
        transitions this case has already made (for those allowed once).

        Raises IllegalMove from a state that does not allow it, NotAllowed for another role,
        Invalid when something needed is missing, NotFound for an unknown state or transition.
        """
        here = self.state(state)
        move = self.transition(transition)
        if state not in move.sources:
            raise IllegalMove(
                f"“{here.term}”状态下不能“{move.term}”。", mend=self._allowed_words(here, taken)
            )
        if move.once and transition in taken:
            raise IllegalMove(f"同一办件只能“{move.term}”一次。", mend=self._allowed_words(here, taken))
        if by not in move.who:
            who = "、".join(_ROLES[role] for role in move.who)
            raise NotAllowed(f"“{move.term}”由{who}办理。", mend=f"请转{who}办理。")
        missing = [need for need in move.needs if need not in given]
        if missing:
            words = "、".join(_NEEDS[need] for need in missing)
            raise Invalid(f"“{move.term}”还缺：{words}。", mend="请补齐后再提交。")
        return move.to

    def allowed(
        self, state: str, *, by: Role | str | None = None, taken: Collection[str] = ()
    ) -> tuple[TransitionDefinition, ...]:
        """The moves that may be made from `state` (by this role). Raises NotFound."""
        self.state(state)
        return tuple(
            move
            for move in self._moves.values()
            if state in move.sources
            and (by is None or by in move.who)
            and not (move.once and move.id in taken)
        )

    # -- asking

    @property
    def states(self) -> tuple[StateDefinition, ...]:
        """All states, in the order of the definition."""
        return tuple(self._states.values())

    @property
    def transitions(self) -> tuple[TransitionDefinition, ...]:
        """All transitions, in the order of the definition."""
        return tuple(self._moves.values())

    def state(self, state: str) -> StateDefinition:
        """The definition of a state. Raises NotFound."""
        if state not in self._states:
            raise NotFound("没有这个办理状态。", mend="请刷新后重试；仍有问题请联系系统管理员。")
        return self._states[state]

    def transition(self, transition: str) -> TransitionDefinition:
        """The definition of a transition. Raises NotFound."""
        if transition not in self._moves:
            raise NotFound("没有这个办理动作。", mend="请刷新后重试；仍有问题请联系系统管理员。")
        return self._moves[transition]

    def is_final(self, state: str) -> bool:
        """Whether nothing more can happen. Raises NotFound."""
        return self.state(state).final

    def clock(self, state: str) -> ClockFlag:
        """What the decision clock does in `state`. Raises NotFound."""
        return self.state(state).clock

    def who_acts(self, state: str) -> Role | None:
        """Who must act next; None in a final state. Raises NotFound."""
        return self.state(state).acts

    def _allowed_words(self, here: StateDefinition, taken: Collection[str]) -> str:
        if here.final:
            return "办件已经结束；如需办理请重新申请。"
        words = "、".join(f"“{move.term}”" for move in self.allowed(here.id, taken=taken))
        return f"现在可以：{words}。"
