# SPDX-License-Identifier: Apache-2.0
"""Write calls and their journal entries, many calls in one transaction (docs/decisions/0022).

Whoever comes first writes; whoever comes while a transaction runs waits, and all who waited are
written together by the first of them. Alone, a caller waits for nobody; under load a commit is shared.
A call returns when *its* row is on the disk, or raises: then its answer is not given.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from yiwang.apps.exchange import public as exchange
from yiwang.apps.journal.public import OwnStream, insert
from yiwang.kernel.errors import Unavailable
from yiwang.kernel.ids import new_public_id

from .cache import keep
from .calls_at_once import write_at_once
from .calls_line import Line
from .domain.calls import Ended, Replayed
from .models.calls import Call, CallSubject, Outcome, SeenNonce
from .quota import Spend, spend_all

MOST_AT_ONCE = 200
"""Calls in one transaction: bounds what one that fails has to be written again alone."""


@dataclass
class _Waiting:
    """A caller that waits: until its line is written, or until it is its turn to write."""

    line: Line
    woken: threading.Event | None = None
    done: bool = False
    error: BaseException | None = None


class Books:
    """Where the calls of one process are written; its journal stream is its own."""

    def __init__(self) -> None:
        """Begin with a stream of its own."""
        self.pid = os.getpid()
        self.stream = OwnStream(f"gateway:{new_public_id('books')}")
        self._lock = threading.Lock()
        self._queue: list[_Waiting] = []
        self._busy = False

    def write(self, line: Line) -> None:
        """Write one call; return when it is committed.

        Raises what the database raises; Unavailable when its writer was ended in between. Then the
        call is in no book, and its answer must not be given.
        """
        mine = _Waiting(line)
        with self._lock:
            self._queue.append(mine)
            leads, self._busy = not self._busy, True
            if not leads:
                mine.woken = threading.Event()
        if mine.woken is not None:
            mine.woken.wait()
        if not mine.done:
            self._lead()
        if mine.error is not None:
            raise mine.error

    def _lead(self) -> None:
        """Write what waits, then hand the pen to the next."""
        with self._lock:
            group, self._queue = self._queue[:MOST_AT_ONCE], self._queue[MOST_AT_ONCE:]
        try:
            self._write(group)
        finally:
            for one in group:
                if not one.done:
                    one.done, one.error = True, one.error or _ended()
                if one.woken is not None:
                    one.woken.set()
            with self._lock:
                self._busy = bool(self._queue)
                following = self._queue[0] if self._queue else None
            if following is not None and following.woken is not None:
                following.woken.set()

    def _write(self, group: Sequence[_Waiting]) -> None:
        """All in one transaction; if that fails, each in its own, so that one hurts no other."""
        try:
            write_together([one.line for one in group], self.stream)
        except Exception as error:
            if len(group) == 1:
                group[0].error = error
            else:
                for one in group:
                    self._write([one])
        for one in group:
            one.done = True


def _ended() -> Unavailable:
    return Unavailable("这次调用没有记下来，所以没有给出结果。", mend="请再调用一次。")


def write_together(lines: Sequence[Line], stream: OwnStream) -> None:
    """One transaction: with one statement if that can be, else with care."""
    if not write_at_once(lines, stream):
        write_with_care(lines, stream)


@transaction.atomic(durable=True)
def write_with_care(lines: Sequence[Line], stream: OwnStream) -> None:
    """One transaction: what may not be answered after all is turned into a refusal, then calls, whom
    they are about, journal entries and kept answers are stored."""
    _refuse_ended(lines)
    _refuse_replayed(lines)
    spending = [line for line in lines if line.spend is not None]
    for line, refusal in zip(spending, spend_all(_spends(spending)), strict=True):
        if refusal is not None:
            line.lose(refusal)
    numbers = stream.append([line.entry() for line in lines])
    for line, seq in zip(lines, numbers, strict=True):
        line.call.stream, line.call.seq = stream.key, seq
    insert(Call, [vars(line.call) for line in lines])
    if also := [row for line in lines for row in line.others()]:
        insert(CallSubject, also)
    for line in lines:
        if line.keep is not None:
            keep([line.keep], most=line.keep_most)


def _spends(lines: Sequence[Line]) -> list[Spend]:
    return [line.spend for line in lines if line.spend is not None]


def _refuse_ended(lines: Sequence[Line]) -> None:
    """Whoever's grant was revoked since it was looked at gets no answer."""
    answered = [line for line in lines if line.call.outcome == Outcome.ANSWERED]
    if not answered:
        return
    still = exchange.still_granted({line.call.grant for line in answered})
    for line in answered:
        if line.call.grant not in still:
            line.lose(Ended("这项授权刚刚收回。", mend="请在数据共享中查看，需要时重新申请。"))


def _refuse_replayed(lines: Sequence[Line]) -> None:
    """A nonce is taken once; whoever comes second is refused."""
    signed = {(line.nonce.client, line.nonce.nonce): line for line in reversed(lines) if line.nonce}
    if not signed:
        return
    taken = take_nonces([line.nonce for line in signed.values() if line.nonce])
    for line in lines:
        if line.nonce is None:
            continue
        key = (line.nonce.client, line.nonce.nonce)
        if key not in taken or signed[key] is not line:
            line.lose(replayed())


def take_nonces(nonces: Sequence[SeenNonce]) -> set[tuple[str, str]]:
    """Take nonces in the caller's transaction; those that nobody had taken."""
    table = SeenNonce._meta.db_table
    until = SeenNonce._meta.get_field("until")
    rows = sorted(nonces, key=lambda one: (one.client, one.nonce))
    values = [
        value
        for one in rows
        for value in (one.client, one.nonce, until.get_db_prep_save(one.until, connection))
    ]
    marks = ", ".join(["(%s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ("client", "nonce", "until") VALUES {marks}'  # noqa: S608
            ' ON CONFLICT ("client", "nonce") DO NOTHING RETURNING "client", "nonce"',
            values,
        )
        return {(client, nonce) for client, nonce in cursor.fetchall()}


def replayed() -> Replayed:
    """The refusal of a request that came before."""
    return Replayed("这个请求已经收到过。", mend="每次调用请用新的 nonce 重新签名。")


_books: list[Books] = []
_first = threading.Lock()


def books() -> Books:
    """The books of this process; a process that was forked begins its own."""
    with _first:
        if not _books or _books[0].pid != os.getpid():
            _books[:] = [Books()]
        return _books[0]
