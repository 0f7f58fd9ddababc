# SPDX-License-Identifier: Apache-2.0
"""How entries are chained, and how a chain is checked.

Each stream (a case, a person's access log) is a chain of its own, so that the city's writers
never wait for one another. Streams are tied together by *batches*: the sealer takes all entries
not yet sealed, in the order of their ids, and chains the digest of the whole batch to the
previous batch. So an altered row breaks its digest, a missing or reordered row breaks its
stream or its batch, and a stream that disappears whole is missed by its batch.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.canonical import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """An entry as the chain sees it."""

    id: int
    stream: str
    seq: int
    content: Mapping[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with the journal, and where: the first row of its stream or batch that fails."""

    where: str
    row: int | None
    what: str

    def __str__(self) -> str:
        row = f"第 {self.row} 行" if self.row is not None else ""
        return f"{self.where}{row}：{self.what}"


SAID = ("actor", "actor_name", "action", "about", "subject", "purpose", "basis", "detail")
"""What an entry says, besides when."""


def content_of(at: dt.datetime, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest of an entry covers besides stream, sequence and previous digest."""
    when = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return {"at": when, **{name: said[name] for name in SAID}}


def digest_of(previous: str, stream: str, seq: int, content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an entry and the digest before it."""
    return hashlib.sha256(body_of(previous, stream, seq, content)).hexdigest()


def body_of(previous: str, stream: str, seq: int, content: Mapping[str, Any]) -> bytes:
    """The bytes that an entry's digest covers: canonical JSON."""
    return canonical_json({"previous": previous, "stream": stream, "seq": seq, "content": content})


def batch_digest(previous: str, digests: Iterable[str]) -> str:
    """SHA-256 over the previous batch's digest and every entry digest of this batch, in order."""
    total = hashlib.sha256(previous.encode("ascii"))
    for digest in digests:
        total.update(b"\n" + digest.encode("ascii"))
    return total.hexdigest()


def check_stream(stream: str, links: Iterable[Link], *, length: int, head: str) -> Iterator[Problem]:
    """Yield the first problem of one stream, or nothing.

    Args:
        links: the entries of the stream, by `seq`.
        length, head: what the stream's head says it holds.
    """
    seq, previous = 0, GENESIS
    for link in links:
        seq += 1
        if link.seq != seq:
            yield Problem(f"流 {stream}", link.id, f"缺少序号 {seq}（此处为 {link.seq}）：有行被删除或调换")
            return
        if link.previous != previous:
            yield Problem(f"流 {stream}", link.id, "与上一行的摘要接不上：上一行被改动或调换")
            return
        if link.digest != digest_of(previous, stream, seq, link.content):
            yield Problem(f"流 {stream}", link.id, "内容与摘要不符：此行被改动")
            return
        previous = link.digest
    if (seq, previous) != (length, head):
        yield Problem(
            f"流 {stream}", None, f"应有 {length} 行，实有 {seq} 行，或末行摘要不符：末尾有行被删除"
        )
