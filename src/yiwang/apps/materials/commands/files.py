# SPDX-License-Identifier: Apache-2.0
"""Take files in, keep what was submitted, discard drafts."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind, Matter, Role
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from .. import files
from ..domain.judging import Readable, judge, read_all
from ..domain.names import safe_name
from ..models import Content, File
from ..queries import StoredFile, view

_TAKES_IN = (Role.COUNTER, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.CUSTODIAN, Role.DATA)


def store_file(
    actor: Actor,
    *,
    owner: str,
    name: str,
    content: bytes | Readable,
    accepts: Sequence[str],
    max_megabytes: int,
) -> StoredFile:
    """Check a file through and store it for `owner` (public id of a person or firm).

    Args:
        content: the bytes, or something to read them from in pieces.
        accepts: kinds that are welcome here: pdf, jpg, png, ofd.
        max_megabytes: the material's own limit; `YIWANG_UPLOAD_MAX_MB` holds too.

    Raises:
        NotAllowed: the actor is neither the owner nor an officer who takes papers in.
        FileRefused: empty, too large, another kind, damaged, encrypted, acting by itself.
    """
    _require(actor, owner)
    whole = read_all(content, max_megabytes=min(max_megabytes, settings.ENV["UPLOAD_MAX_MB"]))
    kind = judge(whole, accepts)
    return _store(actor, owner, safe_name(name, kind), kind, whole)


@transaction.atomic
def _store(actor: Actor, owner: str, name: str, kind: str, whole: bytes) -> StoredFile:
    """Write the content, then the row that promises it is there; both under the digest's lock."""
    sha256 = hashlib.sha256(whole).hexdigest()
    content = _locked(sha256, kind=kind, size=len(whole))
    files.write(sha256, whole)
    row = File.objects.create(
        public_id=new_public_id("file"),
        owner=owner,
        name=name,
        content=content,
        stored_by=actor.id,
        stored_at=timezone.now(),
    )
    _note(actor, "file.stored", row, {"kind": kind, "size": len(whole), "sha256": sha256})
    return view(row)


@transaction.atomic
def keep(actor: Actor, public_ids: Collection[str]) -> None:
    """Mark files as submitted with something: from now on nobody can discard them.

    Raises NotFound when one is not there (any more), NotAllowed.
    """
    rows = list(File.objects.select_for_update().filter(public_id__in=public_ids).order_by("id"))
    if len(rows) != len(set(public_ids)):
        raise NotFound("有文件已经不在了。", mend="请刷新页面，重新上传缺少的文件。")
    for row in rows:
        _require(actor, row.owner)
    File.objects.filter(pk__in=[row.pk for row in rows]).update(kept=True)
    for row in rows:
        if not row.kept:
            _note(actor, "file.kept", row, {})


@transaction.atomic
def discard(actor: Actor, public_id: str) -> None:
    """Throw away a file that was not submitted with anything. Its content stays while another
    file has the same, and goes only after the caller's transaction has committed.

    Raises NotFound, NotAllowed, Conflict when it was submitted.
    """
    row = File.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这个文件。", mend="请刷新页面后重试。")
    _require(actor, row.owner)
    if row.kept:
        raise Conflict("这个文件已经随申请提交，不能删除。", mend="需要更换时，请在补正时另外上传一份。")
    sha256 = row.content_id
    _note(actor, "file.discarded", row, {"sha256": sha256})
    row.delete()
    transaction.on_commit(partial(_remove_unused, sha256), robust=True)


@transaction.atomic
def _remove_unused(sha256: str) -> None:
    content = _locked(sha256, kind="", size=0)
    if not content.files.exists():
        files.remove(sha256)
        content.delete()


def remove_orphans(now: dt.datetime | None = None) -> int:
    """Remove contents that no file has, a day after a transaction that failed left them. Returns how
    many. The worker calls this again and again: each call looks at one of the 256 folders, the next
    minute's at the next, so that it costs little however much is stored.

    Nothing that is being stored can be hit: its content's row is locked until its file has a row too.
    """
    minute = int((now or timezone.now()).timestamp() // 60)
    found = list(files.old_digests(f"{minute % 256:02x}"))
    named = Content.objects.filter(sha256__in=found, files__isnull=False)
    orphans = set(found) - set(named.values_list("sha256", flat=True))
    for sha256 in sorted(orphans):
        _remove_unused(sha256)
    return len(orphans)


def _locked(sha256: str, *, kind: str, size: int) -> Content:
    """The content's row, locked until the transaction ends; made if it is new."""
    while True:
        if found := Content.objects.select_for_update().filter(sha256=sha256).first():
            return found
        Content.objects.bulk_create([Content(sha256=sha256, kind=kind, size=size)], ignore_conflicts=True)


def _require(actor: Actor, owner: str) -> None:
    if actor.kind is ActorKind.SYSTEM or actor.is_subject(owner, *Matter):
        return
    if actor.kind is ActorKind.OFFICER and actor.has(*_TAKES_IN):
        return
    raise NotAllowed("您不能处理这个申请人的文件。", mend="请由申请人本人登录，或到窗口办理。")


def _note(actor: Actor, action: str, row: File, detail: dict[str, str | int]) -> None:
    record(
        actor, action, stream=f"file:{row.public_id}", about=row.public_id, subject=row.owner, detail=detail
    )
