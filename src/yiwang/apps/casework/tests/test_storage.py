# SPDX-License-Identifier: Apache-2.0
"""What depends on the database: many at once get numbers without gaps, one key one case, one decision."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, transaction

from yiwang.apps.casework import public as cw
from yiwang.apps.casework.commands import _settling
from yiwang.apps.casework.models import Application, Decision, ItemCase, Move, NumberSeries
from yiwang.apps.casework.tests import town as t
from yiwang.apps.casework.tests.small import EVENT, small_catalogue
from yiwang.apps.journal.public import entries_of, undelivered, verify
from yiwang.apps.journal.tests.threads import at_once
from yiwang.apps.notices.public import box
from yiwang.kernel.errors import Conflict

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]
MANY = 6


@pytest.fixture
def lone_town() -> t.Town:
    """The town in a database of its own: what is written is committed."""
    t.publish(small_catalogue())
    return t.build()


def test_numbers_have_no_gaps_and_no_twins(lone_town: t.Town) -> None:
    drafts = [t.draft(lone_town, t.Errand()) for _ in range(MANY)]
    for made in drafts[::2]:
        t.give_documents(lone_town["owner"], made)
    numbers: list[int] = []

    def submit(number: int) -> None:
        try:
            receipt = cw.submit(lone_town["owner"], drafts[number], key=f"key-{number}")
            numbers.append(int(receipt.number.split("-")[2]))
        except cw.NotComplete:
            pass

    at_once(MANY, submit)
    assert sorted(numbers) == [1, 2, 3]
    assert NumberSeries.objects.get(key__endswith=str(t.today()).replace("-", "")).last == 3
    assert list(verify()) == []


def test_the_same_draft_submitted_by_many_is_one_case(lone_town: t.Town) -> None:
    made = t.draft(lone_town, t.Errand())
    t.give_documents(lone_town["owner"], made)
    receipts: list[cw.Receipt] = []
    at_once(MANY, lambda n: receipts.append(cw.submit(lone_town["owner"], made, key=f"key-{n}")))
    assert len(set(receipts)) == 1
    assert ItemCase.objects.count() == 1
    assert [e["action"] for e in entries_of(f"case:{made}")].count("application.submitted") == 1
    assert len(box([lone_town["owner"].id])) == 1


def test_the_same_key_at_once_gives_one_case(lone_town: t.Town) -> None:
    owner = lone_town["owner"]
    new = cw.NewDraft(EVENT, owner.id, owner.id, t.HERE, t.SMALL_AREA, ("epsilon",))
    receipts: list[cw.Receipt] = []

    def submit(_: int) -> None:
        receipts.append(
            cw.submit_at_once(owner, new, form=t.FORM, delivery=("electronic", ""), key="one-key-for-all")
        )

    at_once(MANY, submit)
    assert len(set(receipts)) == 1
    assert Application.objects.count() == 1
    assert NumberSeries.objects.get().last == 1


def test_a_case_is_decided_once_whoever_comes_first(lone_town: t.Town) -> None:
    made = t.submitted(lone_town)
    one = t.bring(made, to="awaiting_decision")
    version = cw.case_view(lone_town["approver"], one).version
    won, lost, guard = [], [], threading.Lock()

    def decide(number: int) -> None:
        try:
            if number % 2:
                cw.refuse(lone_town["approver"], one, reason="不符", basis="法", version=version)
            else:
                cw.grant(
                    lone_town["representative"],
                    one,
                    opinion="同意",
                    states={"alpha-code": "甲1"},
                    version=version,
                )
        except Conflict as error:
            with guard:
                lost.append(error)
        else:
            with guard:
                won.append(number)

    at_once(MANY, decide)
    assert (len(won), len(lost)) == (1, MANY - 1)
    assert Decision.objects.get().granted is (won[0] % 2 == 0)
    assert Move.objects.filter(item_case__public_id=one, transition__in=("grant", "refuse")).count() == 1


def test_officers_of_one_application_wait_for_each_other_and_nothing_is_lost(lone_town: t.Town) -> None:
    made = t.submitted(lone_town, t.Errand(items=("alpha", "gamma", "epsilon")))
    items = ("alpha", "gamma", "epsilon")

    def handle(number: int) -> None:
        t.bring(made, items[number])

    at_once(len(items), handle)
    assert {t.state(made, item) for item in items} == {"archived"}
    assert t.stage(made) == "finished"
    assert list(verify()) == []


def test_what_fails_on_the_way_leaves_nothing(lone_town: t.Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made = t.submitted(lone_town)
    one = t.bring(made, to="awaiting_decision")
    before = (len(undelivered()), len(entries_of(f"case:{made}")), Move.objects.count())

    def fail(*_: object) -> None:
        raise DatabaseError("the power went")

    monkeypatch.setattr(_settling, "close_if_done", fail)
    with pytest.raises(DatabaseError):
        cw.grant(lone_town["approver"], one, opinion="同意", states={"alpha-code": "甲1"})
    assert t.state(made) == "awaiting_decision"
    after = (len(undelivered()), len(entries_of(f"case:{made}")), Move.objects.count())
    assert after == before
    assert not Decision.objects.exists()
    monkeypatch.undo()
    cw.grant(lone_town["approver"], one, opinion="同意", states={"alpha-code": "甲1"})
    assert t.stage(made) == "finished"


def test_letters_leave_with_the_change_they_tell_of(lone_town: t.Town) -> None:
    made = t.submitted(lone_town)
    before = len(undelivered())
    with transaction.atomic():
        cw.refuse_acceptance(lone_town["clerk"], t.case(made), reason="不归", basis="法")
        assert len(undelivered()) == before + 1
        transaction.set_rollback(True)
    assert len(undelivered()) == before
