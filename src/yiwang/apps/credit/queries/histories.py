# SPDX-License-Identifier: Apache-2.0
"""Records as the engine reads them, and what they do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import marks_for, read_rows
from yiwang.engines import credit as engine
from yiwang.engines.credit import CreditBook, Effect, EffectKind, EndKind, History, Matter, Scene, Severity

from ..models import Ending, Objection, Record, Version
from ..parts import book_of


def history_of(row: Record) -> History:
    """One record with all its versions and endings."""
    return histories([row])[0]


def histories(rows: Collection[Record]) -> list[History]:
    """Records with all their versions and endings, in a fixed number of queries."""
    if not rows:
        return []
    keys = [row.pk for row in rows]
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.filter(record__in=keys).only(*_TOLD).order_by("number"):
        versions.setdefault(version.record_id, []).append(version)
    endings: dict[int, list[Ending]] = {}
    for ending in Ending.objects.filter(record__in=keys).order_by("id"):
        endings.setdefault(ending.record_id, []).append(ending)
    disputed = set(
        Objection.objects.filter(record__in=keys, answered_at=None).values_list("record", flat=True)
    )
    return [
        History(
            row.public_id,
            row.catalogue,
            row.org,
            tuple(map(told, versions.get(row.pk, ()))),
            tuple(engine.Ending(EndKind(e.kind), e.on, e.known_since) for e in endings.get(row.pk, ())),
            row.pk in disputed,
        )
        for row in rows
    ]


_TOLD = ("record", "number", "subject", "decided_on", "known_since", "severity", "until", "item")
"""What `told` reads: words and fields stay locked."""


def told(version: Version) -> engine.Version:
    """A version as the engine reads it."""
    return engine.Version(
        version.number,
        version.subject,
        version.decided_on,
        version.known_since,
        Severity(version.severity) if version.severity else None,
        version.until,
        version.item,
    )


def effects(
    subject: str, *, on: dt.date, kinds: Collection[EffectKind] = (), matter: Matter | None = None
) -> tuple[Effect, ...]:
    """What the records of one person or firm do on a day: only of records that are valid, not expired, not
    repaired, not objected to with success. Each effect names its one record, its basis and its period.
    """
    return effects_of_many([subject], on=on, kinds=kinds, matter=matter)[subject]


def effects_by_matter(subject: str, *, on: dt.date, matters: Iterable[Matter]) -> list[tuple[Effect, ...]]:
    """What the records of one person or firm do to each of several matters; they are read once."""
    book = book_of(current())
    found = histories(_standing([subject], _with_effects(book, ())))
    return [engine.effects_of(found, book, subject=subject, on=on, matter=matter) for matter in matters]


def in_green_lane(asked: Collection[tuple[str, str]], *, on: dt.date) -> set[tuple[str, str]]:
    """Of pairs of a subject and an item, those that go first (绿色通道), in a fixed number of queries."""
    kinds, book = {EffectKind.GREEN_LANE}, book_of(current())
    found = histories(_standing({subject for subject, _ in asked}, _with_effects(book, ())))
    return {
        (subject, item)
        for subject, item in (asked if found else ())
        if engine.effects_of(
            found, book, subject=subject, on=on, kinds=kinds, matter=Matter(Scene.APPROVAL, item)
        )
    }


def effects_of_many(
    subjects: Iterable[str],
    *,
    on: dt.date,
    kinds: Collection[EffectKind] = (),
    matter: Matter | None = None,
) -> Mapping[str, tuple[Effect, ...]]:
    """The same for many subjects, in a fixed number of queries."""
    book, asked = book_of(current()), list(dict.fromkeys(subjects))
    found = _standing(asked, _with_effects(book, kinds))
    by_subject: dict[str, list[History]] = {subject: [] for subject in asked}
    for row, history in zip(found, histories(found), strict=True):
        by_subject[row.subject].append(history)
    return {
        subject: engine.effects_of(
            by_subject[subject], book, subject=subject, on=on, kinds=kinds, matter=matter
        )
        for subject in asked
    }


def _standing(subjects: Collection[str], entries: Collection[str]) -> list[Record]:
    """The records of these people and firms under these entries that have not ended."""
    if not subjects or not entries:
        return []
    rest = f"WHERE subject IN {marks_for(subjects)} AND catalogue IN {marks_for(entries)} AND ended = ''"
    return read_rows(Record, rest, [*subjects, *entries])


def _with_effects(book: CreditBook, kinds: Collection[EffectKind]) -> list[str]:
    """The entries with a measure of one of these kinds (of any, if none is named); with a list for the clean
    alone, also every entry that speaks against somebody."""
    found = {
        key
        for key, entry in book.entries.items()
        if any(
            not kinds or book.measures[measure].effect in kinds
            for measure in entry.measures
            if measure in book.measures
        )
    }
    if any(map(book.wants_clean, found)):
        found |= {key for key, entry in book.entries.items() if entry.sort.is_against}
    return sorted(found)
