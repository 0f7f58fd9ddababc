# SPDX-License-Identifier: Apache-2.0
"""Write a record, correct it, withdraw it. Nothing is overwritten: a correction is a further version."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.journal.public import record as note_down
from yiwang.engines.credit import CreditEntry, EndKind
from yiwang.engines.credit import Version as Told
from yiwang.engines.credit.facts import shown_until
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.workdays import Limit, Unit

from ..domain.telling import NewRecord, complaints, refuse_if
from ..models import Ending, Record, Version
from ..parts import NoSuchRecord, book_of, require_unit

MOST_WORDS = 1_000


@transaction.atomic
def record(actor: Actor, new: NewRecord, *, now: dt.datetime | None = None, delivery: str = "") -> str:
    """Record what a unit decided; its public id. Telling the same again gives the same record.

    Raises:
        NotAllowed: not the unit's officer. NotFound: no such entry or subject.
        Invalid: everything that is wrong. Conflict: the number is there with other words: correct it.
    """
    require_unit(actor, new.org)
    opened, at = current(), now or timezone.now()
    entry = _checked(opened, new, at)
    row = Record(
        public_id=new_public_id("cr"), catalogue=new.catalogue, org=new.org, reference=new.known_by,
        collected_at=at,
    )  # fmt: skip
    _carry(opened, entry, row, new)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return _told_before(new)
    _write(row, new, at, actor, delivery=delivery)
    _note(actor, "recorded", row)
    return row.public_id


def _told_before(new: NewRecord) -> str:
    row = Record.objects.select_for_update().get(catalogue=new.catalogue, org=new.org, reference=new.known_by)
    if row.versions.get(number=row.number).digest != new.digest:
        raise Conflict(
            "同一文号已经报送过，内容不同。",
            mend=f"要更正，请写明更正原因和被更正的版本号（现在是第{row.number}版）。",
        )
    return row.public_id


@transaction.atomic
def correct(
    actor: Actor,
    new: NewRecord,
    *,
    version: int,
    reason: str,
    now: dt.datetime | None = None,
    delivery: str = "",
) -> str:
    """Correct a record by a further version, with the reason; its public id.

    `version`: the one that is corrected. Of two who correct the same version the first one counts; the
    second is told, unless both say the same.

    Raises NotAllowed, NotFound; Invalid: no reason, or what is wrong; Conflict: corrected meanwhile, ended.
    """
    require_unit(actor, new.org)
    if not reason.strip():
        raise Invalid("请写明更正原因。", mend="写清楚原来哪里不对。", field="reason")
    opened, at = current(), now or timezone.now()
    row = Record.objects.select_for_update().filter(
        catalogue=new.catalogue, org=new.org, reference=new.known_by
    ).first()  # fmt: skip
    if row is None:
        raise NoSuchRecord
    entry = _checked(opened, new, at)
    if row.versions.get(number=row.number).digest == new.digest:
        return row.public_id
    if row.ended:
        raise Conflict("这条信息已经结束，不能再更正。", mend="如有新的决定，请按新的文号报送。")
    if row.number != version:
        raise Conflict(
            f"这条信息已经更正为第{row.number}版。", mend="请先查看现在的版本，仍要更正的按新版本号报送。"
        )
    row.number += 1
    _carry(opened, entry, row, new)
    row.save()
    _write(row, new, at, actor, reason=reason, delivery=delivery)
    _note(actor, "corrected", row)
    return row.public_id


@transaction.atomic
def withdraw(actor: Actor, record_id: str, *, reason: str, now: dt.datetime | None = None) -> None:
    """The unit revoked its decision: the record never counted. Raises NoSuchRecord, Invalid, Conflict."""
    row = Record.objects.select_for_update().filter(public_id=record_id).first()
    if row is None:
        raise NoSuchRecord
    require_unit(actor, row.org)
    end(actor, row, EndKind.WITHDRAWN, reason=reason, now=now or timezone.now())


def end(actor: Actor, row: Record, kind: EndKind, *, reason: str, now: dt.datetime, about: str = "") -> None:
    """End a locked record at once: its effects and its publicity. Raises Invalid, Conflict."""
    if row.ended:
        raise Conflict("这条信息已经结束。", mend="请刷新后查看。")
    if not reason.strip():
        raise Invalid("请写明理由。", mend="写清楚依据什么文书。", field="reason")
    today = timezone.localdate(now)
    Ending.objects.create(
        record=row, kind=kind.value, on=today, known_since=now, by=actor.id,
        reason=reason.strip()[:MOST_WORDS], about=about,
    )  # fmt: skip
    row.ended = kind.value
    if row.published_on is not None and row.taken_down_on is None:
        row.taken_down_on = today
    row.save(update_fields=["ended", "taken_down_on"])
    _note(actor, kind.value, row)


def _checked(opened: OpenRelease, new: NewRecord, at: dt.datetime) -> CreditEntry:
    entry = book_of(opened).entry(new.catalogue)
    kind = Subject(subject_of(new.subject).kind)
    told = complaints(new, entry, kind=kind, today=timezone.localdate(at), calendar=opened.calendar)
    refuse_if(list(told))
    return entry


def _carry(opened: OpenRelease, entry: CreditEntry, row: Record, new: NewRecord) -> None:
    """Copy to the row what is searched by; the clock of its publicity."""
    row.subject, row.decided_on = new.subject, new.decided_on
    told = Told(0, new.subject, new.decided_on, row.collected_at, new.severity, new.until, new.item)
    row.shown_until = shown_until(told, entry.term_of(new.severity))
    kind = Subject(subject_of(new.subject).kind)
    public = entry.publicity
    hidden = row.shown_until is not None and row.shown_until < new.decided_on
    if public is None or kind not in public.of or hidden:
        row.due_on = None
        return
    limit = Limit(public.within.days, Unit(public.within.unit.value))
    row.due_on = opened.calendar.due(new.decided_on, limit).date


def _write(
    row: Record, new: NewRecord, at: dt.datetime, actor: Actor, *, reason: str = "", delivery: str = ""
) -> None:
    Version.objects.create(
        record=row, number=row.number, subject=new.subject, title=new.title.strip(), basis=new.basis.strip(),
        fields={name: text.strip() for name, text in new.fields.items() if text.strip()},
        severity=str(new.severity or ""), item=new.item, happened_on=new.happened_on,
        decided_on=new.decided_on, until=new.until, known_since=at, reason=reason.strip()[:MOST_WORDS],
        by=actor.id, case=new.case, delivery=delivery, digest=new.digest,
    )  # fmt: skip


def _note(actor: Actor, what: str, row: Record) -> None:
    note_down(
        actor,
        f"credit.{what}",
        stream=f"credit:{row.public_id}",
        about=row.public_id,
        subject=row.subject,
        detail={"catalogue": row.catalogue, "org": row.org, "version": row.number},
    )
