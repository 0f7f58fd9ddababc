# SPDX-License-Identifier: Apache-2.0
"""Who looks after which firm (包联干部、首席服务员)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.apps.identity.public import officers_of, subject
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotAllowed, NotFound

from ..models import ServiceOfficer
from ..parts import ANSWERS, at_desk


@transaction.atomic
def assign_officer(
    actor: Actor, firm: str, officer: str, *, org: str, phone: str = "", now: dt.datetime | None = None
) -> None:
    """Assign an officer of a department to a firm, in place of whoever was before. By the firms' window.

    Raises NotAllowed; NotFound: no such firm or officer.
    """
    one, moment = subject(firm), now or timezone.now()
    if one.kind != "firm":
        raise NotFound("没有这家企业。", mend="请核对统一社会信用代码。")
    if not at_desk(actor, one.place):
        raise NotAllowed("由企业服务窗口安排。", mend="请换用有权限的账号登录。")
    found = next((each for each in officers_of(org, None, *ANSWERS) if each.id == officer), None)
    if found is None:
        raise NotFound("没有这位工作人员。", mend="请从列表中选择。")
    ServiceOfficer.objects.select_for_update().filter(firm=firm, until=None).update(until=moment)
    ServiceOfficer.objects.create(
        firm=firm,
        officer=officer,
        name=found.name,
        org=org,
        phone=phone.strip()[:40],
        since=moment,
        assigned_by=actor.id,
    )
    record(actor, "firm.officer.assigned", stream=f"firm:{firm}", subject=firm, about=officer)
    notify(officer, "您被安排联系一家企业", f"请主动联系{one.name}，跟进它的诉求。", about=firm)
