# SPDX-License-Identifier: Apache-2.0
"""Whether somebody may stand on a list: what the list must rest on, and that nothing speaks against them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from yiwang.apps.catalogue.public import current
from yiwang.engines.credit import CreditEntry, Ground, History, Standing, adverse, standing

from ..models import Record
from ..parts import book_of
from .histories import histories


def stains(subjects: Collection[str], *, on: dt.date) -> Mapping[str, tuple[str, ...]]:
    """Subject → the records that speak against them and count on a day, oldest first; the clean are left
    out."""
    book = book_of(current())
    against = [key for key, entry in book.entries.items() if entry.sort.is_against]
    found = {}
    for subject, known in _by_subject(subjects, against).items():
        if records := adverse(known, book, subject=subject, on=on):
            found[subject] = tuple(one.record for one in records)
    return found


def unfit(entry: CreditEntry, subjects: Collection[str], *, on: dt.date) -> Mapping[str, str]:
    """Subject → why they may not be entered on this list on a day; whoever may is left out."""
    if entry.entering is None:
        return {}
    found: dict[str, str] = {}
    if entry.entering.clean:
        for subject, records in stains(subjects, on=on).items():
            found[subject] = (
                f"有{len(records)}条在使用期内的失信信息，不能列入“{entry.name}”（例如记录 {records[0]}）。"
            )
    if ground := entry.entering.ground:
        known = _by_subject(subjects, ground.entries)
        for subject in subjects:
            have = sum(_supports(one, ground, subject, on) for one in known.get(subject, ()))
            if have < ground.least:
                found[subject] = found.get(subject, "") + _lacking(entry, ground, have)
    return found


def _lacking(entry: CreditEntry, ground: Ground, have: int) -> str:
    known = book_of(current()).entries
    names = "、".join(known[one].name for one in ground.entries if one in known)
    degrees = f"（{'、'.join(ground.severities)}）" if ground.severities else ""
    return (
        f"列入“{entry.name}”要有至少{ground.least}条有效的{names}{degrees}，"
        f"现在有{have}条；请先报送所依据的决定。"
    )


def _supports(history: History, ground: Ground, subject: str, on: dt.date) -> bool:
    version, entry = history.version(), book_of(current()).entries.get(history.entry)
    if version is None or entry is None or version.subject != subject:
        return False
    if ground.severities and version.severity not in ground.severities:
        return False
    return standing(history, entry, on) is Standing.COUNTS


def _by_subject(subjects: Collection[str], entries: Collection[str]) -> dict[str, list[History]]:
    rows = list(Record.objects.filter(subject__in=set(subjects), catalogue__in=entries, ended=""))
    found: dict[str, list[History]] = {}
    for row, history in zip(rows, histories(rows), strict=True):
        found.setdefault(row.subject, []).append(history)
    return found
