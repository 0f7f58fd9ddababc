# SPDX-License-Identifier: Apache-2.0
"""One call: what it gives, what it refuses, what is written of it."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from support import gateway as world
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.models import Call, Outcome
from yiwang.apps.journal.public import entries_of, verify
from yiwang.kernel.errors import YiwangError


def call(asked: gateway.NewCall, caller: gateway.Caller = world.CLIENT) -> gateway.CallResult:
    return gateway.call(caller, asked, now=timezone.now())


def refused(asked: gateway.NewCall, kind: type[YiwangError], caller: gateway.Caller = world.CLIENT) -> Call:
    with pytest.raises(kind) as told:
        call(asked, caller)
    return Call.objects.get(receipt=gateway.receipt_of(told.value))


@pytest.mark.storage
def test_granted_items_masked_unless_plain_and_written_down(grant: str) -> None:
    result = call(world.question(grant, case="驻审2026-1"))
    assert result.rows == (
        {
            "owner": "王第1",
            "number": "4117************11" if False else gateway_mask(world.number(1)),
            "address": "驻马店市驿城区****",
            "area": "81.5",
        },
    )
    row = Call.objects.get(receipt=result.receipt)
    assert (row.outcome, row.rows, row.org, row.case) == (Outcome.ANSWERED, 1, world.ASKER, "驻审2026-1")
    assert row.subject == gateway.subject_index(world.number(1))
    (entry,) = entries_of(row.stream)
    assert (entry["action"], entry["about"], entry["seq"]) == ("gateway.call.look", result.receipt, row.seq)
    assert entry["detail"]["response"] == result.response_digest == row.response_digest
    assert entry["detail"]["request"] == result.request_digest
    assert entry["purpose"] == world.PURPOSE
    assert world.number(1) not in json.dumps(entry, default=str)
    assert list(verify()) == []


def gateway_mask(number: str) -> str:
    return f"{number[:4]}{'*' * 12}{number[-2:]}"
