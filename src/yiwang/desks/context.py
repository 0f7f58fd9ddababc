# SPDX-License-Identifier: Apache-2.0
"""What every template knows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest

from yiwang.apps.notices.public import unread
from yiwang.desks.counter.visitor import visitor_of
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Role

ELDER_COOKIE = "elder"
DATA_DESK = (Role.DATA, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.SECURITY, Role.AUDITOR)
"""Who may enter the data desk."""


@dataclass(frozen=True)
class Desk:
    """Where some officers work: its address, its name in the head of every page, who may enter."""

    address: str
    name: str
    roles: tuple[Role, ...]


OFFICE = Desk("/office/", "审批", (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.AUDITOR))
SEALS = Desk("/office/seals/", "印章", (Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE))
_CONSOLE = (
    *(Role.CATALOGUE, Role.OPERATOR, Role.AUDITOR, Role.DATA),
    *(Role.APPROVER, Role.REPRESENTATIVE, Role.SEALS),
)
DESKS = (
    Desk("/counter/", "窗口", (Role.COUNTER, Role.REPRESENTATIVE)),
    OFFICE,
    SEALS,
    Desk("/data/", "数据", DATA_DESK),
    Desk("/console/", "管理", _CONSOLE),
)


def desks_of(actor: Actor) -> list[Desk]:
    """The desks this officer may use, the one most work waits at first; a person has none."""
    return [desk for desk in DESKS if actor.has(*desk.roles)]


def common(request: HttpRequest) -> dict[str, Any]:
    """The actor, their desks, their unread letters (counted where they are shown), whom a clerk is helping,
    whether elder mode (老年模式) is on."""
    actor = getattr(request, "actor", ANONYMOUS)
    return {
        "actor": actor,
        "is_person": actor.kind is ActorKind.PERSON,
        "is_officer": actor.kind is ActorKind.OFFICER,
        "desks": desks_of(actor),
        "may_office": actor.has(*OFFICE.roles),
        "may_keep": actor.has(*SEALS.roles),
        "may_seals": actor.has(Role.SEALS),
        "counter_visitor": visitor_of(request) if actor.kind is ActorKind.OFFICER else None,
        "letters_unread": partial(unread, {actor.id, *actor.firms}),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
    }
