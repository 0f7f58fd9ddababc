# SPDX-License-Identifier: Apache-2.0
"""The public check of a licence with a million stored, against the same with a thousand.

The whole page is asked for, as a browser would: by a check code that a licence has, by one that none
has. And the search for a file's digest among all sealed files, which is what a check of a file adds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import random
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .databases import Table, label, make_database, on_each, using
from .measure import Line, Timing, seconds_of

SMALL, LARGE = 1_000, 1_000_000
TURNS, LOOKS = 8, 25
TARGET = 2.0
TYPES = ("health-certificate", "food-licence-certificate", "business-licence")
DAY = dt.date(2026, 3, 2)
_CHUNK = 20_000
_KNOWN = 500
_FULL = 16


def run() -> list[Line]:
    """The lines on SQLite and on PostgreSQL."""
    return on_each("verify_page")


def measure() -> list[Line]:
    """The lines on the database of this process."""
    databases = {size: make_database(f"verify_{size}") for size in (SMALL, LARGE)}
    looks = {}
    for size, name in databases.items():
        with using(name):
            looks[size] = _looks(fill(size))
    times: dict[tuple[str, int], list[float]] = {(what, n): [] for what in looks[SMALL] for n in databases}
    for turn in range(TURNS):
        for size, name in sorted(databases.items(), reverse=bool(turn % 2)):
            with using(name):
                for what, look in looks[size].items():
                    look(), look()
                    times[what, size] += [seconds_of(look) for _ in range(LOOKS)]
    return [_line(what, times) for what in looks[SMALL]]


def _line(what: str, times: dict[tuple[str, int], list[float]]) -> Line:
    large, small = Timing.of(times[what, LARGE]), Timing.of(times[what, SMALL])
    return Line(
        what=f"{label()}: {what}, {LARGE:,} licences",
        against=f"the same with {SMALL:,}",
        ours=large,
        theirs=small,
        ratio=large.median / small.median,
        target=TARGET,
    )


def _looks(known: list[tuple[str, str]]) -> dict[str, Callable[[], object]]:
    """What is timed; each look asks for another licence, so that no answer is only warm."""
    from django.test import Client

    from yiwang.apps.licences.checking import known_file
    from yiwang.desks.portal import verify

    logging.getLogger("django.request").setLevel(logging.ERROR)  # it tells of every 404
    client, luck = Client(SERVER_NAME="localhost"), random.Random(7)
    verify._most = lambda: 1 << 30  # the guard against guessing would be all that is measured

    def page(code: str, status: int) -> None:
        answer = client.get(f"/verify/{code}")
        assert answer.status_code == status, answer.status_code

    return {
        "page of a check code": lambda: page(luck.choice(known)[0], 200),
        "page of a code nobody has": lambda: page(f"{luck.getrandbits(60):016X}", 404),
        "search for a file": lambda: known_file(luck.choice(known)[1]),
    }


def fill(licences: int) -> list[tuple[str, str]]:
    """Store licences with a sealed file each, straight into the tables; returns some of them, drawn from
    all: (check code, digest of the file)."""
    from django.db import connection, transaction

    from yiwang.apps.licences.models import Licence, LicenceFile

    luck, known = random.Random(20260302), list[tuple[str, str]]()
    licence, file = Table(Licence), Table(LicenceFile)
    rows = _rows(licences, _publish(), luck, licence, file)
    with transaction.atomic():
        while chunk := list(islice(rows, _CHUNK)):
            licence.store([one for one, _, _ in chunk])
            file.store([one for _, one, _ in chunk])
            known += [names for _, _, names in chunk if luck.random() < _KNOWN / licences]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return known


def _publish() -> str:
    """The definitions in force, and a holder; their public id."""
    from yiwang.apps.catalogue import public as catalogue
    from yiwang.apps.identity.public import register_person
    from yiwang.engines import house
    from yiwang.kernel.actor import system
    from yiwang.kernel.ids import make_id_number

    digest = catalogue.draft_release(system("测量"), house.load(), summary="测量")
    catalogue.review_release(system("复核"), digest, approve=True)
    catalogue.publish_release(system("测量"), digest)
    number = make_id_number("411702", dt.date(1985, 3, 4), 11)
    return register_person(system("测量"), name="某某某", id_number=number)


_Row = tuple[list[Any], list[Any], tuple[str, str]]


def _rows(count: int, holder: str, luck: random.Random, licence: Table, file: Table) -> Iterator[_Row]:
    """For each licence: its row, its file's row, and by what it is found."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for number in range(1, count + 1):
        code = "".join(luck.choices(alphabet, k=_FULL))
        sha256 = hashlib.sha256(code.encode()).hexdigest()
        at = f"{DAY - dt.timedelta(days=luck.randrange(900))} 08:00:00+00:00"
        since = (DAY - dt.timedelta(days=luck.randrange(900))).isoformat()
        row = licence.row(
            id=number,
            public_id=f"l_{number:026d}",
            material=TYPES[number % len(TYPES)],
            number=f"号{number:09d}",
            check_code=code,
            holder=holder,
            issuer="health",
            fields='{"resident-name": "某某某"}',
            valid_from=since,
            standing=luck.choice(("valid", "valid", "valid", "revoked")),
            standing_since=since,
            standing_before="valid",
            seal_asked_at=at,
            sealed_at=at,
            recorded_at=at,
        )
        stored = file.row(id=number, licence_id=number, seq=2, form="pdf", sha256=sha256, size=90_000)
        yield row, stored, (code, sha256)
