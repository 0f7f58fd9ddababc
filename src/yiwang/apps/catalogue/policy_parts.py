# SPDX-License-Identifier: Apache-2.0
"""Who has which part in a policy's draft, and how its row is found.

Whoever writes: an officer of one of its departments (data administrator, approver, representative), or a
catalogue administrator. Whoever reviews and publishes: a catalogue administrator; one who has written in
the draft does not review it. Auditors read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from yiwang.apps.journal.public import record
from yiwang.engines.benefits.kinds import Policy
from yiwang.engines.definitions import Catalogue, Definition
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.canonical import canonical_digest
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

from .models import DraftState, PolicyDraft

FOLDER = "policies"
OWNERS = (Role.DATA, Role.APPROVER, Role.REPRESENTATIVE)
"""Who writes the policies of their department."""


class NoSuchDraft(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这份草稿，或者您无权查看。", mend="请回到政策清单，从中选择。")


def may_write(actor: Actor, departments: Collection[str]) -> bool:
    """Whether the actor may write a policy of these departments."""
    if actor.kind is not ActorKind.OFFICER:
        return False
    owned = any(post.role in OWNERS and (not post.org or post.org in departments) for post in actor.posts)
    return owned or actor.has(Role.CATALOGUE)


def may_read(actor: Actor, departments: Collection[str]) -> bool:
    """Whether the actor may see drafts of these departments."""
    return may_write(actor, departments) or (actor.kind is ActorKind.OFFICER and actor.has(Role.AUDITOR))


def may_decide(actor: Actor) -> bool:
    """Whether the actor may review drafts and publish them."""
    return actor.kind is ActorKind.OFFICER and actor.has(Role.CATALOGUE)


def require_decider(actor: Actor) -> None:
    """Raise NotAllowed unless the actor reviews and publishes."""
    if not may_decide(actor):
        raise NotAllowed("复核和发布政策由目录管理员办。", mend="请联系目录管理员。")


def readable(actor: Actor, draft: str) -> PolicyDraft:
    """The row of a draft. Raises NoSuchDraft."""
    row = PolicyDraft.objects.filter(public_id=draft).first()
    if row is None or not may_read(actor, row.departments):
        raise NoSuchDraft
    return row


def locked(actor: Actor, draft: str, version: int, *states: DraftState) -> PolicyDraft:
    """The row of a draft, locked, as the actor has seen it.

    Raises NoSuchDraft; Conflict when somebody has changed it since, or it is in another state.
    """
    row = PolicyDraft.objects.select_for_update().filter(public_id=draft).first()
    if row is None or not may_read(actor, row.departments):
        raise NoSuchDraft
    if row.state not in states:
        raise Conflict(f"这份草稿现在是“{DraftState(row.state).label}”，不能这样做。", mend="请刷新后查看。")
    if row.version != version:
        when = f"{row.changed_at.astimezone():%H:%M}"
        raise Conflict(
            f"您打开以后，另一个人在 {when} 改过这份草稿。",
            mend="您写的还在下面。请先打开新的看一看，再决定用哪一份。",
        )
    return row


def note(actor: Actor, what: str, row: PolicyDraft, **detail: Any) -> None:
    """One entry in the journal about a draft."""
    record(
        actor,
        f"policy.{what}",
        stream=f"policy:{row.public_id}",
        about=row.public_id,
        detail={"policy": row.policy, "digest": row.digest, **detail},
    )


def changed(row: PolicyDraft, actor: Actor, now: dt.datetime, fields: Iterable[str]) -> None:
    """Save these fields of a row as a change by somebody."""
    row.version += 1
    row.changed_by, row.changed_at = actor.id, now
    row.save(update_fields=[*fields, "version", "changed_by", "changed_at"])


def policy_in(catalogue: Catalogue, policy: str) -> Policy | None:
    """A policy of a release."""
    found: Any = catalogue.others.get(FOLDER, {}).get(policy)
    return found


def digest_in(catalogue: Catalogue, policy: str) -> str:
    """What a release says of a policy, as a digest; empty when it has no such policy."""
    found = policy_in(catalogue, policy)
    return definition_digest(found) if found is not None else ""


def definition_digest(definition: Definition) -> str:
    """A definition's digest, as a release has it."""
    return canonical_digest(definition.model_dump(mode="json"))
