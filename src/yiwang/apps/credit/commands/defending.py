# SPDX-License-Identifier: Apache-2.0
"""Stating one's case (陈述申辩) before being entered on a list, or taken off one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict

from ..models import Listing
from ..parts import NoSuchRecord
from ._hearing import locked_listing, locked_removal, note_hearing
from ._words import said


@transaction.atomic
def defend(actor: Actor, hearing: str, *, words: str, now: dt.datetime | None = None) -> None:
    """State one's case. Raises NoSuchRecord; Invalid: no words; Conflict: the time is over."""
    enters = Listing.objects.filter(public_id=hearing).exists()
    row = locked_listing(hearing) if enters else locked_removal(hearing)
    if not actor.is_subject(row.subject):
        raise NoSuchRecord
    at = now or timezone.now()
    if row.decided_at is not None or timezone.localdate(at) > row.hear_until:
        raise Conflict("陈述申辩的期限已过。", mend="对信用信息本身仍然可以提出异议。")
    row.defence, row.defended_at = said(words), at
    row.save(update_fields=["defence", "defended_at"])
    note_hearing(actor, "defended", row)
