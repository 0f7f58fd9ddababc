# SPDX-License-Identifier: Apache-2.0
"""Where sealed files lie: `licences` in the data directory, locked, each under its own SHA-256.

A file is on the disk before the row that names it is committed, and is never changed or removed:
what was handed out stays provable, also after a correction.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from yiwang.apps.vault.public import FolderLock
from yiwang.kernel.contents import ContentStore
from yiwang.kernel.errors import NotFound, Unavailable

from .models import Form, LicenceFile
from .queries import row_of

FOLDER = "licences"
_store = ContentStore(lambda: Path(settings.DATA_DIR) / FOLDER, FolderLock(FOLDER))
add, read, has, place_of = _store.add, _store.read, _store.has, _store.place_of

FORMS = tuple(form.value for form in Form)
MEDIA_TYPES = {"pdf": "application/pdf", "ofd": "application/ofd", "json": "application/json"}


def file_of(public_id: str, form: str) -> bytes:
    """The newest sealed file of a licence as `pdf`, `ofd` or `json`.

    Raises NotFound when it is not sealed (or there is no such form), Unavailable when the content is
    gone or no longer fits its digest.
    """
    licence = row_of(public_id)
    newest = licence.files.filter(form=form).order_by("-seq").first()
    if newest is None or licence.sealed_at is None:
        raise NotFound("这件证照还没有签章的电子文件。", mend="签章后即可下载；急用请联系发证部门。")
    content = read(newest.sha256)
    if content is None:
        raise Unavailable("证照文件缺失或已损坏，没有提供。", mend="请联系运维人员从备份恢复。")
    return content


def stored_digests(using: str = "default") -> Iterator[str]:
    """The SHA-256 of every sealed file, in the database with this alias."""
    named = LicenceFile.objects.using(using).order_by("sha256").values_list("sha256", flat=True).distinct()
    return named.iterator(chunk_size=10_000)
