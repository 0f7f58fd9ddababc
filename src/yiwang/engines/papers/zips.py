# SPDX-License-Identifier: Apache-2.0
"""ZIP packages, written plainly and read strictly.

Readers of ZIP differ: some trust the directory at the end, some the headers before each file. A
package that says one thing here and another there shows different people different documents. So
`read` takes only packages where both agree, nothing stands between, before or after, no name comes
twice or leads out, and nothing grows beyond its limits (`Limits`).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _LATER, _UTF8 = 0x1, 0x8, 0x800
_ELSEWHERE, _ZIP64 = 0xFFFFFFFF, 1
_DAY = (2000 - 1980) << 9 | 1 << 5 | 1  # any fixed day: the same files give the same package


class ZipProblem(Exception):
    """What is wrong with a package, in Chinese."""


@dataclass(frozen=True)
class Limits:
    """How much is read from a stranger's package."""

    files: int = 500
    one: int = 32 * 1024 * 1024
    all: int = 64 * 1024 * 1024
    ratio: int = 200
    """How many times its packed size a file may have, beyond the first megabyte."""


@dataclass(frozen=True)
class Entry:
    """A file of a package: its content, and as it was packed (raw deflate or stored)."""

    name: str
    content: bytes
    packed: bytes
    method: int

    @classmethod
    def of(cls, name: str, content: bytes) -> Entry:
        """A new file; packed when that makes it smaller."""
        squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = squeeze.compress(content) + squeeze.flush()
        if len(packed) < len(content):
            return cls(name, content, packed, _DEFLATED)
        return cls(name, content, content, _STORED)


def write(entries: Iterable[Entry]) -> bytes:
    """The package of these files, in this order."""
    body, directory, count = bytearray(), bytearray(), 0
    for entry in entries:
        name = entry.name.encode()
        common = struct.pack(
            "<HHHHHIIIHH",
            20,
            _UTF8,
            entry.method,
            0,
            _DAY,
            zlib.crc32(entry.content),
            len(entry.packed),
            len(entry.content),
            len(name),
            0,
        )
        directory += _CENTRAL + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body))
        directory += name
        body += _LOCAL + common + name + entry.packed
        count += 1
    end = _END + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def read(data: bytes, limits: Limits | None = None) -> list[Entry]:
    """The files of a package (folders left out). Raises ZipProblem."""
    try:
        return _Reader(data, limits or Limits()).entries()
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        raise ZipProblem("压缩包的结构残缺") from error


