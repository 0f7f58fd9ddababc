# SPDX-License-Identifier: Apache-2.0
"""Watch the calls (第二十三条 监测预警): find what is unusual today, tell the unit's administrator at once.

A timer runs it again and again. Only callers who called since the last look are looked at; each against
their own daily sums (`CallerDay`), so that no page and no timer reads the calls of other days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from ._shared import administrators_of, bodies, bureau_officers, name_of, note, tell

NEWEST = 5000
"""Calls of one caller that are looked at one by one; how many there were is counted besides."""
_LOOK_BACK = dt.timedelta(minutes=10)  # a call may become visible some time after it was made
_WATCH = system("异常访问监测")


@dataclass(frozen=True)
class Who:
    """A caller."""

    kind: str
    caller: str
    org: str
    name: str = ""


def watch(calls: Calls, *, since: dt.datetime, now: dt.datetime | None = None) -> int:
    """Judge the day of everybody who called since then (and a little before); how many new alerts.

    Requests that were turned away at the door count for whom they claimed to be from; those of nobody
    known are told to the data bureau.

    Raises Unavailable when the release lacks a threshold.
    """
    moment = now or timezone.now()
    opened, recent = current(), since - _LOOK_BACK
    days = {recent.astimezone(BEIJING).date(), moment.astimezone(BEIJING).date()}
    away = _away(calls, min(days), bodies().bureau)
    called = {Who(*one) for one in calls.callers_since(recent)}
    called |= {who for who, ones in away.items() if ones[-1].at >= recent}
    raised = 0
    for who in sorted(called, key=lambda one: (one.kind, one.caller, one.org)):
        for day in sorted(days):
            turned = [one for one in away.get(who, ()) if one.at.astimezone(BEIJING).date() == day]
            raised += _judge(opened, calls, who, day, turned=turned, now=moment)
    return raised


def _away(calls: Calls, first: dt.date, bureau: str) -> dict[Who, list[Access]]:
    """What was turned away at the door since a day, by caller, oldest first."""
    found: dict[Who, list[Access]] = {}
    for one in calls.turned_away(dt.datetime.combine(first, dt.time(), BEIJING)):
        ending = Ending.REPLAYED if one.why == "replay" else Ending.REFUSED
        who = Who("client", one.client, one.org if one.client else bureau)
        found.setdefault(who, []).append(Access(one.at, "", ending=ending))
    return found


def _judge(
    opened: OpenRelease,
    calls: Calls,
    who: Who,
    day: dt.date,
    *,
    turned: Sequence[Access],
    now: dt.datetime,
) -> int:
    logged = calls.calls_of_caller(who.kind, who.caller, who.org, day=day, limit=NEWEST)
    if not (logged or turned):
        return 0
    findings = find_unusual(
        CallerKind.OFFICER if who.kind == "officer" else CallerKind.SYSTEM,
        sorted([*map(_access, logged), *turned], key=lambda one: one.at),
        past_of_caller(opened, who, day),
        rules=rules_of(opened.catalogue),
        is_open=hours_of(opened.catalogue, opened.calendar, who.org),
        people=people_of({one.case for one in logged if one.case}),
        sums=DaySum(day, *calls.count_of_caller(who.kind, who.caller, who.org, day=day)),
    )
    unnamed = "没有登记的系统" if not who.caller else f"接入系统 {who.caller}"
    named = replace(who, name=logged[-1].caller_name if logged else unnamed)
    return sum(_raise(found, named, now) for found in findings)


def _access(call: LoggedCall) -> Access:
    ending = Ending.REPLAYED if call.replayed else Ending(call.outcome)
    return Access(call.at, call.resource, frozenset(call.fields), call.case, call.subject, call.rows, ending)


def past_of_caller(opened: OpenRelease, who: Who, day: dt.date) -> Past:
    """A caller's days before `day`, from the daily sums."""
    first = day - dt.timedelta(days=whole(opened.catalogue, PAST_DAYS))
    rows = CallerDay.objects.filter(
        caller_kind=who.kind, caller=who.caller, org=who.org, day__gte=first, day__lt=day
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
def _raise(found: Finding, who: Who, now: dt.datetime) -> bool:
    """Keep an alert once; while it is open its figures follow."""
    key = sha256(f"{who.org}:{who.caller}:{found.key}".encode()).hexdigest()  # it may hold a number
    row = Alert(
        public_id=new_public_id("alert"),
        key=key,
        kind=found.kind.value,
        org=who.org,
        caller_kind=who.kind,
        caller=who.caller,
        caller_name=who.name,
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
