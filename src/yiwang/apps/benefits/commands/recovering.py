# SPDX-License-Identifier: Apache-2.0
"""Money is taken back (追回) from a payee, and nobody of it may apply for some years: proposed by one
officer, decided by another, told with its clause; set off against what it is still owed, or paid back.
Cheating becomes a credit record with the decision, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import public as credit
from yiwang.apps.journal.public import record as write_down
from yiwang.apps.notices.public import notify
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.settlement_kinds import Recover
from yiwang.engines.benefits.settling import first_day_free, ran_too_short
from yiwang.engines.definitions import words
from yiwang.engines.definitions.citing import cite_words
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.money import format_fen

from ..domain.settings import CHEATING_ENTRY
from ..models import Enrolment, Line, Payee, Payout, Recovery
from ..settlement_parts import NoSuchSettlement, in_city, posts_at, settled_of

CHEATING, SHORT = "cheating", "short"


def paid_to(payee: Payee, enrolment: Enrolment | None = None) -> int:
    """What a payee was paid or promised, in all or for one unit, less what was decided to be taken back."""
    back = Recovery.objects.filter(payee=payee).exclude(approved=False)
    if enrolment is None:
        had = Payout.objects.filter(payee=payee, served_year__isnull=False).aggregate(fen=Sum("fen"))["fen"]
    else:
        lines = Line.objects.filter(
            payout__payee=payee, payout__served_year__isnull=False, record__enrolment=enrolment
        )
        had, back = lines.aggregate(fen=Sum("fen"))["fen"], back.filter(enrolment=enrolment)
    return max(0, (had or 0) - (back.aggregate(fen=Sum("fen"))["fen"] or 0))


@transaction.atomic
def propose_recovery(
    actor: Actor, payee: str, *, fen: int, ground: str, why: str, enrolment: str = ""
) -> str:
    """Propose to take money back: for cheating, or because something ran for too short; its public id.

    Raises NoSuchSettlement: not the city's department either. Invalid: more than was paid, no reason,
    or it did run for long enough. Conflict: one is waiting for its decision.
    """
    row = Payee.objects.select_for_update().filter(public_id=payee).first()
    if row is None:
        raise NoSuchSettlement
    policy, settled = settled_of(row.policy)
    if not in_city(actor, policy):
        raise NoSuchSettlement
    unit = Enrolment.objects.filter(public_id=enrolment, policy=row.policy).first() if enrolment else None
    if settled.recover is None or (enrolment and unit is None):
        raise NoSuchSettlement
    if ground not in (CHEATING, SHORT) or len(why.strip()) < 10:
        raise Invalid("请写明事实和理由。", mend="写清楚查实了什么、依据哪一条，至少10个字。", field="why")
    if ground == SHORT:
        _require_short(settled.recover, unit)
    if not 0 <= fen <= paid_to(row, unit):
        raise Invalid(
            "追回的金额超过已经拨付的。", mend=f"最多{format_fen(paid_to(row, unit))}。", field="fen"
        )
    if Recovery.objects.filter(payee=row, approved=None).exists():
        raise Conflict("已有一项追回等待审核。", mend="请先审核那一项。")
    made = Recovery.objects.create(
        public_id=new_public_id("rc"), policy=row.policy, payee=row, enrolment=unit, ground=ground, fen=fen,
        why=why.strip()[:1_000], decided_by=actor.id, decided_at=timezone.now(),
    )  # fmt: skip
    _note(actor, "proposed", made)
    return made.public_id


def _require_short(recover: Recover, unit: Enrolment | None) -> None:
    """Raise Invalid unless this unit has ended before it ran for as long as it must."""
    if unit is None or unit.ended_on is None or recover.runs_from is None:
        raise Invalid("请先登记它停止运营的日子。", mend="在登记里写明结束日期后再办。", field="enrolment")
    if not ran_too_short(recover, dt.date.fromisoformat(unit.kept[recover.runs_from]), unit.ended_on):
        raise Invalid("它已经运营满年限。", mend="不能以运营不足年限为由追回。", field="ground")


@transaction.atomic
def decide_recovery(actor: Actor, recovery: str, *, approve: bool) -> None:
    """Another officer decides. Approved: the payee is told, may be banned, what it is owed is set off, and
    cheating is recorded in public credit in the same transaction. Saying the same again changes nothing.

    Raises NoSuchSettlement, NotAllowed: the same officer proposed it. Conflict: decided otherwise.
    """
    found = Recovery.objects.filter(public_id=recovery).first()
    if found is None:
        raise NoSuchSettlement
    policy, settled = settled_of(found.policy)
    if not in_city(actor, policy):
        raise NoSuchSettlement
    Payee.objects.select_for_update().get(pk=found.payee_id)
    row = Recovery.objects.select_related("payee").get(pk=found.pk)
    if row.decided_by == actor.id:
        raise NotAllowed("提出追回的人不能自己审核。", mend="请由另一位工作人员审核。")
    if row.approved is not None:
        if row.approved is approve:
            return
        raise Conflict("已经审核过。", mend="请刷新后查看。")
    recover = settled.recover
    assert recover is not None  # it was proposed by it
    row.approved, row.reviewed_by, row.reviewed_at = approve, actor.id, timezone.now()
    if approve and recover.ban_years:
        row.banned_until = first_day_free(recover, timezone.localdate()) - dt.timedelta(days=1)
    row.save()
    _note(actor, "approved" if approve else "refused", row)
    if approve and row.ground == CHEATING:
        _record_cheating(actor, row, policy)
    if approve:
        ban = f"{row.banned_until:%Y年%m月%d日}以前不能再申请。" if row.banned_until else ""
        said = (
            f"{row.why}。追回{format_fen(row.fen)}，先从尚未拨付的补贴中抵扣。{ban}"
            f"依据：{cite_words(current().catalogue, recover.cite)}。不服可以申请行政复议。"
        )
        notify(row.payee.subject, "补贴资金追回决定", said, about=row.public_id)


def _record_cheating(actor: Actor, row: Recovery, policy: Policy) -> None:
    """Tell public credit, by the unit that decided; the decision's id is its number there: once."""
    org = next(one for one in policy.departments if posts_at(actor, one, ""))
    assert policy.settled is not None  # the caller has looked
    assert policy.settled.recover is not None
    cite = policy.settled.recover.cite
    credit.record(
        actor,
        credit.NewRecord(
            catalogue=words(current().catalogue, CHEATING_ENTRY),
            subject=row.payee.subject,
            title=f"骗取“{policy.name}”资金",
            basis=cite_words(current().catalogue, cite),
            happened_on=timezone.localdate(row.decided_at),
            decided_on=timezone.localdate(),
            org=org,
            fields={"骗取情形": f"追回{format_fen(row.fen)}", "资金名称": policy.name},
            reference=row.public_id,
        ),
    )


