# SPDX-License-Identifier: Apache-2.0
"""The half-year figures as they were drawn up, for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from ..models import Bulletin
from .counties import CountyFigures
from .goals import Goal


@dataclass(frozen=True)
class BulletinView:
    """The figures of a half-year, taken on `on`."""

    last: dt.date
    on: dt.date
    goals: Sequence[Goal]
    counties: Sequence[CountyFigures]


def bulletins() -> list[BulletinView]:
    """All that were drawn up, the newest first."""
    return [
        BulletinView(
            row.last,
            timezone.localdate(row.at),
            [Goal(**one) for one in row.figures["goals"]],
            [CountyFigures(**one) for one in row.figures["counties"]],
        )
        for row in Bulletin.objects.order_by("-last")
    ]
