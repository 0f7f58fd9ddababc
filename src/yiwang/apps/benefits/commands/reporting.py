# SPDX-License-Identifier: Apache-2.0
"""Makers and operators report their sales or readings; a wrong one is withdrawn, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.journal.public import record as write_down
from yiwang.engines.benefits.settlement_kinds import Settled
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.records import Reported, read_records
from ..models import Enrolment, Payee, Record
from ..settlement_parts import NoSuchSettlement, begins, settled_of
from ..worths import bans_of


class RecordsWrong(Invalid):
    """Lines that must be mended, all at once. `wrong`: (row, words)."""

    def __init__(self, wrong: Sequence[tuple[int, str]]) -> None:
        first = "；".join(f"第{row}行：{words}" for row, words in wrong[:3])
        super().__init__(
            f"有{len(wrong)}行不对。{first}", mend="请按行改好后重新上传整份文件。", field="file"
        )
        self.wrong = list(wrong)


@transaction.atomic
def report(actor: Actor, payee: str, *, period: str, data: bytes) -> int:
    """Take a month's records over as a whole, or nothing of it; how many. The same file again adds nothing.

    Raises NoSuchSettlement: not one's own. NotAllowed: banned. Invalid, RecordsWrong: what must be mended.
    """
    row = Payee.objects.select_for_update().filter(public_id=payee, ended_on=None).first()
    if row is None or not actor.is_subject(row.subject, Matter.BENEFITS):
        raise NoSuchSettlement
    _, settled = settled_of(row.policy)
    today = timezone.localdate()
    if any(first <= today <= last for first, last in bans_of([row.subject]).get(row.subject, ())):
        raise NotAllowed("在禁止申报期内，不能上报。", mend="对处理决定有异议，可以申请行政复议。")
    lines, wrong = read_records(data, settled, period)
    if any(line.day > today for line in lines) and settled.proof:
        wrong += [(line.row, "日期还没有到。") for line in lines if line.day > today]
    enrolments = _enrolments(row, settled, lines)
    wrong += _unknown(lines, enrolments)
    there = _reported_before(row, lines)
    wrong += [
        (line.row, f"“{line.proof}”已经用过。") for line in lines if _differs(line, there, enrolments, row)
    ]
    if wrong:
        raise RecordsWrong(sorted(wrong))
    new = [line for line in lines if line.proof not in there]
    _write(actor, row, period, new, enrolments)
    if new:
        write_down(
            actor,
            "settlement.reported",
            stream=f"settlement:{row.public_id}",
            about=row.public_id,
            detail={"policy": row.policy, "period": period, "rows": len(new), "digest": sm3(data).hex()},
        )
    return len(new)


def _enrolments(payee: Payee, settled: Settled, lines: Sequence[Reported]) -> dict[str, Enrolment]:
    rows = Enrolment.objects.select_for_update().filter(
        policy=payee.policy, number__in={line.number for line in lines}
    )
    if settled.pays == "holder":
        rows = rows.filter(holder=payee.subject)
    return {row.number: row for row in rows.order_by("id")}


def _unknown(lines: Sequence[Reported], enrolments: Mapping[str, Enrolment]) -> list[tuple[int, str]]:
    found = []
    for line in lines:
        row = enrolments.get(line.number)
        if row is None or line.day < row.began_on or (row.ended_on and line.day > row.ended_on):
            found.append((line.row, f"没有编号为“{line.number[:20]}”的有效登记。"))
    return found


def _reported_before(payee: Payee, lines: Sequence[Reported]) -> dict[str, Record]:
    rows = Record.objects.filter(
        policy=payee.policy, proof__in=[line.proof for line in lines], withdrawn_at=None
    )
    return {row.proof: row for row in rows}


def _differs(
    line: Reported, there: Mapping[str, Record], enrolments: Mapping[str, Enrolment], payee: Payee
) -> bool:
    """Whether a proof stands for something else already."""
    old, unit = there.get(line.proof), enrolments.get(line.number)
    if old is None or unit is None:
        return False
    same = (old.payee_id, old.enrolment_id, old.day) == (payee.pk, unit.pk, line.day)
    return not same or old.columns != dict(line.columns)


def _write(
    actor: Actor, payee: Payee, period: str, lines: Sequence[Reported], units: Mapping[str, Enrolment]
) -> None:
    now = timezone.now()
    rows = [
        Record(
            public_id=new_public_id("sr"),
            policy=payee.policy,
            enrolment=units[line.number],
            payee=payee,
            period=period,
            day=line.day,
            columns=dict(line.columns),
            proof=line.proof,
            reported_by=actor.id,
            reported_at=now,
        )
        for line in lines
    ]
    try:
        with transaction.atomic():
            Record.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:
        raise Conflict("有凭证刚刚被用过。", mend="请核对后重新上传。") from None


@transaction.atomic
def withdraw_record(actor: Actor, record: str, *, why: str) -> None:
    """A record was wrong: by who reported it, or by the village or county that checks it. What it was paid
    is set off by the next sheet. Withdrawing it again changes nothing.

    Raises NoSuchSettlement. Invalid: no reason.
    """
    found = (
        Record.objects.filter(public_id=record).select_related("enrolment__station__parent", "payee").first()
    )
    if found is None:
        raise NoSuchSettlement
    unit = Enrolment.objects.select_for_update().get(pk=found.enrolment_id)
    _, settled = settled_of(found.policy)
    if not (
        actor.is_subject(found.payee.subject, Matter.BENEFITS)
        or begins(actor, settled, unit.place, unit.station)
    ):
        raise NoSuchSettlement
    if not why.strip():
        raise Invalid("请写明原因。", mend="例如：发票号填错。", field="why")
    withdraw(actor, found.pk, why=why)


def withdraw(actor: Actor, pk: int, *, why: str) -> None:
    """Withdraw a record whose enrolment the caller has locked."""
    row = Record.objects.select_for_update().get(pk=pk)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = timezone.now(), actor.id, why.strip()[:500]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    detail: dict[str, Any] = {"policy": row.policy, "period": row.period}
    write_down(
        actor,
        "settlement.record_withdrawn",
        stream=f"settlement:{row.public_id}",
        about=row.public_id,
        detail=detail,
    )
