# SPDX-License-Identifier: Apache-2.0
"""What happens by itself: deemed acceptance, lapsed corrections, a new holiday notice."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.commands import _timed
from yiwang.apps.casework.models import Application, Correction, Document, Handover, ItemCase, Move
from yiwang.apps.casework.tests import town as t
from yiwang.apps.casework.tests.small import made_with, repository
from yiwang.apps.credit import public as credit
from yiwang.apps.journal.public import entries_of
from yiwang.apps.notices.public import box
from yiwang.engines.process.kinds import HolidayNoticeDefinition
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict

POINTS = [cw.Point("shop", "写全称")]


def day(month: int, number: int, hour: int = 1) -> dt.datetime:
    return dt.datetime(2026, month, number, hour, tzinfo=dt.UTC)


def row(application: str, item: str = "alpha") -> ItemCase:
    return ItemCase.objects.get(application__public_id=application, item=item)


# -- 视为受理


def test_five_days_of_silence_are_acceptance_from_the_day_of_receipt(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    made = t.submitted(town)  # Monday 2 March: the fifth working day is Monday 9 March
    assert cw.intake(town["clerk"]).rows[0].intake_until == dt.date(2026, 3, 9)
    clock.move_to(day(3, 9, 15))
    assert cw.run_timers()["deemed_accepted"] == 0
    clock.move_to(day(3, 10))
    assert [cw.run_timers()["deemed_accepted"] for _ in range(2)] == [1, 0]
    assert (row(made).state, row(made).due_on) == ("accepted", dt.date(2026, 3, 9))
    assert cw.case_view(town["handler"], t.case(made)).item.light.value == "late"
    assert box([town["owner"].id])[0].title == "“甲证”已视为受理"


def test_an_item_that_waited_is_received_when_the_earlier_result_comes(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "beta")))
    clock.move_to(day(3, 6))
    t.bring(made, "alpha")
    clock.move_to(day(3, 13, 15))
    assert cw.run_timers()["deemed_accepted"] == 0
    clock.move_to(day(3, 14))
    assert cw.run_timers()["deemed_accepted"] == 1
    assert row(made, "beta").state == "accepted"


def test_what_nobody_handed_over_goes_to_where_it_is_handled(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    made = t.submitted(town, t.Errand(by=town["clerk"], place=t.ELSEWHERE))
    clock.move_to(day(3, 10))
    cw.run_timers()
    assert (row(made).state, row(made).place) == ("accepted", t.ELSEWHERE)
    assert Handover.objects.get().by.startswith("system:")
    assert [r.id for r in cw.worklist(town["handler elsewhere"]).rows] == [t.case(made)]


def test_after_a_correction_silence_means_nothing_but_the_day_is_shown(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    made = t.submitted(town)
    cw.ask_correction(town["clerk"], t.case(made), POINTS)
    clock.move_to(day(3, 4))
    cw.supply_correction(town["owner"], made)
    assert cw.intake(town["clerk"]).rows[0].intake_until == dt.date(2026, 3, 11)
    clock.move_to(day(4, 1))
    assert cw.run_timers()["deemed_accepted"] == 0
    assert row(made).state == "supplied"


# -- 补正


def test_a_correction_is_reminded_once_then_lapses(town: t.Town, clock: time_machine.Traveller) -> None:
    made = t.submitted(town)
    cw.ask_correction(town["clerk"], t.case(made), POINTS)  # until Tuesday 14 April
    clock.move_to(day(4, 8))
    assert cw.run_timers()["correction_reminders"] == 0
    clock.move_to(day(4, 9))
    assert [cw.run_timers()["correction_reminders"] for _ in range(2)] == [1, 0]
    clock.move_to(day(4, 14, 15))
    assert cw.run_timers()["lapsed"] == 0
    clock.move_to(day(4, 15))
    assert [cw.run_timers()["lapsed"] for _ in range(2)] == [1, 0]
    assert (row(made).state, t.stage(made)) == ("terminated", "finished")
    assert [letter.title for letter in box([town["owner"].id])][:2] == ["“甲证”已终止", "“甲证”补正快到期了"]
    assert Correction.objects.get().supplied_at is None


# -- 放假通知


def notice_of_2027() -> Any:
    """What a notice for 2027 may look like: New Year's holidays until 3 January, then a long closing."""
    return HolidayNoticeDefinition.model_validate(
        {
            "kind": "holiday-notice",
            "id": "holidays-2027",
            "name": "2027年部分节假日安排",
            "year": 2027,
            "number": "测试发〔2026〕1号",
            "signed": "2026-12-20",
            "announced": "2026-12-20",
            "published_by": "测试",
            "closed": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-06"}],
            "cite": {"doc": "xingzheng-xuke-fa", "at": "测试"},
        }
    )


