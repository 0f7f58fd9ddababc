# SPDX-License-Identifier: Apache-2.0
"""Users that the province lists for our departments, kept in step: added, changed, ended.

1. A user is tied to our own data officer of the same department, if exactly one fits. That gives nothing.
2. Who is no data officer here is a proposal: an officer of the data bureau confirms it, and only then is
   the post given, for that one department.
3. What the province ends, moves to another department or gives another role takes back at once the post
   that was given so; a post that the city gave by itself stays, and the bureau is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import (
    appoint_officer,
    give_data_post,
    officers_of,
    staff_of,
    take_data_post,
)
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import Actor, Role, system
from yiwang.kernel.errors import Conflict, NotFound

from ..domain.cascading_users import Match, UserState, UserTold, match, org_of, read_user
from ..models import ProvincialUser
from ..parts import require_bureau
from ..requests_parts import bureau_officers, orgs_with

USERS = system("省级用户级联")


def take_user(message: Mapping[str, Any]) -> None:
    """Take one message of the users' feed; in the transaction of the message. Raises Invalid."""
    told = read_user(message)
    row = ProvincialUser.objects.select_for_update().filter(user=told.user).first()
    if row is None:
        row = ProvincialUser(user=told.user, state=UserState.UNMATCHED.value)
    was = (row.state, row.org, row.officer)
    org = org_of(told, current().catalogue.orgs.values())
    found = _ended(row) if told.ended else _kept(row, told, org) or match(told, org=org, officers=_ours(org))
    if row.given and (found.officer, found.org) != (row.officer, row.org):
        take_data_post(USERS, row.officer, org=row.org)
        row.given = False
    row.name, row.role, row.org_name, row.told_at = told.name, told.role, told.org_name, timezone.now()
    row.state, row.org, row.officer, row.why = found.state.value, found.org, found.officer, found.why
    if (row.state, row.org, row.officer) != was:
        row.reported_at = None
    row.save()
    _note(USERS, "provincial_user.told", row)


def _ended(row: ProvincialUser) -> Match:
    """Ended there: the tie is cut, and what the city gave by itself is told of."""
    still = bool(row.officer) and not row.given and row.officer in _ours(row.org)
    why = "省平台已停用；本市的岗位是本市自己任命的，请核对是否仍要保留。" if still else ""
    return Match(UserState.ENDED, row.org, why=why)


def _kept(row: ProvincialUser, told: UserTold, org: str) -> Match | None:
    """The officer tied so far, where department and role are the same as before: a name may change."""
    same = row.state == UserState.LINKED.value and (row.org, row.role) == (org, told.role)
    return Match(UserState.LINKED, org, row.officer) if same and row.officer in _ours(org) else None


def _ours(org: str) -> dict[str, str]:
    """Our data officers of a department: public id → name."""
    found = officers_of(org, None, Role.DATA) if org else []
    return {one.id: one.name for one in found if org in orgs_with(one, (Role.DATA,))}


@transaction.atomic
def confirm_user(actor: Actor, user: str) -> str:
    """The bureau confirms a proposal: the person becomes data officer of that one department. Whoever
    works there under this name gets the post; nobody does, then they are entered. Returns the officer.

    Raises NotAllowed: not the data bureau. NotFound. Conflict: no proposal any more, or several there
    have this name.
    """
    require_bureau(actor)
    row = ProvincialUser.objects.select_for_update().filter(user=user).first()
    if row is None:
        raise NotFound("省平台没有下发过这位用户。", mend="请回到省级平台页面，从中选择。")
    if row.state != UserState.PROPOSED.value:
        raise Conflict(f"这位用户现在是“{UserState(row.state).term}”，不用确认。", mend="请刷新页面查看。")
    there = [one.id for one in staff_of(row.org) if one.name == row.name]
    if len(there) > 1:
        raise Conflict("本部门有几位同名的工作人员。", mend="请由系统管理员直接任命其中一位。")
    officer = there[0] if there else appoint_officer(USERS, name=row.name, org=row.org, posts=())
    row.given = officer not in _ours(row.org)
    if row.given:
        give_data_post(USERS, officer, org=row.org)
    row.officer, row.state, row.why = officer, UserState.LINKED.value, ""
    row.save(update_fields=["officer", "given", "state", "why"])
    _note(actor, "provincial_user.confirmed", row)
    return officer


@transaction.atomic
def report_users(now: dt.datetime) -> int:
    """Tell the bureau, in one letter, of users that need a look; returns of how many."""
    odd = ProvincialUser.objects.select_for_update().filter(reported_at=None).exclude(why="")
    found = list(odd.values_list("pk", "state"))
    if not found:
        return 0
    waits = sum(state == UserState.PROPOSED.value for _, state in found)
    body = f"省平台下发的用户，有{len(found)}位要核对，其中{waits}位待确认。请在“省级平台”页面办理。"
    for officer in bureau_officers():
        notify(officer, "省平台下发的用户要核对", body, about="provincial-users")
    ProvincialUser.objects.filter(pk__in=[pk for pk, _ in found]).update(reported_at=now)
    return len(found)


def _note(actor: Actor, action: str, row: ProvincialUser) -> None:
    detail = {"user": row.user, "org": row.org, "state": row.state, "given": row.given}
    about = row.officer or row.user
    record(actor, action, stream="exchange-province", about=about, detail=detail)
