# SPDX-License-Identifier: Apache-2.0
"""A document that one case accepted stands in the next; the paper way stays open."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Document
from yiwang.apps.casework.tests import town as t
from yiwang.apps.materials.public import EMaterialView, e_materials_of, withdraw_e_material
from yiwang.engines.planning import Supply
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

LARGE = t.Errand(answers=t.LARGE_AREA)


def granted(town: t.Town, errand: t.Errand = LARGE) -> str:
    """A large errand that was granted: its sketch is kept."""
    made = t.submitted(town, errand)
    t.bring(made)
    return made


def kept(town: t.Town, material: str = "") -> list[EMaterialView]:
    """What is kept about the owner: all of it, or documents of one type."""
    return [one for one in e_materials_of(town["owner"]) if material in ("", one.material)]


def line(actor: Actor, draft: str, material: str = "sketch") -> tuple[Supply, str]:
    """How a document of a draft comes, and why."""
    (found,) = [one for one in cw.draft_view(actor, draft).plan.materials.lines if one.material == material]
    return found.resolution, found.reason


def test_a_grant_keeps_the_documents_and_the_results_that_are_no_licences(town: t.Town) -> None:
    made = t.submitted(town, t.Errand(items=("alpha", "gamma"), answers=t.LARGE_AREA))
    t.bring(made, "alpha")
    t.bring(made, "gamma")
    rows = kept(town)
    assert {(row.material, row.origin) for row in rows} == {
        ("gamma-record", "办理结果"),
        ("plan", "申请材料"),
        ("sketch", "申请材料"),
    }
    assert {row.org for row in rows if row.material == "sketch"} == {"health"}
    assert {row.application for row in rows} == {made}


def test_neither_a_correction_nor_a_refusal_keeps_anything(town: t.Town) -> None:
    made = t.submitted(town, LARGE)
    one = t.case(made)
    cw.ask_correction(t.both("alpha"), one, [cw.Point("sketch", "重画")])
    cw.attach_file(town["owner"], made, "sketch", name="b.pdf", content=t.pdf())
    cw.supply_correction(town["owner"], made)
    t.bring(made, to="awaiting_decision")
    cw.refuse(t.both("alpha"), one, reason="不符合", basis="第一条")
    assert kept(town) == []


def test_the_next_case_shows_the_saved_document_and_the_officer_opens_it(town: t.Town) -> None:
    granted(town)
    draft = t.draft(town, LARGE)
    way, reason = line(town["owner"], draft)
    assert way is Supply.E_MATERIAL
    assert "电子材料" in reason
    t.give_documents(town["owner"], draft)
    cw.submit(town["owner"], draft, key="again")
    row = Document.objects.get(application__public_id=draft, material="sketch")
    assert (row.resolution, row.files, row.evidence[:3]) == ("e_material", [], "em_")
    one = t.case(draft)
    seen = {d.material: d for d in cw.case_view(town["handler"], one).documents}["sketch"]
    assert [f.name for f in seen.files] == ["a.pdf"]
    assert "以前交过" in seen.source
    assert seen.kept is not None
    assert seen.kept.application != draft
    assert cw.case_file(town["handler"], one, seen.files[0].public_id)[1] == t.pdf()
    own = {d.material: d for d in cw.application_view(town["owner"], draft).documents}["sketch"]
    assert own.files == seen.files
    (sketch,) = kept(town, "sketch")
    assert [use.application for use in sketch.uses] == [draft]
    t.bring(draft)
    assert t.state(draft) == "archived"


def test_a_used_document_is_not_kept_again_and_its_term_does_not_grow(town: t.Town) -> None:
    first = granted(town)
    again = t.submitted(town, LARGE)
    t.bring(again)
    assert [one.application for one in kept(town, "sketch")] == [first]


def test_after_its_term_the_applicant_is_asked_again(town: t.Town, clock: time_machine.Traveller) -> None:
    granted(town)
    clock.move_to(dt.datetime(2026, 4, 1, 1, tzinfo=dt.UTC))
    assert line(town["owner"], t.draft(town, LARGE))[0] is Supply.E_MATERIAL
    clock.move_to(dt.datetime(2026, 4, 2, 1, tzinfo=dt.UTC))
    assert line(town["owner"], t.draft(town, LARGE))[0] is Supply.APPLICANT


def test_what_is_the_firms_is_not_its_agents(town: t.Town) -> None:
    granted(town, t.Errand(by=town["agent"], subject=town.firm, answers=t.LARGE_AREA))
    assert (
        line(town["agent"], t.draft(town, t.Errand(by=town["agent"], answers=t.LARGE_AREA)))[0]
        is Supply.APPLICANT
    )
    for_firm = t.Errand(by=town["chief"], subject=town.firm, answers=t.LARGE_AREA)
    assert line(town["chief"], t.draft(town, for_firm))[0] is Supply.E_MATERIAL


def test_nothing_is_granted_on_a_document_its_holder_called_out_of_date(town: t.Town) -> None:
    granted(town)
    made = t.submitted(town, LARGE)
    (sketch,) = kept(town, "sketch")
    withdraw_e_material(town["owner"], sketch.public_id, why="outdated")
    t.bring(made, to="awaiting_decision")
    with pytest.raises(Conflict, match="停用或损坏"):
        cw.grant(t.both("alpha"), t.case(made), opinion="同意", states={"alpha-code": "甲"})


def test_a_correction_of_it_wants_a_new_file(town: t.Town) -> None:
    granted(town)
    made = t.submitted(town, LARGE)
    cw.ask_correction(t.both("alpha"), t.case(made), [cw.Point("sketch", "图已过时，请重交")])
    with pytest.raises(cw.NotComplete):
        cw.supply_correction(town["owner"], made)
    cw.attach_file(town["owner"], made, "sketch", name="新.pdf", content=t.pdf())
    assert cw.supply_correction(town["owner"], made) == 1
    seen = {d.material: d for d in cw.case_view(town["handler"], t.case(made)).documents}["sketch"]
    assert [f.name for f in seen.files] == ["新.pdf"]


# -- 同时保留持实体证照、纸质材料办理


def test_whoever_prefers_hands_the_paper_in_and_nobody_looks(town: t.Town) -> None:
    granted(town)
    draft = t.draft(town, LARGE)
    owner = town["owner"]
    with pytest.raises(Invalid):
        cw.hand_in_myself(owner, draft, "plan")
    cw.hand_in_myself(owner, draft, "sketch")
    assert line(owner, draft)[0] is Supply.APPLICANT
    assert "sketch" in cw.draft_view(owner, draft).problems
    assert {d.material: d.own_way for d in cw.draft_view(owner, draft).documents.values()} == {"sketch": True}
    cw.attach_file(owner, draft, "sketch", name="纸质.pdf", content=t.pdf())
    cw.attach_file(owner, draft, "plan", name="a.pdf", content=t.pdf())
    with pytest.raises(Conflict, match="先移除"):
        cw.take_back(owner, draft, "sketch")
    cw.submit(owner, draft, key="paper")
    row = Document.objects.get(application__public_id=draft, material="sketch")
    assert (row.resolution, row.evidence, len(row.files)) == ("applicant", "", 1)
    assert all(not one.uses for one in kept(town))


def test_the_choice_can_be_taken_back(town: t.Town) -> None:
    granted(town)
    draft = t.draft(town, LARGE)
    cw.hand_in_myself(town["owner"], draft, "sketch")
    cw.take_back(town["owner"], draft, "sketch")
    assert line(town["owner"], draft)[0] is Supply.E_MATERIAL


def test_who_may_choose_the_paper_way(town: t.Town) -> None:
    granted(town)
    draft = t.draft(town, LARGE)
    assert t.who_can(town, lambda a: cw.hand_in_myself(a, draft, "sketch")) == {"owner", "clerk"}
