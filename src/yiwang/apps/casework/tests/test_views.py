# SPDX-License-Identifier: Apache-2.0
"""What each reader sees: no more than their part, whole only while it is needed; every look is logged."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.tests import town as t
from yiwang.apps.identity import public as identity
from yiwang.apps.journal.public import entries_of, looks_at
from yiwang.apps.materials.public import describe
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, NotFound

SEEING_THE_CASE = {"owner", "clerk", "handler", "approver", "representative", "auditor"}


def test_who_may_see(town: t.Town) -> None:
    made = t.submitted(town)
    one = t.case(made)
    assert t.who_can(town, lambda a: cw.case_view(a, one)) == SEEING_THE_CASE
    assert t.who_can(town, lambda a: cw.application_view(a, made)) == SEEING_THE_CASE


def test_who_may_open_a_file(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "delta")))
    plan = cw.case_view(town["handler"], t.case(made)).documents[0].files[0].public_id

    def from_alpha(actor: Actor) -> None:
        cw.case_file(actor, t.case(made), plan)

    assert t.who_can(town, from_alpha) == SEEING_THE_CASE
    with pytest.raises(NotFound, match="本事项不需要它"):
        cw.case_file(t.both("delta"), t.case(made, "delta"), plan)
    assert describe([plan])


def test_a_stranger_is_told_the_same_as_about_nothing(town: t.Town) -> None:
    made = t.submitted(town)
    said = []
    for unknown in (made, "a_00000000000000000000000000"):
        with pytest.raises(NotFound) as error:
            cw.application_view(town["stranger"], unknown)
        said.append(str(error.value))
    assert said[0] == said[1]


def test_an_officer_sees_what_their_item_asks_for_and_nothing_else(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "delta")))
    seen = cw.case_view(town["handler"], t.case(made))
    assert [field.element for field in seen.fields] == ["shop", "phone", "seats"]
    assert [document.material for document in seen.documents] == ["plan"]
    assert [other.name for other in seen.others] == ["丁核准"]
    whole = cw.application_view(town["handler"], made)
    assert (whole.form, whole.answers, whole.plan, whole.documents) == ({}, {}, {}, [])
    assert whole.delivery_address == ""


def test_sensitive_values_are_whole_only_for_whoever_handles_an_open_case(town: t.Town) -> None:
    made = t.submitted(town)

    def phone(persona: str) -> tuple[object, bool]:
        field = next(f for f in cw.case_view(town[persona], t.case(made)).fields if f.element == "phone")
        return field.value, field.hidden

    assert phone("handler") == ("13800000000", False)
    assert phone("auditor") == ("138****0000", True)
    t.bring(made)
    assert phone("handler") == ("138****0000", True)
    assert cw.application_view(town["clerk"], made).form["phone"] == "138****0000"
    assert cw.application_view(town["owner"], made).form["phone"] == "13800000000"


@pytest.mark.parametrize(
    ("persona", "purpose"),
    [("handler", "办理本办件"), ("clerk", "窗口收件、送达本办件"), ("auditor", "监督检查本办件的办理")],
)
def test_every_look_of_an_officer_is_logged_with_purpose_and_basis(
    town: t.Town, persona: str, purpose: str
) -> None:
    made = t.submitted(town)
    cw.case_view(town[persona], t.case(made))
    (look,) = [e for e in entries_of(f"looks:{made}") if e["action"] == "case.look"]
    assert (look["actor"], look["about"], look["subject"]) == (
        town[persona].id,
        t.case(made),
        town["owner"].id,
    )
    assert look["purpose"] == purpose
    assert look["basis"].startswith("行政许可法")
    assert look["purpose"] in [one["purpose"] for one in looks_at(town["owner"].id)]


def test_a_clerks_look_at_a_draft_is_logged_too_and_the_owners_own_is_not(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    cw.draft_view(town["owner"], made)
    assert entries_of(f"looks:{made}") == []
    cw.draft_view(town["clerk"], made)
    assert len(entries_of(f"looks:{made}")) == 1


# -- agents


def test_an_agent_without_mandate_sees_nothing_any_more(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(by=town["agent"], subject=town.firm))
    assert [row.id for row in cw.applications_of(town["agent"])] == [made]
    identity.revoke_mandate(town["chief"], town.firm, town["agent"].id)
    without = Actor(town["agent"].kind, town["agent"].id, town["agent"].name)
    assert cw.applications_of(without) == []
    with pytest.raises(NotFound):
        cw.application_view(without, made)


def test_letters_go_to_whoever_may_act(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(by=town["agent"], subject=town.firm))
    cw.accept(town["clerk"], t.case(made))
    assert len(box([town["agent"].id])) == 1
    identity.revoke_mandate(town["chief"], town.firm, town["agent"].id)
    t.bring_on(made)
    assert len(box([town["agent"].id])) == 1
    assert box([town.firm])[0].title == "全部结果已送达"


# -- limits and lists


def test_a_case_shows_the_promised_and_the_legal_day(town: t.Town, clock: time_machine.Traveller) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "gamma")))
    assert cw.case_view(town["handler"], t.case(made)).legal_due_on is None
    for item in ("alpha", "gamma"):
        t.bring(made, item, to="accepted")
    alpha = cw.case_view(town["handler"], t.case(made))
    assert (alpha.item.due_on, alpha.legal_due_on) == (dt.date(2026, 3, 9), dt.date(2026, 3, 30))
    gamma = cw.case_view(t.both("gamma"), t.case(made, "gamma"))
    assert (gamma.item.due_on, gamma.legal_due_on) == (dt.date(2026, 3, 5), dt.date(2026, 3, 9))
    assert gamma.item.tacit == "七日内没有答复的，视为没有异议"


def test_the_worklist_goes_by_the_clock_and_shows_lights(town: t.Town, clock: time_machine.Traveller) -> None:
    first, second, third = (t.submitted(town) for _ in range(3))
    t.bring(second, to="accepted")  # due on the 9th
    clock.move_to(dt.datetime(2026, 3, 3, 1, tzinfo=dt.UTC))
    t.bring(first, to="accepted")  # due on the 10th
    clock.move_to(dt.datetime(2026, 3, 10, 1, tzinfo=dt.UTC))
    page = cw.worklist(town["handler"], size=2)
    assert [(row.id, row.light.value) for row in page.rows] == [
        (t.case(second), "late"),
        (t.case(first), "red"),
    ]
    rest = cw.worklist(town["handler"], size=2, after=page.after)
    assert [row.id for row in rest.rows] == [t.case(third)]
    assert rest.after == ""
    (lights,) = cw.lights_by_org(town["auditor"])
    assert (lights.org, lights.open, lights.late, lights.red, lights.grey) == ("health", 3, 1, 1, 1)


def test_a_decided_case_leaves_the_worklist_and_its_light_goes_out(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(delivery="counter"))
    t.bring(made)
    assert cw.worklist(town["handler"]).rows == []
    assert [row.light.value for row in cw.worklist(town["handler"], waiting=True).rows] == ["grey"]


def test_a_worklist_is_for_ones_own_department_and_place(town: t.Town) -> None:
    t.submitted(town)
    seeing = {p for p in town.actors if cw.worklist(town[p]).rows}
    assert seeing == {"handler", "approver", "representative", "auditor"}
    assert {p for p in town.actors if cw.intake(town[p]).rows} == {"clerk", "representative"}


def test_a_page_that_is_none_is_refused(town: t.Town) -> None:
    with pytest.raises(Invalid):
        cw.worklist(town["handler"], after="2026-99-99_x")


def test_case_volumes_are_counted_by_item_and_year_of_china(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    before = cw.volumes(2026)
    t.submitted(town, t.Errand(items=("alpha", "gamma")))
    t.draft(town, t.Errand())
    clock.move_to(dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC))  # the new year has begun in China
    t.submitted(town)
    counted = {item: count - before.get(item, 0) for item, count in cw.volumes(2026).items()}
    assert {item: count for item, count in counted.items() if count} == {"alpha": 1, "gamma": 1}
    assert cw.volumes(2027) == {"alpha": 1}
    assert cw.volumes(2020) == {}
