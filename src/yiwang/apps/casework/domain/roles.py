# SPDX-License-Identifier: Apache-2.0
"""Who is who in a case: from an actor's posts to the roles of the process."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind, Role


@dataclass(frozen=True)
class CaseScope:
    """What decides who may touch a case: whose it is, and which department handles it where."""

    subject: str
    agent: str
    started_by: str
    receiving_place: str
    org: str
    place: str


def parts_of(actor: Actor, scope: CaseScope) -> frozenset[Part]:
    """The roles the actor has in this case; empty for a stranger.

    A clerk at the receiving place receives for every department, because departments authorise
    the comprehensive counter to accept for them (豫政办〔2023〕22号).
    """
    if actor.kind is ActorKind.SYSTEM:
        return frozenset({Part.SYSTEM})
    if actor.kind is ActorKind.PERSON:
        mine = actor.is_subject(scope.subject) or actor.id == scope.agent
        return frozenset({Part.APPLICANT}) if mine else frozenset()
    found: set[Part] = set()
    if actor.has(Role.COUNTER, place=scope.receiving_place) or actor.has(Role.COUNTER, place=scope.place):
        found.add(Part.RECEIVER)
    if actor.has(Role.HANDLER, Role.REPRESENTATIVE, org=scope.org, place=scope.place):
        found |= {Part.RECEIVER, Part.HANDLER}
    if actor.has(Role.APPROVER, Role.REPRESENTATIVE, org=scope.org, place=scope.place):
        found.add(Part.APPROVER)
    return frozenset(found)


def may_see(actor: Actor, scope: CaseScope) -> bool:
    """Whether the actor may see the case: whoever has a part in it, and auditors of that department."""
    return bool(parts_of(actor, scope)) or actor.has(Role.AUDITOR, org=scope.org, place=scope.place)
