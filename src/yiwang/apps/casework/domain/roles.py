# SPDX-License-Identifier: Apache-2.0
"""Who is who in a case: from an actor's posts to the roles of the process."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind, Matter, Role


@dataclass(frozen=True)
class CaseScope:
    """What decides who may touch a case: whose it is, and which department handles it where.

    Of an application as a whole `org` is empty and `place` the handling place.
    """

    subject: str
    started_by: str
    receiving_place: str
    org: str
    place: str


def parts_of(actor: Actor, scope: CaseScope) -> frozenset[Part]:
    """The roles the actor has in this case; empty for a stranger.

    The applicant is whoever may act for the subject today: an agent whose mandate has ended has no
    part any more. A clerk at the receiving place receives for every department, because departments
    authorise the comprehensive counter to accept for them (豫政办〔2023〕22号); where the case lies
    elsewhere by then, `takes_in` says that another place decides on acceptance.
    """
    if actor.kind is ActorKind.SYSTEM:
        return frozenset({Part.SYSTEM})
    if actor.kind is ActorKind.PERSON:
        return (
            frozenset({Part.APPLICANT})
            if actor.is_subject(scope.subject, Matter.APPLICATIONS)
            else frozenset()
        )
    found: set[Part] = set()
    if actor.has(Role.COUNTER, place=scope.receiving_place) or actor.has(Role.COUNTER, place=scope.place):
        found.add(Part.RECEIVER)
    if scope.started_by == actor.id and actor.has(Role.REPRESENTATIVE, place=scope.receiving_place):
        found.add(Part.RECEIVER)
    if actor.has(Role.HANDLER, Role.REPRESENTATIVE, org=scope.org, place=scope.place):
        found |= {Part.RECEIVER, Part.HANDLER}
    if actor.has(Role.APPROVER, Role.REPRESENTATIVE, org=scope.org, place=scope.place):
        found.add(Part.APPROVER)
    return frozenset(found)


def takes_in(actor: Actor, scope: CaseScope) -> bool:
    """Whether the actor takes papers in where the case lies: decides on acceptance, asks for
    corrections, hands over. Receiving it earlier, somewhere else, is not enough."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return actor.has(Role.COUNTER, place=scope.place) or actor.has(
        Role.HANDLER, Role.REPRESENTATIVE, org=scope.org, place=scope.place
    )


def may_see(actor: Actor, scope: CaseScope) -> bool:
    """Whether the actor may see the case: whoever has a part in it, and auditors of that department."""
    return bool(parts_of(actor, scope)) or actor.has(Role.AUDITOR, org=scope.org, place=scope.place)