@dataclass(frozen=True)
class _Record:
    """What the directory says of a file."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    name: bytes
    at: int


class _Reader:
    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.limits = limits

    def entries(self) -> list[Entry]:
        records, start = self._directory()
        _names(records)
        if sum(record.size for record in records) > self.limits.all:
            raise ZipProblem("压缩包解开后太大")
        found: list[Entry] = []
        place = 0
        for record in sorted(records, key=lambda one: one.at):
            if record.at != place:
                raise ZipProblem("压缩包里有目录没有列出的内容")
            entry, place = self._entry(record)
            if not entry.name.endswith("/"):
                found.append(entry)
            elif entry.content:
                raise ZipProblem("压缩包里的文件夹带有内容")
        if place != start:
            raise ZipProblem("压缩包里有目录没有列出的内容")
        return found

    def _directory(self) -> tuple[list[_Record], int]:
        tail = len(self.data) - 22
        if tail < 0 or self.data[tail : tail + 4] != _END:
            raise ZipProblem("不是完整的压缩包，或结尾之后还有内容")
        disk, first, here, count, size, start, comment = struct.unpack_from("<HHHHIIH", self.data, tail + 4)
        if disk or first or comment or here != count or start + size != tail:
            raise ZipProblem("压缩包的目录与结尾不一致")
        if not 0 < count <= self.limits.files:
            raise ZipProblem(f"压缩包里的文件数（{count}）超出限度（{self.limits.files}）")
        records, place = [], start
        for _ in range(count):
            record, place = self._record(place)
            records.append(record)
        if place != tail:
            raise ZipProblem("压缩包的目录与结尾不一致")
        return records, start

    def _record(self, place: int) -> tuple[_Record, int]:
        if self.data[place : place + 4] != _CENTRAL:
            raise ZipProblem("压缩包的目录残缺")
        numbers = struct.unpack_from("<HHHHHHIIIHHHHHII", self.data, place + 4)
        flags, method, crc, packed, size = numbers[2], numbers[3], *numbers[6:9]
        name_length, extra, comment, disk, at = *numbers[9:13], numbers[15]
        if flags & _ENCRYPTED or method not in (_STORED, _DEFLATED) or disk:
            raise ZipProblem("压缩包用了不接受的压缩或加密方式")
        end = place + 46 + name_length + extra + comment
        if end > len(self.data):
            raise ZipProblem("压缩包的目录残缺")
        name = self.data[place + 46 : place + 46 + name_length]
        return _Record(flags, method, crc, packed, size, name, at), end

    def _entry(self, record: _Record) -> tuple[Entry, int]:
        place = record.at
        if self.data[place : place + 4] != _LOCAL:
            raise ZipProblem("压缩包的目录与文件对不上")
        _, flags, method, _, _, crc, packed, size, name_length, extra = struct.unpack_from(
            "<HHHHHIIIHH", self.data, place + 4
        )
        start = place + 30 + name_length + extra
        end = start + record.packed
        if packed == size == _ELSEWHERE:
            packed, size = _long_sizes(self.data[start - extra : start])
        said = (crc, packed, size)
        known = (record.crc, record.packed, record.size)
        later = bool(flags & _LATER)
        if (
            self.data[place + 30 : place + 30 + name_length] != record.name
            or (flags, method) != (record.flags, record.method)
            or (said != known and not (later and said == (0, 0, 0)))
            or end > len(self.data)
        ):
            raise ZipProblem("压缩包的目录与文件对不上")
        packed_bytes = self.data[start:end]
        content = self._content(packed_bytes, record)
        if later:
            end = self._descriptor(end, known)
        return Entry(record.name.decode(), content, packed_bytes, method), end

    def _descriptor(self, place: int, known: tuple[int, int, int]) -> int:
        if self.data[place : place + 4] == b"PK\x07\x08":
            place += 4
        if struct.unpack_from("<III", self.data, place) != known:
            raise ZipProblem("压缩包的目录与文件对不上")
        return place + 12

    def _content(self, packed: bytes, record: _Record) -> bytes:
        limits = self.limits
        if record.size > limits.one or record.size > max(1 << 20, limits.ratio * len(packed)):
            raise ZipProblem("压缩包里有解开后过大的文件")
        content = packed
        if record.method == _DEFLATED:
            try:
                inflate = zlib.decompressobj(-15)
                content = inflate.decompress(packed, record.size + 1)
            except zlib.error as error:
                raise ZipProblem("压缩包里的文件解不开") from error
            if not inflate.eof or inflate.unused_data:
                raise ZipProblem("压缩包里的文件与目录所说的大小不符")
        if len(content) != record.size or zlib.crc32(content) != record.crc:
            raise ZipProblem("压缩包里的文件与目录所说的大小或校验不符")
        return content


def _names(records: Sequence[_Record]) -> None:
    """Names that readers take for one file, or that lead out of the package."""
    seen: set[str] = set()
    for record in records:
        name = record.name.decode()
        parts = name.removesuffix("/").split("/")
        if any(part in ("", ".", "..") for part in parts) or not all(map(_usual, name)):
            raise ZipProblem(f"压缩包里有不合规的文件名“{name[:40]!r}”")
        if name.removesuffix("/").casefold() in seen:
            raise ZipProblem(f"压缩包里文件名“{name[:40]}”重复")
        seen.add(name.removesuffix("/").casefold())


def _long_sizes(extra: bytes) -> tuple[int, int]:
    """Packed and whole size where a header keeps them in eight bytes each (ZIP64)."""
    if len(extra) < 20 or struct.unpack_from("<HH", extra) != (_ZIP64, 16):
        raise ZipProblem("压缩包的目录与文件对不上")
    size, packed = struct.unpack_from("<QQ", extra, 4)
    return int(packed), int(size)


def _usual(char: str) -> bool:
    return char.isprintable() and char not in '\\:*?"<>|'
