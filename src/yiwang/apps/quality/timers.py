# SPDX-License-Identifier: Apache-2.0
"""What the worker does for quality, again and again."""

from __future__ import annotations

import datetime as dt

from .commands.mending import look_after_mendings
from .commands.running import begin_due, remove_left_pages, work_on_runs


def look_after_quality(now: dt.datetime | None = None) -> int:
    """Begin runs that are due, work on runs for a slice of time, tell of mendings that are late. Returns how
    many runs ended."""
    begin_due(now)
    ended = work_on_runs(now)
    look_after_mendings(now)
    remove_left_pages()
    return ended
