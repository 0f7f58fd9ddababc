# SPDX-License-Identifier: Apache-2.0
"""One call: what it gives, what it refuses, what is written of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone

from support import gateway as world
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.domain.calls import Ended, NoGrant, OutOfScope
from yiwang.apps.gateway.models import Call, CallSubject, KeptAnswer, Outcome, QuotaUse
from yiwang.apps.journal.public import entries_of, verify
from yiwang.kernel.errors import Invalid, YiwangError
from yiwang.kernel.ids import mask_id_number


def call(asked: gateway.NewCall, caller: gateway.Caller = world.CLIENT) -> gateway.CallResult:
    return gateway.call(caller, asked, now=timezone.now())


def refused(asked: gateway.NewCall, kind: type[Exception], caller: gateway.Caller = world.CLIENT) -> Call:
    """The row of a call that must fail like this."""
    with pytest.raises(kind) as told:
        call(asked, caller)
    return Call.objects.get(receipt=gateway.receipt_of(told.value))


@pytest.mark.storage
def test_granted_items_masked_unless_plain_and_written_down(grant: str) -> None:
    result = call(world.question(grant, case="驻审2026-1"))
    assert result.rows == (
        {
            "owner": "王第1",
            "number": mask_id_number(world.number(1)),
            "address": "驻马店市驿城区****",
            "area": "81.5",
        },
    )
    row = Call.objects.get(receipt=result.receipt)
    assert (row.outcome, row.rows, row.org, row.case) == (Outcome.ANSWERED, 1, world.ASKER, "驻审2026-1")
    assert row.subject == gateway.subject_index(world.number(1))
    entry = entries_of(row.stream)[row.seq - 1]
    assert (entry["action"], entry["about"]) == ("gateway.call.look", result.receipt)
    assert entry["detail"]["response"] == result.response_digest == row.response_digest
    assert entry["detail"]["request"] == result.request_digest
    assert (entry["purpose"], entry["basis"]) == (world.PURPOSE, world.BASIS)
    assert world.number(1) not in json.dumps(entry, default=str)
    assert json.loads(result.document)["rows"] == [dict(one) for one in result.rows]
    assert list(verify()) == []


def test_fewer_items_come_in_the_order_of_the_grant_and_nobody_is_no_fault(grant: str) -> None:
    few = call(world.question(grant, fields=["area", "owner"]))
    assert [list(row) for row in few.rows] == [["owner", "area"]]
    nobody = call(world.question(grant, 99))
    assert nobody.rows == ()
    assert Call.objects.get(receipt=nobody.receipt).outcome == Outcome.ANSWERED


REFUSED: list[tuple[dict[str, Any], type[YiwangError]]] = [
    ({"purpose": "别的用途"}, OutOfScope),
    ({"purpose": ""}, OutOfScope),
    ({"fields": ["owner", "debt"]}, OutOfScope),
    ({"fields": ["nothing"]}, OutOfScope),
    ({"fields": []}, OutOfScope),
    ({"keys": {}}, OutOfScope),
    ({"keys": {"owner": "王第1"}}, OutOfScope),
    ({"keys": {"number": world.number(1), "debt": "有"}}, OutOfScope),
    ({"keys": {"number": ""}}, Invalid),
    ({"keys": {"number": "1' OR '1'='1\x00"}}, Invalid),
    ({"keys": {"number": "9" * 101}}, Invalid),
    ({"keys": {"number": True}}, Invalid),
    ({"keys": {"number": {"$ne": ""}}}, Invalid),
    ({"case": "一行\n两行"}, Invalid),
    ({"case": "长" * 81}, Invalid),
    ({"request_id": "short"}, Invalid),
    ({"grant": "dg_nothing"}, NoGrant),
]


def test_what_the_grant_does_not_hold_is_refused_and_written_down(grant: str, source: world.Memory) -> None:
    for more, kind in REFUSED:
        row = refused(world.question(**{"grant_id": grant} | _renamed(more)), kind)
        assert (row.outcome, row.rows, row.response_digest) == (Outcome.REFUSED, 0, ""), more
        assert entries_of(row.stream)[row.seq - 1]["action"] == "gateway.call.refused"
    stranger = gateway.Caller(gateway.CallerKind.CLIENT, "client_x", "学籍系统", world.STRANGER)
    nobody = gateway.Caller(gateway.CallerKind.CLIENT, "client_y", "没有部门", "")
    for caller in (stranger, nobody):
        refused(world.question(grant), NoGrant, caller)
    assert source.asked == []
    assert not QuotaUse.objects.exists()
    assert list(verify()) == []


def _renamed(more: dict[str, Any]) -> dict[str, Any]:
    return {"grant_id" if name == "grant" else name: value for name, value in more.items()}


def test_a_revoked_grant_gives_nothing_even_while_it_is_being_used(grant: str, source: world.Memory) -> None:
    call(world.question(grant))

    def meanwhile(_: gateway.Query) -> None:
        exchange.revoke(world.REVIEWING, grant, "不再需要这些数据")

    source.before = meanwhile
    row = refused(world.question(grant, 2), Ended)
    assert (row.outcome, row.rows, row.response_digest) == (Outcome.REFUSED, 0, "")
    source.before = None
    refused(world.question(grant, 3), Ended)


def test_a_failure_of_the_source_is_a_failed_call(grant: str, source: world.Memory) -> None:
    def down(_: gateway.Query) -> None:
        raise gateway.SourceDown("数据来源没有答复。", mend="请稍后再试。")

    def broken(_: gateway.Query) -> None:
        raise ZeroDivisionError

    for fault in (down, broken):
        source.before = fault
        row = refused(world.question(grant), gateway.SourceDown)
        assert (row.outcome, row.rows) == (Outcome.FAILED, 0)
    assert {one.used for one in QuotaUse.objects.all()} == {2}


@pytest.mark.storage
def test_quotas_are_exact_and_what_is_refused_is_not_counted(source: world.Memory) -> None:
    grant = world.grant(per_minute=3, per_day=5)
    noon = timezone.now().replace(hour=4, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    outcomes = []
    for minute, second in ((0, 1), (0, 2), (0, 3), (0, 4), (1, 0), (1, 1), (1, 2), (2, 0)):
        try:
            gateway.call(world.CLIENT, world.question(grant), now=noon.replace(minute=minute, second=second))
        except gateway.QuotaUsed as error:
            outcomes.append("今天" if "今天" in error.message else "分钟")
        else:
            outcomes.append("答复")
    assert outcomes == ["答复", "答复", "答复", "分钟", "答复", "答复", "今天", "今天"]
    assert sorted(QuotaUse.objects.values_list("window", "used"))[0][1] == 5
    assert Call.objects.filter(outcome=Outcome.ANSWERED).count() == 5


def test_kept_answers_are_the_grants_own_and_end(source: world.Memory) -> None:
    keeps, other, never = (world.grant(cache_seconds=seconds) for seconds in (60, 60, 0))
    now = timezone.now()
    first, second = (gateway.call(world.CLIENT, world.question(keeps), now=now) for _ in range(2))
    assert (first.cached, second.cached, len(source.asked)) == (False, True, 1)
    assert first.rows == second.rows
    assert first.receipt != second.receipt
    for more in ({"fields": ["owner"]}, {"keys": {"number": world.number(2)}}):
        assert not gateway.call(world.CLIENT, world.question(keeps, **more), now=now).cached
    assert not gateway.call(world.CLIENT, world.question(other), now=now).cached
    assert not any(gateway.call(world.CLIENT, world.question(never), now=now).cached for _ in range(2))
    later = now + dt.timedelta(seconds=61)
    assert not gateway.call(world.CLIENT, world.question(keeps), now=later).cached
    stored = b"".join(bytes(row) for row in _columns("rows")) + "".join(_columns("key")).encode()
    assert "王第1".encode() not in stored
    assert world.number(1).encode() not in stored
    assert CallSubject.objects.count() == 0
    exchange.revoke(world.REVIEWING, keeps, "不再需要这些数据")
    refused(world.question(keeps), Ended)


def _columns(name: str) -> list[Any]:
    """What is really in the table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{name}" FROM {KeptAnswer._meta.db_table}')
        return [row[0] for row in cursor.fetchall()]


def test_whom_a_call_is_about_can_be_asked(grant: str) -> None:
    named = call(world.question(grant, 1, subject="p_wang"))
    plain = call(world.question(grant, 1))
    call(world.question(grant, 2))
    index = gateway.subject_index(world.number(1))
    assert [one.receipt for one in gateway.calls_about(["p_wang"])] == [named.receipt]
    assert {one.receipt for one in gateway.calls_about([index])} == {named.receipt, plain.receipt}
    assert gateway.calls_about(["p_somebody"]) == []
