# SPDX-License-Identifier: Apache-2.0
"""Submission: complete or refused with everything that is missing; acknowledged once."""

from __future__ import annotations

import pytest

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.domain.numbers import is_case_number
from yiwang.apps.casework.models import Application, Document, Finding, ItemCase, Visit
from yiwang.apps.casework.tests import town as t
from yiwang.apps.casework.tests.small import EVENT
from yiwang.apps.journal.public import entries_of, looks_at
from yiwang.apps.materials.public import discard
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

ALL = ("alpha", "beta", "gamma", "delta", "epsilon")


def test_everything_missing_is_said_at_once(town: t.Town) -> None:
    new = cw.NewDraft(EVENT, town["owner"].id, town["owner"].id, t.HERE, {}, ALL)
    made = cw.start_draft(town["owner"], new)
    with pytest.raises(cw.NotComplete) as refused:
        cw.submit(town["owner"], made, key="everything")
    missing = {target for target, _ in refused.value.problems}
    assert missing == {"area", "shop", "phone", "site", "plan", "late-paper", "proof", "delivery"}


def test_a_refused_submission_leaves_the_draft_and_the_look_in_the_journal(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    before = cw.draft_view(town["owner"], made).typed
    with pytest.raises(cw.NotComplete):
        cw.submit(town["owner"], made, key="refused-first")
    assert cw.draft_view(town["owner"], made).typed == before
    t.give_documents(town["owner"], made)
    assert cw.submit(town["owner"], made, key="refused-first").number


def test_the_same_draft_and_the_same_key_give_the_same_receipt(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    t.give_documents(town["owner"], made)
    first = cw.submit(town["owner"], made, key="same-key")
    assert cw.submit(town["owner"], made, key="same-key") == first
    assert cw.submit(town["owner"], made, key="another-key") == first
    assert is_case_number(first.number)
    assert ItemCase.objects.filter(application__public_id=made).count() == 1
    submitted = [e for e in entries_of(f"case:{made}") if e["action"] == "application.submitted"]
    assert len(submitted) == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 81])
def test_a_key_is_needed(town: t.Town, key: str) -> None:
    made = t.draft(town, t.Errand())
    t.give_documents(town["owner"], made)
    with pytest.raises(Invalid):
        cw.submit(town["owner"], made, key=key)


def test_a_key_belongs_to_one_application(town: t.Town) -> None:
    drafts = [t.draft(town, t.Errand()) for _ in range(2)]
    for made in drafts:
        t.give_documents(town["owner"], made)
    cw.submit(town["owner"], drafts[0], key="one-key")
    with pytest.raises(Conflict, match="已经用过"):
        cw.submit(town["owner"], drafts[1], key="one-key")


def test_numbers_run_without_gaps_and_a_refusal_takes_none(town: t.Town) -> None:
    numbers = []
    for _ in range(3):
        made = t.draft(town, t.Errand())
        with pytest.raises(cw.NotComplete):
            cw.submit(town["owner"], made, key=f"no-{made}")
        t.give_documents(town["owner"], made)
        numbers.append(cw.submit(town["owner"], made, key=f"yes-{made}").number)
    assert [int(n.split("-")[2]) for n in numbers] == [1, 2, 3]


def test_the_papers_of_the_plan_stand_in_the_case_and_no_others(town: t.Town) -> None:
    made = t.draft(town, t.Errand(items=("alpha",), answers=t.LARGE_AREA))
    t.give_documents(town["owner"], made)
    cw.save_answers(town["owner"], made, t.SMALL_AREA, choice=("alpha",))
    cw.submit(town["owner"], made, key="no-sketch-needed")
    rows = Document.objects.filter(application__public_id=made)
    assert [row.material for row in rows] == ["plan"]


def test_what_was_submitted_cannot_be_thrown_away(town: t.Town) -> None:
    made = t.submitted(town)
    file = Document.objects.get(application__public_id=made, material="plan").files[0]
    with pytest.raises(Conflict):
        discard(town["owner"], file)
    with pytest.raises(Conflict):
        cw.detach_file(town["owner"], made, "plan", file)


