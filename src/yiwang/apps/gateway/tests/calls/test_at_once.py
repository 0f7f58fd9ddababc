# SPDX-License-Identifier: Apache-2.0
"""Calls written at once: the same rows and the same chain, and as soon as anything is
not as usual nothing of it, so that the careful way decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from support import gateway as world
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import calls_writing
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.models import Call, Outcome, QuotaUse, SeenNonce
from yiwang.apps.journal.public import entries_of, record, verify
from yiwang.kernel.actor import system

NOW = timezone.now()
"""One moment for all calls: one minute of the quota."""
pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def careful(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many lines each transaction had that was written with care; books that begin anew."""
    seen: list[int] = []
    real = calls_writing.write_with_care

    def write(lines: Sequence[Any], stream: Any) -> None:
        seen.append(len(lines))
        real(lines, stream)

    monkeypatch.setattr(calls_writing, "write_with_care", write)
    monkeypatch.setattr(calls_writing, "_books", [])
    return seen


def ask(grant: str, number: int, nonce: str = "") -> Call:
    """The row of a call, answered or refused."""
    taken = SeenNonce(client="client_x", nonce=nonce, until=NOW) if nonce else None
    try:
        asked = world.question(grant, number, case="驻审2026-1")
        receipt = gateway.call(world.CLIENT, asked, now=NOW, nonce=taken).receipt
    except Exception as error:
        receipt = gateway.receipt_of(error)
    return Call.objects.get(receipt=receipt)


def test_at_once_is_written_what_care_writes_and_the_rest_is_left_to_it(careful: list[int]) -> None:
    world.publish()
    world.connect(world.Memory({world.number(n): world.row_of(n) for n in range(1, 10)}))
    grant = world.grant(per_day=6)
    first, second = ask(grant, 1, "n1"), ask(grant, 2, "n2")
    assert careful == [1]  # the head of a stream is read once
    same = {"grant", "org", "purpose", "basis", "case", "fields", "rows", "outcome", "cached", "stream"}
    assert {name: getattr(first, name) for name in same} == {name: getattr(second, name) for name in same}
    assert second.subject == gateway.subject_index(world.number(2))
    one, two = entries_of(first.stream)
    assert one["detail"].keys() == two["detail"].keys()
    assert (two["about"], two["detail"]["response"]) == (second.receipt, second.response_digest)
    assert SeenNonce.objects.count() == 2
    del careful[:]

    assert ask(grant, 3, "n2").outcome == Outcome.REFUSED  # replayed
    with transaction.atomic():
        record(system("别人"), "gateway.call", stream=first.stream)
    assert ask(grant, 3).outcome == Outcome.ANSWERED  # another head than remembered
    assert len(careful) == 2
    assert ask(grant, 4).outcome == Outcome.ANSWERED
    assert len(careful) == 2
    assert set(QuotaUse.objects.values_list("used", flat=True)) == {4}

    assert [ask(grant, 6).outcome for _ in range(3)] == [Outcome.ANSWERED, Outcome.ANSWERED, Outcome.REFUSED]
    assert set(QuotaUse.objects.values_list("used", flat=True)) == {6}

    other = world.grant()
    assert ask(other, 7).outcome == Outcome.ANSWERED
    exchange.revoke(world.REVIEWING, other, "不再需要这些数据")
    assert ask(other, 7).outcome == Outcome.REFUSED
    assert list(verify()) == []
