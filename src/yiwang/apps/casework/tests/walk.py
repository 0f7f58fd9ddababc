# SPDX-License-Identifier: Apache-2.0
"""Walk a case at random: every legal thing anybody may do next, and what must hold after each.

The due day is reckoned here day by day, from the clock rows and the calendar, without the engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.case_actions import actions_of, special_steps_of
from yiwang.apps.casework.deadlines import rules_of
from yiwang.apps.casework.models import Application, ItemCase, Stage
from yiwang.apps.casework.queries import release_for
from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.engines.process.kinds import ClockFlag, Role
from yiwang.kernel.actor import Actor

from . import town as t

Act = Callable[[], object]


def possible(town: t.Town, application: Application, wait: Callable[[int], None]) -> list[tuple[str, Act]]:
    """Everything that may be done now, in a fixed order: (what it is, do it)."""
    opened = release_for(application)
    found: list[tuple[str, Act]] = [(f"wait {days}", lambda d=days: wait(d)) for days in (1, 4)]  # type: ignore[misc]
    for case in _with_all(application.items.filter(open=True)):
        officer = t.both(case.item, case.place)
        found += _by_officer(officer, case, opened)
    found += _by_applicant(town["owner"], application)
    found += _by_clerk(
        t.officer("clerk", t.Post(t.Role.COUNTER, "", application.receiving_place)), application
    )
    return found


def _with_all(cases: QuerySet[ItemCase]) -> QuerySet[ItemCase]:
    """Cases in order, with whatever this page reads of each."""
    beside = cases.select_related("application", "finding__visit")
    return beside.prefetch_related("moves", "clock").order_by("id")


def _by_officer(officer: Actor, case: ItemCase, opened: OpenRelease) -> Iterator[tuple[str, Act]]:
    one = case.public_id
    for action in actions_of(officer, case, opened):
        for name, act in _commands(officer, case, opened, action.id):
            yield f"{case.item} {name}", act
    finding = getattr(case, "finding", None)
    if finding and finding.visit.planned_on is None:
        visit = finding.visit.public_id
        yield f"{case.item} plan_visit", lambda: cw.plan_visit(officer, visit, on=t.today())
    if _may_extend(case, opened):
        yield f"{case.item} extend", lambda: cw.extend(officer, one, days=Decimal(3), reason="情况复杂")


def _commands(officer: Actor, case: ItemCase, opened: OpenRelease, action: str) -> Iterator[tuple[str, Act]]:
    one = case.public_id
    plain: dict[str, Act] = {
        "accept": lambda: cw.accept(officer, one),
        "ask_correction": lambda: cw.ask_correction(officer, one, [_point(case, opened)]),
        "refuse_acceptance": lambda: cw.refuse_acceptance(officer, one, reason="不归", basis="法"),
        "begin_compliance_review": lambda: cw.begin_review(officer, one),
        "pass_compliance": lambda: cw.pass_compliance(officer, one, opinion="合规"),
        "propose_at_once": lambda: cw.propose(officer, one, opinion="可以"),
        "propose_decision": lambda: cw.propose(officer, one, opinion="可以"),
        "end_special_paused": lambda: cw.end_special(officer, one, opinion="完"),
        "end_special_counted": lambda: cw.end_special(officer, one, opinion="完"),
        "send_back": lambda: cw.send_back(officer, one, reason="再看"),
        "grant": lambda: cw.grant(officer, one, opinion="同意", states={"alpha-code": "甲" + one[-8:]}),
        "refuse": lambda: cw.refuse(officer, one, reason="不符", basis="法"),
        "terminate": lambda: cw.terminate(officer, one, reason="灭失", basis="法"),
    }
    if action in plain and not (action == "grant" and _barred(case)):
        yield action, plain[action]
    if action.startswith("begin_special"):
        for kind, _, stops in special_steps_of(case, opened):
            if stops == (action == "begin_special_paused"):
                yield (
                    f"begin {kind}",
                    lambda k=kind: cw.begin_special(officer, one, step=k, basis="法"),  # type: ignore[misc]
                )
    if action in ("begin_survey", "end_survey") and _planned(case):
        yield "finding", lambda: cw.record_finding(officer, one, passed=True, words="合格")
    if action == "hand_over" and case.application.handling_place != case.place:
        to = case.application.handling_place
        yield "hand_over", lambda: cw.hand_over(officer, one, to_place=to)


def _point(case: ItemCase, opened: OpenRelease) -> cw.Point:
    return cw.Point(opened.catalogue.items[case.item].elements[0].element, "再核对")


def _planned(case: ItemCase) -> bool:
    on = case.finding.visit.planned_on
    return on is not None and on <= t.today()


def _barred(case: ItemCase) -> bool:
    """A broken promise bars the grant; that is tested elsewhere."""
    late = case.application.documents.filter(deferred=True, due_on__lt=t.today())
    return case.item == "delta" and late.exists()


def _may_extend(case: ItemCase, opened: OpenRelease) -> bool:
    runs = opened.machine.clock(case.state) in (ClockFlag.RUNNING, ClockFlag.PAUSED)
    in_time = case.due_on is not None and t.today() <= case.due_on
    first = not any(row.kind == "extend" for row in case.clock.all())
    return runs and in_time and first and rules_of(case, opened).extension is not None


def _by_applicant(owner: Actor, application: Application) -> Iterator[tuple[str, Act]]:
    one = application.public_id
    if application.items.filter(state="correction_asked").exists():
        yield "supply", lambda: cw.supply_correction(owner, one)
    if application.items.filter(open=True).exclude(state="result_made").exists():
        yield "withdraw", lambda: cw.withdraw(owner, one, reason="不办了")
    if application.documents.filter(due_on__isnull=False, deferred=True).exists():
        yield (
            "late paper",
            lambda: cw.attach_file(owner, one, "late-paper", name="a.pdf", content=t.pdf()),
        )


def _by_clerk(clerk: Actor, application: Application) -> Iterator[tuple[str, Act]]:
    one = application.public_id
    if application.delivery != "electronic" and application.items.filter(state="result_made").exists():
        yield "deliver early", lambda: cw.deliver(clerk, one, receipt="本人", early=True)


# -- what must hold


def check(application: Application) -> None:
    """Raise AssertionError when something that must always hold does not."""
    opened = release_for(application)
    cases = list(_with_all(application.items.all()))
    states = {case.item: case for case in cases}
    for case in cases:
        _check_responsible(case, states, opened)
        _check_moves(case)
        _check_clock(case, opened)
    closed = application.stage in (Stage.FINISHED, Stage.WITHDRAWN)
    assert closed == (not any(case.open for case in cases)), (application.stage, states)


def _check_responsible(case: ItemCase, states: dict[str, ItemCase], opened: OpenRelease) -> None:
    acts = opened.machine.who_acts(case.state)
    assert case.open == (acts is not None), case.state
    assert case.open == (case.closed_at is None)
    if acts is Role.SYSTEM:
        assert case.waits_for, "it waits for nothing"
        assert all(states[item].open for item in case.waits_for), "it waits for what will never come"
    elif case.open:
        assert not case.waits_for, "it began before its inputs exist"


def _check_moves(case: ItemCase) -> None:
    moves = sorted(case.moves.all(), key=lambda move: move.pk)
    assert [m.before for m in moves] == ["draft", *(m.after for m in moves[:-1])]
    assert moves[-1].after == case.state


def _check_clock(case: ItemCase, opened: OpenRelease) -> None:
    kinds = [row.kind for row in sorted(case.clock.all(), key=lambda row: row.pk) if row.kind != "extend"]
    flag = opened.machine.clock(case.state)
    assert kinds.count("start") <= 1
    assert kinds.count("stop") <= 1
    if flag is ClockFlag.NONE:
        assert kinds == []
    elif flag is ClockFlag.STOPPED:
        assert kinds == [] or kinds[-1] == "stop"
    else:
        running = kinds[-1] in ("start", "resume")
        assert kinds[0] == "start"
        assert running == (flag is ClockFlag.RUNNING), kinds
    assert case.due_on == reckoned(case, opened), (case.item, case.state, kinds)


def reckoned(case: ItemCase, opened: OpenRelease) -> dt.date | None:
    """The due day, counted day by day: a day counts unless it is closed or lies within a pause."""
    rows = sorted(case.clock.all(), key=lambda row: (row.on, row.pk))
    if not rows:
        return None
    limit = opened.catalogue.items[case.item].promised_limit
    left = limit.days + sum((row.days or Decimal(0) for row in rows), Decimal(0))
    calendar, working = current().calendar, limit.unit.value == "working"
    pauses = _pauses(rows)
    day = next(row.on for row in rows if row.kind == "start")
    while left > 0:
        day += dt.timedelta(days=1)
        if any(first < day <= last for first, last in pauses):
            continue
        if calendar.is_workday(day) or not working:
            left -= 1
    while not calendar.is_workday(day) or any(first < day <= last for first, last in pauses):
        day += dt.timedelta(days=1)
    return day


def _pauses(rows: list[Any]) -> list[tuple[dt.date, dt.date]]:
    found: list[tuple[dt.date, dt.date]] = []
    begun: dt.date | None = None
    for row in rows:
        if row.kind == "pause":
            begun = row.on
        elif row.kind in ("resume", "stop") and begun is not None:
            found.append((begun, row.on))
            begun = None
    if begun is not None:
        found.append((begun, timezone.localdate()))
    return found
