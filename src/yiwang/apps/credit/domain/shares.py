# SPDX-License-Identifier: Apache-2.0
"""Shares and half-years, as figures are held against targets."""

from __future__ import annotations

import datetime as dt

_ALL = 100
_SECOND_HALF = 7  # the month it begins with


def percent(part: int, of: int) -> int:
    """How many of a hundred, rounded down; all, where there was nothing to do."""
    return _ALL if not of else _ALL * part // of


def last_half_year(today: dt.date) -> dt.date:
    """The last day of the newest half-year that is over."""
    begins = dt.date(today.year, _SECOND_HALF if today.month >= _SECOND_HALF else 1, 1)
    return begins - dt.timedelta(days=1)
