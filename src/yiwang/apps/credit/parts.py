# SPDX-License-Identifier: Apache-2.0
"""Who has which part: the unit that decided, the unit that leads public credit, whom a record is about."""

from __future__ import annotations

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.engines.credit import CreditBook
from yiwang.engines.definitions import words
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotAllowed, NotFound

DEPARTMENT = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
LEAD = "credit-lead-org"
OBJECTION_DAYS = "credit-objection-days"
MOST_ROWS = "credit-most-rows"


class NoSuchRecord(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这条信用信息，或者您无权查看。", mend="请回到列表，从中选择。")


_BOOKS: dict[str, CreditBook] = {}
_MOST_BOOKS = 8


def book_of(opened: OpenRelease) -> CreditBook:
    """The credit definitions of a release, put together once for each release and process."""
    if opened.digest not in _BOOKS:
        if len(_BOOKS) >= _MOST_BOOKS:
            _BOOKS.clear()
        _BOOKS[opened.digest] = CreditBook.of(opened.catalogue)
    return _BOOKS[opened.digest]


def knows_entry(entry: str) -> bool:
    """Whether the release in force has this entry of the catalogue."""
    return entry in book_of(current()).entries


def orgs_of(actor: Actor) -> frozenset[str]:
    """The units for which an officer tells and answers."""
    if actor.kind is not ActorKind.OFFICER:
        return frozenset()
    return frozenset(post.org for post in actor.posts if post.role in DEPARTMENT and post.org)


def require_unit(actor: Actor, org: str) -> None:
    """Raise NotAllowed unless the actor is the system, or works for this unit."""
    if not is_of_unit(actor, org):
        raise NotAllowed("这条信息由作出决定的单位办理。", mend="请联系该单位。")


def is_of_unit(actor: Actor, org: str) -> bool:
    """Whether the actor is the system, or works for this unit."""
    return actor.kind is ActorKind.SYSTEM or org in orgs_of(actor)


def is_lead(actor: Actor, opened: OpenRelease) -> bool:
    """Whether the actor works for the unit that leads public credit."""
    return words(opened.catalogue, LEAD) in orgs_of(actor)


def leads(actor: Actor, opened: OpenRelease) -> bool:
    """Whether the actor reads everything: works for the leading unit, or audits."""
    audits = actor.kind is ActorKind.OFFICER and actor.has(Role.AUDITOR)
    return audits or is_lead(actor, opened)


def require_lead(actor: Actor, opened: OpenRelease) -> None:
    """Raise NotAllowed unless the actor works for the unit that leads public credit."""
    if not is_lead(actor, opened):
        raise NotAllowed("这一步由公共信用牵头单位办理。", mend="请联系市发展改革委信用工作人员。")
