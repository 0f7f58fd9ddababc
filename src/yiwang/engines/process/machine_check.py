# SPDX-License-Identifier: Apache-2.0
"""A process definition is checked before it runs: no hole, no dead end, clocks that agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from yiwang.engines.process.kinds import (
    ClockEffect,
    ClockFlag,
    ProcessDefinition,
    StateDefinition,
    TransitionDefinition,
)
from yiwang.kernel.errors import Invalid

__all__ = ["check_process"]

# What a transition's clock event does to the clock: (flag before, flag after).
_EFFECTS = {
    ClockEffect.START: (ClockFlag.NONE, ClockFlag.RUNNING),
    ClockEffect.PAUSE: (ClockFlag.RUNNING, ClockFlag.PAUSED),
    ClockEffect.RESUME: (ClockFlag.PAUSED, ClockFlag.RUNNING),
}


def check_process(definition: ProcessDefinition) -> None:
    """Raise Invalid naming the first hole of the definition."""
    states = {state.id: state for state in definition.states}
    if definition.initial not in states:
        _refuse("起始状态没有定义", definition.initial)
    _check_steps(definition)
    for move in definition.transitions:
        _check_move(move, states)
    _check_reachable(definition, states)
    for state in definition.states:
        _check_state(state, definition.transitions)


def _check_steps(definition: ProcessDefinition) -> None:
    steps = {step.id for step in definition.steps}
    for state in definition.states:
        if state.step is not None and state.step not in steps:
            _refuse("状态所属的环节没有定义", state.id)


def _check_move(move: TransitionDefinition, states: Mapping[str, StateDefinition]) -> None:
    unknown = [name for name in (*move.sources, move.to) if name not in states]
    if unknown:
        _refuse("动作引用了没有定义的状态", f"{move.id} → {unknown[0]}")
    for name in move.sources:
        if states[name].final:
            _refuse("终结状态不能再有动作", f"{name} → {move.id}")
        if not _clock_fits(move.clock, states[name].clock, states[move.to].clock):
            _refuse("动作的计时与状态的计时不一致", f"{name} → {move.id}")


def _clock_fits(effect: ClockEffect | None, before: ClockFlag, after: ClockFlag) -> bool:
    if effect is None:  # a case may end without its clock ever having begun
        return before is after or (before is ClockFlag.NONE and after is ClockFlag.STOPPED)
    if effect is ClockEffect.STOP:
        return before in (ClockFlag.RUNNING, ClockFlag.PAUSED) and after is ClockFlag.STOPPED
    return (before, after) == _EFFECTS[effect]


def _check_reachable(definition: ProcessDefinition, states: Mapping[str, StateDefinition]) -> None:
    forward: dict[str, set[str]] = {name: set() for name in states}
    backward: dict[str, set[str]] = {name: set() for name in states}
    for move in definition.transitions:
        for name in move.sources:
            forward[name].add(move.to)
            backward[move.to].add(name)
    reached = _closure({definition.initial}, forward)
    ending = _closure({name for name, state in states.items() if state.final}, backward)
    for name in states:
        if name not in reached:
            _refuse("状态无法到达", name)
        if name not in ending:
            _refuse("状态无法走到终结", name)


def _closure(begin: set[str], edges: Mapping[str, set[str]]) -> set[str]:
    seen, open_ends = set(begin), list(begin)
    while open_ends:
        for following in edges[open_ends.pop()] - seen:
            seen.add(following)
            open_ends.append(following)
    return seen


def _check_state(state: StateDefinition, moves: Collection[TransitionDefinition]) -> None:
    if state.final != (state.acts is None):
        _refuse("未终结的状态必须写明该谁办，终结状态不写", state.id)
    if state.acts is not None and not any(
        state.id in move.sources and state.acts in move.who for move in moves
    ):
        _refuse("该办的人在这个状态下没有可办的动作", state.id)


def _refuse(why: str, what: str) -> None:
    raise Invalid(f"流程定义有误：{why}（{what}）。", mend="请修改 definitions 中的流程定义。")
