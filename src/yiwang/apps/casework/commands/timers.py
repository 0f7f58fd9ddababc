# SPDX-License-Identifier: Apache-2.0
"""What happens by itself when time passes: deemed acceptance, lapsed corrections and promises,
reminders, new calendars, deliveries that press, archive packages.

The worker calls `run_timers` every few minutes; running it twice changes nothing twice.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import system

from ..models import ItemCase
from . import _due_cases as due
from . import _promises as promises
from . import _timed as timed
from ._context import Context, lock_application, lock_case

log = logging.getLogger(__name__)
CLOCK = system("时钟")


def run_timers(now: dt.datetime | None = None) -> dict[str, int]:
    """Do what is due; returns how many of each. One case's failure does not stop the others.

    Args:
        now: the time it is (default: the real one).
    """
    now = now or timezone.now()
    day = timezone.localdate(now)
    return {
        "deemed_accepted": _each_case(due.silent(day), timed.deem_accepted, now),
        "correction_reminders": _each_case(due.corrections_ending(day), timed.remind_correction, now),
        "lapsed": _each_case(due.corrections_over(day), timed.lapse_correction, now),
        "recomputed": _each_case(due.counted_otherwise(day), timed.recompute, now),
        "promise_reminders": _each(due.promises_ending(day), timed.remind_promises, now),
        "promises_lapsed": _each(due.promises_over(day), promises.lapse_all, now),
        "delivered": _each(due.deliveries_pressing(day), timed.press_delivery, now),
        "archived": _each(due.unarchived(), timed.archive, now),
    }


def _each_case(cases: Iterable[str], act: Callable[[Context, ItemCase], bool], now: dt.datetime) -> int:
    def one(public_id: str) -> bool:
        return act(*lock_case(CLOCK, public_id, now=now))

    return sum(_safely(public_id, one) for public_id in cases)


def _each(applications: Iterable[str], act: Callable[[Context], bool], now: dt.datetime) -> int:
    def one(public_id: str) -> bool:
        return act(lock_application(CLOCK, public_id, now=now))

    return sum(_safely(public_id, one) for public_id in applications)


def _safely(public_id: str, act: Callable[[str], bool]) -> bool:
    """Do one thing in its own transaction; whatever goes wrong with it, the others are done."""
    try:
        with transaction.atomic():
            return act(public_id)
    except Exception as error:
        log.warning("timer left %s alone: %s", public_id, type(error).__name__)
        return False
