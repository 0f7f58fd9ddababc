# SPDX-License-Identifier: Apache-2.0
"""Who may do what (第七至十四条): units, the three supervising bodies, auditors.

| article | who | here |
|---|---|---|
| 七、十二、十四 | each unit | appoints its administrator, keeps registers, answers alerts, reports, mends |
| 八 | 市委网信办 | sees everything, opens and leads supervision, takes what is transferred |
| 九 | 市公安局 | the same |
| 十、十三 | 市政务服务和大数据管理局 | the same, and corrects the ledger; runs the platform |
| 十一 | a provider | sees the calls of its own data in the log |
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from yiwang.kernel.actor import Actor, ActorKind, Role

MANAGES = (Role.SECURITY, Role.DATA, Role.APPROVER)
"""Who acts for a unit in matters of data security."""
APPOINTS = (Role.APPROVER, Role.DATA)
"""Who appoints a unit's administrator."""
SUPERVISES = (Role.SECURITY, Role.DATA, Role.APPROVER)
"""Who acts for a supervising body, in a post of that very unit."""
NOMINATES = (Role.DATA, Role.APPROVER)


@dataclass(frozen=True)
class Bodies:
    """The supervising bodies by id of the organisation."""

    bureau: str
    cyberspace: str
    police: str

    def all(self) -> Collection[str]:
        """All three."""
        return (self.bureau, self.cyberspace, self.police)


def _officer(actor: Actor) -> bool:
    return actor.kind is ActorKind.OFFICER


def units_of(actor: Actor, *roles: Role) -> frozenset[str]:
    """The units in which the officer has one of these posts."""
    if not _officer(actor):
        return frozenset()
    return frozenset(post.org for post in actor.posts if post.role in roles and post.org)


def homes_of(actor: Actor) -> frozenset[str]:
    """Every unit in which the officer has a post."""
    return units_of(actor, *Role)


def manages(actor: Actor, org: str) -> bool:
    """Whether the officer acts for this unit."""
    return org in units_of(actor, *MANAGES)


def guards(actor: Actor, org: str) -> bool:
    """Whether the officer is this unit's administrator."""
    return org in units_of(actor, Role.SECURITY)


def is_bureau(actor: Actor) -> bool:
    """Whether the officer works for the data bureau: 数据管理员 of no department."""
    return _officer(actor) and any(post.role is Role.DATA and not post.org for post in actor.posts)


def body_of(actor: Actor, bodies: Bodies) -> str:
    """The supervising body for which the officer acts; "" for none."""
    if is_bureau(actor):
        return bodies.bureau
    own = units_of(actor, *SUPERVISES)
    return next((body for body in bodies.all() if body in own), "")


def may_supervise(actor: Actor, org: str, bodies: Bodies) -> bool:
    """Whether the officer may supervise this unit: nobody supervises their own."""
    body = body_of(actor, bodies)
    return bool(body) and body != org and org not in homes_of(actor)


def sees_all(actor: Actor, bodies: Bodies) -> bool:
    """Whether the officer sees every unit's matters: a supervising body, auditors of the whole city."""
    auditor = _officer(actor) and any(p.role is Role.AUDITOR and not p.place for p in actor.posts)
    return auditor or bool(body_of(actor, bodies))
