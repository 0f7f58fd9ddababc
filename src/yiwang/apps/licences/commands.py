# SPDX-License-Identifier: Apache-2.0
"""Put licences on record and change how they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
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
    type returns the first one's id: a result is never issued twice.

    Raises:
        NotAllowed: neither an officer nor the system issues. Whether this officer may decide this
            case is the case's to say, before it calls.
        Invalid: it ends before it begins. Conflict: the number is another licence's.
    """
    if actor.kind not in (ActorKind.OFFICER, ActorKind.SYSTEM):
        raise NotAllowed("只有工作人员可以核发证照。", mend="请由审批人办理。")
    if new.valid_until is not None and new.valid_until < new.valid_from:
        raise Invalid("证照的有效期止于生效之前。", mend="请核对有效期。", field="valid_until")
    licence = _row(new)
    try:
        with transaction.atomic():
            licence.save(force_insert=True)
    except IntegrityError:
        return _earlier(new)
    record(
        actor,
        "licence.issued",
        stream=stream or f"licence:{licence.public_id}",
        about=licence.public_id,
        subject=new.holder,
        detail={"material": new.material},
    )
    return licence.public_id


def _earlier(new: NewLicence) -> str:
    """The licence of the same case and type. Raises Conflict when it was the number that clashed."""
    earlier = Licence.objects.filter(material=new.material, case=new.case).first() if new.case else None
    if earlier is None:
        raise Conflict(f"编号 {new.number} 已经用过。", mend="请换一个编号，或核对是否重复核发。")
    return earlier.public_id


def load_stock(actor: Actor, licences: list[NewLicence]) -> int:
    """Put existing licences on record in bulk (存量转换), all or none, with one journal entry a call.

    Raises NotAllowed: only the system does. Conflict: one of the numbers is on record already.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("存量证照只能由系统导入。", mend="请联系运维人员。")
    try:
        with transaction.atomic():
            Licence.objects.bulk_create([_row(new) for new in licences], batch_size=500)
            record(actor, "licence.stock.loaded", stream="licences", detail={"count": len(licences)})
    except IntegrityError:
        raise Conflict(
            "有证照编号已在库中，这一批都没有导入。", mend="请去掉重复的编号后重新导入。"
        ) from None
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
    """Suspend, revoke, replace or restore a licence.

    Raises:
        NotFound: there is no such licence.
        NotAllowed: the actor is neither an approver of the department that issued it nor the system.
        Invalid: no reason is given. Conflict: the law does not know this change.
    """
    licence = Licence.objects.select_for_update().filter(public_id=public_id).first()
    if licence is None:
        raise NotFound("没有这个证照。", mend="请核对编号。")
    decides = actor.has(Role.APPROVER, Role.REPRESENTATIVE, org=licence.issuer)
    if actor.kind is not ActorKind.SYSTEM and not (actor.kind is ActorKind.OFFICER and decides):
        raise NotAllowed("只有发证部门的审批人可以变更证照状态。", mend="请转发证部门办理。")
    if not reason.strip():
        raise Invalid("请写明理由。", mend="写清事实和依据；当事人会看到。", field="reason")
    licence.standing = change(Standing(licence.standing), to).value
    licence.standing_reason = reason.strip()[:300]
    licence.save(update_fields=["standing", "standing_reason"])
    record(
        actor,
        "licence.standing.changed",
        stream=f"licence:{public_id}",
        about=public_id,
        subject=licence.holder,
        detail={"to": to.value},
    )
