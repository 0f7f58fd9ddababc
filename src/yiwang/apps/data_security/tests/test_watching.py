# SPDX-License-Identifier: Apache-2.0
"""Alerts: raised from the gateway's rows, told at once and once, answered by the right people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from support.calls import RefusedAttempt
from yiwang.apps.data_security import plugs
from yiwang.apps.data_security import public as d
from yiwang.apps.data_security.commands.watching import watch
from yiwang.apps.data_security.domain.settings import hours_of, rules_of
from yiwang.apps.data_security.models import Alert, CallerDay
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.calls_writing import replayed
from yiwang.apps.notices.public import box
from yiwang.engines.exchange.tests.histories import RULES
from yiwang.engines.exchange.unusual import Unusual
from yiwang.engines.process.build import calendar_of
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .conftest import NOON, TODAY, called, made

Town = dict[str, Actor]
NEW = d.NewIncident("health", d.IncidentKind.INCIDENT, d.Stage.USE, "批量查询", "查询了与工作无关的人", NOON)


def look() -> int:
    """Watch what was called since a minute ago."""
    return watch(gateway, since=NOON - dt.timedelta(minutes=1))


def swept(count: int = 26, *, caller: str = "o_clerk", org: str = "health", minutes: int = 9) -> None:
    """So many people looked up within a few minutes."""
    for n in range(count):
        called(
            NOON - dt.timedelta(seconds=minutes * 60 * n // count), caller=caller, org=org, subject=f"p_{n}"
        )


def test_the_settings_are_those_the_rate_was_measured_with() -> None:
    assert rules_of(made()) == RULES


def test_a_sweep_is_told_to_the_units_administrator_at_once_and_once(town: Town) -> None:
    d.appoint(town["health head"], "health", town["health data"].id)
    swept()
    assert look() == 1
    assert look() == 0
    (seen,) = d.alerts(town["health data"])
    assert (seen.kind, seen.org, seen.caller) == (Unusual.MANY_PEOPLE, "health", "o_clerk")
    assert "26个不同的人" in seen.sentence
    assert "短时间查询多人" in box([town["health data"].id])[0].title
    swept(3)
    assert look() == 0
    assert "26个" in d.alerts(town["health data"])[0].sentence
    assert box([town["health head"].id]) == []


def test_a_figure_that_doubles_is_told_again_and_an_open_one_follows(town: Town) -> None:
    swept(26)
    look()
    swept(30)
    assert look() == 0
    assert "30个" in d.alerts(town["health data"])[0].sentence
    swept(60)
    assert look() == 1


def test_who_has_as_many_calls_as_before_is_not_judged_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    of_day = gateway.calls_of_day

    class Counting:
        """The gateway, counting for how many callers a day is read."""

        def __getattr__(self, name: str) -> object:
            return getattr(gateway, name)

        def calls_of_day(self, day: dt.date, callers: set[tuple[str, str, str]]) -> object:
            asked.append(len(callers))
            return of_day(day, callers)

    swept()
    called(caller="o_other")
    for _ in range(2):
        watch(Counting(), since=NOON - dt.timedelta(minutes=1))  # type: ignore[arg-type]
    called(caller="o_other")
    watch(Counting(), since=NOON - dt.timedelta(minutes=1))  # type: ignore[arg-type]
    assert asked == [2, 1]


def test_findings_that_are_alike_are_one_alert_with_a_count(town: Town) -> None:
    for subject in ("p_a", "p_b", "p_c"):
        for _ in range(8):
            called(subject=subject)
    assert look() == 1
    (seen,) = d.alerts(town["health data"])
    assert (seen.kind, seen.count) == (Unusual.SAME_PERSON, 3)
    assert "同类情况共3处" in seen.sentence


def test_nobody_reads_or_answers_an_alert_about_themselves(town: Town) -> None:
    data = town["health data"]
    d.appoint(town["health head"], "health", data.id)
    swept(caller=data.id)
    look()
    alert = Alert.objects.get().public_id
    assert d.alerts(data) == []
    with pytest.raises(NotFound):
        d.alert(data, alert)
    with pytest.raises(NotFound):
        d.answer_harmless(data, alert, why="没事")
    assert len(box([town["bureau"].id])) == 1
    d.answer_harmless(town["health head"], alert, why="核对花名册，已看过任务书")
    assert d.alert(data, alert).state is d.AlertState.HARMLESS


def test_an_alert_is_answered_once_by_the_unit(town: Town) -> None:
    swept()
    look()
    alert = Alert.objects.get().public_id
    for name in ("housing data", "health clerk", "catalogue"):
        with pytest.raises(NotFound) as foreign:
            d.alert(town[name], alert)
        with pytest.raises(NotFound) as nothing:
            d.alert(town[name], "alert_nothing")
        assert str(foreign.value) == str(nothing.value)
        assert d.alerts(town[name]) == []
    for name in ("bureau", "cyberspace", "auditor"):
        assert not d.alert(town[name], alert).may_answer
        with pytest.raises(NotAllowed):
            d.answer_harmless(town[name], alert, why="没事")
    with pytest.raises(Invalid):
        d.answer_harmless(town["health data"], alert, why=" ")
    with pytest.raises(NotAllowed):
        d.answer_incident(town["health data"], alert, d.NewIncident("housing", *list(vars(NEW).values())[1:]))
    incident = d.answer_incident(town["health data"], alert, NEW)
    assert d.alert(town["bureau"], alert).incident == incident
    assert d.incident(town["bureau"], incident).title == "批量查询"
    with pytest.raises(Conflict):
        d.answer_harmless(town["health data"], alert, why="没事")


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Whom cases are about, as the wiring would say."""
    known: dict[str, set[str]] = {}

    def ask(cases: object) -> Mapping[str, set[str]]:
        return known

    monkeypatch.setattr(plugs, "_people", [ask])
    return known


