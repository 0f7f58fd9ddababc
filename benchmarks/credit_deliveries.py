# SPDX-License-Identifier: Apache-2.0
"""1,000,000 records about 10,000 firms delivered in files of 100,000, all checks done, against a plain load.

The plain load reads the same files with the csv module and puts the same rows into the same two tables with
their indexes, words locked by the same key, as fast as the database takes them (PostgreSQL: COPY; SQLite:
executemany), a transaction a file. It believes everything: no date, code, name, field or degree is looked at,
nothing is known by its digest or public id but a running number, and nobody is told.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Iterator
from functools import partial
from typing import Any

from .databases import Table, label, on_each
from .measure import Line, Timing, seconds_of

ROWS = int(os.environ.get("DELIVERY_ROWS", "1000000"))
FILES, FIRMS = max(1, ROWS // 100_000), 10_000
TARGET = 2.0
UNIT, ENTRY = "market-regulation", "credit-permit"
DAY = dt.date(2026, 11, 2)
_HEADING = (
    *("统一社会信用代码", "名称", "决定文书号", "标题", "依据", "发生日期", "决定日期", "有效期止"),
    *("许可内容", "许可证书名称", "许可编号"),
)


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
    ours: list[float] = []
    theirs: list[float] = []

    def deliver(data: bytes) -> None:
        got = credit.deliver_file(officer, data, org=UNIT, catalogue=ENTRY)
        assert (got.taken, got.rejected) == (ROWS // FILES, 0), got

    for number in range(FILES):
        mine, other = (_file(firms, number, way) for way in "甲乙")
        for act in (0, 1) if number % 2 else (1, 0):
            if act:
                ours.append(seconds_of(partial(deliver, mine)))
            else:
                theirs.append(seconds_of(partial(plain.load, other)))
    took, peer = sum(ours), sum(theirs)
    note = f"{ROWS / took:,.0f} records a second; plain {ROWS / peer:,.0f}"
    what = f"{ROWS:,} records delivered in {FILES} files, all checks ({label()}), a file"
    return [
        Line(
            what, "plain load of the same file", Timing.of(ours), Timing.of(theirs), took / peer, TARGET, note
        )
    ]


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


def _file(firms: list[tuple[str, str, str]], number: int, way: str) -> bytes:
    """A file as a unit sends it."""
    out = io.StringIO()
    writer, each = csv.writer(out), ROWS // FILES
    writer.writerow(_HEADING)
    for n in range(number * each, (number + 1) * each):
        code, name, _ = firms[n * 7919 % FIRMS]
        day = DAY - dt.timedelta(days=n % 900)
        until = day + dt.timedelta(days=365 * 5)
        writer.writerow(
            [code, name, f"驻市监许{way}〔2026〕{n}号", f"{name}食品经营许可", "食品安全法第三十五条", day,
             day, until, "热食类食品制售，冷食类食品制售", "食品经营许可证", f"JY2411702{n:08d}"]
        )  # fmt: skip
    writer.writerow(["合计", str(each)])
    return out.getvalue().encode()


class _Plain:
    """What a script would do."""

    def __init__(self, firms: list[tuple[str, str, str]]) -> None:
        from yiwang.apps.credit.models import Record, Version

        self._firms = {code: firm for code, _, firm in firms}
        self._record, self._version = Table(Record), Table(Version)
        self._models = (Record, Version)
        self._next = 0

    def load(self, data: bytes) -> None:
        """The rows of a file into both tables."""
        from django.db import transaction
        from django.db.models import Max

        self._next = max(model.objects.aggregate(most=Max("id"))["most"] or 0 for model in self._models)
        records: list[list[Any]] = []
        versions: list[list[Any]] = []
        for record, version in self._rows(data):
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

    def _rows(self, data: bytes) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        from yiwang.apps.credit.models import Version

        words = ("title", "basis", "fields")
        lock = {one.attname: one.get_prep_value for one in Version._meta.concrete_fields if one.name in words}
        at = "2026-11-02 08:00:00+00:00"
        for cells in csv.DictReader(io.StringIO(data.decode())):
            if (code := cells["统一社会信用代码"]) == "合计":
                return
            self._next += 1
            subject, day = self._firms[code], cells["决定日期"]
            yield (
                {"id": self._next, "public_id": f"cr_{self._next:026d}", "catalogue": ENTRY, "org": UNIT,
                 "reference": cells["决定文书号"], "subject": subject, "decided_on": day, "collected_at": at,
                 "arrived_on": "2026-11-02", "due_on": day, "published_on": "2026-11-02",
                 "shown_until": cells["有效期止"]},
                {"id": self._next, "record_id": self._next, "number": 1, "subject": subject,
                 "title": lock["title"](cells["标题"]), "basis": lock["basis"](cells["依据"]),
                 "fields": lock["fields"]({name: cells[name] for name in _HEADING[-3:]}),
                 "happened_on": cells["发生日期"], "decided_on": day, "until": cells["有效期止"],
                 "known_since": at, "by": "of-bench", "digest": f"{self._next:064d}"},
            )  # fmt: skip
