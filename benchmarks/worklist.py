# SPDX-License-Identifier: Apache-2.0
"""An officer's worklist with a million item cases stored, against the same page with a thousand.

Both databases are made once and read in turns. The million lie over every department and county, in
the mix that years of work leave behind: most closed, one in ten open, a tenth of these in one county.
The thousand are all open and lie where the officers look, so that every page is as full there.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import partial
from itertools import islice
from typing import Any

from .databases import Table, label, make_database, on_each, using
from .measure import Line, Timing, seconds_of

SMALL, LARGE = 1_000, 1_000_000
ITEMS_EACH = 5
OPEN_SHARE = 0.1
QUIET = "hrss"
TURNS, LOOKS = 8, 25
TARGET = 3.0
DAY = dt.date(2026, 3, 2)
_CHUNK = 20_000


def run() -> list[Line]:
    """The lines on SQLite and on PostgreSQL."""
    return on_each("worklist")


def measure() -> list[Line]:
    """The lines on the database of this process."""
    databases = {size: make_database(f"worklist_{size}") for size in (SMALL, LARGE)}
    city = _City()
    for size, name in databases.items():
        with using(name):
            city.publish()
            fill(city, size, dense=size == SMALL)
    looks = _looks(city)
    times: dict[tuple[str, int], list[float]] = {(who, size): [] for who in looks for size in databases}
    for turn in range(TURNS):
        for size, name in sorted(databases.items(), reverse=bool(turn % 2)):
            with using(name):
                for who, look in looks.items():
                    look(), look()
                    times[who, size] += [seconds_of(look) for _ in range(LOOKS)]
    return [_line(who, times) for who in looks]


def _line(who: str, times: dict[tuple[str, int], list[float]]) -> Line:
    large, small = Timing.of(times[who, LARGE]), Timing.of(times[who, SMALL])
    return Line(
        what=f"{label()}: {who}, {LARGE:,} item cases",
        against=f"the same with {SMALL:,}",
        ours=large,
        theirs=small,
        ratio=large.median / small.median,
        target=TARGET,
    )


class _City:
    """Departments, counties and items as the definitions have them."""

    def __init__(self) -> None:
        from yiwang.engines import house

        self.catalogue = house.load()
        self.places = [place.id for place in self.catalogue.places.values() if place.centre]
        self.items = list(self.catalogue.items.values())
        self.busy = ("market-regulation", self.places[-1])
        """The department and county where a tenth of the open cases lie."""
        self.open_share = OPEN_SHARE

    def looked_at(self) -> _City:
        """The same with only the departments and counties that the pages show, everything open."""
        small = copy(self)
        small.places, small.open_share = list({*self.places[:3], self.busy[1]}), 1.0
        small.items = [item for item in self.items if item.org in (self.busy[0], QUIET)]
        return small

    def publish(self) -> None:
        """Put the definitions in force in the database in use."""
        from yiwang.apps.catalogue import public as catalogue
        from yiwang.kernel.actor import system

        digest = catalogue.draft_release(system("测量"), self.catalogue, summary="测量")
        catalogue.review_release(system("复核"), digest, approve=True)
        catalogue.publish_release(system("测量"), digest)

    def resident(self) -> str:
        """Somebody who hands everything in; their public id."""
        from yiwang.apps.identity.public import register_person
        from yiwang.kernel.actor import system
        from yiwang.kernel.ids import make_id_number

        number = make_id_number("411702", dt.date(1985, 3, 4), 11)
        return register_person(system("测量"), name="某某", id_number=number)


def _looks(city: _City) -> dict[str, Callable[[], object]]:
    from yiwang.apps.casework import public as casework
    from yiwang.kernel.actor import Actor, ActorKind, Post, Role

    org, place = city.busy
    quiet = city.places[0]
    officers = {
        "page of a busy department": (Post(Role.HANDLER, org, place), Post(Role.APPROVER, org, place)),
        "page of a quiet one": (Post(Role.HANDLER, QUIET, quiet), Post(Role.APPROVER, QUIET, quiet)),
        "page of an officer with posts in 3 counties": tuple(
            Post(role, org, county) for county in city.places[:3] for role in (Role.HANDLER, Role.APPROVER)
        ),
        "page of an auditor of the whole city": (Post(Role.AUDITOR),),
    }
    clerk = Actor(ActorKind.OFFICER, "o_clerk", "窗口", (Post(Role.COUNTER, "", place),))
    actors = {who: Actor(ActorKind.OFFICER, "o_1", "工作人员", posts) for who, posts in officers.items()}
    found: dict[str, Callable[[], object]] = {
        who: partial(casework.worklist, actor) for who, actor in actors.items()
    }
    busy = actors["page of a busy department"]
    found["tenth page of a busy department"] = lambda: casework.worklist(busy, after=f"{DAY}_0")
    found["what waits at a counter"] = lambda: casework.intake(clerk)
    found["what a counter may hand over"] = lambda: casework.ready_to_deliver(clerk)
    return found


def fill(city: _City, cases: int, *, dense: bool = False) -> None:
    """Store `cases` item cases with their applications and first moves, straight into the tables.

    Args:
        dense: all open, in the departments and counties that are looked at.
    """
    from django.db import connection, transaction

    from yiwang.apps.casework.models import Application, ItemCase, Move

    tables = [Table(model) for model in (Application, ItemCase, Move)]
    rows = _rows(city.looked_at() if dense else city, cases, random.Random(20260302), tables)
    with transaction.atomic():
        while chunk := list(islice(rows, _CHUNK)):
            for place, table in enumerate(tables):
                table.store([row for part in chunk for row in part[place]])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_Rows = tuple[list[list[Any]], list[list[Any]], list[list[Any]]]


def _rows(city: _City, cases: int, luck: random.Random, tables: Sequence[Table]) -> Iterator[_Rows]:
    """For each application: its row, its item cases, their first moves."""
    applications, items, moves = tables
    person = city.resident()
    events = list(city.catalogue.life_events)
    own = [item for item in city.items if item.org == city.busy[0]]
    for number in range(1, cases // ITEMS_EACH + 1):
        is_open, is_busy = luck.random() < city.open_share, luck.random() < 0.1
        place = city.busy[1] if is_busy else luck.choice(city.places)
        pool = own if is_busy and len(own) >= ITEMS_EACH else city.items
        day = DAY + dt.timedelta(days=luck.randrange(60) - 10)
        at = f"{day - dt.timedelta(days=20 if is_open else 300)} 08:00:00+00:00"
        way = luck.choice(("electronic", "electronic", "counter"))
        made = is_open and way == "counter" and luck.random() < 0.05
        application = applications.row(
            id=number,
            public_id=f"a_{number:026d}",
            number=f"{number:018d}",
            life_event=luck.choice(events),
            release=city.catalogue.digest,
            subject=person,
            agent=person,
            channel="portal",
            started_by=person,
            receiving_place=place,
            handling_place=place,
            stage="handling" if is_open else "finished",
            key=f"k{number}",
            created_at=at,
            submitted_at=at,
            due_on=str(day),
            delivery=way,
        )
        cases_of, moves_of = [], []
        for key, item in enumerate(luck.sample(pool, ITEMS_EACH), start=(number - 1) * ITEMS_EACH + 1):
            state = "result_made" if made else luck.choice(_OPEN_STATES) if is_open else "archived"
            clock = {} if state in _UNTIMED else _clock(day)
            known = {"id": key, "public_id": f"i_{key:026d}", "application_id": number, "item": item.id}
            where = {"org": item.org, "place": place, "state": state, "open": is_open, "created_at": at}
            cases_of.append(items.row(**known, **where, **clock))
            step = {"transition": "submit", "before": "draft", "after": "submitted"}
            moves_of.append(
                moves.row(id=key, item_case_id=key, at=at, actor=person, actor_name="某某", **step)
            )
        yield [application], cases_of, moves_of


def _clock(day: dt.date) -> dict[str, str]:
    dates = {"due_on": day, "yellow_on": day - dt.timedelta(days=3), "red_on": day - dt.timedelta(days=1)}
    return {name: str(value) for name, value in dates.items()}


_UNTIMED = ("submitted", "waiting_earlier", "correction_asked")
_OPEN_STATES = (*_UNTIMED, "accepted", "compliance_review", "technical_review", "awaiting_decision")


def explain() -> str:
    """The plan the database makes for each query of one page, for somebody who looks into it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    said = []
    for who, look in _looks(_City()).items():
        with CaptureQueriesContext(connection) as seen:
            look()
        said.append(f"== {who}: {len(seen)} queries")
        for query in seen.captured_queries:
            said.append(f"{query['time']} {query['sql'][:2000]}")
            with connection.cursor() as cursor:
                how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS)"
                cursor.execute(f"{how} {query['sql']}")
                said += [f"    {row[-1]}" for row in cursor.fetchall()]
    return "\n".join(said)
