# SPDX-License-Identifier: Apache-2.0
"""Files of this room that are not licences we sealed: sheets taken over, what samples were drawn from,
files that flowed back. Each in a folder of the data directory, under its own SHA-256."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from yiwang.kernel.contents import ContentStore


def _in(folder: str) -> Callable[[], Path]:
    return lambda: Path(settings.DATA_DIR) / folder


SHEETS = ContentStore(_in("stock"))
CANDIDATES = ContentStore(_in("samples"))
RECEIVED = ContentStore(_in("received"))
