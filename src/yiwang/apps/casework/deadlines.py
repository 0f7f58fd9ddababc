# SPDX-License-Identifier: Apache-2.0
"""Until when something must be done, and how pressing it is.

A received application must be accepted or its corrections asked for within a limit; silence beyond
it counts as acceptance from the day of receipt (行政许可法第三十二条第一款第（四）项).
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.engines.process.kinds import ClockFlag

from .domain.lights import Light, light_of
from .models import ItemCase

SILENT = ("submitted", "handed_over")
"""The states in which silence counts."""
RECEIVING = ("submit", "earlier_ready")
"""The moves with which the documents are there."""


def received_on(case: ItemCase) -> dt.date:
    """The day the documents were there: of submission, or when the earlier result came."""
    times = [move.at for move in case.moves.all() if move.transition in RECEIVING]
    return timezone.localdate(max(times, default=case.created_at))


def intake_until(case: ItemCase, opened: OpenRelease | None = None) -> dt.date | None:
    """The last day for accepting or asking; None when nothing is waiting for that.

    Args:
        opened: the release in force, when the caller has it already.
    """
    if case.state not in SILENT:
        return None
    opened = opened or current()
    received = received_on(case)
    limit = opened.clocks.rules("correction_notice", on=received).limit
    return opened.calendar.due(received, limit).date if limit else None


def light_now(case: ItemCase, opened: OpenRelease) -> Light:
    """The light of a case today; grey once its clock is stopped."""
    if opened.machine.clock(case.state) is ClockFlag.STOPPED:
        return Light.GREY
    return light_of(case.due_on, case.yellow_on, case.red_on, timezone.localdate())


def stopped_states() -> list[str]:
    """The states in which no clock runs any more."""
    return [state.id for state in current().machine.states if state.clock is ClockFlag.STOPPED]
