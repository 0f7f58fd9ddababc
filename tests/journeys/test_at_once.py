# SPDX-License-Identifier: Apache-2.0
"""Many at once: numbers without gap or duplicate, one application per key, one decision per case."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from support import city as small
from support.city import City
from yiwang.apps.casework import public as casework
from yiwang.apps.casework.domain.numbers import is_case_number
from yiwang.kernel.actor import Post, Role
from yiwang.kernel.errors import Conflict

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]

THREADS = 8
SUBMISSIONS = 200


@pytest.fixture
def city() -> City:
    """A small city."""
    return small.build()


def at_once(actions: Sequence[Callable[[], Any]], *, threads: int = THREADS) -> list[Any]:
    """Run all, `threads` at a time, each thread on its own connection; what each returned or raised."""
    started = threading.Barrier(min(threads, len(actions)))
    waited = threading.local()

    def run(action: Callable[[], Any]) -> Any:
        if not getattr(waited, "done", False):
            waited.done = True
            started.wait(timeout=30)
        try:
            return action()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, actions))


def test_numbers_have_no_gap_and_no_duplicate(city: City) -> None:
    owner = city["owner"]
    drafts = [small.draft(city) for _ in range(SUBMISSIONS)]
    said = at_once([lambda d=d: casework.submit(owner, d, key=f"key-of-{d}") for d in drafts])  # type: ignore[misc]

    assert [one for one in said if isinstance(one, Exception)] == []
    numbers = [receipt.number for receipt in said]
    assert all(is_case_number(number) for number in numbers)
    running: dict[str, list[int]] = {}
    for number in numbers:
        place, day, count, _ = number.split("-")
        running.setdefault(f"{place}-{day}", []).append(int(count))
    for series, counts in running.items():  # two only if midnight fell between
        assert sorted(counts) == list(range(1, len(counts) + 1)), series


def test_a_failed_submission_leaves_no_gap(city: City) -> None:
    owner = city["owner"]
    whole, empty = [small.draft(city) for _ in range(20)], [small.draft(city, ready=False) for _ in range(20)]
    mixed = [draft for pair in zip(empty, whole, strict=True) for draft in pair]
    said = at_once([lambda d=d: casework.submit(owner, d, key=f"key-of-{d}") for d in mixed])  # type: ignore[misc]

    refused = [one for one in said if isinstance(one, casework.NotComplete)]
    given = sorted(int(one.number.split("-")[2]) for one in said if not isinstance(one, Exception))
    assert len(refused) == len(empty)
    assert given == list(range(1, len(whole) + 1))


def test_the_same_draft_from_many_windows_is_one_application(city: City) -> None:
    owner, draft = city["owner"], small.draft(city)
    said = at_once([lambda: casework.submit(owner, draft, key="the-same-key")] * THREADS)

    assert len({receipt.number for receipt in said}) == 1
    assert said[0].application == draft


def test_the_same_key_from_many_callers_is_one_application(city: City) -> None:
    owner = city["owner"]
    new = casework.NewDraft(small.EVENT, owner.id, owner.id, small.HERE, small.ANSWERS)
    form = small.form(city.catalogue)

    def send() -> casework.Receipt:
        return casework.submit_at_once(
            owner, new, form=form, delivery=("electronic", ""), key="the-same-key", promised=small.PROMISED
        )

    said = at_once([send] * THREADS)
    assert [one for one in said if isinstance(one, Exception)] == []
    assert len({(receipt.application, receipt.number) for receipt in said}) == 1
    assert [row.number for row in casework.applications_of(owner)] == [said[0].number]


def test_the_first_of_two_decisions_stands(city: City) -> None:
    officer = replace(
        city["handler"],
        posts=tuple(Post(r, small.OFFICE, small.HERE) for r in (Role.HANDLER, Role.APPROVER)),
    )
    case = small.item_of(city, small.submitted(city))
    casework.accept(officer, case)
    casework.propose(officer, case, opinion="符合条件")
    seen = casework.case_view(officer, case).version
    first, second = replace(officer, id="o_1", name="张甲"), replace(officer, id="o_2", name="李乙")
    said = at_once(
        [
            lambda: casework.grant(first, case, opinion="同意", version=seen),
            lambda: casework.refuse(second, case, reason="不符合", basis="第一条", version=seen),
        ]
    )

    late = [one for one in said if isinstance(one, Exception)]
    assert len(late) == 1
    assert isinstance(late[0], Conflict)
    winner, moves = ("李乙", "refuse") if late[0] is said[0] else ("张甲", "grant")
    assert winner in late[0].message
    assert "刷新" in late[0].mend
    view = casework.case_view(officer, case)
    decided = [m for m in view.item.moves if m.by in ("张甲", "李乙")]
    assert [m.by for m in decided] == [winner]
    assert view.item.granted is (moves == "grant")
