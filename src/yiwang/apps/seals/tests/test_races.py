# SPDX-License-Identifier: Apache-2.0
"""Two at once: one right outcome, on either database."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from yiwang.apps.seals import public as seals
from yiwang.apps.seals.models import Pressing, Seal
from yiwang.apps.seals.public import NewUse, Scope, SealRefused, State
from yiwang.engines.sealing import sm3
from yiwang.kernel.errors import Conflict

from .stage import MAKER_PASSPHRASE, PASSPHRASE, Stage, application, approved_use, seal_in_force, set_up

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]
DIGEST = sm3(b"document")


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return set_up()


def at_once(*works: object) -> list[BaseException | None]:
    """Run them in threads that start together; what each raised."""
    start, ends = threading.Barrier(len(works)), list[BaseException | None]([None] * len(works))

    def run(number: int) -> None:
        try:
            start.wait()
            works[number]()  # type: ignore[operator]
        except Exception as error:
            ends[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    return ends


def presses(stage: Stage, seal: str, use: str, about: str) -> object:
    def work() -> None:
        with seals.pressing(stage.custodian, seal, use=use, passphrase=PASSPHRASE) as hand:
            hand(DIGEST, "doc", about=about, material="food-licence", case=about)

    return work


def test_the_last_document_of_an_approval_is_taken_once(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal, scope=Scope.DECIDED, material="food-licence", limit=1)
    ends = at_once(*(presses(stage, seal, use, f"l_{number}") for number in range(3)))
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "SealRefused", "SealRefused"]
    assert Pressing.objects.filter(refused="").count() == 1
    assert seals.use(stage.approver, use).taken == 1


def test_pressing_and_reporting_the_loss_at_once(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)

    def lose() -> None:
        seals.ask_cancellation(stage.handler, seal, reason="lost", words="丢了")

    pressed, lost = at_once(presses(stage, seal, use, "doc_1"), lose)
    assert lost is None
    assert pressed is None or isinstance(pressed, SealRefused)
    assert Pressing.objects.filter(refused="").count() == (pressed is None)
    assert Seal.objects.get(public_id=seal).state == State.SUSPENDED.value


def test_two_administrators_cancel_once(stage: Stage) -> None:
    seal = seal_in_force(stage)
    seals.ask_cancellation(stage.handler, seal, reason="lost", words="丢了")
    ends = at_once(
        lambda: seals.cancel(stage.administrator, seal), lambda: seals.cancel(stage.administrator_too, seal)
    )
    assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]
    assert any(isinstance(end, Conflict) for end in ends)
    with pytest.raises(seals.NoSuchKey):
        seals.keeper().public_key("no-key")


def test_two_seals_of_one_name_filed_at_once(stage: Stage) -> None:
    both = []
    for _ in range(2):
        made = seals.apply_for_seal(stage.handler, application(stage))
        seals.approve(stage.administrator, made)
        seals.make_key(stage.custodian, made, passphrase=PASSPHRASE)
        seals.make(stage.administrator, made, passphrase=MAKER_PASSPHRASE)
        both.append(made)
    ends = at_once(*(partial(seals.file_seal, stage.administrator, one) for one in both))
    assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]
    assert Seal.objects.filter(state=State.ACTIVE.value).count() == 1


def test_two_approvers_decide_once(stage: Stage) -> None:
    seal = seal_in_force(stage)
    new = NewUse(Scope.ONE, "发函", timezone.localdate(), document="doc_1")
    use = seals.request_use(stage.custodian, seal, new)
    ends = at_once(
        lambda: seals.approve_use(stage.approver, use),
        lambda: seals.refuse_use(stage.approver_too, use, words="不同意"),
    )
    assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]


def test_a_refusal_is_logged_although_everything_else_is_undone(stage: Stage) -> None:
    seal = seal_in_force(stage)
    use = approved_use(stage, seal)
    with (
        pytest.raises(seals.WrongPassphrase),
        seals.pressing(stage.custodian, seal, use=use, passphrase="不对的口令-123"),
    ):
        raise AssertionError
    assert [row.refused for row in Pressing.objects.all()] == ["保护口令不对。"]
