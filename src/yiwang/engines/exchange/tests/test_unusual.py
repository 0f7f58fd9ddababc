# SPDX-License-Identifier: Apache-2.0
"""Planted misuse is found and says why; ordinary days are quiet (the rate is measured here)."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest

from yiwang.engines.exchange.unusual import (
    Access,
    CallerKind,
    DaySum,
    Ending,
    Finding,
    Past,
    Unusual,
    find_unusual,
    past_of,
)

from .histories import FIELDS, MONDAY, RULES, clerk_day, is_open, moment, system_day, workdays

OFFICER, SYSTEM = CallerKind.OFFICER, CallerKind.SYSTEM
DAYS = workdays(30)
TODAY = DAYS[-1]


def found(kind: CallerKind, day: list[Access], past: Past) -> list[Finding]:
    """What is unusual about a day."""
    return find_unusual(kind, sorted(day, key=lambda one: one.at), past, rules=RULES, is_open=is_open)


@pytest.fixture(scope="module")
def clerk() -> tuple[Past, list[Access]]:
    """A clerk's past of 29 days, and today."""
    dice = random.Random(7)
    days = [clerk_day(dice, day) for day in DAYS]
    return past_of(one for day in days[:-1] for one in day), days[-1]


def test_ordinary_days_are_quiet() -> None:
    """24 clerks and 6 systems, 25 ordinary days each after 10 days of a past: at most one day in 200
    raises an alarm. (Measured with 200 callers: 3 of 5,000 days, all for overtime.)"""
    alarms, judged = 0, 0
    for caller in range(30):
        dice = random.Random(caller)
        kind = OFFICER if caller < 24 else SYSTEM
        size = dice.choice((6, 12, 18, 25)) if kind is OFFICER else dice.choice((80, 200))
        past: list[Access] = []
        for number, day in enumerate(workdays(35)):
            calls = clerk_day(dice, day, cases=size) if kind is OFFICER else system_day(dice, day, calls=size)
            if number >= 10:
                judged += 1
                alarms += bool(found(kind, calls, past_of(past)))
            past += calls
    assert judged == 750
    assert alarms <= judged / 200, f"{alarms} of {judged}"


def test_a_day_of_copying_a_register_is_found(clerk: tuple[Past, list[Access]]) -> None:
    past, today = clerk
    copied = [
        Access(moment(TODAY, 9, second=20 * n), "household", frozenset({"name"}), f"c{n}", f"p{n}", 1)
        for n in range(400)
    ]
    kinds = {one.kind: one for one in found(OFFICER, today + copied, past)}
    assert {Unusual.VOLUME, Unusual.MANY_PEOPLE} <= set(kinds)
    volume = kinds[Unusual.VOLUME]
    assert volume.figures["now"] > volume.figures["limit"] > volume.figures["busiest"]
    assert all(str(volume.figures[name]) in volume.sentence for name in ("now", "usual", "busiest", "limit"))
    assert kinds[Unusual.MANY_PEOPLE].figures["people"] >= 30


def test_one_slow_copy_below_the_volume_is_found_by_the_window(clerk: tuple[Past, list[Access]]) -> None:
    past, _ = clerk
    people = [
        Access(moment(TODAY, 10, second=20 * n), "firm", frozenset(), "", f"p{n}", 1) for n in range(26)
    ]
    assert [one.kind for one in found(OFFICER, people, past)] == [Unusual.MANY_PEOPLE]
    spread = [replace(one, at=moment(TODAY, 10, second=60 * n)) for n, one in enumerate(people)]
    assert found(OFFICER, spread, past) == []


@pytest.mark.parametrize(
    ("at", "count", "alarm"),
    [
        (moment(TODAY, 23), 10, True),
        (moment(TODAY, 23), 9, False),
        (moment(TODAY + dt.timedelta(days=1), 10), 10, True),
        (moment(TODAY, 19, 29), 10, False),
        (moment(TODAY, 7, 29), 10, True),
    ],
)
def test_calls_outside_hours(
    clerk: tuple[Past, list[Access]], at: dt.datetime, count: int, alarm: bool
) -> None:
    calls = [Access(at, "firm", subject=f"p{n}", rows=1) for n in range(count)]
    seen = found(OFFICER, calls, clerk[0])
    assert [one.kind for one in seen] == [Unusual.HOUR] * alarm


def test_a_system_in_an_hour_it_never_called_in() -> None:
    dice = random.Random(3)
    past = past_of(one for day in DAYS[:-1] for one in system_day(dice, day))
    calls = [Access(moment(TODAY, 22, second=n), "firm", rows=1) for n in range(20)]
    (seen,) = found(SYSTEM, calls, past)
    assert seen.kind is Unusual.HOUR
    assert "29个使用日" in seen.sentence
    assert "22:00" in seen.sentence
    assert found(SYSTEM, calls[:19], past) == []
    assert found(SYSTEM, [replace(one, at=moment(TODAY, 2)) for one in calls], past) == []
    assert found(SYSTEM, calls, Past()) == []


