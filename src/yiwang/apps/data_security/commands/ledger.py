# SPDX-License-Identifier: Apache-2.0
"""The ledger of notices and deductions (第二十六条): it only grows."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.powers import is_bureau
from ..domain.settings import DEDUCTION, number
from ..models import LedgerEntry, LedgerHead, SupervisionCase
from ._shared import administrators_of, note, refuse, required, tell


def write_notice(actor: Actor, case: SupervisionCase, words: str) -> LedgerEntry:
    """A notice and its deduction, in the caller's transaction; the points are today's setting."""
    points = number(current().catalogue, DEDUCTION)
    year = timezone.localdate().year
    return _append(actor, LedgerEntry(year=year, org=case.org, case=case, points=points, words=words))


@transaction.atomic
def take_back(actor: Actor, entry: str, *, why: str) -> str:
    """Take back an entry that was made in error, by a further one; its public id. Only the bureau may.

    Raises NotAllowed; NotFound; Invalid: no reason; Conflict: taken back before, or is itself a taking back.
    """
    row = LedgerEntry.objects.filter(public_id=entry).first()
    if row is None:
        raise NotFound("台账里没有这一条。", mend="请回到台账，从中选择。")
    if not is_bureau(actor):  # every unit may read the ledger: that the entry exists is no secret
        raise refuse("更正扣分台账")
    _head(row.year)  # the lock: one writes at a time
    if row.takes_back_id or LedgerEntry.objects.filter(takes_back=row).exists():
        raise Conflict("这一条已经撤回，或者本身就是撤回。", mend="请刷新台账查看。")
    why = required(why, "撤回的原因")
    fresh = LedgerEntry(
        year=row.year, org=row.org, case=row.case, points=-row.points, words=why, takes_back=row
    )
    made = _append(actor, fresh).public_id
    tell(administrators_of(row.org), "扣分已撤回", why[:500], about=made, but=actor)
    return made


def _append(actor: Actor, row: LedgerEntry) -> LedgerEntry:
    head = _head(row.year)
    head.last += 1
    head.save(update_fields=["last"])
    row.public_id, row.number = new_public_id("led"), head.last
    row.at, row.by = timezone.now(), actor.id
    row.save()
    detail = {"org": row.org, "year": row.year, "number": row.number, "points": str(row.points)}
    note(actor, "ledger.written", "data-security-ledger", row.public_id, detail)
    return row


def _head(year: int) -> LedgerHead:
    LedgerHead.objects.bulk_create([LedgerHead(year=year)], ignore_conflicts=True)
    return LedgerHead.objects.select_for_update().get(year=year)
