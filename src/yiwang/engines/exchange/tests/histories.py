# SPDX-License-Identifier: Apache-2.0
"""Made-up days of callers: clerks with cases and busy seasons, systems with nightly runs."""

from __future__ import annotations

import datetime as dt
import random

from yiwang.engines.exchange.unusual import Access, Ending, Rules
from yiwang.kernel.dates import BEIJING

RULES = Rules(
    past_days_at_least=10,
    deviations=6,
    over_busiest_percent=150,
    volume_at_least=50,
    newcomer_rows=500,
    closed_calls=10,
    new_hour_calls=20,
    people=25,
    people_minutes=10,
    people_of_a_case=8,
    same_person=8,
    refused_in_a_row=10,
    replays=3,
)
"""As in definitions/zhumadian/settings/data-security.yaml; a test of the room holds both together."""
FIELDS = {"household": ("name", "id-number", "address", "relation"), "firm": ("name", "uscc", "state")}
MONDAY = dt.date(2026, 3, 2)


def is_open(at: dt.datetime) -> bool:
    """Half past seven to half past seven on weekdays."""
    local = at.astimezone(BEIJING)
    return local.weekday() < 5 and 450 <= local.hour * 60 + local.minute < 1170


def moment(day: dt.date, hour: int, minute: int = 0, second: float = 0) -> dt.datetime:
    """A moment in Beijing time."""
    return dt.datetime.combine(day, dt.time(hour, minute), BEIJING) + dt.timedelta(seconds=second)


def workdays(count: int, first: dt.date = MONDAY) -> list[dt.date]:
    """So many weekdays from a Monday on."""
    return [first + dt.timedelta(days=7 * (n // 5) + n % 5) for n in range(count)]


def clerk_day(dice: random.Random, day: dt.date, *, cases: float = 18) -> list[Access]:
    """An ordinary day of a clerk: cases of one to four people, each looked up once or twice; a busy day
    at the start of a month and now and then; sometimes a typing error; sometimes an hour longer."""
    busy = 1.6 if day.day <= 3 or dice.random() < 0.05 else 1.0
    found: list[Access] = []
    for _ in range(max(1, round(dice.gauss(cases * busy, cases**0.5)))):
        at = moment(day, 8, 30) + dt.timedelta(minutes=dice.triangular(0, 570, 180))
        if dice.random() < 0.01:
            at = moment(day, 19, 40)
        case = f"i_{dice.getrandbits(40):x}"
        for person in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
            for again in range(dice.choice((1, 1, 1, 2))):
                resource = dice.choice(tuple(FIELDS))
                ending = Ending.REFUSED if dice.random() < 0.02 else Ending.ANSWERED
                when = at + dt.timedelta(seconds=25 * person + 7 * again)
                asked = frozenset(FIELDS[resource][:3])
                rows = 1 if ending is Ending.ANSWERED else 0
                found.append(Access(when, resource, asked, case, f"{case}-p{person}", rows, ending))
    return sorted(found, key=lambda one: one.at)


def system_day(dice: random.Random, day: dt.date, *, calls: int = 300) -> list[Access]:
    """An ordinary day of a client system: a nightly run and calls in the daytime, heavy at month's end."""
    busy = 1.5 if day.day >= 28 else 1.0
    found = [
        Access(moment(day, 2, second=n), "firm", frozenset(FIELDS["firm"]), rows=1)
        for n in range(round(dice.gauss(calls / 3, calls**0.5 / 2)))
    ]
    for _ in range(round(dice.gauss(calls * busy, calls**0.5 * 2))):
        at = moment(day, 8) + dt.timedelta(minutes=dice.uniform(0, 600))
        subject = f"s{dice.getrandbits(40):x}"
        found.append(Access(at, "household", frozenset(FIELDS["household"][:2]), "", subject, 1))
    return sorted(found, key=lambda one: one.at)
