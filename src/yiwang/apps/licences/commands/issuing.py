# SPDX-License-Identifier: Apache-2.0
"""Put licences on record: one from a decided case, which then awaits its seal; many from paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.journal.public import record, store
from yiwang.engines.definitions.kinds import Template
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.check_codes import new_check_code
from ..domain.history import EventKind
from ..domain.states import Standing
from ..looks import identifier_of, in_force, seal_due
from ..models import Licence
from ..templates import template_for
from ..trials import ask_for_trial
from ._events import Happening, tell, tell_new
from .standing import replaced_by


@dataclass(frozen=True)
class NewLicence:
    """What is put on record. `replaces`: the public id of the licence it takes the place of (换发).
    `place`: where in the city the issuing department sits; empty for the whole city."""

    material: str
    number: str
    holder: str
    issuer: str
    valid_from: dt.date
    valid_until: dt.date | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    case: str = ""
    replaces: str = ""
    place: str = ""


@transaction.atomic
def issue(actor: Actor, new: NewLicence, *, stream: str = "") -> str:
    """Put one licence on record, awaiting its seal; returns its public id. A second call for the same
    case and type returns the first one's id: a result is never issued twice.

    Whether it can be drawn is tried right after the caller's transaction, by the worker: fonts or
    fields that are missing become a task on the list of those awaiting a seal, never an undone decision.

    Raises:
        NotAllowed: neither an officer nor the system issues. Whether this officer may decide this
            case is the case's to say, before it calls.
        Invalid: it ends before it begins. Conflict: the number is another licence's, or what it
            replaces is not another valid licence of the same type and holder.
    """
    if actor.kind not in (ActorKind.OFFICER, ActorKind.SYSTEM):
        raise NotAllowed("只有工作人员可以核发证照。", mend="请由审批人办理。")
    _require_order(new)
    opened = in_force()
    licence = _row(new, opened, _template(new.material))
    licence.seal_asked_at = licence.recorded_at
    licence.seal_due = seal_due(opened, timezone.localdate(licence.recorded_at))
    try:
        with transaction.atomic():
            licence.save(force_insert=True)
    except IntegrityError:
        return _earlier(new)
    tell(actor, licence, Happening(EventKind.ISSUED, new.valid_from), stream=stream)
    if new.replaces:
        replaced_by(actor, licence, stream=stream)
    ask_for_trial(licence)
    return licence.public_id


def _template(material: str) -> Template | None:
    return template_for(material, timezone.localdate())


def _require_order(new: NewLicence) -> None:
    if new.valid_until is not None and new.valid_until < new.valid_from:
        raise Invalid("证照的有效期止于生效之前。", mend="请核对有效期。", field="valid_until")


def _earlier(new: NewLicence) -> str:
    """The licence of the same case and type. Raises Conflict when it was the number that clashed."""
    earlier = Licence.objects.filter(material=new.material, case=new.case).first() if new.case else None
    if earlier is None:
        raise Conflict(f"编号 {new.number} 已经用过。", mend="请换一个编号，或核对是否重复核发。")
    return earlier.public_id


def load_stock(
    actor: Actor,
    licences: list[NewLicence],
    *,
    reason: str = "",
    to_seal: bool = False,
    seal_by: dt.date | None = None,
) -> list[str]:
    """Put existing licences on record in bulk (存量转换), all or none; returns their public ids in order.
    The journal has one stream a call.

    Args:
        to_seal: they await their seal from now on, `seal_by` a day (the target of the published list).

    Raises NotAllowed: only the system does. Invalid: one ends before it begins. Conflict: one of the
    numbers is on record already.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("存量证照只能由系统导入。", mend="请联系运维人员。")
    for new in licences:
        _require_order(new)
    opened, stream = in_force(), f"licences:{new_public_id('stock')}"
    templates = {material: _template(material) for material in {new.material for new in licences}}
    rows = [_row(new, opened, templates[new.material]) for new in licences]
    for row in rows:
        row.seal_asked_at, row.seal_due = (row.recorded_at, seal_by) if to_seal else (None, None)
    try:
        with transaction.atomic():
            store(rows)
            tell_new(actor, rows, reason=reason, stream=stream)
            detail = {"count": len(licences), "stream": stream}
            record(actor, "licence.stock.loaded", stream="licences", detail=detail)
    except IntegrityError:
        raise Conflict(
            "有证照编号已在库中，这一批都没有导入。", mend="请去掉重复的编号后重新导入。"
        ) from None
    return [row.public_id for row in rows]


def _row(new: NewLicence, opened: OpenRelease | None, template: Template | None) -> Licence:
    return Licence(
        public_id=new_public_id("l"),
        material=new.material,
        number=new.number,
        identifier=identifier_of(opened, template, issuer=new.issuer, number=new.number, version=1),
        check_code=new_check_code(),
        holder=new.holder,
        issuer=new.issuer,
        place=new.place,
        fields=dict(new.fields),
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        standing=Standing.VALID.value,
        standing_since=new.valid_from,
        standing_before=Standing.VALID.value,
        replaces=new.replaces,
        case=new.case,
        template=template.id if template else "",
        recorded_at=timezone.now(),
    )
