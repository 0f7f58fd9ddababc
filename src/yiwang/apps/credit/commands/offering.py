# SPDX-License-Identifier: Apache-2.0
"""On the day a record may be repaired its subject is told so, with what to bring (信用修复主动告知,
豫发改财金〔2023〕39号 L711): once, and only if it still counts and no repair is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.notices.public import notify
from yiwang.engines.credit import Proof, repairable_from
from yiwang.kernel.errors import YiwangError

from ..models import Record, RepairOffer
from ..queries.histories import told
from .repairing import repair_terms

_AT_ONCE = 500


def plan_offers(firsts: Mapping[str, dt.date], *, today: dt.date) -> None:
    """Tell the subjects of records on their first days of repair. One that has come is said in the letter
    about the record; one that a correction brought forward is told now. Needs a transaction."""
    RepairOffer.objects.bulk_create(
        [RepairOffer(record=record, on=first) for record, first in firsts.items() if first > today],
        update_conflicts=True, unique_fields=["record"], update_fields=["on", "told_at"],
    )  # fmt: skip
    come = [record for record, first in firsts.items() if first <= today]
    for offer in RepairOffer.objects.filter(record__in=come, told_at=None):
        offer.on = firsts[offer.record]
        offer.save(update_fields=["on"])


@transaction.atomic
def offer_repairs(at: dt.datetime) -> int:
    """Tell whose records may be repaired from today on; of how many. Of what is over nobody is told."""
    today = timezone.localdate(at)
    due = RepairOffer.objects.select_for_update().filter(told_at=None, on__lte=today)
    rows = list(due.order_by("on", "id")[:_AT_ONCE])
    records = {
        row.public_id: row for row in Record.objects.filter(public_id__in=[one.record for one in rows])
    }
    opened = current() if rows else None
    return sum(_offered(opened, one, records[one.record], at) for one in rows) if opened else 0


def _offered(opened: OpenRelease, offer: RepairOffer, row: Record, at: dt.datetime) -> bool:
    """Whether its subject was told; if it is over, that is written down all the same."""
    today, offer.told_at = timezone.localdate(at), at
    try:
        entry, terms = repair_terms(opened, row, today)
    except YiwangError:  # over, or taken out of the catalogue
        offer.save()
        return False
    version = told(row.versions.get(number=row.number))
    offer.on = repairable_from(version, entry.term_of(version.severity))
    if offer.on > today:  # a later release asks for a longer time
        offer.told_at = None
    tells = offer.told_at is not None and not row.repairs.filter(decided_at=None).exists()
    if tells:
        asked = "；".join(one.says for one in terms.conditions if one.asks is not Proof.SHOWN)
        body = (
            f"{entry.name}里与您有关的一条记录已经达到最短公示期限，现在可以申请信用修复。需要：{asked}。"
            "同意修复以后即日起不再公示和使用。请到“我的信用”办理。"
        )
        notify(row.subject, "一条信用记录可以申请修复了", body, about=row.public_id)
    offer.save()
    return tells
