# SPDX-License-Identifier: Apache-2.0
"""Reads: policies with their drafts, one draft as checked, how it differs from what is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.apps.journal.public import entries_of
from yiwang.engines.benefits.draft_checks import Draft
from yiwang.engines.benefits.kinds import Policy
from yiwang.engines.definitions.writing import as_yaml, content_of
from yiwang.kernel.actor import Actor, ActorKind, Role

from .models import OPEN, DraftState, PolicyDraft, PolicyTrial
from .policies import check_of
from .policy_parts import FOLDER, OWNERS, digest_in, may_decide, may_read, may_write, policy_in, readable
from .queries import current


@dataclass(frozen=True)
class DraftView:
    """A draft as a list shows it."""

    id: str
    policy: str
    name: str
    state: str
    state_term: str
    version: int
    summary: str
    is_new: bool
    begun_by: str
    changed_by: str
    changed_at: dt.datetime
    reviewed_by: str
    review_words: str
    publish_on: dt.date | None
    published_at: dt.datetime | None
    held: str
    release: str


@dataclass(frozen=True)
class OpenDraft:
    """A draft as its page shows it: what was typed, what is wrong, what may be done by whom looks.

    `moved`: the policy was published otherwise since the draft was begun. `tested`: as it is now.
    """

    view: DraftView
    typed: Mapping[str, Any]
    checked: Draft
    published: Policy | None
    published_text: str
    moved: bool
    tested: bool
    may_write: bool
    may_review: bool
    may_publish: bool
    may_withdraw: bool


def _view(row: PolicyDraft) -> DraftView:
    return DraftView(
        row.public_id, row.policy, row.name, row.state, DraftState(row.state).label, row.version, row.summary,
        not row.base, row.begun_by, row.changed_by, row.changed_at, row.reviewed_by, row.review_words,
        row.publish_on, row.published_at, row.held, row.release,
    )  # fmt: skip


def policy_drafts(actor: Actor, *, limit: int = 200) -> list[DraftView]:
    """The drafts the actor may see: open ones first, then the newest that ended."""
    if not works_on_policies(actor):
        return []
    rows = [
        row for row in PolicyDraft.objects.order_by("-id")[: limit * 5] if may_read(actor, row.departments)
    ]
    return [_view(row) for row in sorted(rows, key=lambda row: row.state not in OPEN)[:limit]]


def works_on_policies(actor: Actor) -> bool:
    """Whether policies are anything to the actor."""
    return actor.kind is ActorKind.OFFICER and actor.has(*OWNERS, Role.CATALOGUE, Role.AUDITOR)


def policies_of(actor: Actor) -> list[tuple[Policy, bool]]:
    """The published policies the actor may see the drafts of, by name; whether they may draft a change."""
    found: Mapping[str, Any] = current().catalogue.others.get(FOLDER, {}) if works_on_policies(actor) else {}
    mine = [one for one in found.values() if may_read(actor, one.departments)]
    return [(one, may_write(actor, one.departments)) for one in sorted(mine, key=lambda one: one.name)]


def policy_draft(actor: Actor, draft: str, typed: Mapping[str, Any] | None = None) -> OpenDraft:
    """One draft, checked against the release in force; with `typed` in place of what is stored (a page that
    could not be saved). Raises NoSuchDraft."""
    row = readable(actor, draft)
    catalogue = current().catalogue
    given = row.typed if typed is None else typed
    published = policy_in(catalogue, row.policy) if row.base else None
    writes, decides = may_write(actor, row.departments), may_decide(actor)
    tested = PolicyTrial.objects.filter(draft=row, digest=row.digest, base=row.base).exists()
    return OpenDraft(
        view=_view(row),
        typed=given,
        checked=check_of(given, catalogue, base=bool(row.base)),
        published=published,
        published_text=as_yaml(content_of(published)) if published is not None else "",
        moved=row.state in OPEN and digest_in(catalogue, row.policy) != row.base,
        tested=tested,
        may_write=writes and row.state == DraftState.WRITING,
        may_review=decides and actor.id not in row.writers and row.state == DraftState.HANDED_IN,
        may_publish=decides and row.state in (DraftState.AGREED, DraftState.SCHEDULED),
        may_withdraw=writes and row.state in OPEN,
    )


def draft_history(actor: Actor, draft: str) -> list[dict[str, Any]]:
    """What happened to a draft, oldest first: the steps, not who looked at samples. Raises NoSuchDraft."""
    row = readable(actor, draft)
    return [one for one in entries_of(f"policy:{row.public_id}") if not one["action"].endswith(".look")]
