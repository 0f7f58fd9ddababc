# SPDX-License-Identifier: Apache-2.0
"""What the clock refuses, extends, takes back, and says of the past."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.process.build import ClockBook
from yiwang.engines.process.clock import ClockState, Due, compute_due
from yiwang.engines.process.event_file import dump_events, parse_events
from yiwang.engines.process.events import ClockError, ClockEvent, EventKind
from yiwang.engines.process.rules import ClockRules
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.workdays import Limit, Unit, WorkCalendar

NINE = date(2026, 3, 9)  # a Monday; no holiday until 4 April


def at(day: int, month: int = 3) -> date:
    return date(2026, month, day)


def event(kind: str, day: int, **given: Any) -> ClockEvent:
    if kind == "pause":
        given.setdefault("pause_kind", "hearing")
    if kind == "extend":
        given = {"days": Decimal(10), "reason": "案情复杂", "by": "局长", **given}
    return ClockEvent(EventKind(kind), at(day), **{"recorded_on": at(day), **given})


END_OF_MARCH = at(31)
START = event("start", 9)


@pytest.fixture
def due(calendar: WorkCalendar, rules: ClockRules) -> Any:
    def compute(*events: ClockEvent, known: date = END_OF_MARCH, days: str = "5", **given: Any) -> Due:
        limit = Limit(Decimal(days), given.pop("unit", Unit.WORKING))
        return compute_due(calendar, limit, events, as_known_on=known, **{"rules": rules, **given})

    return compute


def test_not_started_has_no_due_day(due: Any) -> None:
    answer = due()
    assert (answer.state, answer.due_date, answer.counted, answer.skipped) == (
        ClockState.NOT_STARTED,
        None,
        [],
        [],
    )
    assert "尚未受理" in answer.explanations[0]


def test_a_pause_takes_out_the_days_after_it_up_to_the_resumption(due: Any) -> None:
    answer = due(START, event("pause", 12), event("resume", 19))
    assert answer.due_date == at(23)
    assert [day.date.day for day in answer.counted] == [10, 11, 12, 20, 23]
    assert {day.date.day: day.reason for day in answer.skipped}[13] == "听证，不计入期限"


def test_a_pause_ended_on_its_day_takes_out_nothing(due: Any) -> None:
    assert due(START, event("pause", 12), event("resume", 12)).due_date == at(16)


def test_an_open_pause_moves_with_knowledge_and_is_provisional(due: Any) -> None:
    events = (START, event("pause", 12))
    first, later = due(*events, known=at(12)), due(*events, known=at(19))
    assert (first.due_date, later.due_date) == (at(16), at(23))
    assert first.state is later.state is ClockState.PAUSED
    assert first.provisional
    assert later.remaining == first.remaining == 2


def test_what_was_recorded_later_was_not_known_before(due: Any) -> None:
    events = (START, event("pause", 12), event("resume", 13, recorded_on=at(20)))
    assert due(*events, known=at(19)).state is ClockState.PAUSED
    settled = due(*events, known=at(20))
    assert (settled.state, settled.due_date, settled.provisional) == (ClockState.RUNNING, at(17), False)


def test_stopped_while_paused_closes_the_pause(due: Any) -> None:
    answer = due(START, event("pause", 12), event("stop", 19))
    assert (answer.state, answer.due_date, answer.provisional) == (ClockState.STOPPED, at(23), False)
    assert not answer.overdue


def test_late_decisions_are_overdue_by_counted_days(due: Any) -> None:
    answer = due(START, event("stop", 18))
    assert (answer.due_date, answer.overdue, answer.remaining) == (at(16), True, Decimal(-2))
    assert not due(START, event("stop", 16)).overdue


def test_warnings_come_before_the_due_day(due: Any) -> None:
    answer = due(START, days="20")
    assert (answer.due_date, answer.yellow_on, answer.red_on) == (at(7, 4), at(1, 4), at(3, 4))
    short = due(START, days="1")
    assert short.yellow_on == short.red_on == NINE


def test_an_extension_adds_its_days_and_says_so(due: Any) -> None:
    answer = due(START, event("extend", 16))
    assert (answer.due_date, answer.limit.days) == (at(30), 15)
    assert any("延长10个工作日：案情复杂" in line for line in answer.explanations)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([event("extend", 16), event("extend", 17)], "最多延长1次"),
        ([event("extend", 16, days=Decimal("10.5"))], "一次最多延长10天，现为10.5天"),
        ([event("extend", 17)], "期限已于2026年3月16日届满"),
    ],
)
def test_extensions_beyond_the_law_are_refused(due: Any, events: list[ClockEvent], says: str) -> None:
    with pytest.raises(ClockError, match=says):
        due(START, *events)


def test_a_limit_without_extension_rule_cannot_be_extended(due: Any, clocks: ClockBook) -> None:
    rules = clocks.rules("issue", on=NINE)
    with pytest.raises(ClockError, match="不能延长"):
        due(START, event("extend", 16), rules=rules)


def test_the_joint_limit_may_be_extended_further(due: Any, clocks: ClockBook) -> None:
    rules = clocks.rules("joint_decision", on=NINE)
    assert rules.limit == Limit(Decimal(45))
    answer = due(START, event("extend", 16, days=Decimal(15)), rules=rules)
    assert answer.limit.days == 20


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([event("pause", 10)], "“中止计时”发生在受理之前"),
        ([START, event("start", 10)], "两次受理"),
        ([START, event("pause", 8)], "发生在受理之前"),
        ([START, event("resume", 10)], "此前没有中止"),
        ([START, event("pause", 10), event("pause", 11)], "前一次中止还没有恢复"),
        ([START, event("pause", 10), event("resume", 12), event("pause", 11)], "前一次中止还没有恢复"),
        ([START, event("stop", 12), event("pause", 13)], "发生在办结之后"),
        ([START, event("stop", 12), event("stop", 12)], "发生在办结之后"),
        ([START, event("void", 12, voids="x")], "不存在"),
        ([event("start", 9, id="a"), event("pause", 10, id="a")], "编号相同"),
    ],
)
def test_impossible_histories_are_refused(due: Any, events: list[ClockEvent], says: str) -> None:
    with pytest.raises(ClockError, match=says) as caught:
        due(*events)
    assert caught.value.mend


def test_only_steps_the_law_names_stop_the_clock(due: Any, clocks: ClockBook, rules: ClockRules) -> None:
    stopping = {name for name, step in clocks.steps.items() if step.stops_clock}
    assert stopping == {
        *("hearing", "tender", "auction", "inspection"),
        *("testing", "quarantine", "appraisal", "expert_review"),
    }
    assert set(clocks.steps) - stopping == {
        "site_survey",
        "technical_examination",
        "publicity",
        "correction",
    }
    for name in set(clocks.steps) - stopping:
        with pytest.raises(Invalid, match="不能中止计时"):
            due(START, event("pause", 10, pause_kind=name))
    with pytest.raises(Invalid, match="没有名为"):
        due(START, event("pause", 10, pause_kind="coffee"))


def test_an_items_own_law_may_let_a_step_stop_the_clock(due: Any, rules: ClockRules) -> None:
    own = rules.for_item(stops=["publicity"])
    events = (START, event("pause", 10, pause_kind="publicity"), event("resume", 12))
    assert due(*events, rules=own).due_date == at(18)
    with pytest.raises(NotFound):
        rules.for_item(stops=["coffee"])


def test_a_void_takes_back_an_entry_from_the_day_it_is_recorded(due: Any) -> None:
    wrong = event("pause", 10, id="p1")
    events = (START, wrong, event("void", 10, voids="p1", recorded_on=at(13)))
    assert due(*events, known=at(12)).state is ClockState.PAUSED
    assert due(*events, known=at(13)).due_date == at(16)
    again = (*events, event("pause", 11), event("resume", 12))
    assert due(*again).due_date == at(17)


def test_a_void_cannot_be_taken_back(due: Any) -> None:
    events = (START, event("pause", 10, id="p"), event("void", 10, voids="p", id="v"))
    with pytest.raises(ClockError, match="不能再撤销"):
        due(*events, event("void", 11, voids="v"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": EventKind.PAUSE}, "没有写明特殊环节"),
        ({"kind": EventKind.EXTEND, "days": Decimal(3), "reason": "x"}, "批准人"),
        ({"kind": EventKind.EXTEND, "days": Decimal(0), "reason": "x", "by": "y"}, "大于0"),
        ({"kind": EventKind.VOID}, "撤销哪一条"),
        ({"kind": EventKind.STOP, "recorded_on": at(8)}, "早于发生日期"),
    ],
)
def test_entries_that_cannot_be_are_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ClockError, match=says):
        ClockEvent(**{"on": NINE, "recorded_on": NINE, **fields})


def test_calendar_day_limits_count_pauses_too(due: Any) -> None:
    answer = due(START, event("pause", 10), event("resume", 12), days="7", unit=Unit.CALENDAR)
    assert answer.due_date == at(18)
    assert "第二百零三条" in answer.explanations[-1]


def test_provisional_years_are_said_in_words(calendar: WorkCalendar, rules: ClockRules) -> None:
    day = date(2026, 12, 30)
    start = ClockEvent(EventKind.START, day, day)
    answer = compute_due(calendar, Limit(Decimal(3)), [start], as_known_on=day, rules=rules)
    assert (answer.due_date, answer.provisional) == (date(2027, 1, 5), True)
    assert "尚未公布" in answer.explanations[-1]


_DAYS = st.dates(date(2020, 1, 1), date(2026, 1, 1))
_WORDS = st.text(min_size=1, max_size=5).map(str.strip).filter(bool)


@given(
    st.lists(
        st.builds(
            ClockEvent, st.just(EventKind.PAUSE), _DAYS, st.just(date(2026, 2, 1)), _WORDS, _WORDS, id=_WORDS
        )
        | st.builds(
            ClockEvent,
            st.just(EventKind.EXTEND),
            _DAYS,
            st.just(date(2026, 2, 1)),
            reason=_WORDS,
            by=_WORDS,
            days=st.integers(1, 40).map(lambda halves: Decimal(halves) / 2),
        )
    )
)
def test_events_written_are_read_back(events: list[ClockEvent]) -> None:
    assert parse_events(json.dumps(dump_events(events))) == events


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "第1行不是正确的 JSON"),
        ("{}", "应是列表"),
        ('[{"kind": "start"}]', "第1条计时记录的“on”：缺少"),
        ('[{"kind": "start", "on": "2026-13-01"}]', "不是正确的日期"),
        ('[{"kind": "begin", "on": "2026-03-09"}]', "不是可用的值"),
        ('[{"kind": "start", "on": "2026-03-09", "when": 1}]', "没有这一项"),
        ('[{"kind": "extend", "on": "2026-03-09", "days": "x"}]', "不是数字"),
        ('[{"kind": "pause", "on": "2026-03-09"}]', "没有写明特殊环节"),
    ],
)
def test_event_files_are_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        parse_events(text)
