# SPDX-License-Identifier: Apache-2.0
"""The figures of each half-year (年中、年底通报, 驻政〔2018〕85号 L715), drawn up once it is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record as note_down
from yiwang.kernel.actor import system

from ..domain.shares import last_half_year
from ..models import Bulletin, Record
from ..queries.counties import county_figures
from ..queries.goals import goals

CLERK = system("信用通报")


def draw_up_bulletin(at: dt.datetime) -> int:
    """Draw up the newest half-year that is over, once, if anything was collected in it; of how many."""
    today = timezone.localdate(at)
    last = last_half_year(today)
    over = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), timezone.get_current_timezone())
    anything = Record.objects.filter(collected_at__lt=over).exists()
    if not anything or Bulletin.objects.filter(last=last).exists():
        return 0
    opened = current()
    counties = county_figures(opened, today)
    figures = {
        "goals": [asdict(one) for one in goals(opened, counties)],
        "counties": [asdict(one) for one in counties],
    }
    try:
        with transaction.atomic():
            Bulletin.objects.create(last=last, at=at, release=opened.digest, figures=figures)
            note_down(CLERK, "credit.bulletin", stream="credit-clock", detail={"last": last.isoformat()})
    except IntegrityError:
        return 0  # another worker was first
    return 1
