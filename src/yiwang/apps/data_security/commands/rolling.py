# SPDX-License-Identifier: Apache-2.0
"""Keep daily sums of calls, so that pages and detectors read sums and not calls.

A day is summed anew, whole, when the number of its calls is not the number it was summed from: so late
rows, and rows that became visible late, are counted, and none twice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.gateway.public import CallSum
from yiwang.engines.definitions import whole
from yiwang.engines.exchange import Resource, resources
from yiwang.kernel.dates import BEIJING

from ..domain.settings import PAST_DAYS
from ..domain.use import kind_of
from ..models import CallerDay, RolledDay, SavedDay, UseDay
from ..plugs import Calls, saved_on

_AT_ONCE = 1_000


def roll_up(calls: Calls, *, now: dt.datetime | None = None, since: dt.date | None = None) -> int:
    """Sum every day that changed; how many.

    Args:
        since: the first day that is compared; by default as far back as unusual access is held against.
    """
    today = (now or timezone.now()).astimezone(BEIJING).date()
    first = since or today - dt.timedelta(days=whole(current().catalogue, PAST_DAYS))
    counted = calls.calls_per_day(first, today)
    known = dict(RolledDay.objects.filter(day__gte=first).values_list("day", "calls"))
    changed = [day for day in sorted({*counted, *known}) if counted.get(day, 0) != known.get(day, 0)]
    for day in changed:
        _roll(calls, day)
    for day in sorted({*changed, today, today - dt.timedelta(days=1)}):
        _roll_saved(day)  # an answer is noted a little after its call
    return len(changed)


@transaction.atomic
def _roll_saved(day: dt.date) -> None:
    """Note anew what applicants were spared on a day."""
    told = saved_on(day)
    _lock(day)
    SavedDay.objects.filter(day=day).delete()
    SavedDay.objects.bulk_create(
        [
            SavedDay(day=day, org=org, resource=resource, questions=questions, documents=documents)
            for (org, resource), (questions, documents) in told.items()
            if questions or documents
        ]
    )


@transaction.atomic
def _roll(calls: Calls, day: dt.date) -> None:
    """Sum one day anew. One worker at a time: the day's row is the lock."""
    row = _lock(day)
    use, callers, total = _added(calls, day)
    UseDay.objects.filter(day=day).delete()
    CallerDay.objects.filter(day=day).delete()
    UseDay.objects.bulk_create(use, batch_size=_AT_ONCE)
    CallerDay.objects.bulk_create(callers, batch_size=_AT_ONCE)
    row.calls, row.rolled_at = total, timezone.now()
    row.save(update_fields=["calls", "rolled_at"])


def _lock(day: dt.date) -> RolledDay:
    """The row of a day, locked until the transaction ends; made if it is new."""
    empty = RolledDay(day=day, calls=0, rolled_at=timezone.now())
    RolledDay.objects.bulk_create([empty], ignore_conflicts=True)
    return RolledDay.objects.select_for_update().get(day=day)


def _added(calls: Calls, day: dt.date) -> tuple[list[UseDay], list[CallerDay], int]:
    use: dict[tuple[str, ...], UseDay] = {}
    callers: dict[tuple[str, ...], CallerDay] = {}
    asked: defaultdict[tuple[str, ...], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    known, total = resources(current().catalogue), 0
    for one in calls.sums_of(day):
        total += one.calls
        kind = _kind(known.get(one.resource), one)
        key = (one.org, one.resource, kind, one.item, one.outcome)
        line = use.setdefault(key, _use(day, key))
        line.calls, line.rows, line.ms = line.calls + one.calls, line.rows + one.rows, line.ms + one.ms
        who = (one.caller_kind, one.caller, one.org)
        caller = callers.setdefault(who, _caller(day, who))
        caller.calls, caller.rows = caller.calls + one.calls, caller.rows + one.rows
        caller.hours = sorted({*caller.hours, one.hour})
        asked[who][one.resource].update(one.fields)
    for named, caller in callers.items():
        caller.fields = {resource: sorted(used) for resource, used in sorted(asked[named].items())}
    return list(use.values()), list(callers.values()), total


def _kind(resource: Resource | None, one: CallSum) -> str:
    return kind_of(
        resource,
        one.fields,
        by_system=one.caller_kind != "officer",
        for_case=one.for_case,
        of_subject=one.of_subject,
        many=one.many,
    ).value


def _use(day: dt.date, key: tuple[str, ...]) -> UseDay:
    org, resource, kind, item, outcome = key
    return UseDay(
        day=day, org=org, resource=resource, kind=kind, item=item, outcome=outcome, calls=0, rows=0, ms=0
    )


def _caller(day: dt.date, who: tuple[str, ...]) -> CallerDay:
    kind, caller, org = who
    return CallerDay(day=day, caller_kind=kind, caller=caller, org=org, calls=0, rows=0, hours=[], fields={})
