# SPDX-License-Identifier: Apache-2.0
"""Handling: reviews, special steps with their own limit, joint visits, extensions within the law."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Finding, ItemCase, Visit
from yiwang.apps.casework.tests import town as t
from yiwang.apps.notices.public import box
from yiwang.engines.process import ClockError, IllegalMove
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

OFFICE = {"handler", "representative"}
SURVEYED = t.Errand(items=("delta", "epsilon"))


def at(town: t.Town, state: str) -> str:
    return t.bring(t.submitted(town), to=state)


def row(case: str) -> ItemCase:
    return ItemCase.objects.get(public_id=case)


def day(number: int, hour: int = 1) -> dt.datetime:
    return dt.datetime(2026, 3, number, hour, tzinfo=dt.UTC)


def test_two_reviews_one_after_the_other(town: t.Town) -> None:
    one = at(town, "compliance_review")
    with pytest.raises(Invalid):
        cw.pass_compliance(town["handler"], one, opinion=" ")
    cw.pass_compliance(town["handler"], one, opinion="合规")
    cw.propose(town["handler"], one, opinion="可以准予")
    assert row(one).state == "awaiting_decision"


def test_what_needs_no_review_is_proposed_on_the_spot(town: t.Town) -> None:
    one = at(town, "accepted")
    cw.propose(town["handler"], one, opinion="当场可以决定")
    assert row(one).state == "awaiting_decision"


@pytest.mark.parametrize(
    ("state", "command", "more"),
    [
        ("accepted", lambda a, c: cw.begin_review(a, c), set()),
        ("compliance_review", lambda a, c: cw.pass_compliance(a, c, opinion="合规"), set()),
        ("compliance_review", lambda a, c: cw.propose(a, c, opinion="可以"), set()),
        ("compliance_review", lambda a, c: cw.begin_special(a, c, step="hearing", basis="法"), {"approver"}),
    ],
)
def test_who_may_review(
    town: t.Town, state: str, command: t.Callable[[Actor, str], object], more: set[str]
) -> None:
    one = at(town, state)
    assert t.who_can(town, lambda actor: command(actor, one)) == OFFICE | more


# -- 特殊环节


def test_a_hearing_stops_the_clock_and_tells_how_long(town: t.Town, clock: time_machine.Traveller) -> None:
    one = at(town, "compliance_review")
    assert row(one).due_on == dt.date(2026, 3, 9)
    cw.begin_special(town["handler"], one, step="hearing", basis="行政许可法第四十七条")
    assert row(one).state == "special_paused"
    assert cw.case_view(town["handler"], one).special_until == dt.date(2026, 3, 6)  # four days of its own
    assert "最迟到2026年3月6日；所需时间依法不计入办理期限" in box([town["owner"].id])[0].body
    clock.move_to(day(5))
    cw.end_special(town["handler"], one, opinion="听证完毕")
    assert row(one).due_on == dt.date(2026, 3, 12)  # Tuesday to Thursday taken out
    assert cw.case_view(town["handler"], one).special_until is None


def test_a_case_that_stands_still_is_counted_anew_every_day(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    one = at(town, "compliance_review")
    cw.begin_special(town["handler"], one, step="hearing", basis="行政许可法第四十七条")
    clock.move_to(day(4))
    assert [cw.run_timers()["recomputed"] for _ in range(2)] == [1, 0]
    assert row(one).due_on == dt.date(2026, 3, 11)


def test_a_public_notice_counts(town: t.Town, clock: time_machine.Traveller) -> None:
    one = at(town, "compliance_review")
    cw.begin_special(town["handler"], one, step="publicity", basis="公示的规定")
    assert row(one).state == "special_counted"
    assert cw.case_view(town["handler"], one).special_until == dt.date(2026, 3, 4)
    clock.move_to(day(5))
    cw.end_special(town["handler"], one, opinion="没有异议")
    assert row(one).due_on == dt.date(2026, 3, 9)


@pytest.mark.parametrize("step", ["tender", "accept", "site_survey", "nonsense"])
def test_no_step_that_the_item_does_not_have(town: t.Town, step: str) -> None:
    one = at(town, "compliance_review")
    with pytest.raises(Invalid, match="流程之外无环节"):
        cw.begin_special(town["handler"], one, step=step, basis="没有")


# -- 联合踏勘


def visit_of(case: str) -> str:
    return Finding.objects.get(item_case__public_id=case).visit.public_id


def surveyed(town: t.Town) -> tuple[str, str]:
    """The cases of two departments that look at the same place, under review."""
    made = t.submitted(town, SURVEYED)
    for item in SURVEYED.items:
        t.bring(made, item, to="compliance_review")
    return t.case(made, "delta"), t.case(made, "epsilon")


def test_both_departments_go_once(town: t.Town) -> None:
    delta, epsilon = surveyed(town)
    assert visit_of(delta) == visit_of(epsilon)
    cw.plan_visit(t.both("delta"), visit_of(delta), on=t.today())
    assert "一次到现场" in box([town["owner"].id])[0].body
    cw.record_finding(t.both("delta"), delta, passed=True, words="合格")
    assert Visit.objects.get(public_id=visit_of(delta)).done_on is None
    cw.record_finding(t.both("epsilon"), epsilon, passed=True, words="合格")
    assert Visit.objects.get(public_id=visit_of(delta)).done_on == t.today()


def test_no_opinion_before_the_visit_and_no_finding_before_its_day(town: t.Town) -> None:
    delta, _ = surveyed(town)
    handler = t.both("delta")
    with pytest.raises(Conflict, match="先踏勘"):
        cw.propose(handler, delta, opinion="可以")
    with pytest.raises(Conflict, match="约定的日子"):
        cw.record_finding(handler, delta, passed=True, words="合格")
    cw.plan_visit(handler, visit_of(delta), on=t.today() + dt.timedelta(days=1))
    with pytest.raises(Conflict, match="约定的日子"):
        cw.record_finding(handler, delta, passed=True, words="合格")
    with pytest.raises(Invalid, match="不能早于今天"):
        cw.plan_visit(handler, visit_of(delta), on=t.today() - dt.timedelta(days=1))


def test_a_failed_finding_bars_the_grant_until_it_is_repeated(town: t.Town) -> None:
    delta, _ = surveyed(town)
    officer = t.both("delta")
    cw.plan_visit(officer, visit_of(delta), on=t.today())
    cw.record_finding(officer, delta, passed=False, words="消防通道堵塞")
    assert {"begin_survey", "propose_decision"} <= {a.id for a in cw.case_view(officer, delta).actions}
    cw.propose(officer, delta, opinion="整改后再定")
    with pytest.raises(Conflict, match="没有合格"):
        cw.grant(officer, delta, opinion="同意")
    cw.send_back(officer, delta, reason="整改后复验")
    cw.record_finding(officer, delta, passed=True, words="复验合格")
    cw.propose(officer, delta, opinion="符合条件")
    cw.grant(officer, delta, opinion="同意")


def test_who_left_the_application_does_not_hold_the_visit_up(town: t.Town) -> None:
    delta, epsilon = surveyed(town)
    cw.plan_visit(t.both("delta"), visit_of(delta), on=t.today())
    cw.terminate(t.both("epsilon"), epsilon, reason="标的灭失", basis="第七十条")
    cw.record_finding(t.both("delta"), delta, passed=True, words="合格")
    assert Visit.objects.get(public_id=visit_of(delta)).done_on == t.today()


def test_an_item_without_a_visit_has_no_finding(town: t.Town) -> None:
    one = at(town, "compliance_review")
    with pytest.raises(Invalid, match="没有现场踏勘"):
        cw.record_finding(town["handler"], one, passed=True, words="合格")


def test_who_may_plan_a_visit(town: t.Town) -> None:
    delta, _ = surveyed(town)
    cast = {"delta": t.both("delta"), "epsilon": t.both("epsilon"), "alpha": t.both("alpha")}
    everybody = t.Town({**town.actors, **cast}, town.firm)

    def plan(actor: Actor) -> None:
        cw.plan_visit(actor, visit_of(delta), on=t.today())

    assert t.who_can(everybody, plan) == {"delta", "epsilon"}


# -- 延长


def test_an_extension_within_the_legal_limit_leaves_that_alone(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    one = at(town, "compliance_review")
    legal = cw.case_view(town["approver"], one).legal_due_on
    assert legal == dt.date(2026, 3, 30)
    cw.extend(town["approver"], one, days=Decimal(10), reason="情况复杂")
    seen = cw.case_view(town["approver"], one)
    assert (seen.item.due_on, seen.legal_due_on) == (dt.date(2026, 3, 23), legal)
    assert "情况复杂" in box([town["owner"].id])[0].body
    assert seen.extension is None
    made = seen.row.id
    assert any("经批准延长10个工作日：情况复杂" in line for line in _told(town, made))


def _told(town: t.Town, application: str) -> t.Iterable[str]:
    """How the applicant is told the due day is counted."""
    return cw.application_view(town["owner"], application).items[0].clock


def test_the_law_lets_nobody_extend_twice_or_longer_or_late(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    one = at(town, "compliance_review")
    with pytest.raises(ClockError, match="最多延长10天"):
        cw.extend(town["approver"], one, days=Decimal(11), reason="情况复杂")
    cw.extend(town["approver"], one, days=Decimal(1), reason="情况复杂")
    with pytest.raises(ClockError, match="最多延长1次"):
        cw.extend(town["approver"], one, days=Decimal(1), reason="还是复杂")
    late = at(town, "compliance_review")
    clock.move_to(day(10))
    with pytest.raises(ClockError, match="届满"):
        cw.extend(town["approver"], late, days=Decimal(1), reason="忘了")


@pytest.mark.parametrize("days", ["NaN", "Infinity", "0", "-3"])
def test_only_a_number_of_days_extends(town: t.Town, days: str) -> None:
    one = at(town, "compliance_review")
    with pytest.raises(Invalid):
        cw.extend(town["approver"], one, days=Decimal(days), reason="情况复杂")


def test_only_a_licence_can_be_extended(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(items=("gamma",)))
    one = t.bring(made, "gamma", to="compliance_review")
    officer = t.both("gamma")
    assert cw.case_view(officer, one).extension is None
    with pytest.raises(ClockError, match="依法不能延长"):
        cw.extend(officer, one, days=Decimal(1), reason="情况复杂")


def test_who_may_extend(town: t.Town) -> None:
    one = at(town, "compliance_review")

    def extend(actor: Actor) -> None:
        cw.extend(actor, one, days=Decimal(1), reason="情况复杂")

    assert t.who_can(town, extend) == {"approver", "representative"}


def test_before_acceptance_there_is_nothing_to_handle(town: t.Town) -> None:
    one = t.case(t.submitted(town))
    with pytest.raises(IllegalMove):
        cw.begin_review(town["handler"], one)
    with pytest.raises(ClockError):
        cw.extend(town["approver"], one, days=Decimal(1), reason="情况复杂")
