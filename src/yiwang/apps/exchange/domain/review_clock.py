# SPDX-License-Identifier: Apache-2.0
"""The clock of a review: 1 working day for what is shared unconditionally, 5 for what has conditions
(gb-2022-10 L475), its light, and how departments keep it. All figures are settings of the release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.engines.definitions import Catalogue, whole
from yiwang.engines.exchange import Sharing
from yiwang.engines.process import limits
from yiwang.engines.process.lights import Light
from yiwang.kernel.workdays import WorkCalendar

from .terms import Limits

REVIEW = {
    Sharing.UNCONDITIONAL: "exchange-review-unconditional-days",
    Sharing.CONDITIONAL: "exchange-review-conditional-days",
}
"""Sharing class → the setting with its limit, in working days."""
WARNS, URGES = "exchange-review-warns-days", "exchange-review-urges-days"
REMINDS = "exchange-grant-expiry-reminds-days"
_LIMITS = (
    "exchange-grant-most-per-minute",
    "exchange-grant-most-per-day",
    "exchange-grant-longest-days",
    "exchange-grant-longest-cache-seconds",
)


def limits_of(catalogue: Catalogue) -> Limits:
    """What nobody may ask beyond. Raises Unavailable."""
    per_minute, per_day, days, cache = (whole(catalogue, name) for name in _LIMITS)
    return Limits(per_minute, per_day, days, cache)


def due_on(catalogue: Catalogue, calendar: WorkCalendar, sharing: Sharing, asked: dt.date) -> dt.date:
    """The last day for reviewing what was asked on a day. Raises Unavailable."""
    return limits.due_on(catalogue, calendar, REVIEW[sharing], asked)


def light_on(catalogue: Catalogue, calendar: WorkCalendar, due: dt.date | None, today: dt.date) -> Light:
    """How pressing a review is; grey when nothing waits. Raises Unavailable."""
    return limits.light_on(catalogue, calendar, due, today, warns=WARNS, urges=URGES)


@dataclass(frozen=True)
class Reviewed:
    """One review: of which provider, its last day, when it was done (None: it waits)."""

    provider: str
    due: dt.date
    done: dt.date | None

    def is_late(self, today: dt.date) -> bool:
        """Whether it was, or is, done after its last day."""
        return (self.done or today) > self.due


@dataclass(frozen=True)
class Tally:
    """How a department reviews: how many were asked, done, done late, wait, wait too long."""

    provider: str
    asked: int
    done: int
    done_late: int
    waiting: int
    waiting_late: int


def tally(reviews: Iterable[Reviewed], today: dt.date) -> list[Tally]:
    """Reviews counted per department, those with most late ones first."""
    found: dict[str, list[Reviewed]] = {}
    for one in reviews:
        found.setdefault(one.provider, []).append(one)
    rows = [_tally(provider, those, today) for provider, those in found.items()]
    return sorted(rows, key=lambda row: (-row.waiting_late - row.done_late, row.provider))


def _tally(provider: str, those: list[Reviewed], today: dt.date) -> Tally:
    done = [one for one in those if one.done]
    late = [one for one in those if one.is_late(today)]
    return Tally(
        provider=provider,
        asked=len(those),
        done=len(done),
        done_late=sum(1 for one in late if one.done),
        waiting=len(those) - len(done),
        waiting_late=sum(1 for one in late if not one.done),
    )
