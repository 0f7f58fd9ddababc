# SPDX-License-Identifier: Apache-2.0
"""Streams that one process alone grows: their head is remembered, not read before each entry.

For rooms that write hundreds of entries a second, many in one transaction. The chain is the same as
any other; a head that is not what was remembered (a rolled-back transaction, another process by
mistake) is read again, so that remembering can cost time but never the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection, models
from django.utils import timezone

from yiwang.kernel.errors import Invalid

from .commands import locked_head, require_transaction
from .domain.chain import GENESIS, digest_of
from .models import CHAINS, Entry, Stream


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
        for one in entries:
            if not one.actor:
                raise Invalid("日志必须写明操作人。", mend="请写明是谁。")
            if one.action.endswith(".look") and not (one.subject and one.purpose and one.basis):
                raise Invalid(
                    "查看个人信息必须写明对象、目的和依据。", mend="请补充 subject、purpose、basis。"
                )
        if not entries:
            return []
        chain = self._chained(entries)
        if not (self._known and self._moved(chain)):
            head = locked_head(self.key)
            self._length, self._head, self._known = head.length, head.head, True
            chain = self._chained(entries)
            if not self._moved(chain):
                raise RuntimeError(f"the head of {self.key} changed under its lock")
        insert(chain)
        self._length, self._head = chain[-1].seq, chain[-1].digest
        return [one.seq for one in chain]

    def _chained(self, entries: Sequence[NewEntry]) -> list[Entry]:
        """The entries, chained to the remembered head."""
        now, previous, chain = timezone.now(), self._head, []
        for seq, one in enumerate(entries, self._length + 1):
            row = Entry(stream_id=self.key, seq=seq, at=now, previous=previous, **vars(one))
            row.digest = previous = digest_of(previous, self.key, seq, row.content())
            chain.append(row)
        return chain

    def _moved(self, chain: Sequence[Entry]) -> bool:
        """Move the stored head behind the chain; False when it is not the remembered one."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Stream._meta.db_table} SET length = %s, head = %s"  # noqa: S608 - our table
                " WHERE key = %s AND length = %s AND head = %s",
                [chain[-1].seq, chain[-1].digest, self.key, self._length, self._head],
            )
            return bool(cursor.rowcount == 1)


def insert(rows: Sequence[models.Model]) -> None:
    """Store new rows of one model with one statement. Their keys are not read back, nothing else is
    written; in the caller's transaction, if there is one."""
    table, columns = _shape(type(rows[0]))
    marks = "(" + ", ".join(["%s"] * len(columns)) + ")"
    names = ", ".join(f'"{column.column}"' for column in columns)
    values = [
        column.get_db_prep_save(column.pre_save(row, True), connection) for row in rows for column in columns
    ]
    statement = f'INSERT INTO "{table}" ({names}) VALUES ' + ", ".join([marks] * len(rows))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@cache
def _shape(model: type[models.Model]) -> tuple[str, list[Any]]:
    """The table of a model, and its columns but the key."""
    fields = [column for column in model._meta.concrete_fields if not column.primary_key]
    return model._meta.db_table, fields
