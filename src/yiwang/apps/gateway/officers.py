# SPDX-License-Identifier: Apache-2.0
"""Officers who look something up by hand: for a case, under a grant of their department, by name."""

from __future__ import annotations

import datetime as dt

from yiwang.apps.exchange import public as exchange
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Invalid, NotAllowed

from .calls import CallResult, call
from .domain.calls import Caller, CallerKind, NewCall

LOOKERS = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
"""Who handles cases; whoever keeps the catalogue, watches or runs the house does not look at rows."""


def orgs_looking(actor: Actor) -> frozenset[str]:
    """The departments for which an officer may look something up."""
    if actor.kind is not ActorKind.OFFICER:
        return frozenset()
    return frozenset(post.org for post in actor.posts if post.role in LOOKERS and post.org)


def grants_for(actor: Actor, *, now: dt.datetime) -> list[exchange.GrantView]:
    """The grants that an officer may use now, department by department."""
    held = exchange.grants_of(*orgs_looking(actor))
    return sorted((one for one in held if one.usable(now)), key=lambda one: one.org)


def look_up(actor: Actor, asked: NewCall, *, now: dt.datetime) -> CallResult:
    """Ask for one subject. As `call`, under the officer's name.

    Raises as `call`; NotAllowed: handles no cases of the grant's department; Invalid: no case number.
    """
    org = next((one.org for one in grants_for(actor, now=now) if one.id == asked.grant), "")
    if not org and not orgs_looking(actor):
        raise NotAllowed("您的岗位不办理业务，不能查询共享数据。", mend="请由经办人查询。")
    if not asked.case.strip():
        raise Invalid("没有写办件编号。", mend="请填写正在办理的办件编号，查询会记入日志。", field="case")
    caller = Caller(CallerKind.OFFICER, actor.id, actor.name, org or sorted(orgs_looking(actor))[0])
    return call(caller, asked, now=now)
