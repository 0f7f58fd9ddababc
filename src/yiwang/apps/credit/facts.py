# SPDX-License-Identifier: Apache-2.0
"""Records to columns: bring a store of facts up to what the tables say, step by step.

Only open columns are read: no lock is opened. The store's mark says how far versions and endings were read; a
run that was cut short goes on there, and one with nothing new writes nothing. The worker merges its own store
when enough came together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record as note_down
from yiwang.engines.credit import EndKind
from yiwang.engines.credit.store import Store
from yiwang.engines.credit.store_files import COLUMNS, schema
from yiwang.engines.credit.store_merging import merge_if_due
from yiwang.kernel.actor import Actor
from yiwang.kernel.late import Late

from .models import Ending, Record, Version
from .parts import book_of

pa: Any = Late("pyarrow")

LAG: Final = dt.timedelta(hours=1)
"""What is younger waits for the next export: numbers are given before a transaction commits, so a lower one
may come to light after a higher one. No command of this room takes nearly as long."""
STEP: Final = 500_000
_AT_ONCE: Final = 10_000


def facts_place() -> Path:
    """Where the worker keeps the facts as columns."""
    return Path(settings.DATA_DIR) / "credit-facts"


def merge_facts(now: dt.datetime | None = None) -> bool:
    """Merge the worker's own facts if so many files came since the last time, or so many of a hundred rows
    were told again, as the operator set; remove what a killed merge left. Whether it merged.

    Raises Conflict: it is being merged by hand; Unavailable: the disk has no room for it.
    """
    files, percent = settings.ENV["CREDIT_MERGE_FILES"], settings.ENV["CREDIT_MERGE_PERCENT"]
    return merge_if_due(Store(facts_place()), now=now or timezone.now(), files=files, percent=percent)


@dataclass(frozen=True)
class Exported:
    """What an export did: records written, steps taken, rows in the store now."""

    records: int
    steps: int
    rows: int


def export_facts(
    actor: Actor,
    directory: Path,
    *,
    now: dt.datetime,
    lag: dt.timedelta = LAG,
    step: int = STEP,
    most: int | None = None,
) -> Exported:
    """Write every record that is new, corrected or ended since the last export, but for what is younger than
    `lag`; `most`: no more steps than this, the next call goes on.

    Raises Conflict when another export of the same directory is under way.
    """
    store, records, steps = Store(directory), 0, 0
    while True:
        manifest = store.manifest()
        mark = {"versions": 0, "endings": 0, **manifest.mark}
        versions = _next(Version, mark["versions"], before=now - lag, most=step)
        endings = _next(Ending, mark["endings"], before=now - lag, most=step)
        reached = {"versions": versions.reached, "endings": endings.reached}
        if reached == mark or steps == most:
            return _told(actor, Exported(records, steps, manifest.rows))
        rows, again = _rows(versions.records | endings.records, mark["versions"], versions.reached)
        store.append(rows, again, reached, after=manifest.step)
        records, steps = records + rows.num_rows, steps + 1


def _told(actor: Actor, done: Exported) -> Exported:
    if done.steps:
        detail = {"records": done.records, "rows": done.rows}
        with transaction.atomic():
            note_down(actor, "credit.facts.exported", stream="credit-facts", detail=detail)
    return done


@dataclass
class _Found:
    """Records with something new, and the number up to which everything was looked at."""

    reached: int
    records: set[int] = field(default_factory=set)


def _next(model: Any, mark: int, *, before: dt.datetime, most: int) -> _Found:
    """What came after a mark and was known before a moment, and before anything younger."""
    after = model.objects.filter(id__gt=mark)
    young = after.filter(known_since__gt=before).aggregate(least=Min("id"))["least"]
    last = after.aggregate(most=Max("id"))["most"] or mark
    found = _Found(mark)
    seen = after.filter(id__lt=young if young is not None else last + 1).order_by("id")
    for number, record in seen.values_list("id", "record")[:most].iterator(_AT_ONCE):
        found.reached = number
        found.records.add(record)
    return found


def _rows(records: Collection[int], mark: int, reached: int) -> tuple[Any, list[int]]:
    """The records as columns, and the numbers of those that earlier steps told.

    A record whose first version lies beyond what was reached is left for the step that reaches it.
    """
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS if name != "step"}
    again: list[int] = []
    ordered = sorted(records)
    for place in range(0, len(ordered), _AT_ONCE):
        some = ordered[place : place + _AT_ONCE]
        first = dict(Version.objects.filter(record__in=some, number=1).values_list("record", "id"))
        again += [one for one in some if first[one] <= mark]
        for row in _facts([one for one in some if first[one] <= reached]):
            for name, value in row.items():
                columns[name].append(value)
    kinds = pa.schema([kind for kind in schema() if kind.name != "step"])
    return pa.table(columns, schema=kinds), again


def _facts(records: Collection[int]) -> Iterable[dict[str, Any]]:
    """Each record as its newest version says, and when it ended."""
    book = book_of(current())
    newest: dict[int, tuple[Any, ...]] = {
        record: (number, subject, severity, decided, until)
        for record, number, subject, severity, decided, until in Version.objects.filter(record__in=records)
        .order_by("number")
        .values_list("record", "number", "subject", "severity", "decided_on", "until")
    }
    ends: dict[int, list[tuple[str, dt.date]]] = {}
    for record, kind, day in Ending.objects.filter(record__in=records).values_list("record", "kind", "on"):
        ends.setdefault(record, []).append((kind, day))
    rows = Record.objects.filter(id__in=records).values_list("id", "public_id", "catalogue", "org")
    for key, public_id, catalogue, org in rows:
        number, subject, severity, decided, until = newest[key]
        ended = [decided if EndKind(kind).voids else day for kind, day in ends.get(key, ())]
        entry = book.entries.get(catalogue)
        yield {
            "subject": subject, "catalogue": catalogue, "class": entry.sort.value if entry else "",
            "severity": severity, "decided": decided, "until": until, "ended": min(ended, default=None),
            "version": number, "org": org, "record": public_id, "number": key,
        }  # fmt: skip
