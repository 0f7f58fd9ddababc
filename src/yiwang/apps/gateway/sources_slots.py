# SPDX-License-Identifier: Apache-2.0
"""How many calls may work on one source at once, over all processes of this machine (隔舱).

A slot is a locked file: a process that dies lets go by dying.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from .domain.connecting import SourceBusy

_NAP = 0.001  # seconds between two looks for a free slot


@contextmanager
def slot(name: str, *, most: int, wait: float) -> Iterator[None]:
    """Hold one of `most` slots. Raises SourceBusy when none comes free within `wait` seconds."""
    folder = os.path.join(settings.DATA_DIR, "slots")  # every call comes by: text, which costs least
    until = time.monotonic() + wait
    handle = _taken(folder, name, most)
    while handle is None:
        if time.monotonic() >= until:
            raise SourceBusy("这个数据来源正忙。", mend="请稍后再试。")
        time.sleep(_NAP)
        handle = _taken(folder, name, most)
    try:
        yield
    finally:
        os.close(handle)  # lets go


def _taken(folder: str, name: str, most: int) -> int | None:
    for number in range(most):
        path = f"{folder}/{name}.{number}"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
        else:
            return handle
    return None
