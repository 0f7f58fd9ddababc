# SPDX-License-Identifier: Apache-2.0
"""What becomes of a commitment after the decision: an untrue one ends what rests on it."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable

import pytest

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.models import Document, ItemCase
from yiwang.apps.casework.tests import town as t
from yiwang.apps.commitments import public as commitments
from yiwang.apps.commitments.public import Found, LetterState, Method, Severity
from yiwang.apps.credit import public as credit
from yiwang.apps.licences.public import Standing, change_standing, licences
from yiwang.kernel.actor import Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, YiwangError

DELTA = t.Errand(items=("delta",))
OFFICER = t.both("delta")
HELPER = t.officer("helper", Post(Role.HANDLER, "public-security", t.HERE))
UNTRUTH = commitments.Untruth("登记里没有", Severity.GRAVE)


def letter_of(made: str) -> commitments.LetterView:
    """The letter of the errand's proof."""
    row = Document.objects.get(application__public_id=made, material="proof")
    return commitments.letters([row.letter])[row.letter]


def issued(made: str) -> list[str]:
    """What was issued for the errand."""
    case = ItemCase.objects.get(application__public_id=made, item="delta")
    return list(case.decision.results) if hasattr(case, "decision") else []


def checked(town: t.Town) -> tuple[str, str]:
    """A granted errand and the check that is due for it."""
    made = t.submitted(town, DELTA)
    t.bring(made, "delta")
    (row,) = commitments.due_checks(OFFICER)
    return made, row.public_id


def test_a_grant_on_a_letter_is_due_for_a_check(town: t.Town) -> None:
    made, check = checked(town)
    (row,) = commitments.due_checks(OFFICER)
    assert (row.item_name, str(row.due_on), row.late) == ("丁核准", "2026-03-09", False)
    assert commitments.due_checks(town["handler"]) == []
    with pytest.raises(NotFound):
        commitments.check_view(town["handler"], check)
    assert commitments.check_view(OFFICER, check).committer != "李owner"
    assert issued(made)


def test_online_first_then_on_site_then_others_who_must_answer(town: t.Town) -> None:
    _, check = checked(town)
    with pytest.raises(Conflict, match="在线核查"):
        commitments.look(OFFICER, check, method=Method.SITE, found=Found.TRUE, words="看过")
    commitments.look(OFFICER, check, method=Method.ONLINE, found=Found.UNCLEAR, words="没有共享")
    with pytest.raises(Conflict, match="现场核查"):
        commitments.ask_help(OFFICER, check, org="public-security", question="有没有登记")
    commitments.look(OFFICER, check, method=Method.SITE, found=Found.UNCLEAR, words="现场看不出")
    asked = commitments.ask_help(OFFICER, check, org="public-security", question="有没有登记")
    (shown,) = commitments.asked_of_us(HELPER)
    assert (shown.public_id, str(shown.answer_by)) == (asked, "2026-03-09")
    with pytest.raises(NotFound):
        commitments.answer_help(OFFICER, asked, found=Found.TRUE, words="有")
    with pytest.raises(Invalid, match="理由"):
        commitments.answer_help(HELPER, asked, found=None, words=" ")
    commitments.answer_help(HELPER, asked, found=None, words="档案已经移交")
    with pytest.raises(Conflict, match="核查结果"):
        commitments.conclude_true(OFFICER, check)
    again = commitments.ask_help(OFFICER, check, org="public-security", question="移交给谁")
    commitments.answer_help(HELPER, again, found=Found.TRUE, words="查到登记")
    commitments.conclude_true(OFFICER, check)
    seen = commitments.check_view(OFFICER, check)
    assert seen.letter.state is LetterState.KEPT
    assert credit.effects(town["owner"].id, on=t.today()) == ()


def test_an_untrue_letter_ends_the_licence_and_bars_until_repaired(town: t.Town) -> None:
    made, check = checked(town)
    commitments.look(OFFICER, check, method=Method.DAILY, found=Found.UNTRUE, words="举报属实")
    only_handles = t.officer("only", Post(Role.HANDLER, "taxation", t.HERE))
    with pytest.raises(NotAllowed):
        commitments.conclude_untrue(only_handles, check, UNTRUTH)
    record = commitments.conclude_untrue(OFFICER, check, UNTRUTH)
    assert {one.standing for one in licences(issued(made))} == {Standing.REVOKED}
    (bar,) = commitments.bars(town["owner"].id, on=t.today())
    assert bar.record == record
    kinds = [fact.kind for fact in letter_of(made).facts]
    assert kinds[:3] == ["shown", "signed", "counted"]
    assert kinds[-4:] == ["untrue", "revoked", "mend_ordered", "recorded"]
    (row,) = commitments.due_checks(OFFICER)
    assert str(row.mend_until) == "2026-03-23"
    commitments.note_mended(OFFICER, check, words="补办了登记")
    assert commitments.due_checks(OFFICER) == []
    credit.withdraw(t.SETUP, record, reason="决定撤销")
    assert commitments.bars(town["owner"].id, on=t.today()) == ()


