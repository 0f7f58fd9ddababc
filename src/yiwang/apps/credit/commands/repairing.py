# SPDX-License-Identifier: Apache-2.0
"""Repair (信用修复): asked for with proof that the conditions are met, decided by the unit that decided the
record (谁认定、谁修复), and at once the end of its publicity and of every effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.notices.public import notify
from yiwang.engines.credit import CreditEntry, CreditRepair, EndKind, Proof, Standing, Way, standing
from yiwang.engines.credit import repairable_from as repairable
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.workdays import Limit, Unit

from ..domain.telling import refuse_if
from ..evidence import taken
from ..models import Record, Repair
from ..parts import NoSuchRecord, book_of, is_of_unit
from ..queries.histories import history_of, told
from ._ending import end
from ._words import MOST_WORDS, said
from .objecting import own_record


@dataclass(frozen=True)
class NewRepair:
    """What is asked: how it was mended, the public commitment, the training where conditions ask for it."""

    record: str
    way: Way
    words: str
    promise: str = ""
    trained_on: dt.date | None = None
    trained_at: str = ""
    files: Sequence[str] = ()


@transaction.atomic
def ask_repair(actor: Actor, new: NewRepair, *, now: dt.datetime | None = None) -> str:
    """Ask that a record about oneself, or a firm one acts for, be repaired; the repair's public id.

    Raises NoSuchRecord; Invalid: every condition that is not met; Conflict: it cannot be repaired, does not
    count any more, or a repair is open.
    """
    row = own_record(actor, new.record)
    opened, at = current(), now or timezone.now()
    today = timezone.localdate(at)
    entry, terms = repair_terms(opened, row, today)
    refuse_if(list(_unmet(new, entry, terms, row, today)))
    limit = Limit(terms.decided.days, Unit(terms.decided.unit.value))
    made = Repair(
        public_id=new_public_id("cp"), record=row, by=actor.id, way=new.way.value, words=said(new.words),
        evidence=taken(actor, row.subject, new.files), promise=new.promise.strip()[:MOST_WORDS],
        trained_on=new.trained_on, trained_at=new.trained_at.strip()[:200], asked_at=at,
        due_on=opened.calendar.due(today, limit).date,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict("这条信息的修复正在办理。", mend="请等待决定。") from None
    _note(actor, "repair_asked", made)
    return made.public_id


def repair_terms(opened: OpenRelease, row: Record, today: dt.date) -> tuple[CreditEntry, CreditRepair]:
    """The entry of a record and the conditions under which it is repaired. Raises Conflict: never, or it is
    over."""
    book = book_of(opened)
    entry = book.entry(row.catalogue)
    terms = book.repair_of(entry)
    if terms is None:
        raise Conflict("这类信息的期限由法律直接规定，不能修复。", mend="认为记录有误的，可以提出异议。")
    if standing(history_of(row), entry, today) is not Standing.COUNTS:
        raise Conflict("这条信息已经不再公示和使用，不需要修复。", mend="请刷新后查看。")
    return entry, terms


def _unmet(
    new: NewRepair, entry: CreditEntry, terms: CreditRepair, row: Record, today: dt.date
) -> Iterator[str]:
    version = told(row.versions.get(number=row.number))
    first = repairable(version, entry.term_of(version.severity))
    for condition in terms.conditions:
        if condition.asks is Proof.SHOWN and today < first:
            yield f"还没有到最短公示期限，{format_date(first)}起可以申请。"
        if condition.asks is Proof.PROMISE and not new.promise.strip():
            yield f"{condition.says}：请填写承诺内容，修复后公开。"
        if condition.asks is Proof.TRAINING and (new.trained_on is None or not new.trained_at.strip()):
            yield f"{condition.says}：请填写培训日期和证明。"
        if condition.ways and new.way not in condition.ways:
            yield f"{condition.says}：可以用的方式是{'、'.join(condition.ways)}。"
    if new.trained_on is not None and new.trained_on > today:
        yield "培训日期晚于今天。"


@transaction.atomic
def decide_repair(
    actor: Actor, repair: str, *, grant: bool, words: str, now: dt.datetime | None = None
) -> None:
    """Decide with reasons. Granted: the record ends now, in effects and in public alike.

    Raises NoSuchRecord, NotAllowed: one's own; Invalid: no reasons;
    Conflict: decided already.
    """
    row = Repair.objects.select_for_update().filter(public_id=repair).first()
    if row is None:
        raise NoSuchRecord
    about = Record.objects.select_for_update().get(pk=row.record_id)
    if not is_of_unit(actor, about.org):
        raise NoSuchRecord
    if row.by == actor.id or actor.is_subject(about.subject):
        raise NotAllowed("不能办理自己的修复。", mend="请由另一位工作人员办理。")
    if row.decided_at is not None:
        raise Conflict("已经决定过。", mend="请刷新后查看。")
    if not words.strip():
        raise Invalid("请写明理由。", mend="同意的写核实了什么，不同意的写还差什么。", field="words")
    at = now or timezone.now()
    row.decided_at, row.decided_by, row.granted = at, actor.id, grant
    row.answer = words.strip()[:MOST_WORDS]
    row.save()
    if grant and not about.ended:
        end(actor, about, EndKind.REPAIRED, reason=row.answer, now=at, about=row.public_id)
    _note(actor, "repair_granted" if grant else "repair_refused", row)
    says = "已同意，这条信息即日起不再公示和使用" if grant else "未同意"
    notify(row.by, "您的信用修复有结果", f"{says}。{row.answer}", about=row.public_id)


@transaction.atomic
def mend(actor: Actor, record: str, *, reason: str, now: dt.datetime | None = None) -> None:
    """The unit sees for itself that what was owed is done (免申即修): the record ends now, unasked.

    Raises NoSuchRecord, Invalid: no reason; Conflict: its catalogue does not allow that, or it ended before.
    """
    row = Record.objects.select_for_update().filter(public_id=record).first()
    if row is None or not is_of_unit(actor, row.org):
        raise NoSuchRecord
    book = book_of(current())
    terms = book.repair_of(book.entry(row.catalogue))
    if terms is None or not terms.unasked:
        raise Conflict("这类信息要由当事人申请修复。", mend="请当事人在“我的信用”里申请。")
    end(actor, row, EndKind.REPAIRED, reason=reason, now=now or timezone.now())
    entry = book.entry(row.catalogue).name
    notify(row.subject, "一条信用记录已修复", f"{entry}里有一条记录即日起不再使用：{reason}。", about=record)


def _note(actor: Actor, what: str, row: Repair) -> None:
    note_down(
        actor, f"credit.{what}", stream=f"credit:{row.record.public_id}", about=row.public_id,
        subject=row.record.subject, detail={"way": row.way},
    )  # fmt: skip
