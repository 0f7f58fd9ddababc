# SPDX-License-Identifier: Apache-2.0
"""Records and what they do: one pure function from a record's history to whether it counts on a day.

Two clocks: what is true (decided, until, ended on) and since when it is known. A correction is a further
version, never a change; an ending belongs to the record and ends every version of it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.termed import Termed

from .book import CreditBook
from .kinds import CreditEntry, CreditMeasure, Term
from .words import Dealing, EffectKind, Scene, Severity


class EndKind(Termed):
    """Why a record ended before its time."""

    REPAIRED = "repaired", "已修复"
    UPHELD = "upheld", "异议成立，已撤下"
    WITHDRAWN = "withdrawn", "原决定已撤销，已撤下"
    REMOVED = "removed", "已移出名单"

    @property
    def voids(self) -> bool:
        """Whether the record should never have counted; a repair or removal ends it from its day on."""
        return self in (EndKind.UPHELD, EndKind.WITHDRAWN)


@dataclass(frozen=True)
class Version:
    """What a record says from a moment on. `until`: the record's own end (a permit's last day).
    `item`: the service item it is about, where it is about one."""

    number: int
    subject: str
    decided_on: dt.date
    known_since: dt.datetime
    severity: Severity | None = None
    until: dt.date | None = None
    item: str = ""


@dataclass(frozen=True)
class Ending:
    """A record ended: why, from which day on, and since when that is known."""

    kind: EndKind
    on: dt.date
    known_since: dt.datetime


@dataclass(frozen=True)
class History:
    """One record: all its versions in order, its endings, whether an objection to it is open."""

    record: str
    entry: str
    org: str
    versions: tuple[Version, ...]
    endings: tuple[Ending, ...] = ()
    disputed: bool = False

    def version(self, known: dt.datetime | None = None) -> Version | None:
        """What was last known at a moment (now, if none is given); None before it was known at all."""
        seen = [one for one in self.versions if known is None or one.known_since <= known]
        return max(seen, key=lambda one: one.number, default=None)

    def ending(self, on: dt.date, known: dt.datetime | None = None) -> Ending | None:
        """The ending that holds on a day, by what was known at a moment."""
        for one in self.endings:
            if (known is None or one.known_since <= known) and (one.kind.voids or one.on <= on):
                return one
        return None


class Standing(StrEnum):
    """Whether a record counts on a day."""

    COUNTS = "counts"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Effect:
    """What one record does: the measure of the list, its basis in words, its period, who decided it.

    `disputed`: an objection is being looked into; the effect holds until it is decided.
    """

    kind: EffectKind
    record: str
    measure: str
    basis: str
    since: dt.date
    until: dt.date | None
    org: str
    section: str = ""
    post: str = ""
    disputed: bool = False


def records_named(effects: Iterable[Effect]) -> str:
    """Which records these effects are of, and what each rests on, in words."""
    return "；".join(dict.fromkeys(f"信用信息 {one.record}（{one.basis}）" for one in effects))


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or that month's last day (民法典第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def used_until(version: Version, term: Term) -> dt.date | None:
    """The last day on which a record is used; None: always."""
    return _earlier(version.until, _end(version, term.used))


def shown_until(version: Version, term: Term) -> dt.date | None:
    """The last day on which a record may be shown; None: always. Before its decision: it never is."""
    if term.shown == 0:
        return version.decided_on - dt.timedelta(days=1)
    return _earlier(version.until, _end(version, term.shown))


def repairable_from(version: Version, term: Term) -> dt.date:
    """The first day on which a repair may be granted."""
    return months_after(version.decided_on, term.least)


def _end(version: Version, months: int | None) -> dt.date | None:
    return None if months is None else months_after(version.decided_on, months)


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def standing(
    history: History, entry: CreditEntry, on: dt.date, *, known: dt.datetime | None = None
) -> Standing:
    """Whether a record counts on a day: valid, not expired, not ended."""
    version = history.version(known)
    if version is None:
        return Standing.UNKNOWN
    if history.ending(on, known) is not None:
        return Standing.ENDED
    if on < version.decided_on:
        return Standing.NOT_YET
    last = used_until(version, entry.term_of(version.severity))
    return Standing.EXPIRED if last is not None and on > last else Standing.COUNTS


def is_shown(history: History, entry: CreditEntry, on: dt.date) -> bool:
    """Whether a record may be shown in public on a day."""
    version = history.version()
    if version is None or entry.publicity is None or standing(history, entry, on) is not Standing.COUNTS:
        return False
    last = shown_until(version, entry.term_of(version.severity))
    return last is None or on <= last


@dataclass(frozen=True)
class Matter:
    """What somebody is about to do: in which scene, which item or dealing. Empty: whatever it may be.

    `any_item`: every measure is asked for, also those for one item alone; for showing, not for deciding.
    """

    scene: Scene | None = None
    item: str = ""
    any_item: bool = False
    dealing: Dealing | None = None


def adverse(
    histories: Iterable[History], book: CreditBook, *, subject: str, on: dt.date
) -> tuple[History, ...]:
    """The records that speak against `subject` and count on a day, oldest first."""
    found = []
    for one in histories:
        entry, version = book.entries.get(one.entry), one.version()
        if entry is None or version is None or version.subject != subject or not entry.sort.is_against:
            continue
        if standing(one, entry, on) is Standing.COUNTS:
            found.append((version.decided_on, one.record, one))
    return tuple(one for _, _, one in sorted(found, key=lambda each: each[:2]))


def resting(histories: Iterable[History], book: CreditBook, *, subject: str, on: dt.date) -> frozenset[str]:
    """The records that rest on a day: those on a list for the clean alone, while one speaks against
    `subject`. What rests counts nowhere: in no effect, report, evaluation or score, and is not shown."""
    histories = list(histories)
    if not adverse(histories, book, subject=subject, on=on):
        return frozenset()
    return frozenset(one.record for one in histories if book.wants_clean(one.entry))


def effects_of(
    histories: Iterable[History],
    book: CreditBook,
    *,
    subject: str,
    on: dt.date,
    kinds: Collection[EffectKind] = (),
    matter: Matter | None = None,
) -> tuple[Effect, ...]:
    """What the records of `subject` do to a matter on a day: each effect by one record and one measure.

    Records of anybody else are passed over, whatever was handed in; so is what no entry or measure in
    force covers, and what rests.
    """
    histories = list(histories)
    asleep = resting(histories, book, subject=subject, on=on)
    found = [
        effect
        for history in histories
        if history.record not in asleep
        for effect in _effects(history, book, subject, on, matter or Matter())
        if not kinds or effect.kind in kinds
    ]
    order = list(EffectKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.record, one.measure)))


def _effects(
    history: History, book: CreditBook, subject: str, on: dt.date, matter: Matter
) -> Iterable[Effect]:
    entry, version = book.entries.get(history.entry), history.version()
    if entry is None or version is None or version.subject != subject:
        return
    if standing(history, entry, on) is not Standing.COUNTS:
        return
    for name in entry.measures:
        measure = book.measures.get(name)
        if measure is not None and _applies(measure, version, on, matter):
            yield _effect(history, version, entry.term_of(version.severity), measure, book)


def _applies(measure: CreditMeasure, version: Version, on: dt.date, matter: Matter) -> bool:
    """Whether a measure is in force and meant for this degree, scene and item.

    A measure for named items, or for the item of its record, does nothing to a matter without an item.
    """
    return (
        measure.valid_on(on)
        and (not measure.severities or version.severity in measure.severities)
        and (matter.scene is None or matter.scene in measure.scenes)
        and (matter.any_item or not measure.items or matter.item in measure.items)
        and (matter.any_item or not measure.same_item or matter.item == version.item != "")
        and (matter.any_item or not measure.dealings or matter.dealing in measure.dealings)
    )


def _effect(
    history: History, version: Version, term: Term, measure: CreditMeasure, book: CreditBook
) -> Effect:
    return Effect(
        kind=measure.effect,
        record=history.record,
        measure=measure.name,
        basis=book.cited(measure.basis),
        since=version.decided_on,
        until=used_until(version, term),
        org=history.org,
        section=measure.section,
        post=measure.post,
        disputed=history.disputed,
    )