def test_people_outside_the_case_are_known_from_casework(town: Town, people: dict[str, set[str]]) -> None:
    people["A-1"] = {"p_1"}
    called(case="A-1", subject="p_1")
    assert look() == 0
    called(case="A-1", subject="p_2")
    assert look() == 1
    assert d.alerts(town["health data"])[0].case == "A-1"


def test_volume_is_held_against_the_daily_sums_of_the_same_caller(town: Town) -> None:
    for n in range(1, 20):
        day = TODAY - dt.timedelta(days=n)
        CallerDay.objects.create(
            day=day,
            caller_kind="client",
            caller="c_1",
            org="health",
            calls=40,
            rows=40,
            hours=[12],
            fields={"household": ["name"]},
        )
    for _ in range(60):
        called(caller="c_1", caller_kind="client", subject="")
    assert look() == 0
    for _ in range(20):
        called(caller="c_1", caller_kind="client", subject="", fields=["name", "address"])
    look()
    kinds = sorted(one.kind for one in d.alerts(town["health data"]))
    assert kinds == [Unusual.NEW_FIELDS, Unusual.VOLUME, Unusual.VOLUME]
    called(caller="c_2", caller_kind="client", subject="")
    assert look() == 0


def test_used_signatures_and_closed_hours(town: Town) -> None:
    for n in range(3):
        called(
            NOON + dt.timedelta(seconds=n),
            caller="c_1",
            caller_kind="client",
            outcome="refused",
            why=replayed().message,
        )
    assert look() == 1
    night = NOON.replace(hour=23)
    for n in range(10):
        called(night, caller="o_a", subject=f"p_{n}")
        called(night, caller="o_b", org="public-security", subject=f"p_{n}")
    watch(gateway, since=night, now=night)
    assert sorted((one.kind, one.org) for one in d.alerts(town["bureau"])) == [
        (Unusual.HOUR, "health"),
        (Unusual.REPLAYED, "health"),
    ]


def test_what_is_turned_away_at_the_door_counts_too(town: Town) -> None:
    for n in range(10):
        at = NOON + dt.timedelta(seconds=n)
        RefusedAttempt(at=at, client="", org="", why="unknown-key", address="203.0.113.9").save()
        if n < 3:
            RefusedAttempt(at=at, client="c_1", org="housing", why="replay").save()
    assert look() == 2
    assert look() == 0
    seen = {one.kind: (one.org, one.caller_name) for one in d.alerts(town["bureau"])}
    assert seen[Unusual.REPLAYED] == ("housing", "接入系统 c_1")
    assert seen[Unusual.REFUSED] == ("service-bureau", "没有登记的系统")
    assert len(d.alerts(town["housing data"])) == 1


def test_hours_follow_the_working_calendar_and_the_units_own_watch() -> None:
    catalogue = made()
    calendar = calendar_of(catalogue)
    health, police = (hours_of(catalogue, calendar, org) for org in ("health", "public-security"))
    holiday = NOON.replace(month=10, day=1)
    assert (health(NOON), health(holiday), police(holiday)) == (True, False, True)
    assert not health(NOON.replace(hour=19, minute=30))
    assert police(NOON.replace(hour=3))


def test_alerts_hold_no_identity_number(town: Town) -> None:
    for _ in range(9):
        called(subject="411702198503040012", case="")
    look()
    row = Alert.objects.get()
    assert row.kind == Unusual.SAME_PERSON.value
    assert "411702198503040012" not in f"{row.sentence}{row.figures}{row.key}"
