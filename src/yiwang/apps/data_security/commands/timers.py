# SPDX-License-Identifier: Apache-2.0
"""What the worker does in this room again and again."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import YiwangError

from ..models import WatchMark
from ..plugs import Calls
from .incidents import urge_reports
from .rolling import roll_up
from .supervision import tell_overdue
from .watching import watch

_ROLL_AGAIN = dt.timedelta(minutes=10)
_RECENT = dt.timedelta(days=2)
_FIRST_LOOK = dt.timedelta(hours=1)


def look_after_data_security(calls: Calls, *, now: dt.datetime | None = None) -> int:
    """Watch the calls since the last look, sum days that changed, urge what is late; how many alerts.

    Raises YiwangError when a setting is missing; the rest is done all the same.
    """
    moment = now or timezone.now()
    mark = WatchMark.objects.filter(key="watch").first()
    since = mark.at if mark else moment - _FIRST_LOOK
    rolled = WatchMark.objects.filter(key="roll").first()
    missing: YiwangError | None = None
    raised = 0
    if rolled is None or moment - rolled.at >= _ROLL_AGAIN:
        today = moment.astimezone(BEIJING).date()
        whole_past = rolled is None or rolled.at.astimezone(BEIJING).date() != today  # once a day
        roll_up(calls, now=moment, since=None if whole_past else today - _RECENT)
        WatchMark.objects.update_or_create(key="roll", defaults={"at": moment})
    try:
        raised = watch(calls, since=since, now=moment)
        WatchMark.objects.update_or_create(key="watch", defaults={"at": moment})
    except YiwangError as error:
        missing = error
    urge_reports(now=moment)
    tell_overdue()
    if missing is not None:
        raise missing
    return raised
