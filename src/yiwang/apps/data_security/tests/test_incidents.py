# SPDX-License-Identifier: Apache-2.0
"""Incidents (第二十四、二十七条): at once or late for good; every move, by everybody, from every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine

from yiwang.apps.data_security import public as d
from yiwang.apps.data_security.commands.incidents import urge_reports
from yiwang.apps.data_security.domain.moves import Side
from yiwang.apps.data_security.models import Incident
from yiwang.apps.journal.public import entries_of
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .conftest import NOON

Town = dict[str, Actor]
NEW = d.NewIncident(
    *("health", d.IncidentKind.INCIDENT, d.Stage.USE, "账号外借", "把账号借给外包人员使用"),
    found_at=NOON - dt.timedelta(hours=1),
)
TO = {"transfer": "cyberspace"}


def found(town: Town, **more: object) -> str:
    """An incident of the health department, entered by its clerk."""
    return d.find_incident(town["health clerk"], replace(NEW, **more))  # type: ignore[arg-type]


def move(actor: Actor, incident: str, name: str) -> None:
    """Make a move with words."""
    d.move_incident(actor, incident, name, words="情况说明", to=TO.get(name, ""))


PATHS: dict[d.IncidentState, list[tuple[str, str]]] = {
    d.IncidentState.FOUND: [],
    d.IncidentState.REPORTED: [("health data", "report")],
    d.IncidentState.REMEDIED: [("health data", "report"), ("health data", "remedy")],
    d.IncidentState.CLOSED: [("health data", "report"), ("health data", "remedy"), ("bureau", "close")],
}


@pytest.mark.parametrize("state", list(d.IncidentState))
def test_only_declared_moves_by_the_right_side(town: Town, state: d.IncidentState) -> None:
    incident = found(town)
    for who, name in PATHS[state]:
        move(town[who], incident, name)
    unit, body = {"health head", "health data"}, {"bureau", "cyberspace", "police"}
    knows = unit | body | {"health clerk", "auditor"}
    for name, made in d.INCIDENT_MOVES.items():
        for who, actor in town.items():
            allowed = who in (unit if made.side is Side.UNIT else body) and state in made.sources
            listed = who in knows and name in {one.name for one in d.incident(actor, incident).moves}
            assert listed is allowed, (who, name)
            if not allowed:
                with pytest.raises((NotFound, NotAllowed, Conflict)):
                    move(actor, incident, name)
    assert Incident.objects.get().state == state.value


def test_reported_in_time_or_late_for_good(town: Town) -> None:
    in_time, late = found(town), found(town, found_at=NOON - dt.timedelta(hours=2, minutes=1))
    for incident in (in_time, late):
        move(town["health data"], incident, "report")
    assert [d.incident(town["bureau"], one).is_late for one in (in_time, late)] == [False, True]
    seen = d.incident(town["bureau"], late)
    assert seen.reported_at is not None
    assert (seen.found_at, seen.reported_at) == (NOON - dt.timedelta(hours=2, minutes=1), NOON)
    assert "迟报" in box([town["bureau"].id])[0].body


def test_what_is_not_reported_is_urged_once(town: Town) -> None:
    found(town)
    assert urge_reports() == 0
    with time_machine.travel(NOON + dt.timedelta(hours=1, minutes=1), tick=False):
        assert d.incidents(town["bureau"])[0].is_overdue
        assert urge_reports() == 1
        assert urge_reports() == 0
        assert "逾时未报告" in box([town["bureau"].id])[0].title


def test_a_foreign_units_incident_is_not_there(town: Town) -> None:
    incident = found(town)
    for name in ("housing data", "housing head", "catalogue", "auditor of a county"):
        with pytest.raises(NotFound) as foreign:
            d.incident(town[name], incident)
        with pytest.raises(NotFound) as nothing:
            d.incident(town[name], "inc_nothing")
        assert str(foreign.value) == str(nothing.value)
        with pytest.raises(NotFound):
            move(town[name], incident, "report")
        assert d.incidents(town[name]) == []
    assert [one.public_id for one in d.incidents(town["health clerk"])] == [incident]


def test_a_responsible_incident_goes_to_the_cyberspace_office_or_the_police_once(town: Town) -> None:
    incident = found(town)
    move(town["health data"], incident, "report")
    for to in ("", "housing"):
        with pytest.raises(Invalid):
            d.move_incident(town["bureau"], incident, "transfer", words="故意外泄", to=to)
    d.move_incident(town["bureau"], incident, "transfer", words="故意外泄", to="public-security")
    seen = d.incident(town["police"], incident)
    assert (seen.transferred_to, seen.state) == ("public-security", d.IncidentState.REPORTED)
    assert "transfer" not in {one.name for one in seen.moves}
    assert "移送" in box([town["police"].id])[0].title
    with pytest.raises(Invalid):
        d.move_incident(town["bureau"], incident, "transfer", words="再移送", to="cyberspace")


def test_nobody_closes_the_incident_of_their_own_unit(town: Town) -> None:
    own = d.find_incident(town["police"], replace(NEW, org="public-security"))
    move(town["police"], own, "report")
    move(town["police"], own, "remedy")
    with pytest.raises(NotAllowed):
        move(town["police"], own, "close")
    move(town["cyberspace"], own, "close")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: replace(NEW, org="housing"), NotAllowed),
        (lambda: replace(NEW, found_at=NOON + dt.timedelta(minutes=1)), Invalid),
        (lambda: replace(NEW, title=" "), Invalid),
        (lambda: replace(NEW, description=""), Invalid),
        (lambda: replace(NEW, grade="secret"), Invalid),
    ],
)
def test_what_cannot_be_entered(
    town: Town, wrong: Callable[[], d.NewIncident], error: type[Exception]
) -> None:
    with pytest.raises(error):
        d.find_incident(town["health clerk"], wrong())
    assert not Incident.objects.exists()


def test_every_move_is_journaled_with_its_words_kept(town: Town) -> None:
    incident = found(town, grade="important", personal=True)
    for who, name in [("health data", "measure"), *PATHS[d.IncidentState.REMEDIED], ("bureau", "return")]:
        move(town[who], incident, name)
    with pytest.raises(Invalid):
        d.move_incident(town["health data"], incident, "remedy", words=" ")
    seen = d.incident(town["bureau"], incident)
    assert [one.term for one in seen.events] == [
        "登记",
        "记录补救措施",
        "报告",
        "报告补救完成",
        "退回继续补救",
    ]
    assert seen.state is d.IncidentState.REPORTED
    actions = [entry["action"] for entry in entries_of(f"incident:{incident}")]
    assert actions == [
        f"data_security.incident.{one}" for one in ("found", "measure", "report", "remedy", "return")
    ]
