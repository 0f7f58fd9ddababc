# SPDX-License-Identifier: Apache-2.0
"""归档包: one file with everything of a finished application, named by its digest.

Made from rows that do not change any more, in a fixed order and without clocks, so the same
application gives the same bytes (`journal_length` says how much of its journal belongs to it).
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings

from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.public import licences
from yiwang.apps.materials.public import content_of

from ..models import Application, ArchivePackage
from ._archive_sheets import application_sheet, as_json, documents_sheet, items_sheet, visits_sheet
from ._context import Context

_EPOCH = (1980, 1, 1, 0, 0, 0)  # zip members carry no clock
_UNIX = 3
_NOTE = """本归档包含申请人的个人信息和上传的材料。
- 调阅须与职权有关，并登记目的和依据；复制、转交以够用为限（最小必要）。
- 公开前须去除个人信息。
- manifest.json 列出每个文件的 SHA-256，可据此核对有无改动。
"""


def write_package(context: Context) -> str:
    """Write the package of a closed application under the data directory; returns its SHA-256.

    The file is written beside its name, flushed, then renamed: a half-written package never has
    the name. A package that is written and whose transaction then fails is an orphan, not a lie.

    Raises Unavailable when the content of an uploaded file is gone or damaged.
    """
    application = context.application
    length = len(entries_of(f"case:{application.public_id}"))
    body = packed(application, journal_length=length)
    sha256 = hashlib.sha256(body).hexdigest()
    relative = f"archive/{context.now:%Y/%m}/{_name(application)}-{sha256[:12]}.zip"
    _write(Path(settings.DATA_DIR) / relative, body)
    ArchivePackage.objects.create(
        application=application, path=relative, sha256=sha256, journal_length=length, at=context.now
    )
    application.archive_due = False
    application.save(update_fields=["archive_due"])
    context.note("application.archived", detail={"sha256": sha256})
    return sha256


def packed(application: Application, *, journal_length: int) -> bytes:
    """The bytes of the package, with the first `journal_length` entries of the case's journal."""
    decided = [case.decision for case in application.items.order_by("id") if hasattr(case, "decision")]
    issued = sorted(licences([r for d in decided for r in d.results]), key=lambda one: one.public_id)
    members: dict[str, bytes] = {
        "README.txt": _NOTE.encode(),
        "application.json": as_json(application_sheet(application)),
        "items.json": as_json(items_sheet(application)),
        "documents.json": as_json(documents_sheet(application)),
        "visits.json": as_json(visits_sheet(application)),
        "results.json": as_json([vars(one) for one in issued]),
        "journal.json": as_json(entries_of(f"case:{application.public_id}")[:journal_length]),
    }
    for document in application.documents.order_by("material"):
        for number, file_id in enumerate(document.files, start=1):
            name, content = content_of(file_id)
            members[f"documents/{document.material}/{number}-{name}"] = content
    manifest = {name: hashlib.sha256(body).hexdigest() for name, body in sorted(members.items())}
    members["manifest.json"] = as_json(manifest)
    return _zipped(members)


def _zipped(members: dict[str, bytes]) -> bytes:
    """Stored, not compressed: another compressor's version would give other bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(members.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = _UNIX, 0o600 << 16
            archive.writestr(info, content)
    return body.getvalue()


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)


def _name(application: Application) -> Any:
    return application.number or application.public_id
