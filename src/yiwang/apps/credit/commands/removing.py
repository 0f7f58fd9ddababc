# SPDX-License-Identifier: Apache-2.0
"""Off a list for the clean alone (移出名单): heard, then taken off by the unit that entered them. Whether
they are clean stands in the records; nobody decides against them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.engines.credit import EndKind
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict

from ..parts import NoSuchRecord, is_of_unit
from ..queries.fitness import stains
from ._ending import end
from ._hearing import locked_removal, require_ripe, settle
from ._words import said


@transaction.atomic
def decide_removal(
    actor: Actor, removal: str, *, remove: bool, words: str, now: dt.datetime | None = None
) -> None:
    """Take somebody off the list, or leave them on it because nothing speaks against them any more.

    Raises NoSuchRecord; Conflict: decided already, the time for being heard is not over, or what is decided
    is not what stands in the records; Invalid: no reasons.
    """
    row = locked_removal(removal)
    if not is_of_unit(actor, row.org):
        raise NoSuchRecord
    at = now or timezone.now()
    today = timezone.localdate(at)
    require_ripe(row, carries_out=remove, today=today)
    reason, stained = said(words), row.subject in stains([row.subject], on=today)
    if remove and not stained:
        raise Conflict("已经没有在使用期内的失信信息，不能移出。", mend="请选择“不移出”。")
    if not remove and stained:
        raise Conflict(
            "仍有在使用期内的失信信息，名单的标准不允许保留。", mend="失信信息有误的，请先更正或撤下。"
        )
    settle(actor, row, carried_out=remove, reason=reason, now=at)
    if remove and not row.record.ended:
        end(actor, row.record, EndKind.REMOVED, reason=reason, now=at, about=row.public_id)
