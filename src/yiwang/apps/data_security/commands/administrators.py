# SPDX-License-Identifier: Apache-2.0
"""第十四条: each unit appoints one 政务数据安全管理员; a new one takes the place of the old one."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.apps.identity.public import give_security_post, take_security_post
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.errors import Conflict, NotAllowed

from ..domain.powers import APPOINTS, units_of
from ..models import Administrator
from ._shared import name_of, note, refuse, require_unit, required, tell

_REGISTER = system("政务数据安全管理员名册")


@transaction.atomic
def appoint(actor: Actor, org: str, officer: str) -> None:
    """Appoint a unit's administrator, in place of the one there is; the post is theirs at once.

    Raises:
        NotAllowed: the actor neither approves nor keeps data for the unit, or would appoint themselves.
        NotFound: no such unit or officer. Invalid: an officer of another unit.
        Conflict: it is this officer already.
    """
    _require(actor, org, officer)
    present = Administrator.objects.select_for_update().filter(org=org, ended_at=None).first()
    if present is not None and present.officer == officer:
        raise Conflict("这位工作人员已经是本单位的政务数据安全管理员。", mend="不用重复指定。")
    if present is not None:
        _end(actor, present, "另行指定")
    chosen = give_security_post(_REGISTER, officer, org=org)
    Administrator.objects.create(
        org=org,
        officer=officer,
        name=chosen.name,
        appointed_at=timezone.now(),
        appointed_by=actor.id,
    )
    note(actor, "administrator.appointed", f"data-security:{org}", officer, {"org": org})
    body = "您负责本单位的日志审计、告警处理和安全事件报告（政务数据安全管理暂行办法第十四条）。"
    tell([officer], f"您已被指定为{name_of(org)}政务数据安全管理员", body, about=org)


@transaction.atomic
def dismiss(actor: Actor, org: str, *, why: str) -> None:
    """End the office of a unit's administrator; the unit is lit until there is another.

    Raises NotAllowed; NotFound; Invalid: no reason; Conflict: there is none.
    """
    present = Administrator.objects.select_for_update().filter(org=org, ended_at=None).first()
    _require(actor, org, present.officer if present else "")
    why = required(why, "原因", longest=200)
    if present is None:
        raise Conflict("本单位现在没有政务数据安全管理员。", mend="请直接指定一位。")
    _end(actor, present, why)


def _end(actor: Actor, present: Administrator, why: str) -> None:
    present.ended_at, present.ended_by, present.why = timezone.now(), actor.id, why
    present.save(update_fields=["ended_at", "ended_by", "why"])
    take_security_post(_REGISTER, present.officer, org=present.org)
    detail = {"org": present.org, "why": why}
    note(actor, "administrator.ended", f"data-security:{present.org}", present.officer, detail)


def _require(actor: Actor, org: str, officer: str) -> None:
    require_unit(org)
    if actor.kind is not ActorKind.SYSTEM and org not in units_of(actor, *APPOINTS):
        raise refuse("指定这个单位的政务数据安全管理员")
    if officer and actor.id == officer:
        raise NotAllowed("不能指定或者免去自己。", mend="请由本单位另一位审批人或数据管理员办理。")
