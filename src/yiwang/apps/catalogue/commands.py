# SPDX-License-Identifier: Apache-2.0
"""Draft, review and publish releases."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .amendments import laid_over, lost_by
from .models import Release, ReleaseState
from .plugs import guards
from .queries import current_digest, release

_STREAM = "releases"


@transaction.atomic
def draft_release(
    actor: Actor, catalogue: Catalogue, *, summary: str, files_win: Collection[str] = ()
) -> str:
    """Store a checked catalogue as a draft, with the policies that were published in the console; returns
    its digest. The same content is stored once; content that was sent back becomes a draft again.

    Args:
        files_win: policies that are taken as in `catalogue`, whatever was published in the console.

    Raises NotAllowed, Invalid (a policy was changed in the files and in the console).
    """
    _require_catalogue_officer(actor)
    stored = laid_over(catalogue, files_win=files_win).packed
    digest = stored.digest
    row = Release.objects.select_for_update().filter(digest=digest).first()
    if row is not None and row.state != ReleaseState.REJECTED:
        return digest
    if row is None:
        row = Release(digest=digest, content=stored.content)
    row.state, row.summary, row.files_win = ReleaseState.DRAFT, summary[:300], sorted(files_win)
    row.drafted_by, row.drafted_at = actor.id, timezone.now()
    row.reviewed_by, row.reviewed_at, row.review_words = "", None, ""
    row.save()
    record(actor, "release.drafted", stream=_STREAM, about=digest)
    return digest


@transaction.atomic
def review_release(actor: Actor, digest: str, *, approve: bool, words: str = "") -> None:
    """A second officer approves a draft or sends it back.

    Raises NotAllowed (also for who drafted it), NotFound, Conflict, Invalid without a reason for
    sending it back.
    """
    _require_catalogue_officer(actor)
    if not approve and not words.strip():
        raise Invalid("退回要写明理由。", mend="请写清哪里要改。", field="words")
    row = _locked(digest, ReleaseState.DRAFT)
    if row.drafted_by == actor.id:
        raise NotAllowed("起草人不能复核自己的版本。", mend="请由另一位目录管理员复核。")
    row.state = ReleaseState.REVIEWED if approve else ReleaseState.REJECTED
    row.reviewed_by, row.reviewed_at, row.review_words = actor.id, timezone.now(), words[:300]
    row.save(update_fields=["state", "reviewed_by", "reviewed_at", "review_words"])
    record(actor, "release.reviewed", stream=_STREAM, about=digest, detail={"approved": approve})


@transaction.atomic
def publish_release(actor: Actor, digest: str) -> None:
    """Put a reviewed release in force: new applications begin under it. An earlier published release
    can be put in force again the same way.

    Raises NotAllowed, NotFound, Conflict (also when it would take back policies published since, or a guard
    that was plugged in refuses it).
    """
    _require_catalogue_officer(actor)
    row = _locked(digest, ReleaseState.REVIEWED, ReleaseState.PUBLISHED)
    if row.state == ReleaseState.PUBLISHED and current_digest() == digest:
        raise Conflict("这个版本正在使用。", mend="不用再发布。")
    if row.state == ReleaseState.REVIEWED and (lost := lost_by(release(digest).catalogue, row.files_win)):
        told = f"起草以后，管理台又发布了政策：{'、'.join(lost)}。这个版本里没有。"
        raise Conflict(told, mend="请从文件重新起草，会自动带上；再复核、发布。")
    before = current_digest()
    for guard in guards():
        guard(actor, release(before).catalogue if before else None, release(digest).catalogue)
    row.state, row.published_by, row.published_at = ReleaseState.PUBLISHED, actor.id, timezone.now()
    row.save(update_fields=["state", "published_by", "published_at"])
    record(actor, "release.published", stream=_STREAM, about=digest)


def _locked(digest: str, *states: ReleaseState) -> Release:
    row = Release.objects.select_for_update().filter(digest=digest).first()
    if row is None:
        raise NotFound("没有这个目录版本。", mend="请核对版本号。")
    if row.state not in states:
        now, wanted = ReleaseState(row.state).label, "”或“".join(str(state.label) for state in states)
        raise Conflict(f"这个版本现在是“{now}”，不是“{wanted}”。", mend="请刷新后查看。")
    return row


def _require_catalogue_officer(actor: Actor) -> None:
    if actor.kind is not ActorKind.SYSTEM and not actor.has(Role.CATALOGUE):
        raise NotAllowed("只有目录管理员可以起草、复核和发布目录。", mend="请联系目录管理员。")
