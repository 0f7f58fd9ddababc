# SPDX-License-Identifier: Apache-2.0
"""Figures of quality and objections: each a setting of the release with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from yiwang.engines.definitions import Catalogue, whole
from yiwang.engines.exchange import Cycle
from yiwang.engines.exchange.quality_kinds import Dimension
from yiwang.engines.process import limits
from yiwang.engines.process.lights import Light
from yiwang.kernel.workdays import WorkCalendar

OBJECTION_DAYS = "objection-check-days"
EXTENSION_DAYS = "objection-extension-days"
AGAIN_TIMES = "objection-again-times"
FEEDBACK_DAYS = "objection-feedback-days"
FILES, FILE_MEGABYTES = "objection-most-files", "objection-file-megabytes"
CORRECTION_SECONDS = "correction-seconds"
MEND_DAYS = "quality-mend-days"
RUN_DAYS = "quality-run-every-days"
SAMPLES = "quality-samples"
PAGE_ROWS, SLICE_SECONDS, MEMORY = "quality-page-rows", "quality-slice-seconds", "quality-memory-megabytes"
TRIES, LEASE_SECONDS = "quality-read-tries", "quality-lease-seconds"
WARNS, URGES = "quality-warns-days", "quality-urges-days"


def light_on(catalogue: Catalogue, calendar: WorkCalendar, due: dt.date | None, today: dt.date) -> Light:
    """How pressing something due on a day is; grey when nothing waits. Raises Unavailable."""
    return limits.light_on(catalogue, calendar, due, today, warns=WARNS, urges=URGES)


def weights(catalogue: Catalogue) -> Mapping[Dimension, int]:
    """What each dimension counts in the score. Raises Unavailable."""
    return {one: whole(catalogue, f"quality-weight-{one.value}") for one in Dimension}


def cycle_days(catalogue: Catalogue, cycle: Cycle) -> int | None:
    """Calendar days after which data of this update cycle is out of date; None: it has no cycle."""
    if cycle is Cycle.IRREGULAR:
        return None
    return whole(catalogue, f"quality-cycle-days-{cycle.value.replace('_', '-')}")


def run_days(catalogue: Catalogue, cycle: Cycle) -> int:
    """Calendar days between two runs over a resource: its cycle, but not rarer than the setting."""
    most = whole(catalogue, RUN_DAYS)
    days = cycle_days(catalogue, cycle)
    return most if days is None else max(1, min(days, most))
