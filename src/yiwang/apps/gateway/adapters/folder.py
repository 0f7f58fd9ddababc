# SPDX-License-Identifier: Apache-2.0
"""The folder of sources: paths that stay inside it, whatever they are called or linked to."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from yiwang.kernel.errors import Invalid

from ..domain.connecting import SourceDown
from .base import too_large

_LOOK = "请核对登记的文件位置；文件由数据提供单位放进来源目录。"


def checked_path(text: str) -> PurePosixPath:
    """A path relative to the folder of sources. Raises Invalid for one that could leave it."""
    path = PurePosixPath(text)
    if not text or "\0" in text or "\\" in text or path.is_absolute() or ".." in path.parts:
        raise Invalid("文件位置不对。", mend="请写来源目录里的相对位置，例如 hr/social.csv，不带 .. 。")
    if any(part.startswith(("~", ".")) or len(part) > 200 for part in path.parts) or len(path.parts) > 8:
        raise Invalid("文件位置不对。", mend="文件夹和文件名不能以点开头；最多八层。")
    return path


def safe_file(folder: Path, path: PurePosixPath) -> Path:
    """The real place of a file that lies in the folder with no link on the way, for those who open files by
    name. Raises SourceDown."""
    with opened(folder, path):
        return folder.resolve().joinpath(*path.parts)


@contextmanager
def opened(folder: Path, path: PurePosixPath, most_bytes: int | None = None) -> Iterator[BinaryIO]:
    """Open a file inside the folder, step by step, following no link.

    Raises SourceDown: it is not there, is a link or no plain file; SourceTooLarge.
    """
    handle = _walk(folder, path)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise SourceDown("登记的数据文件不是普通文件。", mend=_LOOK)
    with os.fdopen(handle, "rb") as file:
        if most_bytes is not None and found.st_size > most_bytes:
            raise too_large(f"文件有{found.st_size}字节，上限{most_bytes}")
        yield file


def _walk(folder: Path, path: PurePosixPath) -> int:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for part in path.parts[:-1]:
            inner = _step(part, flags | os.O_DIRECTORY, here)
            here = inner
        return _step(path.parts[-1], flags, here)
    except OSError:
        raise SourceDown("登记的数据文件不在，或者不能读。", mend=_LOOK) from None


def _step(part: str, flags: int, here: int) -> int:
    """Open one more part of the path; the part before is closed whatever comes of it."""
    try:
        return os.open(part, flags, dir_fd=here)
    finally:
        os.close(here)
