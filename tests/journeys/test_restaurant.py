# SPDX-License-Identifier: Apache-2.0
"""One restaurant, and everything that can happen to it on the way."""

from __future__ import annotations

from typing import Any

import pytest

from support.errands import (
    HOME,
    Applicant,
    apply,
    begin,
    clerk,
    fill,
    grant,
    grant_all,
    officer,
    ready,
    review,
    states_of,
)
from yiwang.apps.casework import public as cw
from yiwang.apps.licences.public import held_by
from yiwang.apps.notices.public import box
from yiwang.conf.demo.papers import paper
from yiwang.kernel.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.django_db

EVENT = "open-restaurant"
SOLE_TRADER: dict[str, Any] = {
    "has-licence": False,
    "firm-kind": "个体工商户",
    "premises-county": HOME,
    "premises-area": "120",
    "seat-count": "40",
    "fire-check-way": "现场检查",
    "has-shop-sign": True,
    "has-large-advertisement": False,
    "drainage-way": "市政污水管网",
    "key-drainage-household": False,
    "staff-count": "5",
}
COMPANY = SOLE_TRADER | {"firm-kind": "公司"}
REGISTRATION = "sole-trader-registration"
USE_PROOF = "premises-use-proof"


def case_of(applicant: Applicant, application: str, item: str) -> str:
    """The public id of an item's case."""
    view = cw.application_view(applicant.actor, application)
    return next(one.id for one in view.items if one.item == item)


def item_of(applicant: Applicant, application: str, item: str) -> Any:
    """An item as its applicant follows it."""
    view = cw.application_view(applicant.actor, application)
    return next(one for one in view.items if one.item == item)


@pytest.mark.parametrize(
    ("answers", "first", "extra"),
    [(SOLE_TRADER, REGISTRATION, set()), (COMPANY, "firm-registration", {"seal-filing"})],
    ids=["sole trader", "company"],
)
def test_every_item_waits_for_the_licence_and_then_goes_on_by_itself(
    resident: Applicant, answers: dict[str, Any], first: str, extra: set[str]
) -> None:
    application = apply(resident, EVENT, answers)
    before = {i.item: i.state for i in cw.application_view(resident.actor, application).items}
    assert before[first] == "submitted"
    assert extra <= set(before)
    assert before["food-licence"] == "waiting_earlier"

    grant(officer("market-regulation"), case_of(resident, application, first))

    after = {i.item: i.state for i in cw.application_view(resident.actor, application).items}
    assert "waiting_earlier" not in after.values()
    done = grant_all(resident, application)
    assert done.row.stage == "finished"
    licences = {one.material: one for one in held_by([resident.subject])}
    assert (
        licences["food-licence-certificate"].fields["firm-uscc"]
        == licences["business-licence"].fields["firm-uscc"]
    )


def test_the_code_is_the_number_of_the_licence_that_gives_it_out_and_of_no_other(resident: Applicant) -> None:
    grant_all(resident, apply(resident, EVENT, SOLE_TRADER))
    licences = {one.material: one for one in held_by([resident.subject])}
    trade, food = licences["business-licence"], licences["food-licence-certificate"]
    assert trade.number == trade.fields["firm-uscc"]
    assert food.number != trade.number


def test_a_result_must_state_what_later_items_wait_for(resident: Applicant) -> None:
    application = apply(resident, EVENT, SOLE_TRADER)
    case = case_of(resident, application, REGISTRATION)
    who = officer("market-regulation")
    review(who, case)
    cw.propose(who, case, opinion="符合条件")
    with pytest.raises(Invalid, match="统一社会信用代码"):
        cw.grant(who, case, opinion="准予")
    assert item_of(resident, application, REGISTRATION).state == "awaiting_decision"


def test_departments_visit_the_premises_once_together(resident: Applicant) -> None:
    application = apply(resident, EVENT, SOLE_TRADER)
    grant(officer("market-regulation"), case_of(resident, application, REGISTRATION))
    food, fire = officer("market-regulation"), officer("fire-rescue")
    food_case = case_of(resident, application, "food-licence")
    fire_case = case_of(resident, application, "fire-check-inspection")

    review(food, food_case)
    visit = cw.case_view(fire, fire_case).visit
    assert visit is not None
    assert visit.planned_on is not None  # the other department has set the day for both
    assert visit.done_on is None
    cw.accept(fire, fire_case)
    cw.begin_review(fire, fire_case)
    with pytest.raises(Conflict):
        cw.propose(fire, fire_case, opinion="没有看现场")
    cw.record_finding(fire, fire_case, passed=True, words="疏散通道畅通")

    (seen,) = cw.application_view(resident.actor, application).visits
    assert seen.done_on is not None
    assert len(seen.departments) == 2


def test_a_correction_is_asked_once_in_full_and_nothing_else_may_change(resident: Applicant) -> None:
    application = apply(resident, EVENT, SOLE_TRADER)
    who, case = officer("market-regulation"), case_of(resident, application, REGISTRATION)
    cw.ask_correction(who, case, [cw.Point(USE_PROOF, "缺签字页")])
    assert item_of(resident, application, REGISTRATION).corrections == [
        {"target": USE_PROOF, "name": "经营场所使用证明", "what": "缺签字页"}
    ]
    assert any("需要补正" in letter.title for letter in box([resident.actor.id]))
    with pytest.raises(Conflict):
        cw.save_form(resident.actor, application, {"firm-name": "另一家店"})

    view = cw.application_view(resident.actor, application)
    name, content = paper(view.release.catalogue.materials[USE_PROOF])
    cw.attach_file(resident.actor, application, USE_PROOF, name=name, content=content)
    assert cw.supply_correction(resident.actor, application) == 1

    with pytest.raises(Conflict):
        cw.ask_correction(who, case, [cw.Point("id-card", "再补一次")])
    assert grant_all(resident, application).row.stage == "finished"


