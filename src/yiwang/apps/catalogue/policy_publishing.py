# SPDX-License-Identifier: Apache-2.0
"""Publish a reviewed draft: it becomes a release, the one in force with this one policy put in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines.benefits.draft_checks import Draft
from yiwang.kernel.actor import Actor, system
from yiwang.kernel.errors import Conflict, Invalid, YiwangError

from .amendments import with_policy
from .models import DraftState, PolicyDraft, Release, ReleaseState
from .policies import require_sound, require_tested
from .policy_parts import changed, definition_digest, locked, note, require_decider
from .queries import current, current_digest

_STREAM = "releases"
_CLOCK = system("定期发布")


@transaction.atomic
def publish_policy(actor: Actor, draft: str, *, version: int, on: dt.date | None = None) -> str:
    """Put a reviewed draft in force now, or (`on` a later day) on that day.

    Returns the digest of the release it became; "" when it waits for its day. Raises NoSuchDraft, NotAllowed,
    Conflict, Invalid (a day that is past).
    """
    row = locked(actor, draft, version, DraftState.AGREED, DraftState.SCHEDULED)
    require_decider(actor)
    today, now = timezone.localdate(), timezone.now()
    if on is not None and on < today:
        raise Invalid(f"{on} 已经过去。", mend="立即发布，或者选今天以后的日子。", field="on")
    if on is not None and on > today:
        require_sound(row)
        row.state, row.publish_on, row.held = DraftState.SCHEDULED, on, ""
        changed(row, actor, now, ("state", "publish_on", "held"))
        note(actor, "scheduled", row, on=on.isoformat())
        return ""
    return _publish(row, actor, now)


def publish_due(today: dt.date | None = None) -> int:
    """Publish the drafts whose day has come; how many. One that cannot be any more waits for a person."""
    due = PolicyDraft.objects.filter(
        state=DraftState.SCHEDULED.value, publish_on__lte=today or timezone.localdate()
    )
    done = 0
    for public_id in due.order_by("publish_on", "id").values_list("public_id", flat=True):
        try:
            done += _scheduled(public_id, lambda row: _publish(row, _CLOCK, timezone.now()))
        except YiwangError as error:
            _scheduled(public_id, _holding(error))
    return done


@transaction.atomic
def _scheduled(public_id: str, do: Callable[[PolicyDraft], object]) -> int:
    """Do something with a draft that is still waiting for its day; one of several workers does."""
    row = PolicyDraft.objects.select_for_update().get(public_id=public_id)
    if row.state != DraftState.SCHEDULED:
        return 0
    do(row)
    return 1


def _holding(error: YiwangError) -> Callable[[PolicyDraft], None]:
    def hold(row: PolicyDraft) -> None:
        row.state, row.publish_on, row.held = DraftState.AGREED, None, str(error)[:300]
        changed(row, _CLOCK, timezone.now(), ("state", "publish_on", "held"))
        note(_CLOCK, "held", row)

    return hold


def _publish(row: PolicyDraft, actor: Actor, now: dt.datetime) -> str:
    """1. Nobody else publishes meanwhile. 2. The draft still holds. 3. A release with it. 4. It is told."""
    _take_turn()
    found = require_sound(row)
    require_tested(row)
    digest = _new_release(row, found, actor, now)
    assert found.policy is not None  # it is sound
    row.state, row.release, row.publish_on, row.held = DraftState.PUBLISHED, digest, None, ""
    row.definition = definition_digest(found.policy)
    row.published_by, row.published_at = actor.id, now
    fields = ("state", "release", "publish_on", "held", "definition", "published_by", "published_at")
    changed(row, actor, now, fields)
    note(actor, "published", row, release=digest)
    return digest


def _take_turn() -> None:
    """Wait for others who publish; what they published is then in force, and is built upon."""
    digest = current_digest()
    Release.objects.select_for_update().get(digest=digest)
    if current_digest() != digest:
        raise Conflict("刚刚有人发布了别的内容。", mend="请再点一次发布。")


def _new_release(row: PolicyDraft, found: Draft, actor: Actor, now: dt.datetime) -> str:
    assert found.policy is not None  # it is sound
    catalogue = with_policy(current().catalogue, found.policy, found.source)
    digest = catalogue.digest
    release = Release.objects.filter(digest=digest).first()
    if release is None:
        release = Release(digest=digest, content=catalogue.packed.content)
    release.state, release.summary = ReleaseState.PUBLISHED, f"政策“{row.name}”：{row.summary}"[:300]
    release.drafted_by, release.drafted_at = row.begun_by, row.begun_at
    release.reviewed_by, release.reviewed_at = row.reviewed_by, row.reviewed_at
    release.review_words, release.published_by, release.published_at = row.review_words, actor.id, now
    release.save()
    detail = {"policy": row.policy, "draft": row.public_id}
    record(actor, "release.published", stream=_STREAM, about=digest, detail=detail)
    return digest
