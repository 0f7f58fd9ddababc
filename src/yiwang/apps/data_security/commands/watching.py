# SPDX-License-Identifier: Apache-2.0
"""Watch the calls (第二十三条 监测预警): find what is unusual today, tell the unit's administrator at once.

A timer runs it again and again. Only callers who called since the last look are looked at; each against
their own daily sums (`CallerDay`), so that no page and no timer reads the calls of other days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.gateway.public import LoggedCall
from yiwang.engines.exchange.unusual import (
    Access,
    CallerKind,
    DaySum,
    Ending,
    Finding,
    Past,
    find_unusual,
)
from yiwang.kernel.actor import system
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.ids import new_public_id

from ..domain.settings import PAST_DAYS, hours_of, rules_of, whole
from ..domain.words import AlertState
from ..models import Alert, CallerDay
from ..plugs import Calls, people_of
from ._shared import administrators_of, bureau_officers, name_of, note, tell

NEWEST = 5000
"""Calls of one caller that are looked at one by one; how many there were is counted besides."""
_LOOK_BACK = dt.timedelta(minutes=10)  # a call may become visible some time after it was made
_WATCH = system("异常访问监测")


def watch(calls: Calls, *, since: dt.datetime, now: dt.datetime | None = None) -> int:
    """Judge the day of everybody who called since then (and a little before); how many new alerts.

    Raises Unavailable when the release lacks a threshold.
    """
    moment = now or timezone.now()
    opened, day = current(), moment.astimezone(BEIJING).date()
    days = {since.astimezone(BEIJING).date(), day}
    raised = 0
    for kind, caller, org in calls.callers_since(since - _LOOK_BACK):
        for one in sorted(days):
            logged = calls.calls_of_caller(kind, caller, org, day=one, limit=NEWEST)
            if logged:
                sums = DaySum(one, *calls.count_of_caller(kind, caller, org, day=one))
                raised += _judge(opened, logged, sums, moment)
    return raised


def _judge(opened: OpenRelease, logged: Sequence[LoggedCall], sums: DaySum, now: dt.datetime) -> int:
    first = logged[0]
    findings = find_unusual(
        CallerKind.OFFICER if first.caller_kind == "officer" else CallerKind.SYSTEM,
        [_access(one) for one in logged],
        past_of_caller(opened, first, sums.day),
        rules=rules_of(opened.catalogue),
        is_open=hours_of(opened.catalogue, opened.calendar, first.org),
        people=people_of({one.case for one in logged if one.case}),
        sums=sums,
    )
    return sum(_raise(found, first, now) for found in findings)


def _access(call: LoggedCall) -> Access:
    ending = Ending.REPLAYED if call.replayed else Ending(call.outcome)
    return Access(call.at, call.resource, frozenset(call.fields), call.case, call.subject, call.rows, ending)


def past_of_caller(opened: OpenRelease, call: LoggedCall, day: dt.date) -> Past:
    """A caller's days before `day`, from the daily sums."""
    first = day - dt.timedelta(days=whole(opened.catalogue, PAST_DAYS))
    rows = CallerDay.objects.filter(
        caller_kind=call.caller_kind, caller=call.caller, org=call.org, day__gte=first, day__lt=day
    ).order_by("day")
    return fold(rows)


def fold(rows: Iterable[CallerDay]) -> Past:
    """Daily sums as a past."""
    days: list[DaySum] = []
    hours: dict[int, int] = {}
    fields: dict[str, set[str]] = {}
    for row in rows:
        days.append(DaySum(row.day, row.calls, row.rows))
        for hour in row.hours:
            hours[hour] = hours.get(hour, 0) + 1
        for resource, used in row.fields.items():
            fields.setdefault(resource, set()).update(used)
    frozen: Mapping[str, frozenset[str]] = {name: frozenset(used) for name, used in fields.items()}
    return Past(tuple(days), hours, frozen)


@transaction.atomic
def _raise(found: Finding, call: LoggedCall, now: dt.datetime) -> bool:
    """Keep an alert once; while it is open its figures follow."""
    key = sha256(f"{call.org}:{call.caller}:{found.key}".encode()).hexdigest()  # it may hold a number
    row = Alert(
        public_id=new_public_id("alert"),
        key=key,
        kind=found.kind.value,
        org=call.org,
        caller_kind=call.caller_kind,
        caller=call.caller,
        caller_name=call.caller_name,
        resource=found.resource,
        case=found.case,
        first_at=found.first,
        last_at=found.last,
        figures=dict(found.figures),
        sentence=found.sentence,
        raised_at=now,
        state=AlertState.OPEN.value,
    )
    known = Alert.objects.select_for_update().filter(key=key).first()
    if known is not None:
        if known.state == AlertState.OPEN.value and known.sentence != found.sentence:
            known.last_at, known.figures, known.sentence = found.last, row.figures, found.sentence
            known.save(update_fields=["last_at", "figures", "sentence"])
        return False
    Alert.objects.bulk_create([row], ignore_conflicts=True)
    if not Alert.objects.filter(public_id=row.public_id).exists():
        return False  # another worker was first
    detail = {"org": row.org, "kind": row.kind, "caller": row.caller, "figures": row.figures}
    note(_WATCH, "alert.raised", f"data-security:{row.org}", row.public_id, detail)
    to = [one for one in administrators_of(row.org) if one != row.caller] or bureau_officers()
    title = f"{name_of(row.org)}有数据访问异常：{found.kind.term}"
    tell(to, title, "请登录数据共享的“数据安全”查看并处理。", about=row.public_id)
    return True
