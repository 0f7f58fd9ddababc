# SPDX-License-Identifier: Apache-2.0
"""Objection to a record (异议): raised by whom it is about, answered by the unit that decided, in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.notices.public import notify
from yiwang.engines.credit import EndKind
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, NotAllowed
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.termed import Termed
from yiwang.kernel.workdays import Limit

from ..evidence import taken
from ..models import Objection, Record
from ..parts import OBJECTION_DAYS, NoSuchRecord, is_lead, is_of_unit
from ._ending import end
from ._words import said


class Outcome(Termed):
    """How an objection was answered."""

    REMOVED = "removed", "异议成立，已撤下"
    CORRECTED = "corrected", "异议成立，已更正"
    DISMISSED = "dismissed", "核实无误，维持"


@transaction.atomic
def object_to(
    actor: Actor, record: str, *, words: str, files: Sequence[str] = (), now: dt.datetime | None = None
) -> str:
    """Object to a record about oneself or a firm one acts for; the objection's public id.

    While it is open the record is marked; its effects hold until the answer.
    Raises NoSuchRecord; Invalid: no words, files that are not one's own; Conflict: ended, or one is open.
    """
    row = own_record(actor, record)
    if row.ended:
        raise Conflict("这条信息已经结束。", mend="不再公示和使用，不需要提异议。")
    opened, at = current(), now or timezone.now()
    days = Limit(Decimal(whole(opened.catalogue, OBJECTION_DAYS)))
    made = Objection(
        public_id=new_public_id("co"), record=row, version=row.number, by=actor.id, words=said(words),
        evidence=taken(actor, row.subject, files), raised_at=at,
        due_on=opened.calendar.due(timezone.localdate(at), days).date,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict("这条信息已有异议在核查。", mend="请等待答复，或拨打12345催办。") from None
    _note(actor, "objected", made)
    return made.public_id


@transaction.atomic
def answer(
    actor: Actor, objection: str, *, outcome: Outcome, words: str, now: dt.datetime | None = None
) -> None:
    """The unit's answer, or the leading unit's. Upheld: the record ends at once, its effects and publicity;
    or it was corrected by a further version before.

    Raises NoSuchRecord, NotAllowed: one's own; Invalid: no reasons; Conflict: answered, not corrected yet.
    """
    row = Objection.objects.select_for_update().filter(public_id=objection).first()
    if row is None:
        raise NoSuchRecord
    about = Record.objects.select_for_update().get(pk=row.record_id)
    if not (is_of_unit(actor, about.org) or is_lead(actor, current())):
        raise NoSuchRecord
    if row.by == actor.id:
        raise NotAllowed("不能答复自己提的。", mend="请由另一位工作人员答复。")
    if row.answered_at is not None:
        raise Conflict("已经答复过。", mend="请刷新后查看。")
    at, reason = now or timezone.now(), said(words)
    row.answered_at, row.answered_by, row.outcome, row.answer = at, actor.id, outcome.value, reason
    if outcome is Outcome.CORRECTED and about.number == row.version:
        raise Conflict("这条信息在提出异议后还没有更正过。", mend="请先更正，再答复“已更正”。")
    row.save()
    if outcome is Outcome.REMOVED and not about.ended:
        end(actor, about, EndKind.UPHELD, reason=reason, now=at, about=row.public_id)
    _note(actor, "answered", row)
    notify(row.by, "您提的信用异议有答复", f"{outcome.term}。{reason}", about=row.public_id)


def own_record(actor: Actor, record: str) -> Record:
    """The record, locked, for whom it is about. Raises NoSuchRecord."""
    row = Record.objects.select_for_update().filter(public_id=record).first()
    if row is None or not actor.is_subject(row.subject):
        raise NoSuchRecord
    return row


def _note(actor: Actor, what: str, row: Objection) -> None:
    note_down(
        actor, f"credit.{what}", stream=f"credit:{row.record.public_id}", about=row.public_id,
        subject=row.record.subject, detail={"outcome": row.outcome},
    )  # fmt: skip
