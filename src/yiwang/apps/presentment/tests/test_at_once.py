# SPDX-License-Identifier: Apache-2.0
"""Two at the same time: one scan of a code, one use of an authorisation, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from support import city as town
from yiwang.apps.journal.public import entries_of
from yiwang.apps.presentment import public as present
from yiwang.apps.presentment.models import ShowCode, Use
from yiwang.kernel.errors import Conflict, NotAllowed

from .shop import Shop, given, open_shop, shown

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]

THREADS, ROUNDS = 6, 3


@pytest.fixture
def shop() -> Shop:
    """A city whose rows are really committed."""
    return open_shop(town.build())


def at_once(actions: list[Callable[[], Any]]) -> list[Any]:
    """Run all together, each on its own connection; what each returned or raised."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        start.wait(timeout=30)
        try:
            return action()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def refusals(subject: str) -> list[str]:
    """Why looks were refused, in order."""
    found = [one for one in entries_of(f"uses:{subject}") if one["action"] == "present.refused"]
    return [one["detail"]["why"] for one in found]


def test_one_scan_of_many_wins_and_one_use_of_many(shop: Shop) -> None:
    owner = shop["owner"].id
    scanners = [shop[one] for one in ("other", "agent", "handler", "approver", "representative", "other")]
    for number in range(1, ROUNDS + 1):
        _, token = shown(shop)
        said = at_once([partial(present.scan, one, token) for one in scanners])
        assert sorted(type(one).__name__ for one in said) == ["Conflict"] * (THREADS - 1) + ["str"]
        assert all("已经用过" in one.message for one in said if isinstance(one, Conflict))
        assert Use.objects.filter(authorisation=None).count() == number
    assert refusals(owner) == ["used"] * (THREADS - 1) * ROUNDS

    _, code = given(shop)
    clerk = shop["counter"]
    said = at_once([lambda: present.use_by_code(clerk, code, subjects=[owner])] * THREADS)
    assert [type(one) for one in said if not isinstance(one, str)] == [Conflict] * (THREADS - 1)
    assert Use.objects.exclude(authorisation=None).count() == 1


def test_a_fresh_code_and_a_scan_never_both_count(shop: Shop) -> None:
    for _ in range(ROUNDS):
        showing, token = shown(shop)
        scan = partial(present.scan, shop["other"], token)
        scanned, fresh = at_once([scan, partial(present.fresh_code, shop["owner"], showing)])
        assert isinstance(scanned, str) != isinstance(fresh, present.FreshCode)
        for loser in (scanned, fresh):
            assert isinstance(loser, str | present.FreshCode | Conflict), loser
        alive = ShowCode.objects.filter(showing__public_id=showing, replaced_at=None).count()
        assert alive == 1


def test_two_clerks_with_one_code_of_a_case(shop: Shop) -> None:
    public_id, code = given(shop, application=shop.application)
    owner = shop["owner"].id
    clerks = [shop["counter"], shop["representative"]]
    said = at_once([partial(present.use_by_code, one, code, subjects=[owner]) for one in clerks])
    assert [type(one) for one in said if not isinstance(one, str)] == [NotAllowed]
    winner = clerks[0] if isinstance(said[0], str) else clerks[1]
    assert present.use_as_named(winner, public_id)


def test_taking_back_and_using_at_once_leave_one_story(shop: Shop) -> None:
    owner, clerk, uses = shop["owner"], shop["counter"], 0
    for _ in range(4 * ROUNDS):
        public_id, code = given(shop)
        use = partial(present.use_by_code, clerk, code, subjects=[owner.id])
        used, taken = at_once([use, partial(present.revoke_authorisation, owner, public_id)])
        assert isinstance(used, str) == isinstance(taken, Conflict)
        uses += isinstance(used, str)
        assert Use.objects.count() == uses
