# SPDX-License-Identifier: Apache-2.0
"""Watch the calls (第二十三条 监测预警): find what is unusual today, tell the unit's administrator at once.

A timer runs it again and again. 1. The database counts the calls of each caller in spans of ten minutes;
who has as many as at the last look is left alone. 2. The day of the others is read in one pass, caller by
caller; their past from daily sums (`CallerDay`), a few hundred callers at a time. 3. What was found is
written unit by unit (`alerting`). So a look costs what one pass over the day costs, however many callers.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.gateway.public import LookedAt
from yiwang.engines.definitions import whole
from yiwang.engines.exchange.unusual import (
    Access,
    CallerKind,
    DaySum,
    Ending,
    Finding,
    Open,
    Past,
    People,
    find_unusual,
)
from yiwang.kernel.dates import BEIJING

from ..domain.merging import Found, Who
from ..domain.settings import PAST_DAYS, hours_of, rules_of
from ..models import CallerDay, WatchedSpan
from ..plugs import Calls, people_of
from ._shared import bodies
from .alerting import raise_alerts

NEWEST = 5000
"""Calls of one caller that are looked at one by one; how many there were is counted besides."""
_LOOK_BACK = dt.timedelta(minutes=10)  # a call may become visible some time after it was made
_SPAN = dt.timedelta(minutes=10)
_KEEP = dt.timedelta(hours=2)
_TOGETHER = 300  # callers judged together
_CHUNK = 500  # names in one statement

Name = tuple[str, str, str]
"""A caller: kind, caller, org."""
Spans = Mapping[dt.datetime, Mapping[Name, int]]


@dataclass
class Day:
    """One caller's day: the newest calls, what there was of all, what was turned away at the door."""

    who: Name
    name: str = ""
    calls: deque[LookedAt] = field(default_factory=lambda: deque(maxlen=NEWEST))
    count: int = 0
    rows: int = 0
    turned: Sequence[Access] = ()


def watch(calls: Calls, *, since: dt.datetime, now: dt.datetime | None = None) -> int:
    """Judge the day of everybody who called since then (and a little before); how many alerts were told.

    Requests that were turned away at the door count for whom they claimed to be from; those of nobody
    known are told to the data bureau.

    Raises Unavailable when the release lacks a threshold.
    """
    moment = now or timezone.now()
    recent = since - _LOOK_BACK
    days = sorted({recent.astimezone(BEIJING).date(), moment.astimezone(BEIJING).date()})
    away = _away(calls, days[0], bodies().bureau)
    spans = _spans(calls, recent, moment)
    called = _changed(spans) | {who for who, ones in away.items() if ones[-1].at >= recent}
    judge = _Judge(current(), recent)
    told = 0
    for day in days:
        turned = {who: _of_day(away.get(who, ()), day) for who in called if who in away}
        told += raise_alerts(judge.findings(calls, day, called, turned), now=moment)
    _note_seen(spans, moment)
    return told


