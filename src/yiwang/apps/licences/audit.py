# SPDX-License-Identifier: Apache-2.0
"""Check that no licence row was altered, deleted, added or moved behind the platform's back.

1. Every event's own digest fits its content, and its chain goes on without a gap.
2. Every licence's row is as its last event left it; its files are those its events sealed.
3. Every event the journal tells of is there, under the licence it tells of, with the digest told.
4. Every event that is there is told by the journal.

The journal's own chain (`journal verify`) protects what is compared with here: both are run together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TypeVar

from django.db import transaction

from yiwang.apps.journal.public import Problem, Vouched, entries_named

from . import files
from .domain.history import GENESIS, EventKind
from .models import Licence, LicenceEvent, LicenceFile

_AT_ONCE = 1000
ACTIONS = [f"licence.{kind.value}" for kind in EventKind]
_Some = TypeVar("_Some")


def audit(*, contents: bool = False) -> Iterator[Problem]:
    """Every licence's first problem, and every event that the journal tells of and that is not there.
    Constant memory; may run while others write.

    Args:
        contents: read every sealed file and compare it with its digest, not only look whether it is there.
    """
    newest = LicenceEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    told = 0
    for entries in _batches(entries_named(ACTIONS)):
        found = _events_told(entries)
        told += sum(event.pk <= newest for event in found.values())
        yield from _check_told(entries, found)
    for licences in _batches(Licence.objects.order_by("id").iterator(chunk_size=_AT_ONCE)):
        yield from _check_licences(licences, contents=contents)
    if LicenceEvent.objects.filter(id__lte=newest).count() > told:
        yield from _check_untold()


def _batches(rows: Iterator[_Some]) -> Iterator[list[_Some]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch


def _events_told(entries: Sequence[Vouched]) -> dict[str, LicenceEvent]:
    digests = [entry.detail.get("event", "") for entry in entries]
    rows = LicenceEvent.objects.filter(digest__in=digests).select_related("licence")
    return {row.digest: row for row in rows}


def _check_told(entries: Sequence[Vouched], found: Mapping[str, LicenceEvent]) -> Iterator[Problem]:
    """Step 3, for some entries of the journal."""
    known = set(
        Licence.objects.filter(public_id__in={one.about for one in entries}).values_list(
            "public_id", flat=True
        )
    )
    for entry in entries:
        where, event = f"证照 {entry.about}", found.get(entry.detail.get("event", ""))
        term = EventKind(entry.action.removeprefix("licence.")).term
        if entry.about not in known:
            yield Problem(where, None, f"日志第 {entry.id} 行记有“{term}”，这件证照不见了")
        elif event is None:
            yield Problem(where, None, f"日志第 {entry.id} 行记有“{term}”，相应的记录不见了或被改动")
        elif event.licence.public_id != entry.about:
            yield Problem(where, event.pk, f"“{term}”的记录被移到了另一件证照名下")


def _check_licences(licences: Sequence[Licence], *, contents: bool) -> Iterator[Problem]:
    """Steps 1 and 2, for some licences. One that changed while we read is looked at again, locked."""
    ids = [one.pk for one in licences]
    events: dict[int, list[LicenceEvent]] = {one: [] for one in ids}
    for event in LicenceEvent.objects.filter(licence_id__in=ids).order_by("licence_id", "seq", "id"):
        events[event.licence_id].append(event)
    kept: dict[int, list[LicenceFile]] = {one: [] for one in ids}
    for file in LicenceFile.objects.filter(licence_id__in=ids).order_by("id"):
        kept[file.licence_id].append(file)
    for licence in licences:
        if _first_problem(licence, events[licence.pk], kept[licence.pk], contents=contents):
            yield from _look_again(licence, contents=contents)


@transaction.atomic
def _look_again(licence: Licence, *, contents: bool) -> list[Problem]:
    fresh = Licence.objects.select_for_update().filter(pk=licence.pk).first()
    if fresh is None:
        return [Problem(f"证照 {licence.public_id}", licence.pk, "刚才还在，现在不见了")]
    events = list(fresh.events.order_by("seq", "id"))
    return _first_problem(fresh, events, list(fresh.files.order_by("id")), contents=contents)


def _first_problem(
    licence: Licence, events: Sequence[LicenceEvent], kept: Sequence[LicenceFile], *, contents: bool
) -> list[Problem]:
    checks = (
        _event_problems(licence, events),
        _row_problems(licence, events),
        _file_problems(licence, events, kept, contents=contents),
    )
    return list(islice(chain(*checks), 1))


def _event_problems(licence: Licence, events: Sequence[LicenceEvent]) -> Iterator[Problem]:
    where, previous = f"证照 {licence.public_id}", GENESIS
    for seq, event in enumerate(events, start=1):
        if event.seq != seq:
            yield Problem(
                where, event.pk, f"缺少第 {seq} 条记录（此处为第 {event.seq} 条）：有记录被删除或调换"
            )
        if event.previous != previous:
            yield Problem(where, event.pk, f"第 {seq} 条记录与上一条接不上：有记录被改动或调换")
        if event.digest != event.computed_digest(licence.public_id):
            yield Problem(where, event.pk, f"第 {seq} 条记录与摘要不符：内容被改动，或被移到这件证照名下")
        previous = event.digest


def _row_problems(licence: Licence, events: Sequence[LicenceEvent]) -> Iterator[Problem]:
    where = f"证照 {licence.public_id}"
    if not events:
        yield Problem(where, licence.pk, "没有任何记录：不是由平台核发，或记录被删除")
    elif events[-1].content != licence.content_digest():
        yield Problem(where, licence.pk, "证照的内容或状态与最后一条记录不符：此行被改动")


def _file_problems(
    licence: Licence, events: Sequence[LicenceEvent], kept: Sequence[LicenceFile], *, contents: bool
) -> Iterator[Problem]:
    where = f"证照 {licence.public_id}"
    sealed = {
        (event.seq, form): (file["sha256"], file["size"])
        for event in events
        if event.kind == EventKind.SEALED.value
        for form, file in event.facts["files"].items()
    }
    if {(one.seq, one.form): (one.sha256, one.size) for one in kept} != sealed or len(kept) != len(sealed):
        yield Problem(where, None, "文件清单与签章记录不符：清单被改动")
    for sha256, _ in sealed.values():
        if not files.has(sha256) or (contents and files.read(sha256) is None):
            yield Problem(where, None, f"签章的文件 {sha256[:12]}… 缺失或被改动：请从备份恢复")


def _check_untold() -> Iterator[Problem]:
    """Step 4, when the numbers differ: name the events that the journal does not tell of."""
    rows = LicenceEvent.objects.select_related("licence").order_by("id").iterator(chunk_size=_AT_ONCE)
    for events in _batches(rows):
        about = {event.licence.public_id for event in events}
        told = {(one.about, one.detail.get("event")) for one in entries_named(ACTIONS, about=about)}
        for event in events:
            if (event.licence.public_id, event.digest) not in told:
                term = EventKind(event.kind).term
                where = f"证照 {event.licence.public_id}"
                yield Problem(where, event.pk, f"第 {event.seq} 条记录“{term}”在日志中没有：不是由平台写入")
