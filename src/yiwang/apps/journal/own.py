# SPDX-License-Identifier: Apache-2.0
"""Streams that one process alone grows: their head is remembered, not read before each entry.

For rooms that write hundreds of entries a second, many in one transaction. The chain is the same as
any other; a head that is not what was remembered (a rolled-back transaction, another process by
mistake) is read again, so that remembering can cost time but never the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from yiwang.kernel.errors import Invalid

from .commands import locked_head, require_transaction
from .domain.chain import GENESIS, content_of, digest_of
from .models import CHAINS, Entry, Stream
from .rows import insert


@dataclass(frozen=True)
class NewEntry:
    """One fact to be written; as the arguments of `record`."""

    actor: str
    actor_name: str
    action: str
    about: str = ""
    subject: str = ""
    purpose: str = ""
    basis: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """Entries that follow a remembered head, not yet written: one row per entry, column → value."""

    stream: str
    length: int
    head: str
    rows: Sequence[dict[str, Any]]


class OwnStream:
    """A stream that one writer grows, one transaction at a time."""

    def __init__(self, key: str) -> None:
        """Take the key. Raises Invalid for one that is no stream of entries."""
        if not key or key in CHAINS:
            raise Invalid("日志必须写明所属的流。", mend="请给出流的名称。")
        self.key = key
        self._length, self._head, self._known = 0, GENESIS, False

    def append(self, entries: Sequence[NewEntry]) -> list[int]:
        """Append entries in the caller's transaction; their numbers in the stream.

        Raises:
            Invalid: nobody acts, or a look without subject, purpose and basis.
            RuntimeError: there is no transaction.
        """
        require_transaction("日志必须与所记的变动写在同一事务中")
        if not entries:
            return []
        chain = self.chain(entries)
        if not (self._known and _moved(chain)):
            head = locked_head(self.key)
            self._length, self._head, self._known = head.length, head.head, True
            chain = self.chain(entries)
            if not _moved(chain):
                raise RuntimeError(f"the head of {self.key} changed under its lock")
        insert(Entry, chain.rows)
        return self.written(chain)

    @property
    def known(self) -> bool:
        """Whether a head is remembered."""
        return self._known

    def chain(self, entries: Sequence[NewEntry]) -> Chain:
        """The entries behind the remembered head, for whoever writes them in a statement of their own and
        says so by `written`. Raises Invalid as `append`."""
        at, previous, rows = timezone.now(), self._head, []
        for seq, one in enumerate(entries, self._length + 1):
            _require_whole(one)
            said = vars(one)
            digest = digest_of(previous, self.key, seq, content_of(at, said))
            place = {"stream_id": self.key, "seq": seq, "at": at, "previous": previous, "digest": digest}
            rows.append({**said, **place})
            previous = digest
        return Chain(self.key, self._length, self._head, rows)

    def written(self, chain: Chain) -> list[int]:
        """Remember the head behind a chain; the numbers of its entries."""
        self._length, self._head = chain.rows[-1]["seq"], chain.rows[-1]["digest"]
        return [row["seq"] for row in chain.rows]


def _require_whole(one: NewEntry) -> None:
    if not one.actor:
        raise Invalid("日志必须写明操作人。", mend="请写明是谁。")
    if one.action.endswith(".look") and not (one.subject and one.purpose and one.basis):
        raise Invalid("查看个人信息必须写明对象、目的和依据。", mend="请补充 subject、purpose、basis。")


def _moved(chain: Chain) -> bool:
    """Move the stored head behind the chain; False when it is not the remembered one."""
    last = chain.rows[-1]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Stream._meta.db_table} SET length = %s, head = %s"  # noqa: S608 - our table
            " WHERE key = %s AND length = %s AND head = %s",
            [last["seq"], last["digest"], chain.stream, chain.length, chain.head],
        )
        return bool(cursor.rowcount == 1)
