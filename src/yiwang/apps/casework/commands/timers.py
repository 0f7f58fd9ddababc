# SPDX-License-Identifier: Apache-2.0
"""What happens by itself when time passes: deemed acceptance, lapsed corrections, new calendars.

The worker calls `run_timers` every few minutes; running it twice changes nothing twice.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.engines.process.kinds import Need
from yiwang.kernel.actor import system
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.workdays import Limit, Unit

from ..deadlines import SILENT, intake_until, received_on
from ..models import ItemCase
from ._context import Context, lock_case
from ._moving import move, set_due
from ._settling import settle

log = logging.getLogger(__name__)
CLOCK = system("时钟")


def run_timers(now: dt.datetime | None = None) -> dict[str, int]:
    """Do what is due; returns how many of each. One case's failure does not stop the others."""
    day = timezone.localdate(now)
    return {
        "deemed_accepted": _each(_overdue_intake(day), _deem_accepted),
        "lapsed": _each(_overdue_corrections(day), _lapse),
        "recomputed": _each(_with_old_calendar(day), _recompute),
    }


def _each(cases: Iterable[str], act: Callable[[Context, ItemCase], None]) -> int:
    done = 0
    for public_id in cases:
        try:
            with transaction.atomic():
                context, case = lock_case(CLOCK, public_id)
                act(context, case)
            done += 1
        except YiwangError as error:
            log.warning("timer left %s alone: %s", public_id, type(error).__name__)
    return done


def _overdue_intake(day: dt.date) -> list[str]:
    """Cases whose five days for asking corrections have passed (行政许可法第三十二条第一款第（四）项)."""
    waiting = ItemCase.objects.filter(open=True, state__in=SILENT).prefetch_related("moves")
    return [case.public_id for case in waiting if (until := intake_until(case)) and until < day]


def _deem_accepted(context: Context, case: ItemCase) -> None:
    if case.state not in SILENT:
        return
    move(context, case, "deem_accepted", words="逾期未告知补正，自收到之日起视为受理", on=received_on(case))


def _overdue_corrections(day: dt.date) -> list[str]:
    setting = current().catalogue.settings["correction-lapse-days"]
    limit = Limit(Decimal(str(setting.value)), Unit.WORKING)
    calendar = current().calendar
    waiting = ItemCase.objects.filter(open=True, state="correction_asked").select_related("correction")
    return [
        case.public_id
        for case in waiting
        if calendar.due(timezone.localdate(case.correction.asked_at), limit).date < day
    ]


def _lapse(context: Context, case: ItemCase) -> None:
    if case.state != "correction_asked":
        return
    move(context, case, "lapse", words="到期没有补正", given={Need.REASON})
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”已终止", "到期没有补正，办理终止。您可以重新申请，已填的内容可以再用。")
    settle(context, case)


def _with_old_calendar(day: dt.date) -> list[str]:
    """Running cases whose due date was provisional or counted by another calendar than today's."""
    version = current().calendar.as_known_on(day).version
    running = ItemCase.objects.filter(open=True, due_on__isnull=False)
    return list(running.exclude(calendar_version=version).values_list("public_id", flat=True)[:1000])


def _recompute(context: Context, case: ItemCase) -> None:
    before = case.due_on
    set_due(context, case)
    case.save(update_fields=["due_on", "provisional", "calendar_version", "yellow_on", "red_on"])
    if case.due_on != before:
        context.note(
            "item.due.recomputed",
            about=case.public_id,
            detail={"before": str(before), "after": str(case.due_on), "calendar": case.calendar_version},
        )
