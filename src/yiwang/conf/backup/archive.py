# SPDX-License-Identifier: Apache-2.0
"""The file of a backup: a compressed tar whose last member lists the SHA-256 of all others.

Reading believes nothing: only plain files under expected names are taken, each is hashed, and the
list must name exactly what was there. A file that was cut off has no list, or no end.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from yiwang.kernel.errors import Conflict, Invalid, Unavailable

SUMS = "SHA256SUMS"
FOLDERS = (
    "files", "archive", "texts", "licences", "credit-reports", "stock", "samples", "received", "keys",
)  # fmt: skip
"""The folders of the data directory that a backup holds."""
_NAME = re.compile(
    rf"manifest\.json|database|secret\.key|vault/keys\.json|(?:{'|'.join(FOLDERS)})(?:/[^/\\\0]+)+"
)
_HALF_WRITTEN = re.compile(r"\.new-|.*\.tmp$")
_BLOCK = 1 << 20
_BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, UnicodeDecodeError)


class Writer:
    """Adds members and remembers their SHA-256."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.sums: dict[str, str] = {}

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a member from memory."""
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> bool:
        """Add a member from a file; False when the file is gone."""
        try:
            with path.open("rb") as file:
                self._add(name, file, os.fstat(file.fileno()).st_size)
        except FileNotFoundError:
            return False
        return True

    def add_folder(self, name: str, folder: Path) -> None:
        """Add every whole file under a folder, in order; what is half written is not a file yet."""
        for at, folders, files in os.walk(folder):
            folders.sort()
            for one in sorted(files):
                path = Path(at, one)
                if not _HALF_WRITTEN.match(one) and path.is_file() and not path.is_symlink():
                    self.add_file(f"{name}/{path.relative_to(folder).as_posix()}", path)

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        hashing = _Hashing(content)
        self._tar.addfile(entry, hashing)
        self.sums[name] = hashing.digest.hexdigest()

    def close(self) -> None:
        """Add the list, in the form that `sha256sum --check` reads."""
        self.add_bytes(SUMS, "".join(f"{one}  {name}\n" for name, one in self.sums.items()).encode())


class _Hashing:
    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        block = self._content.read(size)
        self.digest.update(block)
        return block


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write the file `target`, readable by us alone; it appears when it is whole, and on the disk.

    Raises Conflict when it exists, Unavailable when it cannot be written.
    """
    if target.exists():
        raise Conflict(f"{target} 已经存在。", mend="请换一个文件名：备份不覆盖旧备份。")
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            # Papers and pictures hardly get smaller, the database does: level 1 is most of the gain.
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as tar:
                writer = Writer(tar)
                yield writer
                writer.close()
            file.flush()
            os.fsync(file.fileno())
        half.rename(target)
        _sync(target.parent)
    except OSError as error:
        mend = "请检查磁盘空间和目录权限；没有留下不完整的备份。"
        raise Unavailable(
            f"备份写不了：{error.strerror}（{error.filename or target}）。", mend=mend
        ) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unpack(source: Path, folder: Path) -> None:
    """Take the members of a backup into an empty folder and compare each with the list.

    Raises Invalid when the file is no backup, was cut off or changed; Unavailable when there is no
    room. What was taken by then is the caller's to remove.
    """
    found: dict[str, str] = {}
    listed = None
    try:
        with gzip.open(source) as whole, tarfile.open(fileobj=whole, mode="r|") as tar:
            for member in tar:
                if listed is not None:
                    raise Invalid(f"{source} 在清单之后还有内容，被改动过。", mend=_OTHER)
                content = tar.extractfile(member) if member.isfile() else None
                if content is not None and member.name == SUMS:
                    listed = content.read().decode()
                elif content is None or not _is_ours(member.name) or member.name in found:
                    raise Invalid(f"{source} 里有不该有的内容（{member.name[:80]!r}）。", mend=_OTHER)
                else:
                    found[member.name] = _take(content, folder / member.name)
            while whole.read(_BLOCK):  # to the end, where the compressed data's own check is
                pass
    except _BROKEN as error:
        raise Invalid(f"{source} 不是一网的备份，或者不完整。", mend=_OTHER) from error
    except OSError as error:
        mend = "请检查磁盘空间和权限。没有恢复任何内容。"
        raise Unavailable(f"备份读不出来或放不下：{error.strerror}。", mend=mend) from error
    if listed is None or _read_sums(listed) != found:
        raise Invalid(f"{source} 不完整或被改动：内容与清单不符。", mend=_OTHER)


_OTHER = "没有恢复任何内容。请核对文件，或换另一份备份。"


def _is_ours(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and not {"..", "."} & set(name.split("/"))


def _take(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := content.read(_BLOCK):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _read_sums(listed: str) -> dict[str, str]:
    pairs = (line.partition("  ") for line in listed.splitlines())
    return {name: digest for digest, _, name in pairs}


def sum_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