def test_items_wait_for_their_inputs_where_they_are_handled(town: t.Town) -> None:
    errand = t.Errand(items=("alpha", "beta"), by=town["clerk"], place=t.ELSEWHERE)
    made = t.submitted(town, errand)
    found = {i.item: (i.state, i.place, i.waits_for) for i in ItemCase.objects.all()}
    assert found == {
        "alpha": ("submitted", t.HERE, []),
        "beta": ("waiting_earlier", t.ELSEWHERE, ["alpha"]),
    }
    row = Application.objects.get(public_id=made)
    assert (row.receiving_place, row.handling_place) == (t.HERE, t.ELSEWHERE)


def test_an_item_of_one_county_cannot_be_handed_in_in_another(town: t.Town) -> None:
    errand = t.Errand(items=("gamma",), by=town["clerk"], place=t.ELSEWHERE)
    made = t.draft(town, errand)
    t.give_documents(town["clerk"], made)
    with pytest.raises(Invalid, match="丙备案"):
        cw.submit(town["clerk"], made, key="too-far-away")


def test_items_that_look_at_one_place_go_together_and_one_that_looks_alone_goes_too(town: t.Town) -> None:
    both = t.submitted(town, t.Errand(items=("delta", "epsilon")))
    alone = t.submitted(town, t.Errand(items=("epsilon",)))
    assert Visit.objects.filter(application__public_id=both).count() == 1
    assert Finding.objects.filter(visit__application__public_id=both).count() == 2
    assert Finding.objects.filter(visit__application__public_id=alone).count() == 1


def test_the_acknowledgement_tells_of_what_is_still_to_come(town: t.Town) -> None:
    t.submitted(town, t.Errand(items=("delta",)))
    (letter,) = box([town["owner"].id])
    assert "还有 1 份材料受理后补交" in letter.body


def test_an_agent_whose_mandate_ended_does_not_submit(town: t.Town) -> None:
    made = t.draft(town, t.Errand(by=town["agent"], subject=town.firm))
    t.give_documents(town["agent"], made)
    Application.objects.filter(public_id=made).update(agent=town["former agent"].id)
    with pytest.raises(NotAllowed, match="不能代表"):
        cw.submit(town["clerk"], made, key="agent-is-gone")


def test_who_may_submit(town: t.Town) -> None:
    made = t.draft(town, t.Errand())
    t.give_documents(town["owner"], made)

    def submit(actor: Actor) -> None:
        cw.submit(actor, made, key="who-may-submit")

    assert t.who_can(town, submit) == {"owner", "clerk"}


# -- in one step


def at_once(town: t.Town, actor: Actor, key: str, **changed: object) -> cw.Receipt:
    owner = town["owner"].id
    new = cw.NewDraft(EVENT, owner, owner, t.HERE, t.SMALL_AREA, ("epsilon",))
    given = {"form": t.FORM, "delivery": ("electronic", ""), "key": key, **changed}
    return cw.submit_at_once(actor, new, **given)  # type: ignore[arg-type]


def test_in_one_step_the_same_key_gives_the_same_case(town: t.Town) -> None:
    first = at_once(town, town["owner"], "one-step-key")
    assert at_once(town, town["owner"], "one-step-key") == first
    assert Application.objects.count() == 1


def test_in_one_step_a_key_says_nothing_to_a_stranger(town: t.Town) -> None:
    at_once(town, town["owner"], "one-step-key")
    with pytest.raises(Conflict):
        at_once(town, town["stranger"], "one-step-key")


def test_in_one_step_nothing_is_left_behind_but_the_look(town: t.Town) -> None:
    with pytest.raises(cw.NotComplete):
        at_once(town, town["owner"], "not-complete", form={})
    assert Application.objects.count() == 0
    assert [look["purpose"] for look in looks_at(town["owner"].id)] == ["核对申请材料（没有提交成功）"]
