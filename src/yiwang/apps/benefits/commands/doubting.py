# SPDX-License-Identifier: Apache-2.0
"""Objections to a line of a sheet that is being shown; the village looks into it again and answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.sheets import SheetState
from ..models import Enrolment, Line, Sheet, SheetObjection
from ..settlement_parts import NoSuchSettlement, begins, settled_of
from .reporting import withdraw
from .sheets import note, refill

MOST = 1_000


@transaction.atomic
def doubt(actor: Actor, sheet: str, record: str, *, words: str) -> str:
    """Say what is wrong with a line that is shown: anybody who is logged in, or the village's officer for
    somebody who called; its public id. The same again gives the same.

    Raises NoSuchSettlement: it is not being shown. NotAllowed: nobody is logged in. Invalid: no words.
    """
    row = Sheet.objects.select_for_update().filter(public_id=sheet).first()
    line = Line.objects.filter(sheet=row, record__public_id=record).first() if row else None
    if row is None or line is None or row.state != SheetState.SHOWN.value:
        raise NoSuchSettlement
    _, settled = settled_of(row.policy)
    if actor.kind is not ActorKind.PERSON and not begins(actor, settled, row.place, row.station):
        raise NotAllowed("请登录后再提。", mend="也可以拨打公示栏上的举报电话。")
    said = words.strip()
    if not 5 <= len(said) <= MOST:
        raise Invalid("请写明哪里不对。", mend=f"5到{MOST}个字。", field="words")
    there = row.objections.filter(record=line.record, by=actor.id, answered_at=None).first()
    if there is not None:
        return there.public_id
    objection = SheetObjection.objects.create(
        public_id=new_public_id("so"), sheet=row, record=line.record, by=actor.id, words=said,
        raised_at=timezone.now(),
    )  # fmt: skip
    note(actor, "doubted", row, objection=objection.public_id)
    return objection.public_id


@transaction.atomic
def answer_doubt(actor: Actor, objection: str, *, upheld: bool, words: str) -> None:
    """The village's answer after looking into it again. Upheld: the record is withdrawn and the sheet
    summed up without it.

    Raises NoSuchSettlement. Invalid: no reasons. Conflict: answered already.
    """
    found = (
        SheetObjection.objects.select_related("sheet__station__parent").filter(public_id=objection).first()
    )
    if found is None:
        raise NoSuchSettlement
    _, settled = settled_of(found.sheet.policy)
    if not begins(actor, settled, found.sheet.place, found.sheet.station) or found.by == actor.id:
        raise NoSuchSettlement
    if not words.strip():
        raise Invalid("请写明核实的结果。", mend="写清楚怎么核实的、结果是什么。", field="words")
    sheet = Sheet.objects.select_for_update().get(pk=found.sheet_id)
    row = SheetObjection.objects.select_related("record").get(pk=found.pk)
    if row.answered_at is not None:
        raise Conflict("已经答复过。", mend="请刷新后查看。")
    row.answered_at, row.answered_by = timezone.now(), actor.id
    row.upheld, row.answer = upheld, words.strip()[:MOST]
    row.save()
    if upheld and sheet.state == SheetState.SHOWN.value:
        Enrolment.objects.select_for_update().get(pk=row.record.enrolment_id)
        withdraw(actor, row.record_id, why=f"公示异议成立：{row.answer}")
        refill(sheet)
    note(actor, "doubt_answered", sheet, objection=row.public_id, upheld=upheld)
    notify(row.by, "您对公示提的异议有答复", row.answer, about=row.public_id)