def test_one_person_again_and_again(clerk: tuple[Past, list[Access]]) -> None:
    past, today = clerk
    stalked = [
        Access(moment(TODAY, 9 + n), "household", frozenset({"name"}), f"c{n}", "victim", 1) for n in range(8)
    ]
    (seen,) = found(OFFICER, today + stalked, past)
    assert (seen.kind, seen.subject, seen.figures) == (Unusual.SAME_PERSON, "victim", {"calls": 8})
    assert found(OFFICER, today + stalked[1:], past) == []


def test_people_outside_the_case(clerk: tuple[Past, list[Access]]) -> None:
    calls = [Access(moment(TODAY, 9, n), "firm", case="c", subject=f"p{n}", rows=1) for n in range(7)]

    def judged(day: list[Access], people: dict[str, set[str]]) -> list[Finding]:
        return find_unusual(OFFICER, day, clerk[0], rules=RULES, is_open=is_open, people=people)

    (seen,) = judged(calls[:3], {"c": {"p0", "p1"}})
    assert (seen.kind, seen.case, seen.figures) == (Unusual.OUTSIDE_CASE, "c", {"people": 1})
    assert judged(calls[:2], {"c": {"p0", "p1"}}) == []
    assert judged(calls, {}) == []
    (seen,) = judged([*calls, replace(calls[-1], subject="p8")], {})
    assert seen.figures == {"people": 8}
    refused = [replace(one, ending=Ending.REFUSED) for one in calls[:3]]
    assert judged(refused, {"c": {"p0"}}) == []


def test_fields_never_used_before(clerk: tuple[Past, list[Access]]) -> None:
    past, today = clerk
    fresh = Access(moment(TODAY, 9), "household", frozenset(FIELDS["household"]), "c", "p", 1)
    (seen,) = found(OFFICER, [*today, fresh], past)
    assert (seen.kind, seen.resource) == (Unusual.NEW_FIELDS, "household")
    assert "relation" in seen.sentence
    other = replace(fresh, resource="another", fields=frozenset({"x"}))
    assert found(OFFICER, [*today, other], past) == []
    assert found(OFFICER, [fresh], past_of(clerk_day(random.Random(1), DAYS[0]))) == []


def test_refusals_in_a_row_and_signatures_used_twice(clerk: tuple[Past, list[Access]]) -> None:
    refused = [Access(moment(TODAY, 9, n), "firm", ending=Ending.REFUSED) for n in range(10)]
    answered = Access(moment(TODAY, 9, 5, 30), "firm", rows=1)
    assert [one.kind for one in found(OFFICER, refused, clerk[0])] == [Unusual.REFUSED]
    assert found(OFFICER, [*refused, answered], clerk[0]) == []
    replayed = [Access(moment(TODAY, 9, n), "firm", ending=Ending.REPLAYED) for n in range(3)]
    assert [one.kind for one in found(SYSTEM, replayed, Past())] == [Unusual.REPLAYED]
    assert found(SYSTEM, replayed[:2], Past()) == []


def test_a_newcomer_has_a_limit_of_their_own() -> None:
    few = [Access(moment(TODAY, 9), "firm", rows=500)]
    many = [Access(moment(TODAY, 9), "firm", rows=501)]
    assert found(SYSTEM, few, Past()) == []
    (seen,) = found(SYSTEM, many, Past())
    assert seen.figures == {"now": 501, "limit": 500, "days": 0}


def test_sums_stand_for_calls_that_are_not_shown() -> None:
    past = Past([DaySum(day, 100, 100) for day in DAYS[:-1]], {9: 29}, {"firm": frozenset()})
    call = Access(moment(TODAY, 9), "firm", rows=1)
    sums = DaySum(TODAY, 5000, 5000)
    seen = find_unusual(SYSTEM, [call], past, rules=RULES, is_open=is_open, sums=sums)
    assert [one.figures["now"] for one in seen] == [5000, 5000]
    assert found(SYSTEM, [call], past) == []


def test_a_key_lasts_until_the_figure_doubles() -> None:
    def key(count: int) -> str:
        calls = [Access(moment(TODAY, 22), "firm", rows=1) for _ in range(count)]
        return found(OFFICER, calls, Past())[0].key

    assert key(10) == key(19) != key(20) == key(39) != key(40)


def test_nothing_is_unusual_about_a_day_without_calls() -> None:
    assert found(OFFICER, [], Past()) == []
    assert MONDAY.weekday() == 0
