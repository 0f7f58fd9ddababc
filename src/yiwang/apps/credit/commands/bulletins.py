# SPDX-License-Identifier: Apache-2.0
"""The figures of each half-year (年中、年底通报, 驻政〔2018〕85号 L715), drawn up once it is over
and told to every unit that the catalogue names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import officers_in
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.notices.public import Letter, notify_many
from yiwang.engines.definitions import words
from yiwang.kernel.actor import system

from ..domain.shares import last_half_year
from ..models import Bulletin, Record
from ..parts import LEAD, book_of
from ..queries.counties import county_figures
from ..queries.goals import Goal, goals

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
    reached = goals(opened, counties)
    figures = {
        "goals": [asdict(one) for one in reached],
        "counties": [asdict(one) for one in counties],
    }
    try:
        with transaction.atomic():
            Bulletin.objects.create(last=last, at=at, release=opened.digest, figures=figures)
            note_down(CLERK, "credit.bulletin", stream="credit-clock", detail={"last": last.isoformat()})
            _tell(opened, last, reached)
    except IntegrityError:
        return 0  # another worker was first
    return 1


def _tell(opened: OpenRelease, last: dt.date, reached: Sequence[Goal]) -> None:
    entries = book_of(opened).entries.values()
    units = {words(opened.catalogue, LEAD), *(org for entry in entries for org in entry.departments)}
    missed = [one.name for one in reached if not one.is_met]
    says = f"还没有达到的目标：{'、'.join(missed)}。" if missed else "各项目标都已达到。"
    half = "年中" if last.month == 6 else "年底"
    body = f"{last.year}年{half}的公共信用工作通报已经公布。{says}请对照落实。"
    officers = sorted({one for org in units for one in officers_in(org)})
    notify_many([Letter(one, "公共信用工作半年通报", body) for one in officers])
