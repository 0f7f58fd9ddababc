# SPDX-License-Identifier: Apache-2.0
"""Off a list for the clean alone (移出名单): heard, then taken off by the unit that entered them. Whether
they are clean stands in the records; nobody decides against them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.engines.credit import EndKind
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict

from ..models import Record, Removal
from ..parts import NoSuchRecord, is_of_unit
from ..queries.fitness import stains
from ._ending import end
from ._removals import note_removal, settle_removal
from ._words import said


@transaction.atomic
def defend_removal(actor: Actor, removal: str, *, words: str, now: dt.datetime | None = None) -> None:
    """State one's case (陈述申辩). Raises NoSuchRecord; Invalid: no words; Conflict: the time is over."""
    row = _locked(removal)
    if not actor.is_subject(row.record.subject):
        raise NoSuchRecord
    at = now or timezone.now()
    if row.decided_at is not None or timezone.localdate(at) > row.hear_until:
        raise Conflict("陈述申辩的期限已过。", mend="对失信信息本身仍然可以提出异议。")
    row.defence, row.defended_at = said(words), at
    row.save(update_fields=["defence", "defended_at"])
    note_removal(actor, "removal_defended", row)


@transaction.atomic
def decide_removal(
    actor: Actor, removal: str, *, remove: bool, words: str, now: dt.datetime | None = None
) -> None:
    """Take somebody off the list, or leave them on it because nothing speaks against them any more.

    Raises NoSuchRecord; Conflict: decided already, the time for being heard is not over, or what is decided
    is not what stands in the records; Invalid: no reasons.
    """
    row = _locked(removal)
    if not is_of_unit(actor, row.record.org):
        raise NoSuchRecord
    if row.decided_at is not None:
        raise Conflict("已经决定过。", mend="请刷新后查看。")
    at, reason = now or timezone.now(), said(words)
    today, about = timezone.localdate(at), row.record
    stained = about.subject in stains([about.subject], on=today)
    if remove and not stained:
        raise Conflict("已经没有在使用期内的失信信息，不能移出。", mend="请选择“不移出”。")
    if not remove and stained:
        raise Conflict(
            "仍有在使用期内的失信信息，名单的标准不允许保留。", mend="失信信息有误的，请先更正或撤下。"
        )
    if remove and today <= row.hear_until:
        raise Conflict("陈述申辩的期限还没有到。", mend=f"{format_date(row.hear_until)}之后才能移出。")
    settle_removal(actor, row, removed=remove, reason=reason, now=at)
    if remove and not about.ended:
        end(actor, about, EndKind.REMOVED, reason=reason, now=at, about=row.public_id)


def _locked(removal: str) -> Removal:
    found = Removal.objects.filter(public_id=removal).values_list("record", flat=True).first()
    if found is None:
        raise NoSuchRecord
    about = Record.objects.select_for_update().get(pk=found)
    row = Removal.objects.select_for_update().get(public_id=removal)
    row.record = about
    return row
