# SPDX-License-Identifier: Apache-2.0
"""What users of data have to know of a record: which items are objected to, which were corrected while the
source does not say so yet."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from yiwang.apps.gateway.public import subject_index, subject_indexes
from yiwang.apps.identity.public import subject as subject_view
from yiwang.apps.identity.public import subjects
from yiwang.apps.vault.public import index_is_changing
from yiwang.engines.exchange.quality_values import text_of
from yiwang.kernel.errors import NotFound

from .domain.objections import State
from .domain.provider_says import Said
from .domain.values import same_value
from .models import Correction, Objection

BEING_CHECKED = "有异议，核查中"
NOT_YET_IN_SOURCE = "已核实更正，来源尚未同步"


@dataclass(frozen=True)
class Mark:
    """What stands beside an item (`field` empty: the whole record)."""

    field: str
    words: str
    since: dt.datetime
    objection: str


def open_objections(resource: str, subject: str) -> Mapping[str, Mark]:
    """Item → mark, for a record of a resource; empty when nothing is objected to.

    Args:
        subject: public id of a person or firm, or what the record is found by (identity number, code, key).
    """
    return _marks(resource, subject_indexes(_key(subject)))


def marks_for(asked: Collection[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Mark]]:
    """The same for several records at once: (resource, public id of a person or firm) → item → mark; records
    without a mark are left out. Raises NotFound: nobody has such a public id."""
    if not asked:
        return {}
    known = {
        index: key
        for key, one in subjects({key for _, key in asked}).items()
        for index in subject_indexes(one.number)
    }
    rows = Objection.objects.filter(resource__in={one for one, _ in asked}, subject_index__in=known)
    found = {(resource, known[index]): marks for (resource, index), marks in _by_record(rows).items()}
    return {pair: marks for pair, marks in found.items() if pair in asked}


def words_on(resource: str, indexes: Collection[str]) -> dict[str, str]:
    """Item → words, for the gateway's answers, by its own indexes of subjects. Resources nobody objects to
    are known for two seconds, so that most calls ask nothing."""
    now = time.monotonic()
    if now - _objected.read_at > _FRESH:
        _objected.resources = frozenset(_open_ones().values_list("resource", flat=True).distinct())
        _objected.stored = _stored_otherwise() if index_is_changing() else {}
        _objected.read_at = now
    if resource not in _objected.resources:
        return {}
    asked = {one for index in indexes for one in (index, *_objected.stored.get(index, ()))}
    return {item: mark.words for item, mark in _marks(resource, asked).items()}


def marked_records(resource: str) -> dict[str, dict[str, str]]:
    """What a record is found by → item → words, for all records of a resource: those few that somebody
    objects to, for who delivers every row."""
    keys = {one.subject_index: one.record_key for one in _open_ones().filter(resource=resource)}
    found = _by_record(Objection.objects.filter(resource=resource, subject_index__in=keys))
    return {
        keys[index]: {item: mark.words for item, mark in marks.items()} for (_, index), marks in found.items()
    }


@dataclass
class _Objected:
    resources: frozenset[str] = frozenset()
    stored: Mapping[str, Collection[str]] = field(default_factory=dict)
    read_at: float = float("-inf")


def _stored_otherwise() -> dict[str, set[str]]:
    """Index → how open objections still have it, while columns move to a new index key."""
    found: dict[str, set[str]] = {}
    for one in _open_ones():
        now = subject_index(one.record_key)
        if one.subject_index != now:
            found.setdefault(now, set()).add(one.subject_index)
    return found


_FRESH = 2.0  # seconds
_objected = _Objected()


def forget_objected() -> None:
    """Ask again at the next call: for tests, and after the database was put back."""
    _objected.read_at = float("-inf")


def _open_ones() -> QuerySet[Objection]:
    pending = Q(rounds__correction__isnull=False, rounds__correction__agreed_at=None)
    return Objection.objects.filter(Q(state=State.CHECKING.value) | pending)


def _marks(resource: str, indexes: Collection[str]) -> dict[str, Mark]:
    rows = Objection.objects.filter(resource=resource, subject_index__in=indexes)
    found: dict[str, Mark] = {}
    for marks in _by_record(rows).values():
        found = marks | found
    return found


def _by_record(rows: QuerySet[Objection]) -> dict[tuple[str, str], dict[str, Mark]]:
    """(resource, blind index) → item → mark; what is being checked counts before what is corrected."""
    found: dict[tuple[str, str], dict[str, Mark]] = {}
    for one in rows.filter(state=State.CHECKING.value).order_by("id"):
        mark = Mark(one.field, BEING_CHECKED, one.raised_at, one.public_id)
        found.setdefault((one.resource, one.subject_index), {})[one.field] = mark
    for pending in _pending().filter(round__objection__in=rows).order_by("id"):
        row = pending.round.objection
        mark = Mark(row.field, NOT_YET_IN_SOURCE, pending.at, row.public_id)
        found.setdefault((row.resource, row.subject_index), {}).setdefault(row.field, mark)
    return found


def marks_of(resource: str, asked: Iterable[Any]) -> dict[str, Mark]:
    """The same for everything that a record was searched by; the first mark of an item counts."""
    found: dict[str, Mark] = {}
    for one in asked:
        for item, mark in open_objections(resource, str(one)).items():
            found.setdefault(item, mark)
    return found


def note_read(resource: str, subject: str, row: Mapping[str, Any], *, now: dt.datetime | None = None) -> int:
    """A record was read from its source: corrections it agrees with need no note any more; how many."""
    indexes = subject_indexes(_key(subject))
    settled = 0
    for one in _pending().filter(
        round__objection__resource=resource, round__objection__subject_index__in=indexes
    ):
        name = one.round.objection.field
        if name in row and same_value(text_of(row[name]), one.new):
            settled += settle(one, now or timezone.now())
    return settled


def settle(correction: Correction, now: dt.datetime) -> int:
    """The source says the new value: the note goes. Returns whether it was still there."""
    return Correction.objects.filter(pk=correction.pk, agreed_at=None).update(agreed_at=now)


def pending_of(resource: str) -> list[Correction]:
    """Corrections of a resource whose new value the source did not say yet."""
    return list(_pending().filter(round__objection__resource=resource).order_by("id"))


def _pending() -> Any:
    """Corrections that the source does not show yet; not those that the provider's system refused."""
    still = Correction.objects.filter(agreed_at=None).exclude(said=Said.REFUSED.value)
    return still.select_related("round__objection")


def _key(subject: str) -> str:
    if "_" not in subject:
        return subject
    try:
        return subject_view(subject).number
    except NotFound:
        return subject
