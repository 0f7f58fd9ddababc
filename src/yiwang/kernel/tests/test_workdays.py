# SPDX-License-Identifier: Apache-2.0
"""The calendar on made-up notices: what is known when, layers, half days, provisional years."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from yiwang.kernel.errors import Invalid
from yiwang.kernel.workdays import (
    DayKind,
    DueDay,
    Half,
    HalfDay,
    HolidayNotice,
    Layer,
    Limit,
    StatutoryHolidays,
    Unit,
    WorkCalendar,
)


def notice(number: str = "甲〔2025〕7号", **given: Any) -> HolidayNotice:
    fields = {"year": 2026, "announced": date(2025, 11, 4), "published_by": "某机关", **given}
    return HolidayNotice(number=number, **fields)


STATUTORY = [
    StatutoryHolidays("令1", date(2013, 12, 11), date(2014, 1, 1), {(1, 1): "元旦", (5, 1): "劳动节"}),
    StatutoryHolidays(
        "令2", date(2024, 11, 12), date(2025, 1, 1), {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"}
    ),
]


def limit(days: str, unit: Unit = Unit.WORKING) -> Limit:
    return Limit(Decimal(days), unit)


# 2026-03-02 is a Monday.


def test_the_start_day_is_not_counted_and_the_nth_working_day_is_due() -> None:
    calendar = WorkCalendar([notice()])
    assert calendar.due(date(2026, 3, 2), limit("1")) == DueDay(date(2026, 3, 3), None, False)
    assert calendar.due(date(2026, 3, 2), limit("5")).date == date(2026, 3, 9)
    assert calendar.due(date(2026, 3, 7), limit("1")).date == date(2026, 3, 9)  # begun on a Saturday


def test_zero_days_end_on_the_start_day_or_the_next_working_day() -> None:
    calendar = WorkCalendar([notice()])
    assert calendar.due(date(2026, 3, 2), limit("0")).date == date(2026, 3, 2)
    assert calendar.due(date(2026, 3, 7), limit("0")).date == date(2026, 3, 9)


def test_half_a_day_is_due_by_noon() -> None:
    calendar = WorkCalendar([notice()])
    assert calendar.due(date(2026, 3, 2), limit("0.5")) == DueDay(date(2026, 3, 3), Half.AM, False)
    assert calendar.due(date(2026, 3, 2), limit("1.5")) == DueDay(date(2026, 3, 4), Half.AM, False)


def test_a_morning_only_day_counts_half_and_ends_a_limit_at_noon() -> None:
    half = {date(2026, 3, 3): HalfDay("上午办公")}
    calendar = WorkCalendar([notice(half=half)])
    assert calendar.day(date(2026, 3, 3)).kind is DayKind.HALF_DAY
    assert calendar.due(date(2026, 3, 2), limit("0.5")) == DueDay(date(2026, 3, 3), Half.AM, False)
    assert calendar.due(date(2026, 3, 2), limit("1")) == DueDay(date(2026, 3, 4), Half.AM, False)
    assert calendar.due(date(2026, 3, 2), limit("1.5")) == DueDay(date(2026, 3, 4), None, False)


def test_an_afternoon_only_day_ends_a_limit_with_office_hours() -> None:
    calendar = WorkCalendar([notice(half={date(2026, 3, 3): HalfDay("下午办公", Half.PM)})])
    assert calendar.due(date(2026, 3, 2), limit("0.5")) == DueDay(date(2026, 3, 3), None, False)


def test_calendar_days_count_every_day_and_roll_off_a_closed_last_day() -> None:
    calendar = WorkCalendar([notice(closed={date(2026, 3, 9): "放假"})])
    days = Unit.CALENDAR
    assert calendar.due(date(2026, 3, 2), limit("3", days)).date == date(2026, 3, 5)
    assert calendar.due(date(2026, 3, 2), limit("5", days)).date == date(2026, 3, 10)


def test_only_what_was_announced_by_then_is_known() -> None:
    first = notice("甲1", makeup={date(2026, 3, 7): "调休上班"}, closed={date(2026, 3, 9): "放假"})
    second = notice("甲2", announced=date(2026, 3, 1), closed={date(2026, 3, 7): "放假"})
    calendar = WorkCalendar([second, first])
    before, after = calendar.as_known_on(date(2026, 2, 28)), calendar.as_known_on(date(2026, 3, 1))
    assert before.half_units(date(2026, 3, 7)) == 2
    assert after.half_units(date(2026, 3, 7)) == 0  # the later notice wins on the day it names
    assert not after.is_workday(date(2026, 3, 9))  # and leaves the others alone
    assert after.version == calendar.version != before.version
    unknown = calendar.as_known_on(date(2025, 11, 3))
    assert unknown.is_workday(date(2026, 3, 9))
    assert not unknown.day(date(2026, 3, 9)).announced


def test_a_city_refines_the_nation_even_when_the_nation_speaks_later() -> None:
    snow = notice("市1", layer=Layer.CITY, announced=date(2025, 12, 1), closed={date(2026, 3, 3): "暴雪"})
    nation = notice("国1", announced=date(2026, 1, 1), makeup={date(2026, 3, 3): "上班"})
    calendar = WorkCalendar([nation, snow])
    assert calendar.day(date(2026, 3, 3)).reason == "暴雪"


def test_a_city_notice_does_not_make_a_year_announced() -> None:
    snow = notice("市1", layer=Layer.CITY, closed={date(2026, 3, 3): "暴雪"})
    calendar = WorkCalendar([snow])
    assert calendar.day(date(2026, 3, 3)).announced
    assert not calendar.day(date(2026, 3, 4)).announced


def test_a_year_without_notice_is_provisional_by_the_list_then_in_force() -> None:
    calendar = WorkCalendar([notice()], STATUTORY)
    labour_day = calendar.day(date(2028, 5, 2))
    assert (labour_day.half_units, labour_day.announced) == (0, False)
    as_of_2024 = calendar.as_known_on(date(2024, 1, 1))
    assert as_of_2024.is_workday(date(2025, 5, 2))
    assert not as_of_2024.is_workday(date(2025, 5, 1))
    assert calendar.due(date(2026, 12, 31), limit("1")) == DueDay(date(2027, 1, 4), None, True)


def test_a_notice_replaces_the_provisional_holidays_of_its_year() -> None:
    calendar = WorkCalendar([notice()], STATUTORY)
    assert calendar.is_workday(date(2026, 5, 1))  # the made-up notice of 2026 closes nothing
    assert not calendar.is_provisional(date(2026, 1, 1), date(2026, 12, 31))
    assert calendar.is_provisional(date(2026, 12, 31), date(2027, 1, 1))


def test_days_between_are_signed_and_leave_out_the_first() -> None:
    calendar = WorkCalendar([notice(half={date(2026, 3, 4): HalfDay("上午办公")})])
    monday, friday = date(2026, 3, 2), date(2026, 3, 6)
    assert calendar.working_days_between(monday, friday) == Decimal("3.5")
    assert calendar.working_days_between(friday, monday) == Decimal("-3.5")
    assert calendar.working_days_between(monday, monday) == 0


def test_dates_far_from_the_notices_are_answered_or_refused_in_words() -> None:
    calendar = WorkCalendar([notice()])
    assert calendar.due(date(2060, 1, 4), limit("5000")).provisional
    assert calendar.half_units(date(1980, 1, 1)) == 2
    for start, how_long in ((date(2295, 1, 1), limit("9999")), (date(9999, 12, 30), limit("20000"))):
        with pytest.raises(Invalid, match="太远"):
            calendar.due(start, how_long)
    with pytest.raises(Invalid, match="太远"):
        calendar.due(date(9999, 12, 30), limit("3", Unit.CALENDAR))


@pytest.mark.parametrize("days", ["-1", "0.25", "NaN", "Infinity", "20001"])
def test_a_limit_that_is_none_is_refused(days: str) -> None:
    with pytest.raises(Invalid):
        limit(days)


def test_calendar_days_have_no_halves() -> None:
    with pytest.raises(Invalid, match="半天"):
        limit("1.5", Unit.CALENDAR)


def test_contradicting_notices_are_refused() -> None:
    day = date(2026, 3, 7)
    with pytest.raises(Invalid, match="两种说法"):
        notice(closed={day: "放假"}, makeup={day: "上班"})
    with pytest.raises(Invalid, match="登记了两次"):
        WorkCalendar([notice(), notice(closed={day: "放假"})])


def test_the_version_names_the_content_and_not_the_order() -> None:
    one, two = notice("甲1"), notice("甲2", announced=date(2026, 1, 27))
    version = WorkCalendar([one, two]).version
    assert version == WorkCalendar([two, one]).version
    assert version.startswith("2026-01/2-")
    changed = notice("甲2", announced=date(2026, 1, 27), closed={date(2026, 2, 2): "放假"})
    assert version != WorkCalendar([one, changed]).version
    assert version != WorkCalendar([one, two], STATUTORY).version