@transaction.atomic
def note_return(actor: Actor, recovery: str, *, fen: int) -> None:
    """What a payee has paid back by now, in all (so that saying it again changes nothing).

    Raises NoSuchSettlement. Invalid: less than before, or more than is owed.
    """
    found = Recovery.objects.filter(public_id=recovery, approved=True).first()
    if found is None:
        raise NoSuchSettlement
    policy, _ = settled_of(found.policy)
    if not in_city(actor, policy):
        raise NoSuchSettlement
    Payee.objects.select_for_update().get(pk=found.payee_id)
    row = Recovery.objects.get(pk=found.pk)
    if not row.returned_fen <= fen <= row.fen - row.offset_fen:
        raise Invalid("退回的金额不对。", mend="写到现在为止一共退回多少，不能超过要追回的。", field="fen")
    if fen == row.returned_fen:
        return
    row.returned_fen = fen
    row.save(update_fields=["returned_fen"])
    _note(actor, "returned", row)


def _note(actor: Actor, what: str, row: Recovery) -> None:
    detail: dict[str, Any] = {"policy": row.policy, "fen": row.fen, "ground": row.ground}
    write_down(
        actor,
        f"settlement.recovery_{what}",
        stream=f"settlement:{row.public_id}",
        about=row.public_id,
        detail=detail | {"returned": row.returned_fen, "offset": row.offset_fen},
    )