def _spans(calls: Calls, recent: dt.datetime, moment: dt.datetime) -> Spans:
    """How many calls each caller had in each span since then."""
    seconds = int(_SPAN.total_seconds())
    at = dt.datetime.fromtimestamp(int(recent.timestamp()) // seconds * seconds, dt.UTC)
    found: dict[dt.datetime, Mapping[Name, int]] = {}
    while at <= moment:
        found[at] = calls.callers_between(at, at + _SPAN)
        at += _SPAN
    return found


def _changed(spans: Spans) -> set[Name]:
    """Who has other calls than at the last look."""
    rows = WatchedSpan.objects.filter(at__in=list(spans))
    known = {
        (at, kind, caller, org): calls
        for at, kind, caller, org, calls in rows.values_list("at", "caller_kind", "caller", "org", "calls")
    }
    return {
        who
        for at, counted in spans.items()
        for who, calls in counted.items()
        if known.get((at, *who)) != calls
    }


@transaction.atomic
def _note_seen(spans: Spans, moment: dt.datetime) -> None:
    """Remember what was judged, as long as anybody may look back at it."""
    oldest = moment - _KEEP
    rows = [
        WatchedSpan(at=at, caller_kind=kind, caller=caller, org=org, calls=calls)
        for at, counted in spans.items()
        if at >= oldest
        for (kind, caller, org), calls in sorted(counted.items())
    ]
    WatchedSpan.objects.bulk_create(
        rows,
        batch_size=_CHUNK,
        update_conflicts=True,
        update_fields=["calls"],
        unique_fields=["at", "caller_kind", "caller", "org"],
    )
    WatchedSpan.objects.filter(at__lt=oldest).delete()


def _away(calls: Calls, first: dt.date, bureau: str) -> dict[Name, list[Access]]:
    """What was turned away at the door since a day, by caller, oldest first."""
    found: dict[Name, list[Access]] = {}
    for one in calls.turned_away(dt.datetime.combine(first, dt.time(), BEIJING)):
        ending = Ending.REPLAYED if one.why == "replay" else Ending.REFUSED
        who = ("client", one.client, one.org if one.client else bureau)
        found.setdefault(who, []).append(Access(one.at, "", ending=ending))
    return found


def _of_day(accesses: Sequence[Access], day: dt.date) -> list[Access]:
    return [one for one in accesses if one.at.astimezone(BEIJING).date() == day]


class _Judge:
    """Judges days by one release; opening hours are read once for each unit."""

    def __init__(self, opened: OpenRelease, recent: dt.datetime) -> None:
        self._opened, self._recent = opened, recent
        self._rules = rules_of(opened.catalogue)
        self._hours: dict[str, Open] = {}

    def findings(
        self, calls: Calls, day: dt.date, called: Collection[Name], turned: Mapping[Name, Sequence[Access]]
    ) -> Iterator[Found]:
        """What is unusual about a day of these callers."""
        for some in _batches(_days(calls, day, called, turned)):
            pasts = _pasts(self._opened, [one.who for one in some], day)
            known = people_of(self._asked(some))  # two statements for thousands of cases
            for one in some:
                yield from self._judged(one, day, pasts.get(one.who, Past()), known)

    def _judged(self, one: Day, day: dt.date, past: Past, known: People) -> Iterator[Found]:
        kind, caller, org = one.who
        found: list[Finding] = find_unusual(
            CallerKind.OFFICER if kind == "officer" else CallerKind.SYSTEM,
            sorted([*map(_access, one.calls), *one.turned], key=lambda each: each.at),
            past,
            rules=self._rules,
            is_open=self._is_open(org),
            people=self._people(one, known),
            sums=DaySum(day, one.count, one.rows),
        )
        unnamed = "没有登记的系统" if not caller else f"接入系统 {caller}"
        who = Who(kind, caller, org, one.name or unnamed)
        yield from ((who, day, finding) for finding in found)

    def _is_open(self, org: str) -> Open:
        if org not in self._hours:
            self._hours[org] = hours_of(self._opened.catalogue, self._opened.calendar, org)
        return self._hours[org]

    def _asked(self, some: Iterable[Day]) -> dict[str, set[str]]:
        """Cases with a new call → who was asked about for each."""
        asked: dict[str, set[str]] = {}
        for day in some:
            fresh = self._fresh_cases(day)
            for each in day.calls:
                if each.case in fresh and each.subject:
                    asked.setdefault(each.case, set()).add(each.subject)
        return asked

    def _fresh_cases(self, one: Day) -> set[str]:
        """Cases with a new call: the others were judged when they had one."""
        return {each.case for each in one.calls if each.case and each.at >= self._recent}

    def _people(self, one: Day, known: People) -> People:
        fresh = self._fresh_cases(one)
        found: dict[str, Collection[str]] = {case: known[case] for case in fresh if case in known}
        judged: dict[str, set[str]] = {}
        for each in one.calls:
            if each.case and each.case not in fresh:
                judged.setdefault(each.case, set()).add(each.subject)
        return found | judged


def _days(
    calls: Calls, day: dt.date, called: Collection[Name], turned: Mapping[Name, Sequence[Access]]
) -> Iterator[Day]:
    """The day of each caller who did anything on it."""
    if not called:
        return
    rest = {who: accesses for who, accesses in turned.items() if accesses}
    for who, group in groupby(calls.calls_of_day(day, called), key=lambda one: one.who):
        found = Day(who, turned=rest.pop(who, ()))
        for one in group:
            found.calls.append(one)
            found.count, found.rows, found.name = found.count + 1, found.rows + one.rows, one.name
        yield found
    yield from (Day(who, turned=accesses) for who, accesses in sorted(rest.items()))


def _batches(days: Iterable[Day]) -> Iterator[list[Day]]:
    """So many callers at a time, so that what is read for them is bounded."""
    some: list[Day] = []
    for one in days:
        some.append(one)
        if len(some) >= _TOGETHER or sum(len(each.calls) for each in some) > _TOGETHER * 100:
            yield some
            some = []
    if some:
        yield some


def _access(call: LookedAt) -> Access:
    ending = Ending.REPLAYED if call.replayed else Ending(call.outcome)
    return Access(call.at, call.resource, call.fields, call.case, call.subject, call.rows, ending)


def _pasts(opened: OpenRelease, callers: Sequence[Name], day: dt.date) -> dict[Name, Past]:
    """The callers' days before `day`, from the daily sums."""
    first = day - dt.timedelta(days=whole(opened.catalogue, PAST_DAYS))
    rows = CallerDay.objects.filter(caller__in={one for _, one, _ in callers}, day__gte=first, day__lt=day)
    as_text = {"hours_text": Cast("hours", TextField()), "fields_text": Cast("fields", TextField())}
    listed = (
        rows.annotate(**as_text)
        .order_by("caller_kind", "caller", "org", "day")
        .values_list(*("caller_kind", "caller", "org", "day", "calls", "rows", "hours_text", "fields_text"))
    )
    grouped = groupby(listed.iterator(chunk_size=5000), key=lambda one: one[:3])
    return {who: fold(one[3:] for one in group) for who, group in grouped}


DayRow = tuple[dt.date, int, int, str, str]
"""A daily sum: day, calls, rows; hours, and resource → fields, as JSON: most days are like one another."""


def fold(rows: Iterable[DayRow]) -> Past:
    """Daily sums as a past."""
    days: list[DaySum] = []
    hours_on, fields_on = Counter[str](), set[str]()
    for day, calls, given, used_hours, used_fields in rows:
        days.append(DaySum(day, calls, given))
        hours_on[used_hours] += 1
        fields_on.add(used_fields)
    hours = Counter[int]()
    for text, count in hours_on.items():
        hours.update(dict.fromkeys(json.loads(text), count))
    fields: dict[str, set[str]] = {}
    for text in fields_on:
        for resource, names in json.loads(text).items():
            fields.setdefault(resource, set()).update(names)
    frozen: Mapping[str, frozenset[str]] = {name: frozenset(used) for name, used in fields.items()}
    return Past(tuple(days), hours, frozen)