def test_a_new_holiday_notice_reaches_every_open_case(town: t.Town, clock: time_machine.Traveller) -> None:
    clock.move_to(dt.datetime(2026, 12, 30, 1, tzinfo=dt.UTC))  # a Wednesday
    made = t.submitted(town)
    t.bring(made, to="accepted")
    before = row(made)
    assert (before.due_on, before.provisional) == (dt.date(2027, 1, 7), True)
    assert cw.run_timers()["recomputed"] == 0
    t.publish(made_with({**repository().others["calendars"], "holidays-2027": notice_of_2027()}))
    assert [cw.run_timers()["recomputed"] for _ in range(2)] == [1, 0]
    after = row(made)
    assert (after.due_on, after.provisional) == (dt.date(2027, 1, 12), False)
    assert after.calendar_version != before.calendar_version
    (noted,) = [e for e in entries_of(f"case:{made}") if e["action"] == "item.due.recomputed"]
    assert noted["detail"] == {
        "before": "2027-01-07",
        "after": "2027-01-12",
        "calendar": after.calendar_version,
    }


def test_a_promise_whose_time_grew_was_not_broken(town: t.Town, clock: time_machine.Traveller) -> None:
    def bars() -> list[str]:
        today = timezone.localdate()
        return [one.record for one in credit.effects(town["owner"].id, on=today)]

    def kept_as() -> str:
        return Document.objects.get(application__public_id=made, material="late-paper").record

    delta = t.Errand(items=("delta",))
    clock.move_to(dt.datetime(2026, 12, 30, 1, tzinfo=dt.UTC))
    made = t.submitted(town, delta)
    t.bring(made, "delta", to="accepted")
    clock.move_to(dt.datetime(2027, 1, 6, 1, tzinfo=dt.UTC))
    cw.run_timers()
    first = kept_as()
    assert bars() == [first]
    t.publish(made_with({**repository().others["calendars"], "holidays-2027": notice_of_2027()}))
    cw.run_timers()
    assert (bars(), kept_as()) == ([], "")
    again = t.draft(town, delta)
    cw.promise_later(town["owner"], again, "late-paper")
    clock.move_to(dt.datetime(2027, 1, 9, 1, tzinfo=dt.UTC))
    cw.run_timers()  # the longer time ran out too
    second = kept_as()
    assert (bars(), second != first) == ([second], True)
    with pytest.raises(cw.NotComplete):  # what a draft promised meanwhile counts no more
        cw.submit(town["owner"], again, key="again")
    objection = credit.object_to(town["owner"], second, words="窗口当天收过原件")
    credit.answer(system("税务"), objection, outcome=credit.Outcome.REMOVED, words="查实窗口已经收到")
    assert bars() == []


def test_the_case_stays_with_the_definitions_it_began_under(town: t.Town) -> None:
    made = t.submitted(town)
    began = Application.objects.get(public_id=made).release
    t.publish(made_with(repository().others["calendars"], "新版本"))
    t.bring(made)
    assert Application.objects.get(public_id=made).release == began
    assert cw.application_view(town["owner"], made).release.digest == began


# -- one failure


@pytest.mark.parametrize("error", [Conflict("不行"), RuntimeError("a fault of ours")])
def test_one_failure_does_not_stop_the_others(
    town: t.Town,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    bad, good = t.submitted(town), t.submitted(town)
    act = _timed.deem_accepted

    def fail_once(context: Any, case: ItemCase) -> bool:
        act(context, case)
        if case.public_id == t.case(bad):
            raise error
        return True

    monkeypatch.setattr(_timed, "deem_accepted", fail_once)
    clock.move_to(day(3, 10))
    with caplog.at_level(logging.WARNING):
        assert cw.run_timers()["deemed_accepted"] == 1
    assert (row(bad).state, row(good).state) == ("submitted", "accepted")
    assert Move.objects.filter(item_case=row(bad)).count() == 1  # what it had done is undone
    assert t.case(bad) in caplog.text
    assert "不行" not in caplog.text


def test_the_timers_go_by_the_time_they_are_given(town: t.Town, clock: time_machine.Traveller) -> None:
    made = t.submitted(town)
    assert cw.run_timers(day(3, 10))["deemed_accepted"] == 1
    assert row(made).state == "accepted"
