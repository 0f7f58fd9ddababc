# SPDX-License-Identifier: Apache-2.0
"""One at a time, over all processes of a deployment: set-up, timers.

On PostgreSQL an advisory lock of the session, so it holds over machines; on SQLite, which lies on
one machine, a locked file in the data directory. A process that dies lets go by dying.
"""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.db import DatabaseError, connection


@contextmanager
def only_one(name: str, *, wait: bool = False) -> Iterator[bool]:
    """Whether we are the one. `wait`: until we are; otherwise False when somebody else is."""
    if connection.vendor == "postgresql":
        with _advisory(name, wait=wait) as ours:
            yield ours
    else:
        with _locked_file(name, wait=wait) as ours:
            yield ours


@contextmanager
def _advisory(name: str, *, wait: bool) -> Iterator[bool]:
    number = zlib.crc32(f"yiwang {name}".encode())
    take = "SELECT pg_advisory_lock(%s) IS NOT NULL" if wait else "SELECT pg_try_advisory_lock(%s)"
    with connection.cursor() as cursor:
        cursor.execute(take, [number])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with suppress(DatabaseError), connection.cursor() as cursor:  # a lost session has let go
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _locked_file(name: str, *, wait: bool) -> Iterator[bool]:
    with (settings.DATA_DIR / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file lets go
