# SPDX-License-Identifier: Apache-2.0
"""容缺 and 告知承诺: a promise or a signature stands for a document only where the list says so."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Application, Document
from yiwang.apps.casework.tests import town as t
from yiwang.apps.commitments.public import LetterState, letters, own_letter
from yiwang.apps.credit import public as credit
from yiwang.apps.credit.public import effects
from yiwang.apps.notices.public import box
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

DELTA = t.Errand(items=("delta",))


def row(application: str, material: str) -> Document:
    return Document.objects.get(application__public_id=application, material=material)


def sign(actor: Actor, application: str) -> None:
    text = cw.draft_view(actor, application).commitments["proof"]
    cw.sign_commitment(actor, application, "proof", version=text.version)


# -- 告知承诺


def test_silence_is_no_commitment(town: t.Town) -> None:
    made = t.draft(town, DELTA)
    cw.promise_later(town["owner"], made, "late-paper")
    with pytest.raises(cw.NotComplete) as refused:
        cw.submit(town["owner"], made, key="silence")
    assert [target for target, _ in refused.value.problems] == ["proof"]


def test_a_signature_is_kept_with_the_words_that_were_signed(town: t.Town) -> None:
    made = t.submitted(town, DELTA)
    (signed,) = letters([row(made, "proof").letter]).values()
    assert row(made, "proof").resolution == "commitment"
    assert (signed.signed_by, signed.state) == (town["owner"].id, LetterState.COUNTED)
    assert [fact.kind for fact in signed.facts] == ["shown", "signed", "counted"]
    assert "甲类证明" in signed.text
    form = Application.objects.get(public_id=made).declaration.form
    assert signed.version in form  # what the form's signature vouches for
    shown = next(d for d in cw.case_view(t.both("delta"), t.case(made, "delta")).documents if d.letter)
    assert (shown.material, shown.letter and shown.letter.text) == ("proof", signed.text)


def test_only_the_words_shown_can_be_signed(town: t.Town) -> None:
    made = t.draft(town, DELTA)
    with pytest.raises(Conflict, match="内容有变化"):
        cw.sign_commitment(town["owner"], made, "proof", version="0" * 64)


@pytest.mark.parametrize("material", ["late-paper", "plan"])
def test_no_commitment_where_the_list_has_none(town: t.Town, material: str) -> None:
    made = t.draft(town, t.Errand(items=("alpha", "delta")))
    with pytest.raises(Invalid, match="不能用承诺代替"):
        cw.sign_commitment(town["owner"], made, material, version="0" * 64)


def test_the_paper_itself_is_always_welcome_and_takes_the_commitments_place(town: t.Town) -> None:
    made = t.draft(town, DELTA)
    sign(town["owner"], made)
    cw.attach_file(town["owner"], made, "proof", name="a.pdf", content=t.pdf())
    cw.promise_later(town["owner"], made, "late-paper")
    cw.submit(town["owner"], made, key="paper-instead")
    given = row(made, "proof")
    assert (given.resolution, given.letter) == ("applicant", "")


def test_a_choice_can_be_taken_back_before_submission(town: t.Town) -> None:
    made = t.draft(town, DELTA)
    sign(town["owner"], made)
    cw.take_back(town["owner"], made, "proof")
    assert "proof" in cw.draft_view(town["owner"], made).problems
    with pytest.raises(Invalid):
        cw.take_back(town["owner"], made, "proof")


def test_nothing_stands_in_for_what_is_there(town: t.Town) -> None:
    made = t.draft(town, DELTA)
    cw.attach_file(town["owner"], made, "late-paper", name="a.pdf", content=t.pdf())
    with pytest.raises(Conflict, match="已经上传"):
        cw.promise_later(town["owner"], made, "late-paper")


def test_who_may_sign(town: t.Town) -> None:
    made = t.draft(town, DELTA)
    assert t.who_can(town, lambda actor: sign(actor, made)) == {"owner", "clerk"}


def test_a_withdrawn_commitment_goes_back_to_the_ordinary_way(town: t.Town) -> None:
    made, owner = t.submitted(town, DELTA), town["owner"]
    one = t.bring(made, "delta", to="awaiting_decision")
    with pytest.raises(Invalid, match="理由"):
        cw.withdraw_commitment(owner, made, "proof", reason=" ")
    cw.withdraw_commitment(owner, made, "proof", reason="证明已经开出来了")
    with pytest.raises(Conflict, match="撤回了承诺"):
        cw.grant(t.both("delta"), one, opinion="同意")
    cw.attach_file(owner, made, "proof", name="a.pdf", content=t.pdf())
    cw.grant(t.both("delta"), one, opinion="同意")
    (letter,) = letters([row(made, "proof").letter]).values()
    assert letter.state is LetterState.WITHDRAWN
    assert effects(owner.id, on=t.today()) == ()


def test_after_the_decision_nothing_is_withdrawn(town: t.Town) -> None:
    made = t.submitted(town, DELTA)
    t.bring(made, "delta")
    with pytest.raises(Conflict, match="办结"):
        cw.withdraw_commitment(town["owner"], made, "proof", reason="后悔了")


def test_an_agent_commits_only_with_special_authority(town: t.Town) -> None:
    made = t.draft(town, t.Errand(items=("delta",), by=town["agent"], subject=town.firm))
    with pytest.raises(NotAllowed, match="特别授权"):
        sign(town["agent"], made)
    assert t.who_can(town, lambda actor: cw.authorise_commitment(actor, made, "proof")) == {"chief"}
    cw.authorise_commitment(town["chief"], made, "proof")
    sign(town["agent"], made)
    (letter,) = letters([row(made, "proof").letter]).values()
    assert letter.authority
    (told,) = [one for one in own_letter(town["chief"], letter.public_id).chain if "授权书" in one.term]
    assert "测试有限公司特别授权李agent" in told.words


def test_a_false_commitment_bars_until_it_is_repaired(town: t.Town) -> None:
    made, owner = t.draft(town, DELTA), town["owner"]
    sign(owner, made)
    told = credit.NewRecord(
        "credit-false-commitment", owner.id, "承诺不实", "L775", t.today(), t.today(), "taxation",
        {"承诺事项": "甲", "不实情形": "乙", "处理措施": "丙"}, reference="一号",
        severity=credit.Severity.GRAVE,
    )  # fmt: skip
    record = credit.record(t.SETUP, told)
    view = cw.draft_view(owner, made)
    assert "proof" not in view.commitments
    assert record in view.no_commitment
    assert "proof" in view.problems
    with pytest.raises(Conflict, match=record):
        cw.sign_commitment(owner, made, "proof", version="0" * 64)
    credit.withdraw(t.SETUP, record, reason="记错了人")
    assert "proof" not in cw.draft_view(owner, made).problems


# -- 容缺


def test_no_promise_where_the_list_has_none(town: t.Town) -> None:
    made = t.draft(town, t.Errand(items=("alpha", "delta")))
    for material in ("plan", "proof"):
        with pytest.raises(Invalid, match="不能容缺"):
            cw.promise_later(town["owner"], made, material)


def test_good_credit_lets_more_come_later_until_the_record_ends(town: t.Town) -> None:
    large = t.Errand(by=town["chief"], subject=town.firm, answers=t.LARGE_AREA)
    made = t.draft(town, large)

    def way() -> str:
        lines = cw.draft_view(town["chief"], made).plan.materials.lines
        return next(line.resolution.value for line in lines if line.material == "sketch")

    assert way() == "applicant"
    told = credit.NewRecord(
        "credit-red", town.firm, "守信红名单", "行业标准", t.today(), t.today(), "taxation",
        {"列入事由": "连续三年守信"}, reference="红一号",
    )  # fmt: skip
    record = credit.record(t.SETUP, told)
    assert way() == "deferred"
    cw.promise_later(town["chief"], made, "sketch")
    assert "sketch" not in cw.draft_view(town["chief"], made).problems
    credit.withdraw(t.SETUP, record, reason="列入有误")
    assert way() == "applicant"
    assert "sketch" in cw.draft_view(town["chief"], made).problems


def test_the_promise_counts_from_acceptance(town: t.Town, clock: time_machine.Traveller) -> None:
    made = t.submitted(town, DELTA)
    assert row(made, "late-paper").due_on is None
    t.bring(made, "delta", to="accepted")
    assert row(made, "late-paper").due_on == dt.date(2026, 3, 5)  # three working days after Monday
    shown = {d.material: d for d in cw.case_view(t.both("delta"), t.case(made, "delta")).documents}
    assert shown["late-paper"].due_on == dt.date(2026, 3, 5)
    mine = {d.material: d for d in cw.application_view(town["owner"], made).documents}
    assert (mine["late-paper"].may_attach, mine["proof"].may_attach) == (True, False)


def test_the_promised_paper_comes_in_pages_after_submission(town: t.Town) -> None:
    made = t.submitted(town, DELTA)
    t.bring(made, "delta", to="accepted")
    for _ in range(2):
        cw.attach_file(town["owner"], made, "late-paper", name="a.pdf", content=t.pdf())
    given = row(made, "late-paper")
    assert (given.deferred, len(given.files), given.supplied_at is not None) == (False, 2, True)
    with pytest.raises(Conflict):
        cw.detach_file(town["owner"], made, "late-paper", given.files[0])
    with pytest.raises(Conflict):
        cw.attach_file(town["owner"], made, "proof", name="a.pdf", content=t.pdf())


def test_the_applicant_is_reminded_once_and_told_when_it_is_over(
    town: t.Town, clock: time_machine.Traveller
) -> None:
    made = t.submitted(town, DELTA)
    t.bring(made, "delta", to="accepted")
    assert cw.run_timers()["promise_reminders"] == 0
    clock.move_to(dt.datetime(2026, 3, 4, 1, tzinfo=dt.UTC))
    assert [cw.run_timers()["promise_reminders"] for _ in range(2)] == [1, 0]
    clock.move_to(dt.datetime(2026, 3, 5, 15, tzinfo=dt.UTC))  # still the last day
    assert cw.run_timers()["promises_lapsed"] == 0
    clock.move_to(dt.datetime(2026, 3, 6, 1, tzinfo=dt.UTC))
    assert [cw.run_timers()["promises_lapsed"] for _ in range(2)] == [1, 0]
    titles = [letter.title for letter in box([town["owner"].id])]
    assert titles[:3] == ["承诺后补的材料已到期", "一条信用记录", "承诺后补的材料快到期了"]


def test_a_grant_before_the_day_is_followed_up(town: t.Town, clock: time_machine.Traveller) -> None:
    made = t.submitted(town, DELTA)
    t.bring(made, "delta")
    assert t.stage(made) == "finished"
    (open_one,) = cw.follow_ups(t.both("delta"))
    assert (open_one.material, open_one.due_on) == ("late-paper", dt.date(2026, 3, 5))
    assert cw.follow_ups(t.both("delta", t.ELSEWHERE)) == []
    assert cw.follow_ups(town["clerk"]) == []
    cw.run_timers()
    cw.attach_file(town["owner"], made, "late-paper", name="a.pdf", content=t.pdf())
    assert cw.follow_ups(t.both("delta")) == []
    assert cw.run_timers()["archived"] == 1  # the package is written again, with the paper
    assert Application.objects.get(public_id=made).archives.count() == 2


def test_no_grant_once_the_promise_is_broken(town: t.Town, clock: time_machine.Traveller) -> None:
    made = t.submitted(town, DELTA)
    one = t.bring(made, "delta", to="awaiting_decision")
    clock.move_to(dt.datetime(2026, 3, 6, 1, tzinfo=dt.UTC))
    with pytest.raises(Conflict, match="到期没有补交"):
        cw.grant(t.both("delta"), one, opinion="同意")
    cw.run_timers()
    again = t.draft(town, DELTA)
    (broken,) = credit.own_records(town["owner"], town["owner"].id)
    assert (broken.entry.id, broken.org, broken.case) == ("credit-promise-broken", "taxation", made)
    assert row(made, "late-paper").record == broken.id
    with pytest.raises(Conflict, match=broken.id):
        cw.promise_later(town["owner"], again, "late-paper")
    assert broken.id in cw.draft_view(town["owner"], again).no_deferral
    cw.attach_file(town["owner"], made, "late-paper", name="a.pdf", content=t.pdf())
    (mended,) = credit.own_records(town["owner"], town["owner"].id)
    assert mended.id == broken.id
    assert mended.ending is not None
    assert mended.ending.reason == "承诺后补的材料已经补交"
    cw.grant(t.both("delta"), one, opinion="同意")  # late is not kept: nothing more goes on record
    entries = {one.entry.id for one in credit.own_records(town["owner"], town["owner"].id)}
    assert entries == {"credit-promise-broken", "credit-permit"}
    cw.promise_later(town["owner"], again, "late-paper")
    assert cw.draft_view(town["owner"], again).no_deferral == ""


@pytest.mark.parametrize("grant_first", [True, False])
def test_a_promise_that_was_kept_goes_on_record_once_granted(town: t.Town, *, grant_first: bool) -> None:
    made = t.submitted(town, DELTA)
    one = t.bring(made, "delta", to="awaiting_decision")

    def bring() -> None:
        cw.attach_file(town["owner"], made, "late-paper", name="a.pdf", content=t.pdf())

    def kept() -> list[str]:
        mine = credit.own_records(town["owner"], town["owner"].id)
        return [record.id for record in mine if record.entry.id == "credit-commitment-kept"]

    if not grant_first:
        bring()
    assert kept() == []  # not before an item rests on it
    cw.grant(t.both("delta"), one, opinion="同意")
    bring()
    assert kept() == [row(made, "late-paper").record]


def test_who_may_bring_the_promised_paper(town: t.Town) -> None:
    made = t.submitted(town, DELTA)
    t.bring(made, "delta", to="accepted")

    def bring(actor: Actor) -> None:
        cw.attach_file(actor, made, "late-paper", name="a.pdf", content=t.pdf())

    assert t.who_can(town, bring) == {"owner", "clerk"}
