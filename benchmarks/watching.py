# SPDX-License-Identifier: Apache-2.0
"""A look for unusual access over a day of 200,000 calls by 4,000 callers, against the bare sum of them.

Each caller has forty days of a past. One in forty sweeps: looks up far more people than ever before,
at night, with fields never used, for cases that are about others. Every case is a real one with a locked
form; one call in ten asks about somebody whom only the form names. The first look judges everybody; the
next one only those who called since. The peer is one aggregate over the same day: calls and rows by
caller, resource and hour.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from .databases import Table, label, on_each
from .measure import Line, Timing, cpu_seconds_of, seconds_of

CALLERS, CALLS_EACH, PAST_DAYS, UNITS = 4_000, 50, 40, 40
SWEEPS = CALLERS // 40
LIMIT_SECONDS = 20.0
PEOPLE = 100_000
NEXT = 20
"""Callers with a new call before the second look."""
DAY = dt.date(2026, 3, 18)
_CHUNK = 20_000


def run() -> list[Line]:
    """The lines on SQLite and on PostgreSQL."""
    return on_each("watching")


def measure() -> list[Line]:
    """The lines on the database of this process."""
    from yiwang.apps.data_security.commands.watching import watch
    from yiwang.apps.data_security.models import Alert
    from yiwang.apps.gateway import public as gateway
    from yiwang.kernel.dates import BEIJING

    units = _publish()
    _store(units)
    first = dt.datetime.combine(DAY, dt.time(), BEIJING)
    evening = first + dt.timedelta(hours=23, minutes=50)
    look = partial(watch, gateway, since=first + dt.timedelta(minutes=10), now=evening)
    whole, busy = cpu_seconds_of(look)
    alerts, counted = Alert.objects.count(), sum(Alert.objects.values_list("count", flat=True))
    _store_more(units, evening)
    again = seconds_of(partial(watch, gateway, since=evening, now=evening + dt.timedelta(minutes=1)))
    bare = Timing.of([seconds_of(partial(_bare, first)) for _ in range(5)])
    note = f"{alerts} alerts of {counted} findings"
    return [
        _line(f"{CALLERS * CALLS_EACH:,} calls of {CALLERS:,} callers looked through", whole, bare, note),
        _line(f"the next look, {NEXT} callers called since", again, bare, ""),
        _limit("by the clock", whole),
        _limit("this process's processor time", busy),
    ]


def _limit(how: str, seconds: float) -> Line:
    against = f"the limit of {LIMIT_SECONDS:.0f} s"
    ours = Timing.of([seconds])
    return Line(f"{label()}: the first look, {how}", against, ours, None, seconds / LIMIT_SECONDS, target=1.0)


def _line(what: str, seconds: float, bare: Timing, note: str) -> Line:
    ours = Timing.of([seconds])
    ratio = ours.median / bare.median
    against = "one aggregate over the same day"
    return Line(f"{label()}: {what}", against, ours, bare, ratio, target=None, note=note)


def _bare(first: dt.datetime) -> int:
    """Calls and rows of the day by caller, resource and hour, in one statement."""
    from django.db import connection

    hour = "substr(at, 12, 2)" if connection.vendor == "sqlite" else "date_trunc('hour', at)"
    end = first + dt.timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT caller_kind, caller, org, resource, {hour}, COUNT(*), SUM(rows) FROM gateway_call"
            " WHERE at >= %s AND at < %s GROUP BY 1, 2, 3, 4, 5",
            [first.astimezone(dt.UTC), end.astimezone(dt.UTC)],
        )
        return len(cursor.fetchall())


def _publish() -> list[str]:
    """Put the definitions in force; the units that call."""
    from yiwang.apps.catalogue import public as catalogue
    from yiwang.engines import house
    from yiwang.kernel.actor import system

    known = house.load()
    digest = catalogue.draft_release(system("测量"), known, summary="测量")
    catalogue.review_release(system("复核"), digest, approve=True)
    catalogue.publish_release(system("测量"), digest)
    return list(known.orgs)[:UNITS]


def _store(units: list[str]) -> None:
    """People, their applications, a day of calls and the callers' past, straight into the tables."""
    from django.db import connection, transaction

    from yiwang.apps.casework.models import Application
    from yiwang.apps.data_security.models import CallerDay
    from yiwang.apps.gateway.models import Call
    from yiwang.apps.identity.models import Person

    calls, days, people, cases = Table(Call), Table(CallerDay), Table(Person), Table(Application)
    luck = random.Random(20260318)
    filled = (
        (people, _people(people)),
        (cases, _cases(cases)),
        (calls, _calls(calls, units, luck)),
        (days, _pasts(days, units, luck)),
    )
    with transaction.atomic():
        for table, rows in filled:
            while chunk := list(islice(rows, _CHUNK)):
                table.store(chunk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _number(person: int) -> str:
    from yiwang.kernel.ids import make_id_number

    return make_id_number("411702", dt.date(1950, 1, 1) + dt.timedelta(days=person // 999), person % 999 + 1)


def _people(table: Table) -> Iterator[list[Any]]:
    for person in range(PEOPLE):
        yield table.row(
            id=person + 1,
            public_id=f"p_{person}",
            name="某某",
            id_number=_number(person),
            id_digest=f"digest-{person}",
        )


def _cases(table: Table) -> Iterator[list[Any]]:
    """Three calls of one caller belong to one case; a case's form names a second person."""
    at = f"{DAY} 00:30:00+00:00"
    for case in range(CALLERS * CALLS_EACH // 3 + 1):
        yield table.row(
            id=case + 1,
            public_id=f"a_{case}",
            number=f"case_{case}",
            life_event="restaurant",
            release="",
            subject=f"p_{case}",
            agent=f"p_{case}",
            channel="portal",
            started_by=f"p_{case}",
            receiving_place="",
            handling_place="",
            form={
                "applicant-name": "某某",
                "spouse-id-number": _number(PEOPLE - 1 - case),
                "note": "无" * 200,
            },
            stage="handling",
            key=f"k{case}",
            created_at=at,
        )


def _calls(table: Table, units: list[str], luck: random.Random) -> Iterator[list[Any]]:
    """Callers take turns all day, as they do in a city; one in forty sweeps at night."""
    for number in range(CALLERS * CALLS_EACH):
        caller = number % CALLERS
        sweeps = caller < SWEEPS
        minute = luck.randrange(22 * 60, 23 * 60) if sweeps else luck.randrange(8 * 60, 19 * 60)
        yield _call(table, units, number, minute * 60 + luck.randrange(60), sweeps=sweeps)


def _call(table: Table, units: list[str], number: int, second: int, *, sweeps: bool) -> list[Any]:
    from yiwang.apps.gateway import public as gateway

    caller, turn = number % CALLERS, number // CALLERS
    at = dt.datetime.combine(DAY, dt.time(), dt.timezone(dt.timedelta(hours=8))) + dt.timedelta(
        seconds=second
    )
    case = caller * (CALLS_EACH // 3) + turn // 3 % (CALLS_EACH // 3)
    subject = f"p_{number % PEOPLE}" if sweeps else f"p_{case}"
    if not sweeps and turn % 10 == 0:
        subject = gateway.subject_index(_number(PEOPLE - 1 - case))
    return table.row(
        id=number + 1,
        receipt=f"call_{number:030d}",
        at=at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S+00:00"),
        grant=f"dg_{caller}",
        resource=f"resource-{caller % 60}",
        provider=units[0],
        org=units[caller % len(units)],
        caller_kind="officer" if caller % 5 else "client",
        caller=f"o_{caller}",
        caller_name=f"工作人员{caller}",
        case=f"case_{case}" if caller % 5 else "",
        subject=subject,
        fields='["name", "state", "secret"]' if sweeps else '["name", "state"]',
        rows=1,
        outcome="answered",
        ms=9,
        stream="bench",
        seq=number + 1,
    )


def _pasts(table: Table, units: list[str], luck: random.Random) -> Iterator[list[Any]]:
    for number in range(CALLERS * PAST_DAYS):
        caller, back = number % CALLERS, number // CALLERS + 1
        calls = luck.randrange(20, 70)
        yield table.row(
            id=number + 1,
            day=str(DAY - dt.timedelta(days=back)),
            caller_kind="officer" if caller % 5 else "client",
            caller=f"o_{caller}",
            org=units[caller % len(units)],
            calls=calls,
            rows=calls,
            hours="[8, 9, 10, 11, 14, 15, 16, 17]",
            fields=f'{{"resource-{caller % 60}": ["name", "state"]}}',
        )


def _store_more(units: list[str], at: dt.datetime) -> None:
    """One more call of a few callers."""
    from yiwang.apps.gateway.models import Call

    table = Table(Call)
    second = int(at.timestamp()) % 86_400 + 8 * 3600
    start = CALLERS * CALLS_EACH
    table.store([_call(table, units, start + n, second % 86_400, sweeps=False) for n in range(NEXT)])
