# SPDX-License-Identifier: Apache-2.0
"""Officers act on one need at once, and the bureau publishes twice at once: one of each counts."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from yiwang.apps.exchange.models import NeedEdition, NeedStep
from yiwang.apps.exchange.public import NewNeed, Step, list_need, match_need, publish_needs, take_step
from yiwang.engines.exchange import NeedKind
from yiwang.kernel.errors import Conflict, Invalid

from .conftest import BUREAU, CIVIL, HEALTH, put

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> int:
    """How many of these went through, begun at one moment."""
    start, done = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            done.append(act)
        except (Conflict, Invalid):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return len(done)


def test_of_three_at_once_one_counts() -> None:
    put()
    identity = list_need(HEALTH, NewNeed("health", NeedKind.VERIFY, "核验婚姻状况", "是否已婚"))
    match_need(BUREAU, identity, version=1, resource="marriage-registration")
    steps = at_once(
        lambda: take_step(CIVIL, identity, Step.CONNECT, version=2),
        lambda: take_step(HEALTH, identity, Step.DISPUTE, version=2, words="等太久"),
        lambda: take_step(BUREAU, identity, Step.CLOSE, version=2, words="重复"),
    )
    assert steps == 1
    assert NeedStep.objects.count() == 3
    list_need(HEALTH, NewNeed("health", NeedKind.QUERY, "查询", "查询"))
    assert at_once(lambda: publish_needs(BUREAU), lambda: publish_needs(BUREAU)) == 1
    assert [one.number for one in NeedEdition.objects.all()] == [1]
