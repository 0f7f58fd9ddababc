# SPDX-License-Identifier: Apache-2.0
"""Meeting somebody at the counter: who they are, and for whom they come."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, Matter, Role
from yiwang.kernel.errors import NotAllowed, NotFound
from yiwang.kernel.ids import check_id_number, check_uscc

from .domain.views import Subject
from .models import Firm
from .queries import find_person, may_act_for, subject


def meet_applicant(actor: Actor, *, id_number: str, name: str, uscc: str = "") -> tuple[Subject, Subject]:
    """Somebody stands at the counter and shows their identity card: (applicant, agent).

    Args:
        uscc: when they come for a firm, its code; they must represent it or have its mandate
            for some matter; what is done for it asks for which.

    The look is logged, also one that found nobody. Raises Invalid (a number that cannot be right),
    NotAllowed, and NotFound in the same words whatever did not agree.
    """
    if not actor.has(Role.COUNTER, Role.REPRESENTATIVE):
        raise NotAllowed("只有窗口人员可以查找申请人。", mend="请换用窗口账号。")
    number = check_id_number(id_number, today=timezone.localdate(), field="id_number").number
    code = check_uscc(uscc, field="uscc") if uscc.strip() else ""
    met = _meet(actor, number, name.strip(), code)
    if met is None:
        raise NotFound(
            "没有找到相符的申请人。",
            mend="请对照证件核对姓名和号码；为企业办理的，请核对代码，并确认来人是法定代表人或有有效授权。",
        )
    return met


@transaction.atomic
def _meet(actor: Actor, number: str, name: str, code: str) -> tuple[Subject, Subject] | None:
    try:
        agent = find_person(number, name)
    except NotFound:
        agent = None
    firm = Firm.objects.filter(uscc=code).first() if code else None
    agrees = agent is not None and (
        not code or (firm is not None and may_act_for(agent.public_id, firm.public_id, *Matter))
    )
    if agent is None or not agrees:
        record(actor, "identity.meet.failed", stream=f"counter:{actor.id}")
        return None
    applicant = subject(firm.public_id) if firm else agent
    record(
        actor,
        "identity.look",
        stream=f"counter:{actor.id}",
        about=applicant.public_id,
        subject=agent.public_id,
        purpose="窗口收件：核对来人身份",
        basis="行政许可法第二十九条（申请人可以委托代理人提出申请）",
    )
    return applicant, agent
