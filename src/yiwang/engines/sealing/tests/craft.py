# SPDX-License-Identifier: Apache-2.0
"""Take DER apart into a tree, change one leaf, put it together again; for forging on purpose in tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from yiwang.engines.sealing import der

Path = tuple[int, ...]


@dataclass
class Node:
    """One field: a leaf with `content`, or a structure with `inner` fields."""

    tag: int
    content: bytes = b""
    inner: list[Node] = field(default_factory=list)

    @classmethod
    def read(cls, data: bytes, at: int = 0, stop: int | None = None) -> Node:
        """The field at `at`."""
        start, after = der.header(data, at, len(data) if stop is None else stop)
        if not data[at] & 0x20:
            return cls(data[at], data[start:after])
        node = cls(data[at])
        while start < after:
            node.inner.append(cls.read(data, start, after))
            start = der.header(data, start, after)[1]
        return node

    def write(self) -> bytes:
        """The DER of it."""
        return der.field(self.tag, b"".join(child.write() for child in self.inner) or self.content)

    def at(self, *path: int) -> Node:
        """The field that a path of positions leads to."""
        node = self
        for step in path:
            node = node.inner[step]
        return node

    def paths(self, here: Path = ()) -> Iterator[Path]:
        """Every leaf."""
        if not self.inner:
            yield here
        for at, child in enumerate(self.inner):
            yield from child.paths((*here, at))


def put(data: bytes, path: Path, content: bytes) -> bytes:
    """The data with the contents of one leaf replaced; nothing is signed again."""
    tree = Node.read(data)
    tree.at(*path).content = content
    return tree.write()


def flip(content: bytes) -> bytes:
    """The last bit turned over; something for nothing."""
    return content[:-1] + bytes((content[-1] ^ 1,)) if content else b"\x01"


def length_octets(data: bytes, start: int = 0, stop: int | None = None) -> Iterator[int]:
    """Where the length octets are, of every field, also of the certificates inside octet strings."""
    at, stop = start, len(data) if stop is None else stop
    while at < stop:
        begin, after = der.header(data, at, stop)
        yield from range(at + 1, begin)
        holds = data[at] & 0x20 or (
            data[at] == der.OCTET_STRING and data[begin:after].startswith(b"\x30\x82")
        )
        if holds:
            yield from length_octets(data, begin, after)
        at = after
