# SPDX-License-Identifier: Apache-2.0
"""Two at once: of two corrections of a version one counts, a delivery is taken once, a proposal is made once,
a correction and a repair at the same moment leave one right outcome, firms are evaluated by one at a time."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connections

from support.processes import begin, end_of
from yiwang.apps.credit import public as credit
from yiwang.apps.credit.models import Delivery, Record, Removal, Version
from yiwang.kernel.errors import Conflict, YiwangError

from .conftest import UNIT, Town, furnished
from .test_collecting import HEADING, line
from .test_evaluating import CLERK, EVALUATION, NONE, export

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def standing(transactional_db: None, clock: time_machine.Traveller) -> Town:
    """The town, committed."""
    return furnished()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What came of doing these at the same moment: what each returned, or the error it raised."""
    start, came = threading.Barrier(len(acts)), list[object]()

    def work(act: Callable[[], object]) -> None:
        start.wait(20)
        try:
            came.append(act())
        except YiwangError as error:
            came.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return came


def test_two_at_once(standing: Town, clock: time_machine.Traveller) -> None:
    town = standing
    text = "\n".join([HEADING, line(town, 0, "1号"), line(town, 1, "2号"), "合计,2"]).encode()

    def send() -> credit.Received:
        return credit.deliver_file(town.officer, text, org=UNIT, catalogue="credit-penalty")

    receipts = at_once(send, send)
    assert sorted(one.again for one in receipts if isinstance(one, credit.Received)) == [False, True]
    assert (Delivery.objects.count(), Version.objects.count()) == (1, 2)

    other = text.replace("合计,2".encode(), (line(town, 0, "3号") + "\n合计,3").encode())

    def overlapping(data: bytes) -> credit.Received:
        return credit.deliver_file(town.officer, data, org=UNIT, catalogue="credit-penalty")

    more = other.replace("虚假宣传处罚".encode(), "虚假宣传处罚".encode()) + b"\n"
    came = at_once(lambda: overlapping(other), lambda: overlapping(more))
    assert all(isinstance(one, credit.Received) for one in came), came
    assert Record.objects.count() == 3

    def correct(title: str) -> Callable[[], object]:
        new = town.penalty(reference="1号", title=title, severity=credit.Severity.COMMON)
        return lambda: credit.correct(town.officer, new, version=1, reason="标题写错")

    corrected = at_once(correct("改成甲"), correct("改成乙"))
    assert sorted(isinstance(one, Conflict) for one in corrected) == [False, True]
    assert Record.objects.get(reference="1号").number == 2


def test_a_list_and_its_stains_at_once(standing: Town, clock: time_machine.Traveller) -> None:
    town = standing
    listed = town.penalty(
        catalogue="credit-red", reference="红1号", severity=None, fields={"列入事由": "守信"}
    )
    credit.record(town.officer, listed)
    stains = [town.penalty(reference=f"{number}号") for number in (1, 2)]
    told = at_once(*[lambda new=new: credit.record(town.officer, new) for new in stains])
    assert all(isinstance(one, str) for one in told), told
    assert Removal.objects.count() == 1
    assert town.kinds().count("green_lane") == 0
    clock.shift(dt.timedelta(days=1))
    (proposal,) = credit.matters(town.officer).removals
    ended = [lambda one=str(one): credit.withdraw(town.officer, one, reason="复议撤销") for one in told]
    assert at_once(*ended) == [None, None]
    assert Removal.objects.get(public_id=proposal.id).carried_out is False
    assert town.kinds() == ["green_lane", "green_lane", "defer"]


def test_an_evaluation_by_hand_is_left_alone_and_ended_once_it_was_killed(
    standing: Town, clock: time_machine.Traveller, tmp_path: Path, settings: LazySettings
) -> None:
    settings.DATA_DIR = tmp_path
    credit.record(standing.officer, standing.penalty())
    export(tmp_path / "store")
    told, tell = os.pipe()

    def in_the_middle(*_: object) -> None:
        os.write(tell, b".")
        time.sleep(600)

    def by_hand() -> None:
        Path.replace = in_the_middle  # type: ignore[method-assign, assignment] # of that process alone
        credit.run_for_pages(CLERK, tmp_path / "store", EVALUATION, on=standing.today)

    def runs() -> list[tuple[str, bool]]:
        found = credit.graded_firms(standing.officer, EVALUATION, purpose="").runs
        return [(one.state, one.period is None) for one in found]

    process = begin(by_hand)
    os.close(tell)
    try:
        assert os.read(told, 1)
        assert credit.evaluate_due(lag=NONE) == 0
        assert runs() == [("正在评价", True)]
    finally:
        os.kill(process, signal.SIGKILL)
    assert end_of(process) == -signal.SIGKILL
    assert [*(tmp_path / "evaluations").glob("*.part")]
    assert [credit.evaluate_due(lag=NONE) for _ in range(2)] == [0, 1]
    assert runs() == [("已完成", False), ("没有完成", True)]
    assert not [*(tmp_path / "evaluations").glob("*.part")]
    again = credit.run_for_pages(CLERK, tmp_path / "store", EVALUATION, on=standing.today)
    assert sum(again.classes.values()) == 2
