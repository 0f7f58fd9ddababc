# SPDX-License-Identifier: Apache-2.0
"""Registers of a unit (第十五至十七条、第二十二至二十三条): lines are added, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.powers import manages
from ..domain.registers import Register, read_line
from ..models import RegisterLine
from ._shared import note, refuse


@transaction.atomic
def enter(actor: Actor, org: str, register: Register, given: Mapping[str, str], *, corrects: str = "") -> str:
    """Add a line to a register of one's unit; its public id.

    Args:
        corrects: the line that was wrong; both stay.

    Raises NotAllowed: another unit's. Invalid: a column is missing or wrong. NotFound: no line to correct.
    Conflict: it was corrected already.
    """
    if not manages(actor, org):
        raise refuse("填写这个单位的登记")
    line = read_line(register, given, today=timezone.localdate())
    wrong = None
    if corrects:
        same = RegisterLine.objects.select_for_update().filter(org=org, register=register.value)
        wrong = same.filter(public_id=corrects).first()
        if wrong is None:
            raise NotFound("没有要更正的这一行。", mend="请回到登记，从中选择。")
        if wrong.corrections.exists():
            raise Conflict("这一行已经更正过。", mend="请更正最新的一行。")
    row = RegisterLine.objects.create(
        public_id=new_public_id("reg"),
        org=org,
        register=register.value,
        day=dt.date.fromisoformat(line["day"]),
        content=line,
        at=timezone.now(),
        by=actor.id,
        by_name=actor.name,
        corrects=wrong,
    )
    detail = {"org": org, "register": register.value, "corrects": corrects}
    note(actor, "register.entered", f"data-security:{org}", row.public_id, detail)
    return row.public_id
