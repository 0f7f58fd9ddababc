# SPDX-License-Identifier: Apache-2.0
"""What every template knows."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest

from yiwang.apps.notices.public import unread
from yiwang.desks.counter.visitor import visitor_of
from yiwang.kernel.actor import ANONYMOUS, ActorKind, Role

ELDER_COOKIE = "elder"
DATA_DESK = (Role.DATA, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.SECURITY, Role.AUDITOR)
"""Who may enter the data desk."""


def common(request: HttpRequest) -> dict[str, Any]:
    """The actor, which desks they may use, their unread letters (asked for where they are shown), whom a clerk
    is helping, whether elder mode (老年模式) is on."""
    actor = getattr(request, "actor", ANONYMOUS)
    return {
        "actor": actor,
        "is_person": actor.kind is ActorKind.PERSON,
        "is_officer": actor.kind is ActorKind.OFFICER,
        "may_counter": actor.has(Role.COUNTER, Role.REPRESENTATIVE),
        "may_office": actor.has(Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.AUDITOR),
        "may_console": actor.has(
            Role.CATALOGUE,
            Role.OPERATOR,
            Role.AUDITOR,
            Role.DATA,
            Role.APPROVER,
            Role.REPRESENTATIVE,
            Role.SEALS,
        ),
        "may_data": actor.has(*DATA_DESK),
        "may_keep": actor.has(Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE),
        "may_seals": actor.has(Role.SEALS),
        "counter_visitor": visitor_of(request) if actor.kind is ActorKind.OFFICER else None,
        "letters_unread": partial(unread, {actor.id, *actor.firms}),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
    }
