# SPDX-License-Identifier: Apache-2.0
"""Until when a received application must be accepted or its corrections asked for.

Silence beyond that day counts as acceptance from the day of receipt (行政许可法第三十二条第一款第（四）项).
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yiwang.apps.catalogue.public import current

from .models import ItemCase

SILENT = ("submitted", "handed_over")
"""The states in which silence counts."""


def received_on(case: ItemCase) -> dt.date:
    """The day the documents were there: of submission, or when the earlier result came."""
    times = [move.at for move in case.moves.all() if move.transition in ("submit", "earlier_ready")]
    return timezone.localdate(max(times, default=case.created_at))


def intake_until(case: ItemCase) -> dt.date | None:
    """The last day for accepting or asking; None when nothing is waiting for that."""
    if case.state not in SILENT:
        return None
    opened = current()
    received = received_on(case)
    limit = opened.clocks.rules("correction_notice", on=received).limit
    return opened.calendar.due(received, limit).date if limit else None
