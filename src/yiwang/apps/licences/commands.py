# SPDX-License-Identifier: Apache-2.0
"""Put licences on record and change how they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound
from yiwang.kernel.ids import new_public_id

from .domain.states import Standing, change
from .models import Licence


@dataclass(frozen=True)
class NewLicence:
    """What is put on record."""

    material: str
    number: str
    holder: str
    issuer: str
    valid_from: dt.date
    valid_until: dt.date | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    case: str = ""


@transaction.atomic
def issue(actor: Actor, new: NewLicence, *, stream: str = "") -> str:
    """Put one licence on record; returns its public id. A second call for the same case and
    type returns the first one's id: a result is never issued twice."""
    if new.case:
        earlier = Licence.objects.filter(material=new.material, case=new.case).first()
        if earlier is not None:
            return earlier.public_id
    licence = _row(new)
    licence.save(force_insert=True)
    record(
        actor,
        "licence.issued",
        stream=stream or f"licence:{licence.public_id}",
        about=licence.public_id,
        subject=new.holder,
        detail={"material": new.material},
    )
    return licence.public_id


def load_stock(actor: Actor, licences: list[NewLicence]) -> int:
    """Put existing licences on record in bulk (存量转换), with one journal entry per call."""
    with transaction.atomic():
        Licence.objects.bulk_create([_row(new) for new in licences], batch_size=500)
        record(actor, "licence.stock.loaded", stream="licences", detail={"count": len(licences)})
    return len(licences)


def _row(new: NewLicence) -> Licence:
    return Licence(
        public_id=new_public_id("l"),
        material=new.material,
        number=new.number,
        holder=new.holder,
        issuer=new.issuer,
        fields=dict(new.fields),
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        standing=Standing.VALID.value,
        case=new.case,
        recorded_at=timezone.now(),
    )


@transaction.atomic
def change_standing(actor: Actor, public_id: str, to: Standing, *, reason: str) -> None:
    """Suspend, revoke, replace or restore a licence. Raises NotFound, Conflict."""
    licence = Licence.objects.select_for_update().filter(public_id=public_id).first()
    if licence is None:
        raise NotFound("没有这个证照。", mend="请核对编号。")
    licence.standing = change(Standing(licence.standing), to).value
    licence.standing_reason = reason
    licence.save(update_fields=["standing", "standing_reason"])
    record(
        actor,
        "licence.standing.changed",
        stream=f"licence:{public_id}",
        about=public_id,
        subject=licence.holder,
        detail={"to": to.value},
    )
