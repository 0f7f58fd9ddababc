# SPDX-License-Identifier: Apache-2.0
"""The machine of an item case, and machines with a hole."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.definitions.loader import default_directory
from yiwang.engines.process.events import ClockEvent, EventKind, read_timeline
from yiwang.engines.process.kinds import ClockEffect, ClockFlag, Need, Role
from yiwang.engines.process.load import load_clocks, load_machine
from yiwang.engines.process.machine import IllegalMove, Machine
from yiwang.kernel.errors import Invalid, Kind, NotAllowed, NotFound

MACHINE = load_machine(default_directory())
RULES = load_clocks(default_directory()).rules("decision", on=date(2026, 1, 1))
NEEDS = list(Need)


def walk(choices: list[int]) -> list[tuple[str, str]]:
    """A path by the machine's own offers: (transition, state reached), until the end or no choice."""
    state = MACHINE.initial
    path: list[tuple[str, str]] = []
    taken: list[str] = []
    for choice in choices:
        offers = MACHINE.allowed(state, taken=taken)
        if not offers:
            break
        offer = offers[choice % len(offers)]
        state = MACHINE.move(state, offer.id, by=offer.who[0], given=NEEDS, taken=taken)
        taken.append(offer.id)
        path.append((offer.id, state))
    return path


paths = st.lists(st.integers(0, 20), max_size=40).map(walk)


@given(paths)
def test_random_paths_never_leave_the_table(path: list[tuple[str, str]]) -> None:
    known = {state.id for state in MACHINE.states}
    for _, state in path:
        assert state in known
        assert MACHINE.is_final(state) == (not MACHINE.allowed(state))


@given(paths, st.sampled_from([move.id for move in MACHINE.transitions]))
def test_what_is_not_offered_is_refused(path: list[tuple[str, str]], transition: str) -> None:
    state = path[-1][1] if path else MACHINE.initial
    taken = [move for move, _ in path]
    if transition in {move.id for move in MACHINE.allowed(state, taken=taken)}:
        return
    who = MACHINE.transition(transition).who[0]
    with pytest.raises(IllegalMove) as caught:
        MACHINE.move(state, transition, by=who, given=NEEDS, taken=taken)
    assert caught.value.kind is Kind.CONFLICT


@given(paths)
def test_the_clock_of_every_path_is_a_possible_one(path: list[tuple[str, str]]) -> None:
    events, day = [], date(2026, 3, 2)
    for move, state in path:
        day += timedelta(days=1)
        effect = MACHINE.transition(move).clock
        if effect is not None:
            kind = "hearing" if effect is ClockEffect.PAUSE else ""
            events.append(ClockEvent(EventKind(effect.value), day, day, pause_kind=kind))
        timeline = read_timeline(events, known_on=day, rules=RULES)
        assert _flag(timeline) is MACHINE.clock(state) or (
            MACHINE.clock(state) is ClockFlag.STOPPED and timeline.started is None
        )


def _flag(timeline: Any) -> ClockFlag:
    if timeline.stopped is not None:
        return ClockFlag.STOPPED
    if timeline.started is None:
        return ClockFlag.NONE
    return ClockFlag.PAUSED if timeline.open_pause else ClockFlag.RUNNING


@given(paths)
def test_corrections_are_asked_at_most_once(path: list[tuple[str, str]]) -> None:
    assert [move for move, _ in path].count("ask_correction") <= 1


def test_every_open_state_has_someone_who_can_act() -> None:
    for state in MACHINE.states:
        if state.final:
            assert (state.acts, MACHINE.allowed(state.id)) == (None, ())
        else:
            assert state.acts is not None
            assert MACHINE.allowed(state.id, by=state.acts), state.id


def test_the_applicant_may_withdraw_from_every_state_before_the_decision() -> None:
    before = [
        state.id for state in MACHINE.states if not state.final and state.clock is not ClockFlag.STOPPED
    ]
    assert all(
        any(move.to == "withdrawn" for move in MACHINE.allowed(state, by=Role.APPLICANT)) for state in before
    )


