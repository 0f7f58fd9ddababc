# SPDX-License-Identifier: Apache-2.0
"""Limits that are settings: the last day of one, and its light."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from yiwang.engines.definitions import Catalogue, whole
from yiwang.kernel.workdays import Limit, WorkCalendar

from .lights import Light


def due_on(catalogue: Catalogue, calendar: WorkCalendar, name: str, since: dt.date) -> dt.date:
    """The last day of a limit in working days that begins on `since`. Raises Unavailable."""
    return calendar.due(since, Limit(Decimal(whole(catalogue, name)))).date


def light_on(
    catalogue: Catalogue,
    calendar: WorkCalendar,
    due: dt.date | None,
    today: dt.date,
    *,
    warns: str,
    urges: str,
) -> Light:
    """How pressing something due on a day is; grey when nothing waits. Raises Unavailable.

    Args:
        warns: the setting with the working days left from which it is yellow. urges: red.
    """
    if due is None:
        return Light.GREY
    if today > due:
        return Light.LATE
    left = calendar.working_days_between(today, due)
    if left <= whole(catalogue, urges):
        return Light.RED
    return Light.YELLOW if left <= whole(catalogue, warns) else Light.GREEN
