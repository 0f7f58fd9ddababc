# SPDX-License-Identifier: Apache-2.0
"""容缺, to the second: late is late and in time is in time, whenever the timers come by."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Document
from yiwang.apps.casework.tests import town as t
from yiwang.apps.casework.tests.small import made_with, repository
from yiwang.apps.casework.tests.test_timers import notice_of_2027
from yiwang.apps.credit import public as credit
from yiwang.apps.notices.public import box

DELTA = t.Errand(items=("delta",))
LAST = dt.datetime(2026, 3, 5, 15, 59, 59, tzinfo=dt.UTC)
"""The last second, in China, of the third working day after acceptance."""
KEPT, BROKEN = "credit-commitment-kept", "credit-promise-broken"
MENDED, OVERTAKEN = "承诺后补的材料已经补交", "按新的节假日安排，补交期限顺延到2027年1月8日，没有到期"


def waiting(town: t.Town, *, granted: bool) -> str:
    """An application whose item was accepted, or granted, on the promise."""
    made = t.submitted(town, DELTA)
    t.bring(made, "delta", to="result_made" if granted else "awaiting_decision")
    return made


def bring(town: t.Town, application: str) -> None:
    cw.attach_file(town["owner"], application, "late-paper", name="a.pdf", content=t.pdf())


def told(town: t.Town, application: str) -> list[tuple[str, str | None]]:
    """What credit knows of this application's promise: entry, and why it ended."""
    mine = credit.own_records(town["owner"], town["owner"].id)
    return [
        (one.entry.id, one.ending.reason if one.ending else None)
        for one in mine
        if one.case == application and one.entry.id in (KEPT, BROKEN)
    ]


def test_a_second_decides_and_not_the_timers(town: t.Town, clock: time_machine.Traveller) -> None:
    made = [waiting(town, granted=one) for one in (True, False, False, True)]
    for number, one in enumerate(made):
        clock.move_to(LAST + dt.timedelta(seconds=number // 2))
        if number % 2:
            assert cw.run_timers()["promises_lapsed"] == number // 2
        bring(town, one)
    assert cw.run_timers()["promises_lapsed"] == 0
    for one in made[1:3]:
        cw.grant(t.both("delta"), t.case(one, "delta"), opinion="同意")
    in_time, late = [(KEPT, None)], [(BROKEN, MENDED)]
    assert [told(town, one) for one in made] == [in_time, in_time, late, late]
    assert credit.effects(town["owner"].id, on=t.today(), kinds={credit.EffectKind.NO_DEFERRAL}) == ()
    urged = [one for one in box([town["owner"].id], limit=99) if one.title == "承诺后补的材料已到期"]
    assert len(urged) == 1  # nobody is asked for what is in hand


def test_a_new_calendar_counts_before_the_timers_have_seen_it(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    clock.move_to(dt.datetime(2026, 12, 30, 1, tzinfo=dt.UTC))
    lapsed, unseen = waiting(town, granted=True), waiting(town, granted=True)
    clock.move_to(dt.datetime(2027, 1, 6, 1, tzinfo=dt.UTC))
    late_paper = Document.objects.filter(application__public_id=unseen, material="late-paper")
    late_paper.update(deferred=False)  # the timers pass it over
    assert cw.run_timers()["promises_lapsed"] == 1
    late_paper.update(deferred=True)
    t.publish(made_with({**repository().others["calendars"], "holidays-2027": notice_of_2027()}))
    for one in (lapsed, unseen):
        bring(town, one)
    assert told(town, unseen) == [(KEPT, None)]
    assert sorted(told(town, lapsed)) == sorted([(KEPT, None), (BROKEN, OVERTAKEN)])


@pytest.mark.parametrize("late", [False, True])
def test_an_item_that_ends_waited_until_then(
    town: t.Town, clock: time_machine.Traveller, *, late: bool
) -> None:
    made = waiting(town, granted=False)
    clock.move_to(LAST + dt.timedelta(seconds=late))
    cw.withdraw(town["owner"], made, reason="不办了")
    clock.move_to(LAST + dt.timedelta(hours=9))
    cw.run_timers()
    assert told(town, made) == ([(BROKEN, None)] if late else [])
