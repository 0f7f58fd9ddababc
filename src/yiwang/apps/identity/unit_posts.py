# SPDX-License-Identifier: Apache-2.0
"""Posts that a room above gives and takes within one unit: the security administrator
(政务数据安全管理员) and the data officer (数据管理员). Each is decided by the room that keeps the register
of them; here only the system writes, for an officer of that very unit, for the whole unit."""

from __future__ import annotations

from django.db import transaction

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Invalid, NotFound

from .commands import require_system
from .models import Officer, OfficerPost
from .queries import officer_actor


def give_security_post(actor: Actor, officer_id: str, *, org: str) -> Actor:
    """Make an officer of a unit its security administrator; who they are now. Only the system may.

    Raises NotAllowed; NotFound; Invalid: the officer is of another unit.
    """
    return _give(actor, officer_id, org, Role.SECURITY)


def take_security_post(actor: Actor, officer_id: str, *, org: str) -> None:
    """Take the post back, at once; nothing happens if it was gone. Only the system may."""
    _take(actor, officer_id, org, Role.SECURITY)


def give_data_post(actor: Actor, officer_id: str, *, org: str) -> Actor:
    """Make an officer of a unit one of its data officers; who they are now. Only the system may.

    Raises NotAllowed; NotFound; Invalid: the officer is of another unit.
    """
    return _give(actor, officer_id, org, Role.DATA)


def take_data_post(actor: Actor, officer_id: str, *, org: str) -> None:
    """Take the post back, at once; nothing happens if it was gone. Only the system may."""
    _take(actor, officer_id, org, Role.DATA)


@transaction.atomic
def _give(actor: Actor, officer_id: str, org: str, role: Role) -> Actor:
    require_system(actor)
    officer = Officer.objects.select_for_update().filter(public_id=officer_id).first()
    if officer is None:
        raise NotFound("没有这位工作人员。", mend="请核对后重试。")
    if not org or officer.org != org:
        raise Invalid("只能指定本单位的工作人员。", mend="请选择本单位的工作人员。", field="officer")
    OfficerPost.objects.get_or_create(officer=officer, role=role.value, org=org, place="")
    record(actor, f"identity.{role}_post.given", stream="officers", about=officer_id, detail={"org": org})
    return officer_actor(officer)


@transaction.atomic
def _take(actor: Actor, officer_id: str, org: str, role: Role) -> None:
    require_system(actor)
    OfficerPost.objects.filter(officer__public_id=officer_id, role=role.value, org=org, place="").delete()
    record(actor, f"identity.{role}_post.taken", stream="officers", about=officer_id, detail={"org": org})


def staff_of(org: str) -> list[Actor]:
    """Everybody who works in a unit, by seniority of entry."""
    found = Officer.objects.filter(org=org).order_by("id").prefetch_related("posts")
    return [officer_actor(one) for one in found]
