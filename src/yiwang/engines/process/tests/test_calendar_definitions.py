# SPDX-License-Identifier: Apache-2.0
"""The notices of 2018 to 2026 against chinesecalendar, and every due day against a day walker."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import chinese_calendar
import pytest

from yiwang.kernel.workdays import DayKind, Limit, Unit, WorkCalendar

DAY = timedelta(days=1)
FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
ALL = [FIRST + DAY * offset for offset in range((LAST - FIRST).days + 1)]
NO_NOTICE_YET = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


@cache
def worked(day: date) -> bool:
    """By chinesecalendar; after its last year Monday to Friday but the fixed holidays."""
    if day <= LAST:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (day.month, day.day) not in NO_NOTICE_YET


def test_every_day_of_nine_years_agrees(calendar: WorkCalendar) -> None:
    assert [day for day in ALL if worked(day) != calendar.is_workday(day)] == []
    assert all(calendar.day(day).announced for day in ALL)


def test_make_up_days_and_holidays_are_those_of_the_library(calendar: WorkCalendar) -> None:
    kinds = {day: calendar.day(day).kind for day in ALL}
    assert {d for d in ALL if kinds[d] is DayKind.MAKEUP} == {
        d for d in ALL if d.weekday() >= 5 and chinese_calendar.is_workday(d)
    }
    assert {d for d in ALL if kinds[d] is DayKind.HOLIDAY and d.weekday() < 5} == {
        d for d in ALL if d.weekday() < 5 and chinese_calendar.is_holiday(d)
    }


def test_every_start_day_and_every_limit_up_to_sixty_days(calendar: WorkCalendar) -> None:
    wrong = []
    for start in ALL:
        day = start
        for count in range(61):
            if count or not worked(start):
                day += DAY
                while not worked(day):
                    day += DAY
            found = calendar.due(start, Limit(Decimal(count)))
            if (found.date, found.half, found.provisional) != (day, None, day > LAST):
                wrong.append((start, count, found, day))
            if count == 0:
                day = start
    assert wrong == []


def test_calendar_day_limits_roll_to_the_next_working_day(calendar: WorkCalendar) -> None:
    for start in ALL[::3]:
        for count in (0, 1, 7, 20, 45):
            day = start + DAY * count
            while not worked(day):
                day += DAY
            assert calendar.due(start, Limit(Decimal(count), Unit.CALENDAR)).date == day


def test_the_spring_festival_of_2020_as_it_was_known(calendar: WorkCalendar) -> None:
    """国办发明电〔2019〕16号 let 1 February be worked; 〔2020〕1号 closed 31 January to 2 February."""
    five = Limit(Decimal(5))
    start = date(2020, 1, 20)
    before, after = calendar.as_known_on(date(2020, 1, 26)), calendar.as_known_on(date(2020, 1, 27))
    assert before.due(start, five).date == date(2020, 2, 1)  # 21, 22, 23, 31 January, 1 February
    assert after.due(start, five).date == date(2020, 2, 4)  # 21, 22, 23 January, 3, 4 February
    assert before.day(date(2020, 2, 1)).kind is DayKind.MAKEUP
    assert after.day(date(2020, 2, 1)).kind is DayKind.HOLIDAY
    assert before.version != after.version


def test_labour_day_of_2019_as_it_was_known(calendar: WorkCalendar) -> None:
    """国办发明电〔2019〕3号 of 22 March made four days of one."""
    before, after = calendar.as_known_on(date(2019, 3, 21)), calendar.as_known_on(date(2019, 3, 22))
    start, two = date(2019, 4, 30), Limit(Decimal(2))
    assert before.due(start, two).date == date(2019, 5, 3)
    assert after.due(start, two).date == date(2019, 5, 6)  # Sunday the 5th was worked


def test_a_notice_may_change_the_end_of_the_year_before(calendar: WorkCalendar) -> None:
    """国办发明电〔2018〕15号 closed 31 December 2018 and let 29 December be worked."""
    before, after = calendar.as_known_on(date(2018, 12, 5)), calendar.as_known_on(date(2018, 12, 6))
    start, two = date(2018, 12, 28), Limit(Decimal(2))
    assert (before.due(start, two).date, before.due(start, two).provisional) == (date(2019, 1, 2), True)
    assert (after.due(start, two).date, after.due(start, two).provisional) == (date(2019, 1, 2), False)
    assert after.is_workday(date(2018, 12, 29))
    assert not after.is_workday(date(2018, 12, 31))


def test_a_provisional_due_day_is_settled_by_the_notice(calendar: WorkCalendar) -> None:
    start, ten = date(2024, 12, 27), Limit(Decimal(20))
    provisional = calendar.as_known_on(date(2024, 11, 11)).due(start, ten)
    settled = calendar.as_known_on(date(2024, 11, 12)).due(start, ten)
    assert (provisional.date, provisional.provisional) == (date(2025, 1, 27), True)
    assert (settled.date, settled.provisional) == (date(2025, 1, 26), False)  # that Sunday was worked


@pytest.mark.parametrize(
    ("year", "numbers"),
    [
        (2018, {"国办发明电〔2017〕12号"}),
        (2019, {"国办发明电〔2018〕15号", "国办发明电〔2019〕3号"}),
        (2020, {"国办发明电〔2019〕16号", "国办发明电〔2020〕1号"}),
        (2021, {"国办发明电〔2020〕27号"}),
        (2022, {"国办发明电〔2021〕11号"}),
        (2023, {"国办发明电〔2022〕16号"}),
        (2024, {"国办发明电〔2023〕7号"}),
        (2025, {"国办发明电〔2024〕12号"}),
        (2026, {"国办发明电〔2025〕7号"}),
    ],
)
def test_each_year_cites_its_notices(calendar: WorkCalendar, year: int, numbers: set[str]) -> None:
    of_year = [notice for notice in calendar.notices if notice.year == year]
    assert {notice.number for notice in of_year} == numbers
    assert all(notice.announced < date(year, 12, 31) for notice in of_year)
    assert {notice.published_by for notice in of_year} == {"国务院办公厅"}