def test_a_withdrawal_ends_what_is_not_decided_and_keeps_what_is(resident: Applicant) -> None:
    application = apply(resident, EVENT, SOLE_TRADER)
    grant(officer("market-regulation"), case_of(resident, application, REGISTRATION))
    total = len(cw.application_view(resident.actor, application).items)

    assert cw.withdraw(resident.actor, application, reason="不开了") == total - 1

    view = cw.application_view(resident.actor, application)
    states = {item.item: item.state for item in view.items}
    assert states.pop(REGISTRATION) == "archived"  # its result is handed over
    assert set(states.values()) == {"withdrawn"}
    assert "business-licence" in {one.material for one in held_by([resident.subject])}
    with pytest.raises(Conflict):
        cw.withdraw(resident.actor, application, reason="再撤一次")


def test_a_refusal_says_why_and_what_to_do_and_ends_what_depends_on_it(resident: Applicant) -> None:
    application = apply(resident, EVENT, SOLE_TRADER)
    who, case = officer("market-regulation"), case_of(resident, application, REGISTRATION)
    review(who, case)
    cw.propose(who, case, opinion="建议不予登记")
    cw.refuse(who, case, reason="经营场所是违法建筑", basis="市场主体登记管理条例第十一条")

    refused = item_of(resident, application, REGISTRATION)
    assert refused.granted is False
    assert "违法建筑" in refused.reason
    assert "行政复议" in refused.remedy
    states = {i.item: i.state for i in cw.application_view(resident.actor, application).items}
    assert states["food-licence"] == "terminated"
    assert states["health-check"] == "submitted"  # it needs no licence
    assert grant_all(resident, application).row.stage == "finished"
    letters = [letter for letter in box([resident.actor.id]) if "没有通过" in letter.title]
    assert len(letters) == 1
    assert "行政复议" in letters[0].body


def test_what_a_clerk_begins_the_person_finishes_online(walk_in: Applicant) -> None:
    desk = clerk()
    draft = cw.start_draft(desk, cw.NewDraft(EVENT, walk_in.subject, walk_in.subject, HOME, SOLE_TRADER))
    cw.save_form(desk, draft, {"firm-name": "驻马店市驿城区示例面馆"})
    assert [row.id for row in cw.applications_of(walk_in.actor)] == [draft]

    fill(walk_in.actor, draft)
    view = cw.draft_view(walk_in.actor, draft)
    assert view.typed["firm-name"] == "驻马店市驿城区示例面馆"
    assert cw.submit(walk_in.actor, draft, key="online-1").number
    assert cw.application_view(desk, draft).row.channel == "窗口"


def test_an_application_taken_elsewhere_is_handed_over_and_decided_where_it_belongs(
    walk_in: Applicant,
) -> None:
    here, there = "xiping", HOME
    desk = clerk(here)
    draft = cw.start_draft(desk, cw.NewDraft(EVENT, walk_in.subject, walk_in.subject, there, SOLE_TRADER))
    fill(desk, draft)
    cw.submit(desk, draft, key="elsewhere-1")
    case = case_of(walk_in, draft, REGISTRATION)
    receiver, handler = officer("market-regulation", here), officer("market-regulation", there)

    cw.hand_over(receiver, case, to_place=there, words="申请人要在驿城区开店")

    with pytest.raises(NotFound):
        cw.case_view(receiver, case)
    assert grant(handler, case)


def test_submitting_twice_gives_one_application(resident: Applicant) -> None:
    draft = begin(resident, EVENT, SOLE_TRADER)
    fill(resident.actor, draft)
    first = cw.submit(resident.actor, draft, key="double-1")
    assert cw.submit(resident.actor, draft, key="double-1") == first
    assert cw.submit(resident.actor, draft, key="double-2") == first
    items = [i.item for i in cw.application_view(resident.actor, draft).items]
    assert len(items) == len(set(items))
    assert sum("已提交" in letter.title for letter in box([resident.actor.id])) == 1


def test_of_two_officers_the_second_is_told_who_was_first(resident: Applicant) -> None:
    application = apply(resident, EVENT, SOLE_TRADER)
    case = case_of(resident, application, REGISTRATION)
    one, two = officer("market-regulation", name="一"), officer("market-regulation", name="二")
    states = states_of(review(one, case))
    cw.propose(one, case, opinion="符合条件")
    seen = cw.case_view(two, case).version

    cw.grant(one, case, opinion="准予", states=states, version=seen)
    with pytest.raises(Conflict, match="market-regulation一"):
        cw.refuse(two, case, reason="晚了一步", basis="无", version=seen)

    seen_now = item_of(resident, application, REGISTRATION)
    assert seen_now.granted is True
    assert [move.by for move in seen_now.moves if move.by_person][-1] == "market-regulation一"


def test_a_stranger_is_told_there_is_no_such_application(resident: Applicant, walk_in: Applicant) -> None:
    application = apply(resident, EVENT, SOLE_TRADER)
    with pytest.raises(NotFound):
        cw.application_view(walk_in.actor, application)
    elsewhere = officer("market-regulation", "xiping")
    for case, _ in ready(resident, application):
        with pytest.raises(NotFound):
            cw.case_view(elsewhere, case)
