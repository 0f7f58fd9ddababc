# SPDX-License-Identifier: Apache-2.0
"""1,000,000 records about 10,000 firms delivered in files of 100,000, all checks done, against a plain load.

The plain load reads the same files with the csv module and puts the same rows into the same two tables with
their indexes, words locked by the same key, as fast as the database takes them (PostgreSQL: COPY; SQLite:
executemany), a transaction a file. It believes everything: no date, code, name, field or degree is looked at,
nothing is known by its digest or public id but a running number, and nobody is told.

Permits by the clock, and by the processor's time of this process, which other work on the machine disturbs
less (on PostgreSQL without the server's, so there it compares our side alone). Then penalties, each also a
letter to its subject and a day on which repair is offered; the plain load of these still tells nobody.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from .databases import Table, label, on_each
from .measure import Line, Timing, cpu_seconds_of

ROWS = int(os.environ.get("DELIVERY_ROWS", "1000000"))
A_FILE = min(ROWS, 100_000)
FIRMS = 10_000
TARGET = 2.0
UNIT = "market-regulation"
DAY = dt.date(2026, 11, 2)
_COMMON = ("统一社会信用代码", "名称", "决定文书号", "标题", "依据", "发生日期", "决定日期", "有效期止")


@dataclass(frozen=True)
class _Kind:
    """A sort of record: its entry, the columns and cells of its own, how many files of it."""

    entry: str
    name: str
    own: tuple[tuple[str, str], ...]
    files: int
    severity: str = ""

    @property
    def heading(self) -> tuple[str, ...]:
        """All columns."""
        return (*_COMMON, *(["失信程度"] if self.severity else []), *(name for name, _ in self.own))


PERMITS = _Kind(
    "credit-permit", "permits",
    (
        ("许可内容", "热食类食品制售，冷食类食品制售"), ("许可证书名称", "食品经营许可证"),
        ("许可编号", "JY2411702"),
    ),
    max(1, ROWS // A_FILE),
)  # fmt: skip
PENALTIES = _Kind(
    "credit-penalty", "penalties, each with a letter",
    (
        ("违法事实", "发布虚假广告"), ("处罚依据", "广告法第五十五条"), ("处罚种类", "罚款"),
        ("处罚内容", "罚款二万元"),
    ),
    1, "一般",
)  # fmt: skip


def run() -> list[Line]:
    """The line on each database."""
    return on_each("credit_deliveries")


def measure() -> list[Line]:
    """In a child process, Django being ready."""
    from yiwang.apps.credit import public as credit
    from yiwang.kernel.actor import Actor, ActorKind, Post, Role

    firms = _city()
    officer = Actor(ActorKind.OFFICER, "of-bench", "测量", (Post(Role.HANDLER, UNIT),))
    plain = _Plain(firms)

    def deliver(data: bytes, kind: _Kind) -> None:
        got = credit.deliver_file(officer, data, org=UNIT, catalogue=kind.entry)
        assert (got.taken, got.rejected) == (A_FILE, 0), got

    def lines(kind: _Kind) -> list[Line]:
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        for number in range(kind.files):
            mine, other = (_file(firms, kind, number, way) for way in "甲乙")
            for act in (0, 1) if number % 2 else (1, 0):
                if act:
                    ours.append(cpu_seconds_of(partial(deliver, mine, kind)))
                else:
                    theirs.append(cpu_seconds_of(partial(plain.load, other, kind)))
        return _compared(kind, ours, theirs)

    return lines(PERMITS) + lines(PENALTIES)


def _compared(kind: _Kind, ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> list[Line]:
    """By the clock and by the processor; each pair is (clock, processor) of one file, in seconds."""
    found = []
    rows = kind.files * A_FILE
    for by, place in (("clock", 0), ("processor", 1)):
        mine, other = ([pair[place] for pair in pairs] for pairs in (ours, theirs))
        took, peer = sum(mine), sum(other)
        note = f"{rows / took:,.0f} records a second; plain {rows / peer:,.0f}"
        if by == "processor":
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            note = f"{took / rows * 1e6:.0f} µs a record; plain {peer / rows * 1e6:.0f}; most {most:,.0f} MiB"
        what = f"{rows:,} {kind.name}, in {kind.files} files, all checks ({label()}), a file by the {by}"
        target = TARGET if kind is PERMITS and by == "clock" else None
        found.append(Line(what, "plain load", Timing.of(mine), Timing.of(other), took / peer, target, note))
    return found


def _city() -> list[tuple[str, str, str]]:
    """The credit definitions in force, and firms: (code, name, public id)."""
    from yiwang.apps.catalogue.public import draft_release, publish_release, review_release
    from yiwang.apps.identity.models import Firm, Person
    from yiwang.apps.identity.public import register_person
    from yiwang.engines import house
    from yiwang.engines.definitions import Catalogue
    from yiwang.engines.definitions.release import digest_of
    from yiwang.kernel.actor import system
    from yiwang.kernel.ids import make_id_number, make_uscc

    known, setup = house.load(), system("测量")
    kinds: dict[str, Any] = {name: known.others[name] for name in ("calendars", "credit")}
    kinds |= {name: getattr(known, name) for name in ("sources", "settings", "orgs")}
    digest = draft_release(setup, Catalogue.of(kinds, digest=digest_of(kinds)), summary="测量")
    review_release(system("复核"), digest, approve=True)
    publish_release(setup, digest)
    number = make_id_number("411702", dt.date(1985, 3, 4), 11)
    register_person(setup, name="某某", id_number=number)
    boss, table = Person.objects.get().pk, Table(Firm)
    found = [(make_uscc("411702", n), f"驻马店测量{n}有限公司", f"f_{n:026d}") for n in range(FIRMS)]
    table.store(
        [
            table.row(id=n, public_id=firm, name=name, uscc=code, kind="公司", legal_representative_id=boss,
                      founded="2015-01-01")
            for n, (code, name, firm) in enumerate(found, 1)
        ]
    )  # fmt: skip
    return found


def _file(firms: list[tuple[str, str, str]], kind: _Kind, number: int, way: str) -> bytes:
    """A file as a unit sends it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(kind.heading)
    for n in range(number * A_FILE, (number + 1) * A_FILE):
        code, name, _ = firms[n * 7919 % FIRMS]
        day = DAY - dt.timedelta(days=n % 900)
        until = day + dt.timedelta(days=365 * 5)
        degree = [kind.severity] if kind.severity else []
        writer.writerow(
            [code, name, f"驻市监{way}〔2026〕{n}号", f"{name}食品经营", "食品安全法第三十五条", day, day,
             until, *degree, *(f"{text}{n:08d}" if text.isascii() else text for _, text in kind.own)]
        )  # fmt: skip
    writer.writerow(["合计", str(A_FILE)])
    return out.getvalue().encode()


