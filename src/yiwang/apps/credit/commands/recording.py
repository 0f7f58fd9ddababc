# SPDX-License-Identifier: Apache-2.0
"""Write a record, correct it, withdraw it. Nothing is overwritten: a correction is a further version."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.notices.public import notify
from yiwang.engines.credit import EndKind
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..domain.telling import NewRecord
from ..models import Listing, Record
from ..parts import NoSuchRecord, is_of_unit, require_unit
from ..queries.fitness import unfit
from ._ending import end, note
from ._removals import close_removals, propose_removals
from ._teller import Teller


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
    require_fit(teller, new)
    row = teller.row(new, kind)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return _told_before(new)
    teller.version(row, new).save()
    _tell(teller, row, new)
    note(actor, "recorded", row)
    return row.public_id


def require_fit(teller: Teller, new: NewRecord) -> None:
    """Raise Invalid when the subject does not meet the standard of the list."""
    if why := unfit(teller.entry, [new.subject], on=new.decided_on).get(new.subject):
        raise Invalid(why, mend="请核对列入标准。", field="catalogue")


def _tell(teller: Teller, row: Record, new: NewRecord) -> None:
    """Tell whom a record speaks against; lists for the clean are looked through."""
    teller.tell_subjects([(row, new.severity)])
    if teller.entry.sort.is_against:
        propose_removals([row.subject], now=teller.at)


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
    before = row.subject
    if new.subject != before:
        require_fit(teller, new)
    row.number += 1
    teller.carry(row, new, kind)
    row.save()
    teller.version(row, new, reason=reason).save()
    note(actor, "corrected", row)
    _tell_corrected(teller, row, new, before)
    return row.public_id


def _tell_corrected(teller: Teller, row: Record, new: NewRecord, before: str) -> None:
    """Tell whom the record speaks against that it changed, and whom it spoke against until now."""
    name = teller.entry.name
    if row.subject != before:
        if teller.entry.sort.is_against:
            body = f"{name}里有一条记录原来写的是您，现在更正为别人，不再对您公示和使用。"
            notify(before, "一条信用记录已更正", body, about=row.public_id)
        _tell(teller, row, new)
        close_removals(before, now=teller.at)
        return
    if teller.entry.sort.is_against:
        body = f"{name}里与您有关的一条记录已更正为第{row.number}版，请到“我的信用”查看。"
        notify(row.subject, "一条信用记录已更正", body, about=row.public_id)
        teller.plan_repairs([(row, new.severity)])
        propose_removals([row.subject], now=teller.at)
    close_removals(row.subject, now=teller.at)


@transaction.atomic
def correct_record(
    actor: Actor,
    record_id: str,
    new: NewRecord,
    *,
    version: int,
    reason: str,
    now: dt.datetime | None = None,
) -> None:
    """Correct a record found by its id, as `correct`; its entry, unit and number stay what they are, and the
    day its subject was told before being entered on a list.

    Raises NoSuchRecord: none, or another unit's; as `correct`.
    """
    row = Record.objects.select_for_update().filter(public_id=record_id).first()
    if row is None or not is_of_unit(actor, row.org):
        raise NoSuchRecord
    told_on = _told_on(row) or new.told_on
    fixed = replace(new, catalogue=row.catalogue, org=row.org, reference=row.reference, told_on=told_on)
    correct(actor, fixed, version=version, reason=reason, now=now)


def _told_on(row: Record) -> dt.date | None:
    told = Listing.objects.filter(record=row.public_id).values_list("told_at", flat=True).first()
    return timezone.localdate(told) if told else None


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
