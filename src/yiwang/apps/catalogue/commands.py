# SPDX-License-Identifier: Apache-2.0
"""Draft, review and publish releases."""

from __future__ import annotations

import json
import zlib

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.release import dump_release
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

from .models import Release, ReleaseState

_STREAM = "releases"


@transaction.atomic
def draft_release(actor: Actor, catalogue: Catalogue, *, summary: str) -> str:
    """Store a checked catalogue as a draft; returns its digest. The same content is stored once.

    Raises NotAllowed.
    """
    _require_catalogue_officer(actor)
    digest = catalogue.digest
    if Release.objects.filter(digest=digest).exists():
        return digest
    content = json.dumps(dump_release(catalogue), ensure_ascii=False, sort_keys=True).encode()
    Release.objects.create(
        digest=digest,
        content=zlib.compress(content, 6),
        summary=summary[:300],
        drafted_by=actor.id,
        drafted_at=timezone.now(),
    )
    record(actor, "release.drafted", stream=_STREAM, about=digest)
    return digest


@transaction.atomic
def review_release(actor: Actor, digest: str, *, approve: bool, words: str = "") -> None:
    """A second officer approves a draft or sends it back. Raises NotAllowed, NotFound, Conflict."""
    _require_catalogue_officer(actor)
    row = _locked(digest, ReleaseState.DRAFT)
    if row.drafted_by == actor.id:
        raise NotAllowed("起草人不能复核自己的版本。", mend="请由另一位目录管理员复核。")
    row.state = ReleaseState.REVIEWED if approve else ReleaseState.REJECTED
    row.reviewed_by, row.reviewed_at, row.review_words = actor.id, timezone.now(), words[:300]
    row.save(update_fields=["state", "reviewed_by", "reviewed_at", "review_words"])
    record(actor, "release.reviewed", stream=_STREAM, about=digest, detail={"approved": approve})


@transaction.atomic
def publish_release(actor: Actor, digest: str) -> None:
    """Put a reviewed release in force: new applications begin under it. Raises NotAllowed, NotFound, Conflict."""
    _require_catalogue_officer(actor)
    row = _locked(digest, ReleaseState.REVIEWED)
    row.state, row.published_by, row.published_at = ReleaseState.PUBLISHED, actor.id, timezone.now()
    row.save(update_fields=["state", "published_by", "published_at"])
    record(actor, "release.published", stream=_STREAM, about=digest)


def _locked(digest: str, state: ReleaseState) -> Release:
    row = Release.objects.select_for_update().filter(digest=digest).first()
    if row is None:
        raise NotFound("没有这个目录版本。", mend="请核对版本号。")
    if row.state != state:
        now = ReleaseState(row.state).label
        raise Conflict(f"这个版本现在是“{now}”，不是“{state.label}”。", mend="请刷新后查看。")
    return row


def _require_catalogue_officer(actor: Actor) -> None:
    if actor.kind is not ActorKind.SYSTEM and not actor.has(Role.CATALOGUE):
        raise NotAllowed("只有目录管理员可以起草、复核和发布目录。", mend="请联系目录管理员。")