def test_untrue_before_the_decision_is_granted_only_on_the_proof(town: t.Town) -> None:
    made = t.submitted(town, DELTA)
    t.bring(made, "delta", to="awaiting_decision")
    case = t.case(made, "delta")
    only_handles = t.officer("only", Post(Role.HANDLER, "taxation", t.HERE))
    with pytest.raises(NotAllowed):
        cw.find_commitment_untrue(only_handles, case, "proof", UNTRUTH)
    with pytest.raises(Invalid):
        cw.find_commitment_untrue(OFFICER, case, "late-paper", UNTRUTH)
    record = cw.find_commitment_untrue(OFFICER, case, "proof", UNTRUTH)
    kinds = [fact.kind for fact in letter_of(made).facts]
    assert kinds == ["shown", "signed", "counted", "untrue", "terminated", "recorded"]
    assert [one.record for one in commitments.bars(town["owner"].id, on=t.today())] == [record]
    with pytest.raises(Invalid):
        cw.find_commitment_untrue(OFFICER, case, "proof", UNTRUTH)
    with pytest.raises(Conflict, match="承诺查实不实"):
        cw.grant(OFFICER, case, opinion="同意")
    assert [one.name for one in cw.application_view(town["owner"], made).documents if one.asked_instead]
    cw.attach_file(town["owner"], made, "proof", name="a.pdf", content=t.pdf())
    cw.grant(OFFICER, case, opinion="同意")
    assert commitments.due_checks(OFFICER) == []
    assert len(credit.own_records(town["owner"], town["owner"].id)) == 2  # the untruth, the permit


# -- any order


def moves(town: t.Town, made: str) -> dict[str, Callable[[], object]]:
    """Whatever may be tried with a submitted errand."""
    one, owner = t.case(made, "delta"), town["owner"]

    def check() -> str:
        found = [row.public_id for row in commitments.due_checks(OFFICER)]
        if not found:
            raise NotFound("还没有核查。", mend="")
        return found[0]

    def suspend() -> None:
        for each in issued(made):
            change_standing(t.SETUP, each, Standing.SUSPENDED, reason="试")

    def see(found: Found) -> None:
        commitments.look(OFFICER, check(), method=Method.DAILY, found=found, words="看")

    return {
        "grant": lambda: cw.grant(OFFICER, one, opinion="同意"),
        "withdraw": lambda: cw.withdraw_commitment(owner, made, "proof", reason="有理由"),
        "bring": lambda: cw.attach_file(owner, made, "proof", name="a.pdf", content=t.pdf()),
        "suspend": suspend,
        "true": lambda: see(Found.TRUE),
        "untrue": lambda: see(Found.UNTRUE),
        "untrue early": lambda: cw.find_commitment_untrue(OFFICER, one, "proof", UNTRUTH),
        "conclude true": lambda: commitments.conclude_true(OFFICER, check()),
        "conclude untrue": lambda: commitments.conclude_untrue(OFFICER, check(), UNTRUTH),
    }


def commitments_granted(made: str) -> bool:
    """Whether the errand was granted on its letter, not on the proof."""
    return any(fact.kind == "check_opened" for fact in letter_of(made).facts)


def attempt(act: Callable[[], object]) -> None:
    """Try it; what may not be is refused."""
    with contextlib.suppress(YiwangError):
        act()


ENDS = {0: "withdrawn", 1: "untrue", 2: "counted", 3: "kept", 4: "untrue", 8: "untrue"}
"""Seed of the dice → where its walk ends, so that each end is known to be reached."""


@pytest.mark.parametrize("seed", ENDS)
def test_untrue_always_ends_it_and_withdrawn_never_harms(town: t.Town, seed: int) -> None:
    dice, owner = random.Random(seed), town["owner"]
    made = t.submitted(town, DELTA)
    t.bring(made, "delta", to="awaiting_decision")
    acts = moves(town, made)
    for _ in range(14):
        attempt(acts[dice.choice(sorted(acts))])
        state = letter_of(made).state
        false = credit.effects(owner.id, on=t.today(), kinds={credit.EffectKind.NO_COMMITMENT})
        assert bool(false) is (state is LetterState.UNTRUE)
        if state is LetterState.UNTRUE:
            records = credit.own_records(owner, owner.id)
            assert len([one for one in records if one.title.startswith("承诺不实")]) == 1
        if state is LetterState.UNTRUE and commitments_granted(made):
            assert not any(one.usable_on(t.today()) for one in licences(issued(made)))
    assert letter_of(made).state.value == ENDS[seed]
