# SPDX-License-Identifier: Apache-2.0
"""Two officers decide at once: one decision, one grant."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.models import Grant, RequestMove
from yiwang.kernel.errors import Conflict

from . import people as p
from .conftest import made, publish

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]


def test_two_reviewers_and_a_withdrawal_at_once() -> None:
    publish(made())
    today = timezone.localdate()
    request = p.asked(valid_from=today, valid_until=today)
    came: list[str] = []
    start = threading.Barrier(3)

    def act(name: str) -> None:
        start.wait()
        try:
            if name == "withdraw":
                x.withdraw(p.ASKER, request)
            else:
                by = p.REVIEWER if name == "first" else p.REVIEWER_TOO
                x.review(by, request, x.Decision(grant=True), version=1)
            came.append(name)
        except Conflict:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(name,)) for name in ("first", "second", "withdraw")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(came) == 1
    assert Grant.objects.count() == (came != ["withdraw"])
    assert RequestMove.objects.count() == 2
