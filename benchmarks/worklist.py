# SPDX-License-Identifier: Apache-2.0
"""An officer's worklist with a million item cases stored, against the same page with a thousand.

Both databases are made once and read in turns. The cases lie over every department and county, in
the mix that years of work leave behind: most closed, one in ten open. Besides the worst spot (one
department of one county holding a tenth of all open cases) an auditor of the whole city looks too.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from .databases import label, make_database, on_each, using
from .measure import Line, Timing, seconds_of

SMALL, LARGE = 1_000, 1_000_000
ITEMS_EACH = 5
OPEN_SHARE = 0.1
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
            fill(city, size)
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

    def publish(self) -> None:
        """Put the definitions in force in the database in use."""
        from yiwang.apps.catalogue import public as catalogue
        from yiwang.kernel.actor import system

        digest = catalogue.draft_release(system("测量"), self.catalogue, summary="测量")
        catalogue.review_release(system("复核"), digest, approve=True)
        catalogue.publish_release(system("测量"), digest)


def _looks(city: _City) -> dict[str, Callable[[], object]]:
    from yiwang.apps.casework import public as casework
    from yiwang.kernel.actor import Actor, ActorKind, Post, Role

    org, place = city.busy
    quiet = city.places[0]
    officers = {
        "page of a busy department": (Post(Role.HANDLER, org, place), Post(Role.APPROVER, org, place)),
        "page of a quiet one": (Post(Role.HANDLER, "health", quiet), Post(Role.APPROVER, "health", quiet)),
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


def fill(city: _City, cases: int) -> None:
    """Store `cases` item cases with their applications and first moves, straight into the tables."""
    from django.db import connection, transaction

    luck = random.Random(20260302)
    rows = _rows(city, cases, luck)
    with transaction.atomic():
        while chunk := _take(rows, _CHUNK):
            for place, (table, columns) in enumerate(_TABLES):
                _copy(connection, table, columns, [row for part in chunk for row in part[place]])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


_TABLES = (
    (
        "casework_application",
        "id public_id number life_event release subject agent channel started_by receiving_place "
        "handling_place stage answers form key version created_at submitted_at due_on delivery "
        "delivery_address",
    ),
    (
        "casework_itemcase",
        "id public_id application_id item org place state open waits_for due_on provisional calendar_version "
        "yellow_on red_on reviews version created_at closed_at",
    ),
    ("casework_move", "id item_case_id transition before after at actor actor_name words"),
)


def _take(rows: Iterator[Any], count: int) -> list[Any]:
    return [row for _, row in zip(range(count), rows, strict=False)]


def _rows(city: _City, cases: int, luck: random.Random) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    """For each application: its row, its item cases, their moves."""
    events = list(city.catalogue.life_events)
    org_items = [item for item in city.items if item.org == city.busy[0]]
    for number in range(1, cases // ITEMS_EACH + 1):
        is_open = luck.random() < OPEN_SHARE
        is_busy = luck.random() < 0.1
        place = city.busy[1] if is_busy else luck.choice(city.places)
        day = DAY + dt.timedelta(days=luck.randrange(60) - 10)
        at = f"{day - dt.timedelta(days=20 if is_open else 300)} 08:00:00+00:00"
        pool = org_items if is_busy and len(org_items) >= ITEMS_EACH else city.items
        chosen = luck.sample(pool, ITEMS_EACH)
        way = luck.choice(("electronic", "electronic", "counter"))
        is_made = is_open and way == "counter" and luck.random() < 0.05
        application = (
            *(number, f"a_{number:026d}", f"{number:018d}", luck.choice(events), city.catalogue.digest),
            *(f"p_{number % 90_000}", f"p_{number % 90_000}", "portal", f"p_{number % 90_000}", place, place),
            *(
                "handling" if is_open else "finished",
                "{}",
                "{}",
                f"k{number}",
                1,
                at,
                at,
                str(day),
                "electronic",
                "",
            ),
        )
        items, moves = [], []
        for place_in, item in enumerate(chosen):
            key = (number - 1) * ITEMS_EACH + place_in + 1
            state = "result_made" if is_made else luck.choice(_OPEN_STATES) if is_open else "archived"
            clock = state not in _UNTIMED
            dates = (
                str(day),
                False,
                "2026",
                str(day - dt.timedelta(days=3)),
                str(day - dt.timedelta(days=1)),
            )
            items.append(
                (
                    *(key, f"i_{key:026d}", number, item.id, item.org, place, state, is_open, "[]"),
                    *(dates if clock else (None, False, "", None, None)),
                    *("[]", 3, at, None if is_open else at),
                )
            )
            moves.append((key, key, "submit", "draft", "submitted", at, f"p_{number % 90_000}", "某某", ""))
        yield [application], items, moves


_UNTIMED = ("submitted", "waiting_earlier", "correction_asked")
_OPEN_STATES = (*_UNTIMED, "accepted", "compliance_review", "technical_review", "awaiting_decision")


def _copy(connection: Any, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    names = columns.split()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ",".join(["%s"] * len(names))
            listed = ",".join(f'"{name}"' for name in names)
            cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)
            return
        listed = ",".join(f'"{name}"' for name in names)
        with cursor.cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


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