class _Plain:
    """What a script would do."""

    def __init__(self, firms: list[tuple[str, str, str]]) -> None:
        from yiwang.apps.credit.models import Record, Version

        self._firms = {code: firm for code, _, firm in firms}
        self._record, self._version = Table(Record), Table(Version)
        self._models = (Record, Version)
        self._next = 0

    def load(self, data: bytes, kind: _Kind) -> None:
        """The rows of a file into both tables."""
        from django.db import transaction
        from django.db.models import Max

        self._next = max(model.objects.aggregate(most=Max("id"))["most"] or 0 for model in self._models)
        records: list[list[Any]] = []
        versions: list[list[Any]] = []
        for record, version in self._rows(data, kind):
            records.append(self._record.row(**record))
            versions.append(self._version.row(**version))
        with transaction.atomic():
            self._record.store(records)
            self._version.store(versions)
            self._go_on_from()

    def _go_on_from(self) -> None:
        """Let the database number further rows after these."""
        from django.db import connection

        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                for table in (self._record, self._version):
                    cursor.execute(
                        "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table.name, self._next]
                    )

    def _rows(self, data: bytes, kind: _Kind) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        from yiwang.apps.credit.models import Version

        words = ("title", "basis", "fields")
        fields: list[Any] = [one for one in Version._meta.concrete_fields if one.name in words]
        lock = {one.attname: one.closing() for one in fields}
        own = [name for name, _ in kind.own]
        at = "2026-11-02 08:00:00+00:00"
        for cells in csv.DictReader(io.StringIO(data.decode())):
            if (code := cells["统一社会信用代码"]) == "合计":
                return
            self._next += 1
            subject, day = self._firms[code], cells["决定日期"]
            yield (
                {"id": self._next, "public_id": f"cr_{self._next:026d}", "catalogue": kind.entry, "org": UNIT,
                 "reference": cells["决定文书号"], "subject": subject, "decided_on": day, "collected_at": at,
                 "arrived_on": "2026-11-02", "due_on": day, "published_on": "2026-11-02",
                 "shown_until": cells["有效期止"]},
                {"id": self._next, "record_id": self._next, "number": 1, "subject": subject,
                 "title": lock["title"](cells["标题"]), "basis": lock["basis"](cells["依据"]),
                 "fields": lock["fields"]({name: cells[name] for name in own}),
                 "severity": kind.severity,
                 "happened_on": cells["发生日期"], "decided_on": day, "until": cells["有效期止"],
                 "known_since": at, "by": "of-bench", "digest": f"{self._next:064d}"},
            )  # fmt: skip
