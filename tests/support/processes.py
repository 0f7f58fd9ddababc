# SPDX-License-Identifier: Apache-2.0
"""Acts in processes of their own, forked from the test's: the same database, connections of their own."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable

from django.db import connection, connections

_NAP = 0.02  # seconds


def begin(act: Callable[[], object]) -> int:
    """Do something in another process; its id. What it raises is printed, and it ends with 3."""
    connections.close_all()
    if hasattr(connection, "close_pool"):
        connection.close_pool()  # its threads would not live on in a copy
    if process := os.fork():
        return process
    try:
        act()
    except BaseException:
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def end_of(process: int, *, within: float = 60) -> int:
    """How a process ended: its code, or the signal below zero. Raises TimeoutError after so many seconds."""
    for _ in range(int(within / _NAP)):  # a test's clock may stand
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_NAP)
    raise TimeoutError(process)