def test_whoever_is_refused_is_told_why_and_what_can_be_done() -> None:
    for name in ("refuse", "refuse_acceptance", "terminate"):
        assert {Need.REASON, Need.BASIS, Need.REMEDY} <= set(MACHINE.transition(name).needs)


def test_states_ask_for_what_the_law_and_the_city_name() -> None:
    assert {"compliance_review", "technical_review"} <= {step.id for step in MACHINE.definition.steps}
    assert MACHINE.clock("special_paused") is ClockFlag.PAUSED
    assert MACHINE.clock("special_counted") is ClockFlag.RUNNING
    assert MACHINE.who_acts("correction_asked") is Role.APPLICANT


def test_an_illegal_move_names_the_legal_ones() -> None:
    with pytest.raises(IllegalMove) as caught:
        MACHINE.move("submitted", "grant", by=Role.APPROVER)
    assert "“已提交待受理”状态下不能“准予”" in caught.value.message
    assert all(word in caught.value.mend for word in ("受理", "一次性告知补正", "不予受理"))
    with pytest.raises(IllegalMove) as ended:
        MACHINE.move("archived", "archive", by=Role.HANDLER)
    assert "重新申请" in ended.value.mend


def test_only_the_named_roles_and_only_with_what_is_needed() -> None:
    with pytest.raises(NotAllowed, match="由审批人员办理"):
        MACHINE.move("awaiting_decision", "refuse", by=Role.HANDLER, given=NEEDS)
    with pytest.raises(Invalid, match="还缺：法律依据、救济途径"):
        MACHINE.move("awaiting_decision", "refuse", by="approver", given=["reason"])
    with pytest.raises(NotFound):
        MACHINE.move("nowhere", "refuse", by=Role.APPROVER)
    with pytest.raises(NotFound):
        MACHINE.move("draft", "fly", by=Role.APPLICANT)


SMALL: dict[str, Any] = {
    "kind": "process",
    "id": "small",
    "name": "小流程",
    "initial": "open",
    "states": [
        {"id": "open", "term": "开", "says": "开着。", "acts": "handler"},
        {"id": "done", "term": "完", "says": "完了。", "final": True},
    ],
    "transitions": [
        {
            "id": "finish",
            "term": "完成",
            "says": "完成。",
            "sources": ["open"],
            "to": "done",
            "who": ["handler"],
        }
    ],
}


def _state(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "term": name, "says": "。", "acts": "handler", **more}


def _move(name: str, source: str, to: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "term": name, "says": "。", "sources": [source], "to": to, "who": ["handler"], **more}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda d: d.update(initial="nowhere"), "起始状态没有定义"),
        (lambda d: d["states"].append(_state("island")), "无法到达"),
        (
            lambda d: (
                d["states"].append(_state("pit")),
                d["transitions"].append(_move("fall", "open", "pit")),
            ),
            "无法走到终结",
        ),
        (lambda d: d["states"].append(d["states"][0]), "定义了两次"),
        (lambda d: d["transitions"].append(d["transitions"][0]), "定义了两次"),
        (lambda d: d["transitions"].append(_move("again", "done", "open")), "终结状态不能再有动作"),
        (lambda d: d["transitions"].append(_move("lost", "open", "nowhere")), "没有定义的状态"),
        (lambda d: d["states"][0].pop("acts"), "必须写明该谁办"),
        (lambda d: d["states"][1].update(acts="handler"), "必须写明该谁办"),
        (lambda d: d["states"][0].update(acts="approver"), "没有可办的动作"),
        (lambda d: d["states"][0].update(step="nowhere"), "环节没有定义"),
        (lambda d: d["states"][0].update(clock="running"), "计时不一致"),
        (lambda d: d["transitions"][0].update(clock="pause"), "计时不一致"),
        (lambda d: d["transitions"][0].update(who=[]), "who"),
        (lambda d: d.update(colour="red"), "colour"),
    ],
)
def test_a_definition_with_a_hole_is_refused(spoil: Callable[[Any], Any], says: str) -> None:
    definition = deepcopy(SMALL)
    assert Machine.load(definition).move("open", "finish", by="handler") == "done"
    spoil(definition)
    with pytest.raises(Invalid, match=says):
        Machine.load(definition)
