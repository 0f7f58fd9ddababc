# SPDX-License-Identifier: Apache-2.0
"""Write a record, correct it, withdraw it. Nothing is overwritten: a correction is a further version."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.journal.public import record as note_down
from yiwang.engines.credit import EndKind
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..domain.telling import NewRecord
from ..models import Ending, Record
from ..parts import NoSuchRecord, is_of_unit, require_unit
from ._teller import MOST_WORDS, Teller


@transaction.atomic
def record(actor: Actor, new: NewRecord, *, now: dt.datetime | None = None, delivery: str = "") -> str:
    """Record what a unit decided; its public id. Telling the same again gives the same record.

    Raises:
        NotAllowed: not the unit's officer. NotFound: no such entry or subject.
        Invalid: everything that is wrong. Conflict: the number is there with other words: correct it.
    """
    require_unit(actor, new.org)
    at = now or timezone.now()
    teller = Teller.now(actor, new.catalogue, at, delivery=delivery)
    kind = Subject(subject_of(new.subject).kind)
    teller.check(new, kind)
    row = teller.row(new, kind)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return _told_before(new)
    teller.version(row, new).save()
    teller.tell_subject(row)
    note(actor, "recorded", row)
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
    at = now or timezone.now()
    row = Record.objects.select_for_update().filter(
        catalogue=new.catalogue, org=new.org, reference=new.known_by
    ).first()  # fmt: skip
    if row is None:
        raise NoSuchRecord
    teller = Teller.now(actor, new.catalogue, at, delivery=delivery)
    kind = Subject(subject_of(new.subject).kind)
    teller.check(new, kind)
    if row.versions.get(number=row.number).digest == new.digest:
        return row.public_id
    _require_correctable(row, version)
    row.number += 1
    teller.carry(row, new, kind)
    row.save()
    teller.version(row, new, reason=reason).save()
    note(actor, "corrected", row)
    return row.public_id


def _require_correctable(row: Record, version: int) -> None:
    if row.ended:
        raise Conflict("这条信息已经结束，不能再更正。", mend="如有新的决定，请按新的文号报送。")
    if row.number != version:
        raise Conflict(
            f"这条信息已经更正为第{row.number}版。", mend="请先查看现在的版本，仍要更正的按新版本号报送。"
        )


@transaction.atomic
def withdraw(actor: Actor, record_id: str, *, reason: str, now: dt.datetime | None = None) -> None:
    """The unit revoked its decision: the record never counted. Raises NoSuchRecord, Invalid, Conflict."""
    row = Record.objects.select_for_update().filter(public_id=record_id).first()
    if row is None or not is_of_unit(actor, row.org):
        raise NoSuchRecord
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
    note(actor, kind.value, row)


def note(actor: Actor, what: str, row: Record) -> None:
    """Write what happened to a record into its stream of the journal."""
    note_down(
        actor,
        f"credit.{what}",
        stream=f"credit:{row.public_id}",
        about=row.public_id,
        subject=row.subject,
        detail={"catalogue": row.catalogue, "org": row.org, "version": row.number},
    )
