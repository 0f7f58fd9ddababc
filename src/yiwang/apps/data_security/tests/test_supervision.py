# SPDX-License-Identifier: Apache-2.0
"""Supervision (第二十五、二十六条): by whom, in which order; no notice without deduction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from yiwang.apps.data_security import public as d
from yiwang.apps.data_security.commands.supervision import tell_overdue
from yiwang.apps.data_security.domain.moves import Side
from yiwang.apps.data_security.models import LedgerEntry, SupervisionCase
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .conftest import NOON, TODAY

Town = dict[str, Actor]
STEPS = {
    d.CaseState.FOUND: [],
    d.CaseState.TALKED: [("bureau", "talk")],
    d.CaseState.RECTIFYING: [("bureau", "order")],
    d.CaseState.CIRCULATED: [("bureau", "order"), ("bureau", "circulate")],
    d.CaseState.MENDED: [("bureau", "order"), ("health head", "mended")],
    d.CaseState.REMOVED: [("bureau", "order"), ("health head", "mended"), ("bureau", "remove")],
}


def opened(town: Town, *, serious: bool = True, org: str = "health") -> str:
    """A case that the bureau opened."""
    return d.open_case(town["bureau"], d.NewCase(org, "日志不全", "没有按规定建立操作日志", serious))


def move(actor: Actor, case: str, name: str, *, due: dt.date | None = None) -> None:
    """Make a move with all it needs."""
    given = d.CaseMove("情况说明", "主任 张某", due)
    if name == "circulate":
        with time_machine.travel(NOON + dt.timedelta(days=60), tick=False):
            d.move_case(actor, case, name, given)
        return
    d.move_case(actor, case, name, given)


@pytest.mark.parametrize("state", list(d.CaseState))
def test_only_declared_moves_by_the_right_side(town: Town, state: d.CaseState) -> None:
    case = opened(town)
    for who, name in STEPS[state]:
        move(town[who], case, name)
    unit, body = {"health head", "health data"}, {"bureau", "cyberspace", "police"}
    for name, made in d.CASE_MOVES.items():
        for who, actor in town.items():
            allowed = who in (unit if made.side is Side.UNIT else body) and state in made.sources
            if not allowed:
                with pytest.raises((NotFound, NotAllowed, Conflict)):
                    move(actor, case, name)
            elif name != "circulate":
                assert name in {one.name for one in d.case(actor, case).moves}
    assert SupervisionCase.objects.get().state == state.value


def test_nobody_else_opens_a_case_and_nobody_against_themselves(town: Town) -> None:
    new = d.NewCase("health", "问题", "事实")
    for name in ("health head", "housing data", "auditor", "catalogue", "health clerk"):
        with pytest.raises(NotAllowed):
            d.open_case(town[name], new)
    with pytest.raises(NotAllowed):
        d.open_case(town["police"], d.NewCase("public-security", "问题", "事实"))
    with pytest.raises(NotAllowed):
        d.open_case(town["bureau"], d.NewCase("service-bureau", "问题", "事实"))
    with pytest.raises(NotFound):
        d.open_case(town["bureau"], d.NewCase("nowhere", "问题", "事实"))
    with pytest.raises(Invalid):
        d.open_case(town["bureau"], d.NewCase("health", "问题", " "))


def test_a_talk_needs_a_serious_risk_and_the_main_responsible_person(town: Town) -> None:
    slight, serious = opened(town, serious=False), opened(town)
    assert "talk" not in {one.name for one in d.case(town["bureau"], slight).moves}
    with pytest.raises(Conflict, match="较大风险"):
        move(town["bureau"], slight, "talk")
    with pytest.raises(Invalid):
        d.move_case(town["bureau"], serious, "talk", d.CaseMove("谈了"))
    move(town["bureau"], serious, "talk")
    assert d.case(town["health head"], serious).talked_with == "主任 张某"


def test_the_due_day_is_the_settings_or_the_supervisors(town: Town) -> None:
    usual, own, past = opened(town), opened(town), opened(town)
    move(town["bureau"], usual, "order")
    assert d.case(town["bureau"], usual).due_on == dt.date(2026, 6, 3)  # ten working days
    move(town["bureau"], own, "order", due=TODAY)
    assert d.case(town["bureau"], own).due_on == TODAY
    with pytest.raises(Invalid):
        move(town["bureau"], past, "order", due=TODAY - dt.timedelta(days=1))


@pytest.fixture
def overdue(town: Town) -> Iterator[str]:
    """A case whose day has passed; the day after."""
    case = opened(town)
    move(town["bureau"], case, "order", due=TODAY)
    with pytest.raises(Conflict, match="还没有过"):
        d.move_case(town["bureau"], case, "circulate", d.CaseMove("通报"))
    with time_machine.travel(NOON + dt.timedelta(days=1), tick=False):
        yield case


def test_not_mended_in_time_notice_and_deduction_come_together(town: Town, overdue: str) -> None:
    assert tell_overdue() == 1
    assert tell_overdue() == 0
    assert d.case(town["health data"], overdue).is_overdue
    d.move_case(town["bureau"], overdue, "circulate", d.CaseMove("逾期未建立操作日志"))
    (line,) = d.notices(town["housing data"], year=2026)
    assert (line.number, line.org, line.points, line.words) == (1, "health", Decimal(2), "逾期未建立操作日志")
    assert d.totals(year=2026) == [d.Total("health", 2026, Decimal(2), 1)]
    assert d.totals(year=2025) == []
    assert "情况通报" in box([town["housing data"].id])[0].title
    assert d.case(town["health data"], overdue).state is d.CaseState.CIRCULATED
    with pytest.raises(Conflict):
        d.move_case(town["bureau"], overdue, "circulate", d.CaseMove("再通报"))
    d.move_case(town["health head"], overdue, "mended", d.CaseMove("已建立"))
    d.move_case(town["bureau"], overdue, "remove", d.CaseMove("已核实"))
    assert len(d.notices(town["bureau"], year=2026)) == 1


def test_the_ledger_only_grows(town: Town, overdue: str) -> None:
    d.move_case(town["bureau"], overdue, "circulate", d.CaseMove("通报"))
    row = LedgerEntry.objects.get()
    for change in (row.save, row.delete, LedgerEntry.objects.all().delete):
        with pytest.raises(TypeError):
            change()
    for name in ("cyberspace", "health head", "auditor"):
        with pytest.raises(NotAllowed):
            d.take_back(town[name], row.public_id, why="误报")
    back = d.take_back(town["bureau"], row.public_id, why="误报")
    assert d.totals(year=2026) == [d.Total("health", 2026, Decimal(0), 0)]
    new, old = d.notices(town["bureau"], year=2026)
    assert (new.public_id, new.takes_back, old.taken_back) == (back, 1, True)
    for entry in (row.public_id, back):
        with pytest.raises(Conflict):
            d.take_back(town["bureau"], entry, why="再撤")
    with pytest.raises(NotFound):
        d.take_back(town["bureau"], "led_nothing", why="误报")


def test_totals_agree_with_adding_by_hand(town: Town) -> None:
    for org, count in (("health", 2), ("housing", 1)):
        for _ in range(count):
            case = opened(town, org=org)
            move(town["bureau"], case, "order", due=TODAY)
            move(town["bureau"], case, "circulate")
    lines = d.notices(town["bureau"], year=2026)
    assert sorted(one.number for one in lines) == [1, 2, 3]
    first = next(one for one in lines if one.org == "health")
    d.take_back(town["bureau"], first.public_id, why="误报")
    assert d.totals(year=2026) == [
        d.Total("health", 2026, Decimal(2), 1),
        d.Total("housing", 2026, Decimal(2), 1),
    ]


def test_a_foreign_units_case_is_not_there(town: Town) -> None:
    case = opened(town)
    for name in ("housing data", "health clerk", "catalogue"):
        with pytest.raises(NotFound) as foreign:
            d.case(town[name], case)
        with pytest.raises(NotFound) as nothing:
            d.case(town[name], "sup_nothing")
        assert str(foreign.value) == str(nothing.value)
        assert d.cases(town[name]) == []
    assert [one.public_id for one in d.cases(town["auditor"])] == [case]
