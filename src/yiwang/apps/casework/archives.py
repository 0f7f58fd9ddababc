# SPDX-License-Identifier: Apache-2.0
"""Hand out the archive package of a finished application, as it was written."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from yiwang.apps.journal.public import record
from yiwang.apps.vault.public import FolderLock
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import NotAllowed, NotFound, Unavailable

from .models import Application, ArchivePackage

LOCK = FolderLock("archive")
_PURPOSE = "导出归档包，移交档案部门或核查"
_BASIS = "《政务服务电子文件归档和电子档案管理办法》（国办发〔2023〕26号）"


@dataclass(frozen=True)
class Package:
    """An archive package as it lies on the disk. `keep_until` None: for ever."""

    application: str
    number: str
    content: bytes
    sha256: str
    written_at: dt.datetime
    keep_until: dt.date | None


@transaction.atomic
def archive_package(actor: Actor, case: str) -> Package:
    """The newest package of an application, by its number or public id; the look is logged, and the
    applicant sees it.

    Raises:
        NotAllowed: only whoever runs the system exports (the command line).
        NotFound: there is no such application, or its package is not written yet.
        Unavailable: the package is gone from the disk or is not the one that was written.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("归档包只能由系统管理员导出。", mend="请由运维人员在服务器上导出。")
    found = Application.objects.filter(Q(number=case) | Q(public_id=case)).first()
    if found is None:
        raise NotFound(f"没有编号为“{case}”的办件。", mend="请核对办件编号。")
    row = ArchivePackage.objects.filter(application=found).order_by("-id").first()
    if row is None:
        raise NotFound("这个办件还没有归档包。", mend="办结后由 yiwang worker 写成，请稍后再试。")
    content = _read(row.path)
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Unavailable("归档包与登记的摘要不符，没有导出。", mend="请从备份恢复 archive 文件夹。")
    record(
        actor,
        "archive.look",
        stream=f"looks:{found.public_id}",
        about=found.public_id,
        subject=found.subject,
        purpose=_PURPOSE,
        basis=_BASIS,
        detail={"sha256": row.sha256},
    )
    return Package(found.public_id, found.number or "", content, row.sha256, row.at, row.keep_until)


def _read(path: str) -> bytes:
    """The package, unlocked; nothing when it was altered. Raises Unavailable, KeyMissing."""
    try:
        place = Path(settings.DATA_DIR) / path
        return LOCK.unlock(place.name, place.read_bytes()) or b""
    except OSError:
        raise Unavailable("归档包不在了，没有导出。", mend="请从备份恢复 archive 文件夹。") from None
