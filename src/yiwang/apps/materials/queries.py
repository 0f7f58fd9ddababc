# SPDX-License-Identifier: Apache-2.0
"""Read files. Who may read them is decided by the case that asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiwang.kernel.errors import NotFound, Unavailable

from . import files
from .domain.judging import MEDIA_TYPES
from .models import Content, File


@dataclass(frozen=True)
class StoredFile:
    """A file as others see it. `size` in bytes; `kind` by content: pdf, jpg, png, ofd."""

    public_id: str
    name: str
    kind: str
    size: int
    sha256: str

    @property
    def media_type(self) -> str:
        """What to send it as."""
        return MEDIA_TYPES[self.kind]


def view(row: File) -> StoredFile:
    """The row as others see it."""
    return StoredFile(row.public_id, row.name, row.content.kind, row.content.size, row.content_id)


def describe(public_ids: Sequence[str]) -> list[StoredFile]:
    """The files with these ids, in this order; ids that are not there are left out."""
    found = {
        row.public_id: view(row)
        for row in File.objects.filter(public_id__in=public_ids).select_related("content")
    }
    return [found[one] for one in public_ids if one in found]


def content_of(public_id: str) -> tuple[str, bytes]:
    """A file's name and content.

    Raises NotFound, and Unavailable when the content is gone or no longer fits its digest.
    """
    row = _row(public_id)
    content = files.read(row.content_id)
    if content is None:
        raise Unavailable("这个文件的内容缺失或已损坏，没有提供。", mend="请联系运维人员从备份恢复。")
    return row.name, content


def stored_digests(using: str = "default") -> Iterator[str]:
    """The SHA-256 of every content that some file has, in the database with this alias."""
    named = Content.objects.using(using).filter(files__isnull=False).order_by("sha256").distinct()
    return named.values_list("sha256", flat=True).iterator(chunk_size=10_000)


def owner_of(public_id: str) -> str:
    """The public id of the person or firm whose file it is. Raises NotFound."""
    return _row(public_id).owner


def _row(public_id: str) -> File:
    row = File.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这个文件。", mend="请刷新页面后重试。")
    return row
